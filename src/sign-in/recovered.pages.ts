import { FEW_CODES } from '../factors/recovery-codes/recovery-code.ts'
import { recoveryCodesLeft } from '../factors/recovery-codes/recovery-code.service.ts'
import { confirmedApps } from '../factors/totp/totp.service.ts'
import { signedIn } from '../web/access.ts'
import type { App } from '../web/app.ts'
import { banner } from '../web/components/banner.ts'
import { linkButton, primaryLink } from '../web/components/button.ts'
import { html } from '../web/html.ts'
import { nextPath } from '../web/next-path.ts'
import { localeOf, seeOther, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'

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
    const apps = await confirmedApps(ctx, user.subject)
    const say = texts(localeOf(reply))
    const [only] = apps.length === 1 ? apps : []
    return sendPage(reply, {
      title: say.recovered.title,
      notches: { done: 2, label: say.words.stepOf(2, 2) },
      notice: banner(left > FEW_CODES ? 'info' : 'warn', say.recovered.used(left)),
      body: html`<p>
          ${say.recovered.lost}
          <a href="${only ? `${SECURITY}/app/replace/${only.id}` : SECURITY}">${say.recovered.replace}</a>
        </p>
        ${
          left <= FEW_CODES &&
          html`<p>${say.recovered.few}</p>
            <p>${linkButton(`${SECURITY}/recovery-codes`, say.recovered.makeNew)}</p>`
        }
        <p>${primaryLink(onwards, say.words.continue)}</p>`,
    })
  })
}
