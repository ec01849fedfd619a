import { sql } from 'kysely'

import type { AddressRange } from '../kernel/address-range.ts'
import type { Database } from '../platform/database/schema.ts'
import type { EventFilter } from './audit.service.ts'
import type { EventRow } from './audit.queries.ts'

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
  const { about, ...rest } = filter
  if (about === undefined) return eventsWhere(db, rest, walk).execute()
  // Each half goes along an index in the order of the list; together they would be read and sorted as a whole.
  const half = (as: 'actor' | 'target') =>
    db.selectFrom(eventsWhere(db, rest, walk, { [as]: about }).as(as)).selectAll()
  return half('actor').union(half('target')).orderBy('at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute()
}

type Whose = Pick<EventFilter, 'actor' | 'target'>

function eventsWhere(db: Database, filter: Omit<EventFilter, 'about'>, walk: boolean, whose: Whose = {}) {
  const { actor, target, action, result, address, since, until, cursor, limit } = filter
  const equal = { actor, target, action }
  // The events of one address stand in the index in the order they are wanted in.
  const isOne = address?.from === address?.to
  // No index is on an expression.
  const key = walk ? sql<string>`address_key || ''` : sql.ref<string>('address_key')
  return (
    db
      .selectFrom('audit_event')
      .selectAll()
      .where((eb) => eb.and([...wheresOf(equal), ...wheresOf(whose)].map(([column, value]) => eb(column, '=', value))))
      // Written out, so that both engines see that the index of what was refused will do.
      .$if(result !== undefined, (query) => query.where('result', '=', sql.lit(result ?? 'done')))
      .$if(address !== undefined && isOne, (query) => query.where('address_key', '=', address?.from ?? ''))
      .$if(address !== undefined && !isOne, (query) => query.where(key, '>=', address?.from ?? ''))
      .$if(address !== undefined && !isOne, (query) => query.where(key, '<=', address?.to ?? ''))
      .$if(since !== undefined, (query) => query.where('at', '>=', since ?? 0))
      .$if(until !== undefined, (query) => query.where('at', '<', until ?? 0))
      .$if(Boolean(cursor), (query) =>
        query.where((eb) => eb(eb.refTuple('at', 'id'), '<', eb.tuple(cursor?.at ?? 0, cursor?.id ?? ''))),
      )
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
  )
}

type Equal = 'actor' | 'target' | 'action'

function wheresOf(equal: Partial<Record<Equal, string | undefined>>): [Equal, string][] {
  return Object.entries(equal).filter((pair): pair is [Equal, string] => pair[1] !== undefined)
}
