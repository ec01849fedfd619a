import type { AcceptedCredentials, Passkey } from '../../../domain/factors/passkeys/passkey.service.ts'
import { canHavePasskeys } from '../../../domain/factors/passkeys/relying-party.ts'
import { linkButton } from '../../../foundation/web/components/button.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '../../../foundation/web/components/table.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { SecurityReader } from '../own-account/security-reader.ts'

export const NEW_PASSKEY = '/account/security/passkeys/new'

/** The route that returns the options for a new passkey; the page names it as its API equivalent. */
export const PASSKEY_OPTIONS = '/users/me/passkeys/options'

/** The path of a page about one passkey. */
export function passkeyPath(what: 'rename' | 'remove', id: string): string {
  return `/account/security/passkeys/${what}/${encodeURIComponent(id)}`
}

export interface ShownPasskeys {
  readonly passkeys: readonly Passkey[]
  readonly removable: boolean
  /** After a removal: the passkeys that the browser keeps (`signalAllAcceptedCredentials()`). */
  readonly accepted?: AcceptedCredentials | undefined
}

/** The section of the security page that lists the user's passkeys. */
export function passkeysSection(reader: SecurityReader, { passkeys, removable, accepted }: ShownPasskeys): Html {
  const { say, config } = reader
  const { passkeys: words } = say.security
  const table = dataTable({
    caption: words.table,
    columns: [
      ...[words.name, words.added, words.lastUsed].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: passkeys.map((passkey) => ({ cells: passkeyCells(reader, passkey, removable) })),
    empty: html`<p>${words.none}</p>`,
  })
  return section({
    id: 'passkeys',
    title: words.title,
    lead: words.lead,
    body: html`${table} ${accepted && html`<div data-accepted-credentials="${JSON.stringify(accepted)}" hidden></div>`}
    ${canHavePasskeys(config) ? addFactorLinks(reader) : html`<p>${words.cannot}</p>`}`,
  })
}

function addFactorLinks({ say, config }: SecurityReader): Html {
  return html`<p>${linkButton(NEW_PASSKEY, say.security.passkeys.add)}</p>
    ${apiEquivalent(say, config, { method: 'POST', path: PASSKEY_OPTIONS })}`
}

function passkeyCells(reader: SecurityReader, passkey: Passkey, removable: boolean): (Html | string)[] {
  const { say } = reader
  const { passkeys: words } = say.security
  const called = name(passkey.name)
  const to = (what: Parameters<typeof passkeyPath>[0]) =>
    html`<a href="${passkeyPath(what, passkey.id)}">${words[what]}<span class="unseen"> – ${called}</span></a>`
  return [
    called,
    moment(reader, passkey.createdAt),
    passkey.lastUsedAt === null ? say.words.never : moment(reader, passkey.lastUsedAt),
    html`<div class="actions">${to('rename')} ${removable && to('remove')}</div>`,
  ]
}
