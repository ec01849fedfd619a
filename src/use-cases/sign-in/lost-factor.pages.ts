import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import { canHavePasskeys } from '#domain/factors/passkeys/relying-party.ts'
import type { With } from '#foundation/context.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { readAttemptCookie } from '#foundation/web/http/cookies.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { supportLine } from '#foundation/web/pages/support-line.ts'
import { factorRows, withFactor } from './factors.pages.ts'
import { pendingSecondFactor } from './offered-factors.service.ts'
import { AFTER_LOSS } from './recovered.pages.ts'

export const LOST_FACTOR = '/sign-in/lost'
const SECOND_STEP = '/sign-in/second-step'

/** What users of this server can lose: no passkey where the host of the public URL cannot have any. */
function losable({ config }: With<'config'>): 'any' | 'app' {
  return canHavePasskeys(config) ? 'any' : 'app'
}

/** The page for a lost phone or passkey: the other factors, each of which leads to the replacement; without one, whom to ask. */
export function lostFactorPages(app: App): void {
  const config = { access: 'attempt', page: true, undocumented: true } as const
  app.get(LOST_FACTOR, { config }, async (request, reply) => {
    const { ctx } = request
    const attempt = readAttemptCookie(request)
    if (attempt === undefined) return seeOther(reply, '/sign-in')
    const answer = await pendingSecondFactor(ctx, attempt)
    if (answer.stage !== 'second-factor') return seeOther(reply, '/enrolment')
    const say = texts(localeOf(reply))
    return sendPage(reply, {
      title: [say.lostFactor.title[losable(ctx)], say.signIn.title],
      body: html`<p class="lead">${answer.offered.length === 0 ? say.lostFactor.nothing : say.lostFactor.lead}</p>
        ${answer.offered.length > 0 && otherFactors(say, answer.offered)} ${supportLine(say, ctx.config)}
        <p><a href="/sign-in/help">${say.signInHelp.title}</a></p>
        <p><a href="${SECOND_STEP}">${say.lostFactor.back}</a></p>`,
    })
  })
}

function otherFactors(say: Texts, offered: readonly SecondFactorKind[]): Html {
  const pathOf = (kind: SecondFactorKind): string => withFactor(SECOND_STEP, kind, { next: AFTER_LOSS })
  return html`${factorRows(say, offered, pathOf)}
    <p>${say.lostFactor.last}</p>`
}
