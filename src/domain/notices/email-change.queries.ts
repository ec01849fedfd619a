import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { EmailChange } from './email-change.ts'

const COLUMNS = [
  'id',
  'subject',
  'position',
  'email',
  'former_email as formerEmail',
  'former_verified_at as formerVerifiedAt',
  'created_at as createdAt',
  'expires_at as expiresAt',
  'confirmed_at as confirmedAt',
] as const

/** Inserts a change behind those that the user has. */
export async function insertEmailChange(db: Database, change: Omit<EmailChange, 'position'>): Promise<void> {
  await db
    .insertInto('email_change')
    .values((eb) => ({
      id: change.id,
      subject: change.subject,
      position: eb
        .selectFrom('email_change as former')
        .select((former) => former(former.fn.coalesce(former.fn.max('former.position'), former.lit(0)), '+', 1).as('p'))
        .where('former.subject', '=', change.subject),
      email: change.email,
      former_email: change.formerEmail,
      former_verified_at: change.formerVerifiedAt,
      created_at: change.createdAt,
      expires_at: change.expiresAt,
      confirmed_at: change.confirmedAt,
    }))
    .execute()
}

/** Returns the change with this id; undefined if there is none. */
export function selectEmailChange(db: Database, id: string): Promise<EmailChange | undefined> {
  return db.selectFrom('email_change').select(COLUMNS).where('id', '=', id).executeTakeFirst()
}

/** Returns the change of this user that waits for its confirmation, the latest if there are several; undefined if there is none. */
export function selectUnconfirmedChange(db: Database, subject: string): Promise<EmailChange | undefined> {
  return db
    .selectFrom('email_change')
    .select(COLUMNS)
    .where('subject', '=', subject)
    .where('confirmed_at', 'is', null)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Marks a change as confirmed, with the email that it replaced and the end of the undo. */
export async function updateConfirmed(
  db: Database,
  change: Pick<EmailChange, 'id' | 'formerEmail' | 'formerVerifiedAt' | 'expiresAt' | 'confirmedAt'>,
): Promise<void> {
  const { id, formerEmail, formerVerifiedAt, expiresAt, confirmedAt } = change
  await db
    .updateTable('email_change')
    .set({
      former_email: formerEmail,
      former_verified_at: formerVerifiedAt,
      expires_at: expiresAt,
      confirmed_at: confirmedAt,
    })
    .where('id', '=', id)
    .execute()
}

/** Deletes the changes of this user that wait for their confirmation. */
export async function deleteUnconfirmedChanges(db: Database, subject: string): Promise<void> {
  await db.deleteFrom('email_change').where('subject', '=', subject).where('confirmed_at', 'is', null).execute()
}

/** Deletes a change and the later ones of its user, whose undo would bring back what an undo has just removed. */
export async function deleteChangesFrom(db: Database, subject: string, position: number): Promise<void> {
  await db.deleteFrom('email_change').where('subject', '=', subject).where('position', '>=', position).execute()
}

/** Deletes changes that can be neither confirmed nor undone any more, in batches. */
export async function deleteEndedChanges(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'email_change', 'id', (rows) => rows.where('expires_at', '<', before))
}
