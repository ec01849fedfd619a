import { type RawBuilder, sql, type SqlBool } from 'kysely'

import type { IpAddressRange } from '#foundation/kernel/ip-address-range.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { EventRow } from './audit.queries.ts'
import type { EventFilter } from './event-filter.ts'
import { storedActions } from './event.ts'

/** Returns how many events came from this range of IP addresses, counted up to `most`. */
export async function countFrom(db: Database, { from, to }: IpAddressRange, most: number): Promise<number> {
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
 * Returns events, newest first.
 * @param walk reads in the order of time instead of by the index of IP addresses: for a network with many events, that index makes the
 *   database read and sort all of them for one page
 */
export function selectEvents(db: Database, filter: EventFilter, walk = false): Promise<EventRow[]> {
  const { about, action, ...rest } = filter
  const subjects: Subjects[] = about === undefined ? [{}] : [{ actor: about }, { target: about }]
  const actions = action === undefined ? [undefined] : storedActions(action)
  const parts = subjects.flatMap((subject) =>
    actions.map((stored) => eventsWhere(db, rest, walk, { ...subject, stored })),
  )
  if (parts.length === 1) return parts[0]!.execute()
  // Each part is read by an index in the order of the list; as one condition the database would read and sort all matching rows.
  const [first, ...others] = parts.map((part) => db.selectFrom(part.as('part')).selectAll())
  const all = others.reduce((union, part) => union.union(part), first!)
  return all.orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}

/** The condition of one part of the list: the actor or the target of its events. */
type Subjects = Pick<EventFilter, 'actor' | 'target'>
type Part = Subjects & { readonly stored: string | undefined }

function eventsWhere(
  db: Database,
  filter: Omit<EventFilter, 'about' | 'action'>,
  walk: boolean,
  { stored, ...part }: Part,
) {
  const { actor, target, result, address, since, until, cursor, limit } = filter
  const subjects = Object.entries({ actor, target }).concat(Object.entries(part))
  // A user or an IP address has fewer events than an action has, so their index is better, contrary to SQLite's estimate.
  const isNarrow = subjects.some(([, subject]) => subject !== undefined) || (address !== undefined && !walk)
  const wanted = [
    ...subjects.flatMap(([column, subject]) => (subject === undefined ? [] : [sql`${sql.ref(column)} = ${subject}`])),
    ...(stored === undefined ? [] : [sql`${eventColumn('action', !isNarrow)} = ${stored}`]),
    // As a literal, so that both engines see that the index of refusals fits.
    ...(result === undefined ? [] : [sql`${eventColumn('result', !isNarrow)} = ${sql.lit(result)}`]),
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

function isFrom({ from, to }: IpAddressRange, walk: boolean): RawBuilder<unknown> {
  const key = eventColumn('address_key', !walk)
  // The index holds the events of one IP address in the order of the list.
  return from === to ? sql`address_key = ${from}` : sql`${key} >= ${from} and ${key} <= ${to}`
}

/** Returns the column, or an expression without an index, so that the database chooses another index. */
function eventColumn(name: 'action' | 'result' | 'address_key', byIndex: boolean): RawBuilder<unknown> {
  return byIndex ? sql.ref(name) : sql`${sql.ref(name)} || ''`
}
