import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { HARMLESS_NOTICES, type Notice, type NoticeKind } from './notice.ts'

const COLUMNS = ['id', 'kind', 'position', 'created_at as createdAt'] as const

export interface NewNotice {
  readonly id: string
  readonly subject: string
  readonly kind: NoticeKind
  readonly once: string | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** Inserts a notice behind those that the user has; returns false if one with the same value `once` exists. */
export async function insertNotice(db: Database, notice: NewNotice): Promise<boolean> {
  const { id, subject, kind, once, createdAt, expiresAt } = notice
  const row = await db
    .insertInto('notice')
    .values((eb) => ({
      id,
      subject,
      kind,
      position: eb
        .selectFrom('notice as former')
        .select((former) => former(former.fn.coalesce(former.fn.max('former.position'), former.lit(0)), '+', 1).as('p'))
        .where('former.subject', '=', subject),
      once,
      created_at: createdAt,
      expires_at: expiresAt,
    }))
    .onConflict((conflict) => conflict.column('once').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Returns a notice of this user; undefined if there is none. */
export function selectNotice(db: Database, subject: string, id: string): Promise<Notice | undefined> {
  return db.selectFrom('notice').select(COLUMNS).where('id', '=', id).where('subject', '=', subject).executeTakeFirst()
}

/** Marks a notice as answered with "This wasn't me". */
export async function markReported(db: Database, id: string, now: Instant): Promise<void> {
  await db.updateTable('notice').set({ reported_at: now }).where('id', '=', id).execute()
}

/** Returns the reported notices of the user, whose review has not ended, oldest first. */
export function selectReports(db: Database, subject: string): Promise<Notice[]> {
  return db
    .selectFrom('notice')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('reported_at', 'is not', null)
    .orderBy('position')
    .execute()
}

/**
 * Returns the kinds of the changes of the user's password or factors from this position on. The same position means at the same time, which
 * counts as after.
 */
export async function selectChangesFrom(db: Database, subject: string, position: number): Promise<string[]> {
  const rows = await db
    .selectFrom('notice')
    .select('kind')
    .distinct()
    .where('subject', '=', subject)
    .where('position', '>=', position)
    .where('kind', 'not in', HARMLESS_NOTICES)
    .execute()
  return rows.map(({ kind }) => kind)
}

/** Returns which of these kinds of notices the user got after an instant, this one aside. */
export async function selectOthersSince(
  db: Database,
  { id, subject }: Pick<NewNotice, 'id' | 'subject'>,
  { kinds, since }: { readonly kinds: readonly NoticeKind[]; readonly since: Instant },
): Promise<string[]> {
  const rows = await db
    .selectFrom('notice')
    .select('kind')
    .distinct()
    .where('subject', '=', subject)
    .where('id', '!=', id)
    .where('kind', 'in', kinds)
    .where('created_at', '>', since)
    .execute()
  return rows.map(({ kind }) => kind)
}

/**
 * Marks the reported notices of the user as answered by a review that has ended. Their rows stay until their time has passed, because a review of
 * an earlier event is evaluated by them too.
 */
export async function clearReports(db: Database, subject: string): Promise<void> {
  await db
    .updateTable('notice')
    .set({ reported_at: null })
    .where('subject', '=', subject)
    .where('reported_at', 'is not', null)
    .execute()
}

/**
 * Deletes notices whose link has ended, in batches; all of a user whose review is due stay, because the review is evaluated by them. An
 * index holds these users.
 */
export async function deleteEndedNotices(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'notice', 'id', (rows) =>
    rows
      .where('expires_at', '<', before)
      .where('subject', 'not in', (eb) =>
        eb.selectFrom('users').select('subject').where('review_required_at', 'is not', null),
      ),
  )
}
