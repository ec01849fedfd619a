import type { Instant } from '#foundation/kernel/time.ts'
import type { Database } from '#foundation/platform/database/database.ts'

export interface StoredRecoveryCode {
  readonly id: string
  readonly selector: string
  readonly codeHash: string
}

/** Inserts a set of unused codes with their hashes. */
export async function insertRecoveryCodes(
  db: Database,
  subject: string,
  codes: readonly StoredRecoveryCode[],
  now: Instant,
): Promise<void> {
  const rows = codes.map(({ id, selector, codeHash }) => {
    return { id, subject, selector, code_hash: codeHash, created_at: now, consumed_at: null }
  })
  await db.insertInto('recovery_code').values(rows).execute()
}

/** Returns the user's code with this selector, used or not. */
export function selectRecoveryCode(db: Database, subject: string, selector: string) {
  return db
    .selectFrom('recovery_code')
    .select(['id', 'code_hash as codeHash', 'consumed_at as consumedAt'])
    .where('subject', '=', subject)
    .where('selector', '=', selector)
    .executeTakeFirst()
}

/** Returns when each code of the user was created and used. */
export function selectRecoveryCodes(db: Database, subject: string) {
  return db
    .selectFrom('recovery_code')
    .select(['created_at as createdAt', 'consumed_at as consumedAt'])
    .where('subject', '=', subject)
    .execute()
}

/** Deletes all codes of the user; returns how many were unused. */
export async function deleteRecoveryCodes(db: Database, subject: string): Promise<number> {
  const rows = await db.deleteFrom('recovery_code').where('subject', '=', subject).returning('consumed_at').execute()
  return rows.filter(({ consumed_at: consumedAt }) => consumedAt === null).length
}
