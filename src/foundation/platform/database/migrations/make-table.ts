import { type ColumnDefinitionBuilder, type CreateTableBuilder, type RawBuilder, sql } from 'kysely'

import type { Database } from '../database.ts'

type Type = 'text' | 'integer' | 'bigint'
/** In the form `name: type`; a `?` after the type makes a column nullable. */
type Columns = Readonly<Record<string, Type | `${Type}?`>>

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
export async function createTable(trx: Database, table: Table): Promise<void> {
  const { name, key, columns, ofUser, unique = [], indexes = [] } = table
  let built = withColumns(trx, trx.schema.createTable(name), columns).addPrimaryKeyConstraint(
    `${name}_pkey`,
    [key].flat(),
  )
  if (ofUser) {
    built = built.addForeignKeyConstraint(`${name}_user`, [ofUser], 'users', ['subject'], (user) =>
      user.onDelete('cascade'),
    )
  }
  // The keys are text. In a table with a rowid, SQLite would write each key twice, and a sign-in writes many rows.
  await (trx.dialect === 'sqlite' ? built.modifyEnd(sql`without rowid`) : built).execute()
  for (const column of unique) {
    await trx.schema.createIndex(`${name}_${column}_unique`).on(name).column(column).unique().execute()
  }
  for (const group of indexes) {
    const index = trx.schema.createIndex(`${name}_${group.join('_')}`).on(name)
    await index.columns([...group]).execute()
  }
}

/** Text that both databases compare byte by byte, so that the order of lists does not depend on the locale of the server. */
export function textType({ dialect }: Database): RawBuilder<never> {
  return dialect === 'postgres' ? sql<never>`text collate "C"` : sql<never>`text`
}

/** Adds columns to a table. */
export function withColumns<Table extends string>(
  db: Database,
  table: CreateTableBuilder<Table, never>,
  columns: Columns,
): CreateTableBuilder<Table, string> {
  let extended: CreateTableBuilder<Table, string> = table
  for (const [name, written] of Object.entries(columns)) {
    const type = written.replace('?', '') as Type
    const build = (column: ColumnDefinitionBuilder): ColumnDefinitionBuilder =>
      written.endsWith('?') ? column : column.notNull()
    extended = extended.addColumn(name, type === 'text' ? textType(db) : type, build)
  }
  return extended
}
