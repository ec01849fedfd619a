import { sql } from 'kysely'

import type { Dialect } from '../dialect.ts'
import type { Database } from '../database.ts'
import { withColumns } from './column-types.ts'

type Columns = Parameters<typeof withColumns>[2]

export interface Table {
  readonly name: string
  readonly key: string | readonly string[]
  readonly columns: Columns
  /** The column with the subject of a user; the rows are deleted with the user. */
  readonly ofUser?: string
  readonly unique?: readonly string[]
  readonly indexes?: readonly (readonly string[])[]
}

/** Creates a table with its primary key, its foreign key to users and its indexes. */
export async function createTable(trx: Database, dialect: Dialect, table: Table): Promise<void> {
  const { name, key, columns, ofUser, unique = [], indexes = [] } = table
  let built = withColumns(trx.schema.createTable(name), dialect, columns).addPrimaryKeyConstraint(
    `${name}_pkey`,
    [key].flat(),
  )
  if (ofUser) {
    built = built.addForeignKeyConstraint(`${name}_user`, [ofUser], 'users', ['subject'], (user) =>
      user.onDelete('cascade'),
    )
  }
  // The keys are text. In a table with a rowid, SQLite would write each key twice, and a sign-in writes many rows.
  await (dialect === 'sqlite' ? built.modifyEnd(sql`without rowid`) : built).execute()
  for (const column of unique) {
    await trx.schema.createIndex(`${name}_${column}_unique`).on(name).column(column).unique().execute()
  }
  for (const group of indexes) {
    await trx.schema
      .createIndex(`${name}_${group.join('_')}`)
      .on(name)
      .columns([...group])
      .execute()
  }
}
