import type { Instant } from '#foundation/kernel/time.ts'
import { deleteInBatches } from '#foundation/platform/database/batches.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { preparedQuery } from '#foundation/platform/database/prepared-query.ts'
import type { Challenge } from './passkey.ts'

/** Inserts an open challenge by its hash. */
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

const selectByHash = preparedQuery((db: Database, challengeHash: string) =>
  db
    .selectFrom('passkey_challenge')
    .select(['id', 'purpose', 'subject', 'bound_to as boundTo', 'expires_at as expiresAt', 'consumed_at as consumedAt'])
    .where('challenge_hash', '=', challengeHash),
)

/** Returns the challenge with this hash; undefined if there is none. */
export async function selectChallenge(db: Database, challengeHash: string): Promise<Challenge | undefined> {
  const [challenge] = await selectByHash(db, challengeHash)
  return challenge
}

/**
 * Deletes the open challenges of one purpose and binding, except the newest `kept` ones. A challenge with a time after `ahead` was issued
 * by a wrong clock and counts as the oldest; otherwise each new challenge would be deleted in its favour.
 */
export async function deleteOlderChallenges(
  db: Database,
  { purpose, boundTo }: { readonly purpose: Challenge['purpose']; readonly boundTo: string },
  { kept, ahead }: { readonly kept: number; readonly ahead: Instant },
): Promise<void> {
  const newest = db
    .selectFrom('passkey_challenge')
    .select('id')
    .where('bound_to', '=', boundTo)
    .where('purpose', '=', purpose)
    .where('consumed_at', 'is', null)
    .orderBy((eb) => eb.case().when('created_at', '>', ahead).then(1).else(0).end())
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(kept)
  await db
    .deleteFrom('passkey_challenge')
    .where('bound_to', '=', boundTo)
    .where('purpose', '=', purpose)
    .where('consumed_at', 'is', null)
    .where('id', 'not in', newest)
    .execute()
}

/** Deletes challenges that expired before an instant, in batches. */
export async function deleteStaleChallenges(db: Database, before: Instant): Promise<void> {
  await deleteInBatches(db, 'passkey_challenge', 'id', (rows) => rows.where('expires_at', '<', before))
}
