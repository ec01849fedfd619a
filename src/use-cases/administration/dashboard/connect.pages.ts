import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Texts, texts } from '#foundation/texts/texts.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { copyButton } from '#foundation/web/components/copy.ts'
import { filterLinks } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { queryText } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { connectExamples, type Example } from './connect-examples.pages.ts'

export const CONNECT_PATH = '/admin/connect'
const CODE = 'example'

const navigation: NavigationEntry = { area: 'palette', order: 120, label: (say) => say.overview.connect.title }

/** How an app finds out who its users are, to be tried with an API token, which an admin with a passkey only can have too. */
export function connectPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get(
    CONNECT_PATH,
    { config: { ...config, navigation } },
    ({ ctx, query }: FastifyRequest, reply: FastifyReply) => {
      const say = texts(localeOf(reply))
      const { connect } = say.overview
      return sendPage(reply, {
        title: [connect.title, say.overview.area],
        up: { href: '/admin', label: say.overview.title },
        modules: ['copy'],
        body: html`<p class="lead">${connect.lead}</p>
          ${section({
            id: 'token',
            title: `1. ${connect.token}`,
            lead: connect.tokenLead,
            action: primaryLink('/account/security/tokens/new', connect.createToken),
          })}
          ${section({
            id: 'ask',
            title: `2. ${connect.ask}`,
            lead: connect.askLead,
            body: examples(say, connectExamples(ctx.config.publicUrl), queryText(query, 'in')),
          })}`,
      })
    },
  )
}

/** One of the examples, below links to each of them. */
function examples(say: Texts, all: readonly Example[], chosen: string | undefined): Html {
  const shown = all.find(({ id }) => id === chosen) ?? all[0]
  return html`${filterLinks(
      say.overview.connect.ask,
      all.map((one) => ({
        href: `${CONNECT_PATH}?in=${one.id}#ask`,
        label: one.name,
        current: one === shown,
      })),
    )}
    <dl class="copy">
      <dt>${shown?.name}</dt>
      <dd>
        <pre class="message command" id="${CODE}">${shown?.code}</pre>
        ${copyButton(say, CODE)}
      </dd>
    </dl>`
}
