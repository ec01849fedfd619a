import { sql } from 'kysely'
import type { ColumnDefinitionBuilder, CreateTableBuilder, RawBuilder } from 'kysely'

import type { Dialect } from '../dialect.ts'

type Build = (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
type Type = 'text' | 'integer' | 'bigint'

/** Text that both databases compare byte by byte, so that the order of lists does not depend on the locale of the server. */
export function textType(dialect: Dialect): RawBuilder<unknown> {
  return dialect === 'postgres' ? sql`text collate "C"` : sql`text`
}

/** Adds columns in the form `name: type`; a `?` after the type makes a column nullable. */
export function withColumns<Table extends string>(
  table: CreateTableBuilder<Table, never>,
  dialect: Dialect,
  columns: Readonly<Record<string, Type | `${Type}?`>>,
): CreateTableBuilder<Table, string> {
  let extended: CreateTableBuilder<Table, string> = table
  for (const [name, written] of Object.entries(columns)) {
    const nullable = written.endsWith('?')
    const type = written.replace('?', '') as Type
    const build: Build = (column) => (nullable ? column : column.notNull())
    extended = extended.addColumn(name, type === 'text' ? (textType(dialect) as RawBuilder<never>) : type, build)
  }
  return extended
}
