import { listPasskeys } from '#domain/factors/passkeys/passkey.service.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import { recoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import { FEW_CODES } from '#domain/factors/recovery-codes/recovery-code.ts'
import { confirmedApps } from '#domain/factors/totp/totp.service.ts'
import type { With } from '#foundation/context.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton, longButtonRow, primaryLink } from '#foundation/web/components/button.ts'
import { type NextStep, nextSteps } from '#foundation/web/components/next-steps.ts'
import { html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { becauseOf, nextPath } from '#foundation/web/http/redirect.ts'
import { localeOf, onward, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { usedCodeBanner } from '#use-cases/page-sections/used-code.pages.ts'

const SECURITY = '/account/security'
const NEW_CODES = `${SECURITY}/recovery-codes`
const LOST = 'lost'

/** Where a sign-in leads that began with “Can’t use any of these?”. */
export const AFTER_LOSS = `/account/recovered?because=${LOST}`

/**
 * The page after a sign-in with a recovery code, or of a user who has lost a factor: the codes left, and links that replace the factor. Who
 * said so and has used a code comes to the replacement at once, where only one factor can be meant.
 */
export function recoveredPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get('/account/recovered', { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { session, user } = ctx.principal
    const onwards = nextPath(request.query) ?? '/account'
    const usedCode = session.methods.includes('recovery-code')
    const hasLost = becauseOf(request.query) === LOST
    if (!usedCode && !hasLost) return onward(reply, onwards)
    const { left } = await recoveryCodesLeft(ctx, user.subject)
    const apps = await confirmedApps(ctx, user.subject)
    const passkeys = await listPasskeys(ctx, user.subject)
    const replacement = usedCode && hasLost ? onlyReplacement(ctx, apps, passkeys) : undefined
    if (replacement !== undefined) return seeOther(reply, `${replacement}?because=${LOST}`)
    const say = texts(localeOf(reply))
    const steps = [
      ...(apps.length > 0 ? [lost(say, 'app', replacementPath(apps))] : []),
      ...(passkeys.length > 0 ? [lost(say, 'passkey', `${SECURITY}#passkeys`)] : []),
    ]
    return sendPage(reply, {
      title: say.recovered.title,
      frame: 'card',
      stepIndicator: { done: 2, of: 2 },
      notice: usedCode ? usedCodeBanner(say, left) : undefined,
      body: html`${steps.length > 0 && nextSteps(steps)}
      ${
        left <= FEW_CODES
          ? longButtonRow(primaryLink(NEW_CODES, say.recovered.makeNew), linkButton(onwards, say.words.continue))
          : html`<p>${primaryLink(onwards, say.words.continue)}</p>`
      }`,
    })
  })
}

function lost({ recovered }: Texts, what: keyof Texts['recovered']['lost'], href: string): NextStep {
  return { href, drawing: what, label: recovered.lost[what], detail: recovered.replace[what] }
}

type Factors = readonly { readonly id: string }[]

/** The page that replaces the lost factor; undefined where the user has to say which one it is. */
function onlyReplacement(ctx: With<'config'>, apps: Factors, passkeys: Factors): string | undefined {
  if (apps.length === 1 && passkeys.length === 0) return replacementPath(apps)
  const isPasskey = apps.length === 0 && passkeys.length > 0 && canHavePasskeys(ctx.config)
  return isPasskey ? `${SECURITY}/passkeys/new` : undefined
}

function replacementPath(apps: Factors): string {
  const [only] = apps
  return only && apps.length === 1 ? `${SECURITY}/app/replace/${only.id}` : SECURITY
}
