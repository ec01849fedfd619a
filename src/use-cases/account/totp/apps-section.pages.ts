import { linkButton } from '../../../foundation/web/components/button.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '../../../foundation/web/components/table.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import { FIRST_NAME } from '../../../domain/factors/totp/totp.service.ts'
import type { App } from './own-apps.service.ts'
import type { SecurityReader } from '../own-account/security-reader.ts'

export const NEW_APP = '/account/security/app/new'

/** The path of a page about one app. */
export function appPath(what: 'replace' | 'rename' | 'remove', id: string): string {
  return `/account/security/app/${what}/${encodeURIComponent(id)}`
}

/** The app's name; its default name in the page's language if the user gave it none. */
export function appName({ security }: Texts, { name }: Pick<App, 'name'>): string {
  return name === FIRST_NAME || name.trim() === '' ? security.apps.defaultName : name
}

/** The section of the security page that lists the user's confirmed apps. */
export function appsSection(reader: SecurityReader, apps: readonly App[], removable: boolean): Html {
  const { say, config } = reader
  const { apps: words } = say.security
  const table = dataTable({
    caption: words.table,
    columns: [
      ...[words.name, words.added, words.lastUsed].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: apps.map((app) => ({ cells: appCells(reader, app, removable) })),
    empty: html`<p>${words.none}</p>`,
  })
  return section({
    id: 'second-step',
    title: words.title,
    lead: words.lead,
    body: html`${table}
      <p>${linkButton(NEW_APP, words.add)}</p>
      ${apiEquivalent(say, config, { method: 'POST', path: '/users/me/totp' })}`,
  })
}

function appCells(reader: SecurityReader, app: App, removable: boolean): (Html | string)[] {
  const { say } = reader
  const { apps: words } = say.security
  const called = name(appName(say, app))
  const to = (what: Parameters<typeof appPath>[0]) =>
    html`<a href="${appPath(what, app.id)}">${words[what]}<span class="unseen"> – ${called}</span></a>`
  return [
    called,
    moment(reader, app.createdAt),
    app.lastUsedAt === null ? say.words.never : moment(reader, app.lastUsedAt),
    html`<div class="actions">${to('rename')} ${to('replace')} ${removable && to('remove')}</div>`,
  ]
}
