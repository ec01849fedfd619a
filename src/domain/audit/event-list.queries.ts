import { sql } from 'kysely'
import type { RawBuilder, SqlBool } from 'kysely'

import type { AddressRange } from '../../foundation/kernel/address-range.ts'
import type { Database } from '../../foundation/platform/database/database.ts'
import type { EventFilter } from './event.ts'
import type { EventRow } from './audit.queries.ts'
import { storedActions } from './event.ts'

/** How many events came from there, counted no further than `most`. */
export async function countFrom(db: Database, { from, to }: AddressRange, most: number): Promise<number> {
  const found = db
    .selectFrom('audit_event')
    .select('id')
    .where('address_key', '>=', from)
    .where('address_key', '<=', to)
    .limit(most)
  const row = await db
    .selectFrom(found.as('found'))
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirst()
  return row?.count ?? 0
}

/**
 * Newest first.
 * @param walk reads by time alone what is filtered by address: a database that takes the index for a network that most
 *   events came from reads and sorts all of them for one page
 */
export function selectEvents(db: Database, filter: EventFilter, walk = false): Promise<EventRow[]> {
  const { about, action, ...rest } = filter
  const subjects: Whose[] = about === undefined ? [{}] : [{ actor: about }, { target: about }]
  const actions = action === undefined ? [undefined] : storedActions(action)
  const parts = subjects.flatMap((whose) => actions.map((stored) => eventsWhere(db, rest, walk, { ...whose, stored })))
  if (parts.length === 1) return parts[0]!.execute()
  // Each part goes along an index in the order of the list; together they would be read and sorted as a whole.
  const [first, ...others] = parts.map((part) => db.selectFrom(part.as('part')).selectAll())
  const all = others.reduce((union, part) => union.union(part), first!)
  return all.orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}

/** What one part of a list is of: events that one user did, or that happened to one; under one stored action. */
type Whose = Pick<EventFilter, 'actor' | 'target'>
type Part = Whose & { readonly stored: string | undefined }

function eventsWhere(
  db: Database,
  filter: Omit<EventFilter, 'about' | 'action'>,
  walk: boolean,
  { stored, ...whose }: Part,
) {
  const { actor, target, result, address, since, until, cursor, limit } = filter
  const subjects = Object.entries({ actor, target }).concat(Object.entries(whose))
  // One user, or one place, has fewer events than an action has, whatever SQLite estimates.
  const isNarrow = subjects.some(([, subject]) => subject !== undefined) || (address !== undefined && !walk)
  const wanted = [
    ...subjects.flatMap(([column, subject]) => (subject === undefined ? [] : [sql`${sql.ref(column)} = ${subject}`])),
    ...(stored === undefined ? [] : [sql`${columnOf('action', !isNarrow)} = ${stored}`]),
    // As a literal, so that both engines see that the index of refusals fits.
    ...(result === undefined ? [] : [sql`${columnOf('result', !isNarrow)} = ${sql.lit(result)}`]),
    ...(address === undefined ? [] : [isFrom(address, walk)]),
    ...(since === undefined ? [] : [sql`at >= ${since}`]),
    ...(until === undefined ? [] : [sql`at < ${until}`]),
    ...(cursor ? [sql`(at, id) < (${cursor.at}, ${cursor.id})`] : []),
  ]
  return db
    .selectFrom('audit_event')
    .selectAll()
    .$if(wanted.length > 0, (query) => query.where(sql<SqlBool>`${sql.join(wanted, sql` and `)}`))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
}

function isFrom({ from, to }: AddressRange, walk: boolean): RawBuilder<unknown> {
  const key = columnOf('address_key', !walk)
  // The index has the events of one IP address in the order of the list.
  return from === to ? sql`address_key = ${from}` : sql`${key} >= ${from} and ${key} <= ${to}`
}

/** The column; or an expression that no index has, so that the database takes another index. */
function columnOf(name: 'action' | 'result' | 'address_key', byIndex: boolean): RawBuilder<unknown> {
  return byIndex ? sql.ref(name) : sql`${sql.ref(name)} || ''`
}
