import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Texts, texts } from '#foundation/texts/texts.ts'
import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { copyButton } from '#foundation/web/components/copy.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { connectExamples, type Example } from './connect-examples.pages.ts'

export const CONNECT_PATH = '/admin/connect'

const navigation: NavigationEntry = { area: 'palette', order: 120, label: (say) => say.overview.connect.title }

/** How an app finds out who its users are, to be tried with an API token, which an admin with a passkey only can have too. */
export function connectPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get(CONNECT_PATH, { config: { ...config, navigation } }, ({ ctx }: FastifyRequest, reply: FastifyReply) => {
    const say = texts(localeOf(reply))
    const { connect } = say.overview
    return sendPage(reply, {
      title: [connect.title, say.overview.area],
      modules: ['copy'],
      body: html`<p class="lead">${connect.lead}</p>
        ${section({
          id: 'token',
          title: connect.token,
          lead: connect.tokenLead,
          body: html`<p>${primaryLink('/account/security/tokens/new', connect.createToken)}</p>`,
        })}
        ${section({
          id: 'ask',
          title: connect.ask,
          lead: connect.askLead,
          body: html`${connectExamples(ctx.config.publicUrl).map((example, at) => tab(say, example, at === 0))}`,
        })}
        <p>${linkButton('/admin', connect.back)}</p>`,
    })
  })
}

/** One of several of which the browser keeps a single one open. */
function tab(say: Texts, { id, name, code }: Example, isOpen: boolean): Html {
  return html`<details class="tab" name="example" ${isOpen && html`open`}>
    <summary>${name}</summary>
    <dl class="copy">
      <dt class="unseen">${name}</dt>
      <dd>
        <pre class="message command" id="${id}">${code}</pre>
        ${copyButton(say, id)}
      </dd>
    </dl>
  </details>`
}
