import type { Config } from '../../foundation/platform/config/types.ts'
import { commandOnPage } from '../../foundation/platform/program-name.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { linkButton } from '../../foundation/web/components/button.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import { withNext } from '../../foundation/web/http/redirect.ts'
import { localeOf, sendPage } from '../../foundation/web/pages/page.ts'
import { texts } from '../../foundation/texts/texts.ts'
import type { Texts } from '../../foundation/texts/texts.ts'
import { supportLine } from './support.pages.ts'

/** The help page for a lost password or phone: the contact, and what to report to them. */
export function signInHelpPages(app: App): void {
  const config = { access: 'anyone', page: true, undocumented: true } as const
  app.get('/sign-in/help', { config }, ({ ctx, query }, reply) => {
    const say = texts(localeOf(reply))
    return sendPage(reply, {
      title: [say.signInHelp.title, say.signIn.title],
      body: helpBody(say, ctx.config, withNext('/sign-in', query)),
    })
  })
}

function helpBody(say: Texts, config: Config, back: string): Html {
  const { signInHelp } = say
  return html`<p class="lead">${signInHelp.lead}</p>
    ${supportLine(say, config)}
    <p>${signInHelp.tell}</p>
    <ul>
      ${signInHelp.telling.map((one) => html`<li>${one}</li>`)}
    </ul>
    <p>${signInHelp.never}</p>
    <p>${linkButton(back, signInHelp.back)}</p>
    <details>
      <summary>${signInHelp.ownServer}</summary>
      <p>${signInHelp.ownServerText}</p>
      <p><code class="command">${commandOnPage(config, signInHelp.command)}</code></p>
    </details>`
}
