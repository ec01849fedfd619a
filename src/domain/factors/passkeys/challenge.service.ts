import type { With } from '../../../foundation/context.ts'
import { hashOf } from '../../../foundation/kernel/secret-token.ts'
import { Secret } from '../../../foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, hours } from '../../../foundation/kernel/time.ts'
import { cutAhead } from '../../../foundation/platform/database/cut-ahead.ts'
import { deleteOlderChallenges, deleteStaleChallenges, insertChallenge, selectChallenge } from './challenge.queries.ts'
import { readClientData } from './client-data.ts'
import type { ClientData } from './client-data.ts'
import { CHALLENGE_LIFETIME, checkChallenge } from './passkey.ts'
import type { ChallengeScope, PasskeyReason } from './passkey.ts'

const CHALLENGE_BYTES = 32
/** Open challenges of one session or attempt for one purpose: that many tabs can wait for a passkey at once. */
const OPEN_AT_MOST = 5
/** An answer that comes late is told so for this long; then nobody knows its challenge any more. */
const REMEMBERED_FOR = hours(1)

/**
 * A new challenge in base64url; only its hash is stored. A session or attempt keeps the newest few open for each purpose. Call it
 * outside a transaction: older ones are deleted after this one is committed, so that of several issued at once the last deletion
 * sees all.
 */
export async function issueChallenge(
  ctx: With<'db' | 'now' | 'newId' | 'random'>,
  { purpose, subject, boundTo }: ChallengeScope,
): Promise<string> {
  const challenge = Buffer.from(ctx.random(CHALLENGE_BYTES)).toString('base64url')
  const row = { id: ctx.newId(), purpose, subject, boundTo, expiresAt: ctx.now + CHALLENGE_LIFETIME }
  await insertChallenge(ctx.db, row, hashOf(Secret.of(challenge)), ctx.now)
  const ahead = ctx.now + CLOCK_TOLERANCE
  if (boundTo !== null) await deleteOlderChallenges(ctx.db, { purpose, boundTo }, { kept: OPEN_AT_MOST, ahead })
  return challenge
}

/** The challenge that a browser's answer carries inside, where it counts for this scope. */
export async function challengeIn(
  ctx: With<'db' | 'now'>,
  { response }: { response: { clientDataJSON: string } },
  scope: ChallengeScope,
): Promise<{ challengeId: string; clientData: ClientData } | { reason: PasskeyReason }> {
  const clientData = readClientData(response.clientDataJSON)
  if (clientData === undefined) return { reason: 'unreadable' }
  const challenge = await selectChallenge(ctx.db, hashOf(Secret.of(clientData.challenge)))
  const doubt = checkChallenge(challenge, scope, ctx.now)
  if (challenge === undefined || doubt !== undefined) return { reason: doubt ?? 'unknown_challenge' }
  return { challengeId: challenge.id, clientData }
}

/** Challenges made while a clock was ahead live as long as any other, from now on. */
export function clampChallengeTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return cutAhead(ctx.db, 'passkey_challenge', ctx.now)
}

/** Deletes all challenges, also those that are still open. */
export function forgetAll({ db }: With<'db'>): Promise<void> {
  return deleteStaleChallenges(db, Number.MAX_SAFE_INTEGER)
}

/** Deletes challenges that ended some while ago, used or not. */
export function deleteExpiredChallenges(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteStaleChallenges(ctx.db, ctx.now - REMEMBERED_FOR)
}
