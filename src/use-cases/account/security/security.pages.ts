// The page that composes everything that protects an account, and the list of its factors.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { listApiTokens } from '../../../domain/api-tokens/api-token.service.ts'
import { sessionPolicy } from '../../../domain/policies/policy.service.ts'
import { listSessions } from '../../../domain/sessions/session.service.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { linkButton } from '../../../foundation/web/components/button.ts'
import { rowList, section } from '../../../foundation/web/components/section.ts'
import { flashBanner, readFlash } from '../../../foundation/web/pages/flash.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { activityTable } from '../activity/own-activity.pages.ts'
import { listOwnActivity } from '../activity/own-activity.service.ts'
import { appsSection, NEW_APP } from '../totp/own-apps.pages.ts'
import { isFactorRequired } from '../own-account/factor-removal.service.ts'
import { passkeysSection, NEW_PASSKEY } from '../passkeys/own-passkeys.pages.ts'
import { recoveryCodesSection, NEW_CODES } from '../recovery-codes/recovery-codes.pages.ts'
import { listOwnFactors } from './own-factors.service.ts'
import type { OwnFactors } from './own-factors.service.ts'
import { sessionsSection } from '../sessions/own-sessions.pages.ts'
import { remainingTokensBanner, tokensSection } from '../tokens/own-tokens.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { canHavePasskeys } from '../../../domain/factors/passkeys/relying-party.ts'
import { banner, state } from '../../../foundation/web/components/status.ts'
import { healthOf } from './account-protection.ts'

const RECENT = 20

/** Shows the security page. */
export function securityPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get('/account/security', { config }, (request, reply) => showSecurity(request, reply))
}

async function showSecurity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const ctx = signedIn(request.ctx)
  const { user, session } = ctx.principal
  const reader = { say, now: ctx.now, timeZone: user.timeZone, config: ctx.config, formToken: formToken(request) }
  const factors = await listOwnFactors(ctx)
  const apps = factors.apps.filter(({ confirmedAt }) => confirmedAt !== null)
  const { passkeys, accepted, recoveryCodes } = factors
  const done = readFlash(reply)
  const removed = done === 'passkey-removed'
  const removable = { app: !(await isFactorRequired(ctx, 'totp')), passkey: !(await isFactorRequired(ctx, 'passkey')) }
  const sessions = await listSessions(ctx, user.subject, sessionPolicy(ctx))
  const tokens = await listApiTokens(ctx, user.subject)
  const { items } = await listOwnActivity(ctx, { limit: RECENT })
  return sendPage(reply, {
    title: say.security.title,
    frame: 'account',
    notice: remainingTokensBanner(say, done, tokens.length) ?? flashBanner(say.security.done, done),
    modules: removed ? ['signal-passkeys'] : [],
    body: html`${healthLine(reader, { ...factors, apps }, user.passwordChangeAskedAt !== null)}
    ${passwordSection(reader, factors)}
    ${passkeysSection(reader, { passkeys, removable: removable.passkey, accepted: removed ? accepted : undefined })}
    ${appsSection(reader, apps, removable.app)} ${recoveryCodesSection(reader, recoveryCodes)}
    ${sessionsSection(reader, { sessions, currentId: session.id })} ${tokensSection(reader, tokens)}
    ${section({
      id: 'activity',
      title: say.security.activity.title,
      body: html`${activityTable(reader, items, user.subject)}
        <p><a href="/account/activity">${say.security.activity.all}</a></p>`,
    })}`,
  })
}

function passwordSection(reader: SecurityReader, { hasPassword, passwordChangedAt }: OwnFactors): Html {
  const { password } = reader.say.security
  const changed =
    passwordChangedAt === null ? password.unchanged : html`${password.changed} ${moment(reader, passwordChangedAt)}`
  const row = {
    name: hasPassword ? changed : password.none,
    action: linkButton('/account/security/password', password.change),
  }
  return section({ id: 'password', title: password.title, body: rowList([row]) })
}

/**
 * One sentence on how well the account is protected, with a link to the next step; `apps` holds confirmed apps only. If there is
 * nothing to do it is not a banner, so that a flash message stays the only one on the page.
 */
function healthLine(reader: SecurityReader, own: OwnFactors, passwordAsked: boolean): Html {
  const { apps, passkeys, recoveryCodes, hasPassword } = own
  const factors = apps.length + passkeys.length
  const health = healthOf({ hasPassword, passwordAsked, factors, recoveryCodes: recoveryCodes.left })
  const words = reader.say.security.health
  if (health === 'good') return html`<p>${state('ok', words.good)}</p>`
  const sentence = health === 'fewCodes' ? words.fewCodes(recoveryCodes.left) : words[health]
  // The missing kind is offered: a passkey to a user without one, otherwise an app.
  const another = canHavePasskeys(reader.config) && passkeys.length === 0 ? NEW_PASSKEY : NEW_APP
  const codes = [NEW_CODES, words.makeCodes] as const
  const password = ['/account/security/password', words.changePassword] as const
  const [path, action] = {
    noWay: [another, words.addFirst] as const,
    oneWay: [another, words.addWay] as const,
    noCodes: codes,
    fewCodes: codes,
    noPassword: password,
    passwordAsked: password,
  }[health]
  return banner('warn', html`${sentence} <a href="${path}">${action}</a>`)
}
