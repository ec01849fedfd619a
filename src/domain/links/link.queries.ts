import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { updatedOne } from '#foundation/platform/database/updated-one.ts'
import type { Link, LinkPurpose } from './link.ts'

const COLUMNS = [
  'id',
  'purpose',
  'subject',
  'epoch',
  'created_by as createdBy',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'consumed_at as consumedAt',
  'about',
  'mailed_to as mailedTo',
  'replaced_at as replacedAt',
] as const

/** Inserts a link with the hash of its token. */
export async function insertLink(db: Database, link: Link, tokenHash: string): Promise<void> {
  await db
    .insertInto('link')
    .values({
      id: link.id,
      token_hash: tokenHash,
      purpose: link.purpose,
      subject: link.subject,
      epoch: link.epoch,
      created_by: link.createdBy,
      created_at: link.createdAt,
      expires_at: link.expiresAt,
      consumed_at: link.consumedAt,
      about: link.about,
      mailed_to: link.mailedTo,
      replaced_at: link.replacedAt,
    })
    .execute()
}

/** Returns the link of this purpose with this hash of its token; undefined if there is none. */
export function selectLink(db: Database, tokenHash: string, purpose: LinkPurpose): Promise<Link | undefined> {
  return db
    .selectFrom('link')
    .select(COLUMNS)
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .executeTakeFirst()
}

/** Returns the link with this id in any state; undefined if there is none. */
export function selectLinkById(db: Database, id: string): Promise<Link | undefined> {
  return db.selectFrom('link').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Returns the newest link of this purpose, user and credential epoch that is not consumed, expired or not; undefined if there is none. */
export function selectUnconsumedLink(
  db: Database,
  { purpose, subject, epoch }: Pick<Link, 'purpose' | 'epoch'> & { readonly subject: string },
): Promise<Link | undefined> {
  return db
    .selectFrom('link')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('purpose', '=', purpose)
    .where('epoch', '=', epoch)
    .where('consumed_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/**
 * Returns whether a link of this purpose and user that left by mail alone still works, or was used at or after an instant. A use changes the
 * credential epoch, so a used one counts at any epoch.
 */
export async function hasMailedLink(
  db: Database,
  { purpose, subject, epoch }: Pick<Link, 'purpose' | 'epoch'> & { readonly subject: string },
  { now, usedSince }: { readonly now: Instant; readonly usedSince: Instant },
): Promise<boolean> {
  const row = await db
    .selectFrom('link')
    .select('id')
    .where('subject', '=', subject)
    .where('purpose', '=', purpose)
    .where('mailed_to', 'is not', null)
    .where((eb) =>
      eb('consumed_at', '>=', usedSince).or(
        eb('consumed_at', 'is', null).and('epoch', '=', epoch).and('expires_at', '>', now),
      ),
    )
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Forgets that a link left by mail alone. */
export async function clearMailedTo(db: Database, id: string): Promise<void> {
  await db.updateTable('link').set({ mailed_to: null }).where('id', '=', id).execute()
}

/** Notes that another link replaces an unused one; false if it was used, replaced or withdrawn before. */
export function updateToReplaced(db: Database, id: string, now: Instant): Promise<boolean> {
  return updatedOne(
    db
      .updateTable('link')
      .set({ replaced_at: now })
      .where('id', '=', id)
      .where('consumed_at', 'is', null)
      .where('replaced_at', 'is', null),
  )
}

/** Deletes the unconsumed links of one purpose and user; the subject of set-up links is null. */
export async function deleteUnconsumedLinks(db: Database, purpose: LinkPurpose, subject: string | null): Promise<void> {
  await db
    .deleteFrom('link')
    .where('purpose', '=', purpose)
    .where('subject', subject === null ? 'is' : '=', subject)
    .where('consumed_at', 'is', null)
    .execute()
}

/** Deletes links that expired before an instant, in batches. */
export async function deleteExpiredLinkRows(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'link', 'id', (rows) => rows.where('expires_at', '<', before))
}
