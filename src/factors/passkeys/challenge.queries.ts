import type { Instant } from '../../kernel/time.ts'
import { deleteInBatches } from '../../platform/database/batches.ts'
import { hotQuery } from '../../platform/database/hot-query.ts'
import type { Database } from '../../platform/database/schema.ts'
import type { Challenge } from './passkey.ts'

export async function insertChallenge(
  db: Database,
  challenge: Omit<Challenge, 'consumedAt'>,
  challengeHash: string,
  now: Instant,
): Promise<void> {
  await db
    .insertInto('passkey_challenge')
    .values({
      id: challenge.id,
      challenge_hash: challengeHash,
      purpose: challenge.purpose,
      subject: challenge.subject,
      bound_to: challenge.boundTo,
      created_at: now,
      expires_at: challenge.expiresAt,
      consumed_at: null,
    })
    .execute()
}

const selectByHash = hotQuery((db: Database, challengeHash: string) =>
  db
    .selectFrom('passkey_challenge')
    .select(['id', 'purpose', 'subject', 'bound_to as boundTo', 'expires_at as expiresAt', 'consumed_at as consumedAt'])
    .where('challenge_hash', '=', challengeHash),
)

export async function selectChallenge(db: Database, challengeHash: string): Promise<Challenge | undefined> {
  const [challenge] = await selectByHash(db, challengeHash)
  return challenge
}

export async function deleteStaleChallenges(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'passkey_challenge', 'id', (rows) => rows.where('expires_at', '<', before))
}
