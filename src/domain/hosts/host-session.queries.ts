import { sql } from 'kysely'

import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { HostCodeTable, HostSessionTable } from '#foundation/platform/database/schema.ts'

export async function insertCode(db: Database, code: Omit<HostCodeTable, 'consumed_at'>): Promise<void> {
  await db
    .insertInto('host_code')
    .values({ ...code, consumed_at: null })
    .execute()
}

export interface PresentedCode {
  readonly id: string
  readonly hostId: string
  /** The digests of the values that this browser holds. */
  readonly leaving: readonly string[]
  readonly now: Instant
  readonly since: Instant
  readonly until: Instant
}

/** Consumes a code that was made for this host and this browser: a row for exactly one of all concurrent calls, in any process (replay). */
export async function consumeCode(trx: Database, { id, hostId, leaving, now, since, until }: PresentedCode) {
  return trx
    .updateTable('host_code')
    .set({ consumed_at: now })
    .where('id', '=', id)
    .where('host_id', '=', hostId)
    .where('leaving', 'in', leaving)
    .where('consumed_at', 'is', null)
    .where('created_at', '>', since)
    .where('created_at', '<=', until)
    .returning(['session_id as sessionId', 'leaving'])
    .executeTakeFirst()
}

export async function insertHostSession(trx: Database, session: HostSessionTable): Promise<void> {
  await trx.insertInto('host_session').values(session).execute()
}

/** Returns the id of the session by which a browser is signed in at a host, whether or not it is valid. */
export const selectSessionAt = preparedQuery((db: Database, hash: string, hostId: string) =>
  db
    .selectFrom('host_session')
    .select('session_id as sessionId')
    .where('hash', '=', hash)
    .where('host_id', '=', hostId),
)

export interface HostUse {
  /** How many browsers are signed in at the host. */
  readonly living: number
  /** When one of them last signed in there; null if none is. */
  readonly lastEnteredAt: Instant | null
}

/** Returns the use of each of these hosts, by id. One statement, since a page of hosts would otherwise send one for each. */
export async function selectHostUses(db: Database, hostIds: readonly string[]): Promise<Map<string, HostUse>> {
  const rows = await db
    .selectFrom('host_session')
    .innerJoin('session', 'session.id', 'host_session.session_id')
    .select('host_session.host_id as hostId')
    .select(sql<number>`count(*)`.as('living'))
    .select((eb) => eb.fn.max('host_session.created_at').as('lastEnteredAt'))
    .where('host_session.host_id', 'in', hostIds)
    .where('session.revoked_at', 'is', null)
    .groupBy('host_session.host_id')
    .execute()
  return new Map(
    rows.map(({ hostId, living, lastEnteredAt }) => [
      hostId,
      { living: Number(living), lastEnteredAt: Number(lastEnteredAt) },
    ]),
  )
}

/** Deletes codes that were made before an instant, in batches. */
export async function deleteCodesBefore(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'host_code', 'id', (rows) => rows.where('created_at', '<', before))
}

/** Deletes the sign-ins at hosts before an instant, and those by sessions that were ended, or are deleted. */
export async function deleteEndedHostSessions(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'host_session', 'hash', (rows) => rows.where('created_at', '<', before))
  await deleteInBatches(db, 'host_session', 'hash', (rows) =>
    rows.where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('session')
            .select('session.id')
            .whereRef('session.id', '=', 'host_session.session_id')
            .where('session.revoked_at', 'is', null),
        ),
      ),
    ),
  )
}

/** Deletes codes that were made after an instant. */
export async function deleteCodesAfter(db: Database, ahead: Instant): Promise<void> {
  await deleteInBatches(db, 'host_code', 'id', (rows) => rows.where('created_at', '>', ahead))
}

export async function deleteAllCodes(db: Database): Promise<void> {
  await db.deleteFrom('host_code').execute()
}
