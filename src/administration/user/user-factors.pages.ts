import type { TotpApp } from '../../factors/totp/totp.queries.ts'
import { section } from '../../web/components/section.ts'
import { dataTable } from '../../web/components/table.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { moment } from '../../web/moments.ts'
import type { UserReader } from './user-reader.pages.ts'

type ShownApp = Pick<TotpApp, 'createdAt' | 'lastUsedAt'>

/** How somebody does the second step: kinds and dates. What they called an app, and its secret, are theirs. */
export function factorsSection(reader: UserReader, apps: readonly ShownApp[]): Html {
  const { say } = reader
  const { factors } = say.user
  const table = dataTable({
    caption: factors.table,
    columns: [factors.kind, factors.added, factors.lastUsed].map((label) => ({ label })),
    rows: apps.map(({ createdAt, lastUsedAt }) => ({
      cells: [
        factors.app,
        moment(reader, createdAt),
        lastUsedAt === null ? say.words.never : moment(reader, lastUsedAt),
      ],
    })),
    empty: html`<p>${factors.none}</p>`,
  })
  return section({ id: 'second-step', title: factors.title, lead: factors.lead, body: table })
}
