import { recoveryCodesLeft } from '../factors/recovery-codes/recovery-code.service.ts'
import { listTotp } from '../factors/totp/totp.service.ts'
import { signedIn } from '../web/access.ts'
import type { App } from '../web/app.ts'
import { banner } from '../web/components/banner.ts'
import { linkButton, primaryLink } from '../web/components/button.ts'
import { html } from '../web/html.ts'
import { nextPath } from '../web/next-path.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'

/** From so many on, new ones are offered at once. */
const FEW = 3
const SECURITY = '/account/security'

/** Where somebody lands who came in with a recovery code: what is left, and how to replace what was lost. */
export function recoveredPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get('/account/recovered', { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { session, user } = ctx.caller
    const onwards = nextPath(request.query) ?? '/account'
    if (!session.methods.includes('recovery-code')) return seeOther(reply, onwards)
    const { left } = await recoveryCodesLeft(ctx, user.subject)
    const [app, ...others] = (await listTotp(ctx, user.subject)).filter(({ confirmedAt }) => confirmedAt !== null)
    const say = texts(localeOf(reply))
    const isOnlyOne = app !== undefined && others.length === 0
    return sendPage(reply, {
      title: say.recovered.title,
      notches: { done: 2, label: say.words.stepOf(2, 2) },
      notice: banner(left > FEW ? 'info' : 'warn', say.recovered.used(left)),
      body: html`<p>
          ${say.recovered.lost}
          <a href="${isOnlyOne ? `${SECURITY}/app/replace/${app.id}` : SECURITY}">${say.recovered.replace}</a>
        </p>
        ${
          left <= FEW &&
          html`<p>${say.recovered.few}</p>
            <p>${linkButton(`${SECURITY}/recovery-codes`, say.recovered.makeNew)}</p>`
        }
        <p>${primaryLink(onwards, say.words.continue)}</p>`,
    })
  })
}
