import type { CallerUser } from '../kernel/caller.ts'
import { signedIn } from '../web/access.ts'
import type { App } from '../web/app.ts'
import { banner } from '../web/components/banner.ts'
import { html } from '../web/html.ts'
import type { Html } from '../web/html.ts'
import { localeOf, sendPage } from '../web/page.ts'
import { texts } from '../web/texts.ts'
import type { Texts } from '../web/texts.ts'

export function accountPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get('/account', { config }, async ({ ctx, query }, reply) => {
    const { user } = signedIn(ctx).caller
    const say = texts(localeOf(reply))
    const justSet = Object.hasOwn(query as object, 'set') && user.secondFactorAt !== null
    return sendPage(reply, {
      title: say.account.title,
      frame: 'account',
      notice: justSet ? banner('ok', say.account.set) : undefined,
      body: aboutUser(say, user),
    })
  })
}

function aboutUser({ account }: Texts, user: CallerUser): Html {
  return html`<p class="lead">${account.signedInAs} <strong class="name">${user.username}</strong>.</p>
    <dl class="facts">
      <dt>${account.fullName}</dt>
      <dd>${user.fullName || account.none}</dd>
      <dt>${account.email}</dt>
      <dd>${user.email || account.none}</dd>
      <dt>${account.role}</dt>
      <dd>${account.roles[user.role]}</dd>
      <dt>${account.secondStep}</dt>
      <dd>${user.secondFactorAt === null ? account.secondStepOff : account.secondStepOn}</dd>
    </dl>`
}
