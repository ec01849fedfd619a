import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { AuditEventTable } from '#foundation/platform/database/schema.ts'
import type { ChainEnd, Link } from './chain.ts'
import type { EndingRow } from './ending.ts'

export type EventRow = AuditEventTable

const insertPrepared = preparedQuery(
  (
    db: Database,
    id: string,
    at: Instant,
    action: string,
    actor: string | null,
    target: string | null,
    result: EventRow['result'],
    reason: string | null,
    digest: string,
    details: string | null,
    ipAddressKey: string | null,
    keyId: string,
    mac: string,
    ends: EventRow['ends'],
    sessionId: string | null,
    keptSessionId: string | null,
    clientId: string | null,
    endingMac: string | null,
  ) =>
    db.insertInto('audit_event').values({
      id,
      at,
      action,
      actor,
      target,
      result,
      reason,
      details_digest: digest,
      details,
      address_key: ipAddressKey,
      key_id: keyId,
      mac,
      ends,
      session_id: sessionId,
      kept_session_id: keptSessionId,
      client_id: clientId,
      ending_mac: endingMac,
    }),
)

/** Inserts an event that is not chained yet. */
export async function insertEvent(
  db: Database,
  row: Omit<EventRow, 'position' | 'previous_mac' | 'chain_mac'>,
): Promise<void> {
  const { id, at, action, actor, target, result, reason, details, mac } = row
  const { details_digest: digest, address_key: ipAddressKey, key_id: keyId } = row
  const {
    ends,
    session_id: sessionId,
    kept_session_id: keptSessionId,
    client_id: clientId,
    ending_mac: endingMac,
  } = row
  await insertPrepared(
    db,
    id,
    at,
    action,
    actor,
    target,
    result,
    reason,
    digest,
    details,
    ipAddressKey,
    keyId,
    mac,
    ends,
    sessionId,
    keptSessionId,
    clientId,
    endingMac,
  )
}

/** Returns the event with this id; undefined if there is none. */
export function selectEvent(db: Database, id: string): Promise<EventRow | undefined> {
  return db.selectFrom('audit_event').selectAll().where('id', '=', id).executeTakeFirst()
}

const firstUnchained = preparedQuery((db: Database) =>
  db.selectFrom('audit_event').select('at').where('position', 'is', null).orderBy('at').orderBy('id').limit(1),
)

/** Returns the time of the oldest unchained event; undefined if all are chained. */
export async function oldestUnchained(db: Database): Promise<Instant | undefined> {
  return (await firstUnchained(db))[0]?.at
}

