import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import type { ChallengeFacts } from './proof-of-work.ts'

/** Inserts a spent challenge; false if it is there already. */
export async function insertSpentChallenge(db: Database, { id, expiresAt }: ChallengeFacts): Promise<boolean> {
  const row = { id, expires_at: expiresAt }
  const insert = db
    .insertInto('spent_challenge')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
  return (await insert.returning('id').executeTakeFirst()) !== undefined
}

/** Deletes spent challenges that have expired, in batches. */
export async function deleteSpentChallenges(db: Database, now: Instant): Promise<void> {
  await deleteInBatches(db, 'spent_challenge', 'id', (rows) => rows.where('expires_at', '<=', now))
}
