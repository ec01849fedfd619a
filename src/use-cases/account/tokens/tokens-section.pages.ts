import type { ApiToken } from '../../../domain/api-tokens/api-token.ts'
import { banner } from '../../../foundation/web/components/status.ts'
import { linkButton } from '../../../foundation/web/components/button.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '../../../foundation/web/components/table.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import type { SecurityReader } from '../own-account/security-reader.ts'

const ID = 'api-tokens'
export const NEW_TOKEN = '/account/security/tokens/new'

/** The path of the page that revokes a token. */
export function revocationPath(id: string): string {
  return `/account/security/tokens/revoke/${encodeURIComponent(id)}`
}

/** The section of the security page that lists the user's API tokens, the newest first. */
export function tokensSection(reader: SecurityReader, tokens: readonly ApiToken[]): Html {
  const { say, config } = reader
  const { tokens: words } = say
  const table = dataTable({
    caption: words.table,
    columns: [
      ...[words.name, words.may, words.lastUsed, words.expires].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: tokens.map((token) => ({ cells: tokenCells(reader, token) })),
    empty: html`<p>${words.none}</p>`,
  })
  return section({
    id: ID,
    title: words.title,
    lead: words.lead,
    body: html`${table}
      <p>${linkButton(NEW_TOKEN, words.add)}</p>
      ${apiEquivalent(say, config, { method: 'GET', path: '/users/me/tokens' })}`,
  })
}

function tokenCells(reader: SecurityReader, token: ApiToken): (Html | string)[] {
  const { say } = reader
  const { tokens: words } = say
  const called = name(token.name)
  return [
    html`${called}
      <div class="small">${words.made} ${moment(reader, token.createdAt)}</div>`,
    html`${token.scopes.map((scope) => html`<div>${words.scopes[scope].name}</div>`)}`,
    token.lastUsedAt === null ? say.words.never : moment(reader, token.lastUsedAt),
    moment(reader, token.expiresAt),
    html`<div class="actions">
      <a href="${revocationPath(token.id)}">${words.revoke}<span class="unseen"> – ${called}</span></a>
    </div>`,
  ]
}

/** After a change of password: says that API tokens keep working, although sessions ended. Undefined if there are none. */
export function remainingTokensBanner(
  { security, tokens }: Texts,
  done: string | undefined,
  count: number,
): Html | undefined {
  if (done !== 'password' || count === 0) return undefined
  const link = html`<a class="whole" href="#${ID}">${tokens.liveOnLink(count)}</a>`
  return banner('ok', html`${security.done.password} ${tokens.liveOn(count)} ${link}`)
}