/** Returns up to `limit` unchained events, oldest first: the order in which they are chained. */
export function unchainedEvents(db: Database, limit: number): Promise<Pick<EventRow, 'id' | 'mac'>[]> {
  return db
    .selectFrom('audit_event')
    .select(['id', 'mac'])
    .where('position', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute()
}

/**
 * The last position that the chain writer assigns. An attacker who can write to the database can insert an event at any position, on
 * SQLite even at a text, which sorts after all numbers; the chain must continue from its own end.
 */
const LAST_POSITION = Number.MAX_SAFE_INTEGER

const newestLink = preparedQuery((db: Database) => newestInChain(db).select(['position', 'chain_mac']))

/** Returns the end of the chain; undefined if it is empty. */
export async function lastLink(db: Database): Promise<ChainEnd | undefined> {
  const [row] = await newestLink(db)
  return row && { position: row.position ?? 0, chainMac: row.chain_mac ?? '' }
}

/** Returns the position and the time of the newest chained event; undefined if there is none. */
export async function newestChainedRow(db: Database): Promise<{ position: number; at: Instant } | undefined> {
  const row = await newestInChain(db).select(['position', 'at']).executeTakeFirst()
  return row && { position: row.position ?? 0, at: row.at }
}

function newestInChain(db: Database) {
  const inChain = db.selectFrom('audit_event').where('position', '>', 0).where('position', '<=', LAST_POSITION)
  return inChain.orderBy('position', 'desc').limit(1)
}

/** Writes position and chain MACs of a batch of events that have none; returns how many rows it has changed. */
export function writeLinks(db: Database, links: readonly Link[]): Promise<number> {
  return db.dialect === 'postgres' ? writeInOneStatement(db, links) : writeEach(db, links)
}

/** For SQLite, where a statement in the same process costs less than parsing a list of links. */
async function writeEach(db: Database, links: readonly Link[]): Promise<number> {
  let changed = 0
  for (const { id, position, previousMac, chainMac } of links) {
    changed += (await writeLink(db, id, position, previousMac, chainMac)).length
  }
  return changed
}

const writeLink = preparedQuery((db: Database, id: string, position: number, previousMac: string, chainMac: string) =>
  db
    .updateTable('audit_event')
    .set({ position, previous_mac: previousMac, chain_mac: chainMac })
    .where('id', '=', id)
    .where('position', 'is', null)
    .returning('id'),
)

/** For PostgreSQL: one round trip, with the same statement text for a batch of any size. */
async function writeInOneStatement(db: Database, links: readonly Link[]): Promise<number> {
  const { numAffectedRows } = await sql`
    update audit_event
    set position = link.position, previous_mac = link."previousMac", chain_mac = link."chainMac"
    from json_to_recordset(cast(${JSON.stringify(links)} as json))
      as link (id text, position bigint, "previousMac" text, "chainMac" text)
    where audit_event.id = link.id and audit_event.position is null`.execute(db)
  return Number(numAffectedRows ?? 0)
}

const macsAt = preparedQuery((db: Database, position: number) =>
  db.selectFrom('audit_event').select('chain_mac').where('position', '=', position),
)

/** Returns the chain MAC of the event at a position; undefined if there is no event. */
export async function chainMacAt(db: Database, position: number): Promise<string | null | undefined> {
  return (await macsAt(db, position))[0]?.chain_mac
}

/** Returns chained events after `position`, which is not negative, in the order of the chain. */
export function chainedAfter(db: Database, position: number, limit: number): Promise<EventRow[]> {
  return db
    .selectFrom('audit_event')
    .selectAll()
    .where('position', '>', position)
    .where('position', '<=', LAST_POSITION)
    .orderBy('position')
    .limit(limit)
    .execute()
}

const ENDING_COLUMNS = [
  'id',
  'at',
  'position',
  'action',
  'target',
  'result',
  'ends',
  'session_id',
  'kept_session_id',
  'client_id',
] as const

const endingWindow = preparedQuery((db: Database, position: number, limit: number) =>
  db
    .selectFrom('audit_event')
    .select(ENDING_COLUMNS)
    .where('position', '>', position)
    .where('position', '<=', LAST_POSITION)
    .orderBy('position')
    .limit(limit),
)

const unchainedEndings = preparedQuery((db: Database, limit: number) =>
  db
    .selectFrom('audit_event')
    .select(ENDING_COLUMNS)
    .where('position', 'is', null)
    .orderBy('at')
    .orderBy('id')
    .limit(limit),
)

/** Returns what up to `limit` events that are not chained yet end; their position is 0. */
export async function selectUnchainedEndings(db: Database, limit: number): Promise<EndingRow[]> {
  const rows = await unchainedEndings(db, limit)
  return rows.map((row) => ({ ...row, position: 0 }))
}

/** Returns the position of the last chained event at or before an instant; 0 if there is none. */
export async function selectPositionAt(db: Database, at: Instant): Promise<number> {
  const row = await db
    .selectFrom('audit_event')
    .select('position')
    .where('at', '<=', at)
    .where('position', 'is not', null)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return Number(row?.position ?? 0)
}

/** Returns what the next events after a position end, in the order of the chain. */
export async function selectEndingWindow(db: Database, position: number, limit: number): Promise<EndingRow[]> {
  const rows = await endingWindow(db, position, limit)
  return rows.map((row) => ({ ...row, position: Number(row.position) }))
}

/** Returns the events at one position; more than one only if the unique index was dropped. */
export function chainedAt(db: Database, position: number, limit: number): Promise<EventRow[]> {
  return db.selectFrom('audit_event').selectAll().where('position', '=', position).limit(limit).execute()
}

/** Returns events at positions that the chain writer never assigns, and that reading the chain in order therefore misses. */
export function outsideChain(db: Database, limit: number): Promise<Pick<EventRow, 'id' | 'position'>[]> {
  return db
    .selectFrom('audit_event')
    .select(['id', 'position'])
    .where('position', 'is not', null)
    .where((eb) => eb.or([eb('position', '<=', 0), eb('position', '>', LAST_POSITION)]))
    .limit(limit)
    .execute()
}

/** Returns the chain MACs of the events at these positions, at most a thousand. */
export function chainMacsAmong(db: Database, positions: readonly number[]) {
  return db.selectFrom('audit_event').select(['position', 'chain_mac']).where('position', 'in', positions).execute()
}
