import type { With } from '#foundation/context.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CLOCK_TOLERANCE, hours } from '#foundation/kernel/time.ts'
import { clampFutureRows } from '#foundation/platform/database/future-rows.ts'
import { deleteOlderChallenges, deleteStaleChallenges, insertChallenge, selectChallenge } from './challenge.queries.ts'
import {
  CHALLENGE_LIFETIME,
  type ChallengeScope,
  checkChallenge,
  type ClientData,
  type PasskeyReason,
  readClientData,
} from './passkey.ts'

const CHALLENGE_BYTES = 32
/** How many challenges of one session or attempt are open for one purpose, so that as many tabs can request a passkey in parallel. */
const OPEN_MAXIMUM = 5
/** Expired challenges are kept this long, so that a late response is recorded as `ended_challenge` and not as `unknown_challenge`. */
const KEPT_AFTER_END = hours(1)

/**
 * Returns a new challenge in base64url; only its hash is stored. A session or attempt keeps the newest `OPEN_MAXIMUM` open for each
 * purpose. Call it outside a transaction: older ones are deleted after this one is committed, so that of several parallel calls the last
 * deletion sees all rows (write skew).
 */
export async function issueChallenge(
  ctx: With<'db' | 'now' | 'newId' | 'random'>,
  { purpose, subject, boundTo }: ChallengeScope,
): Promise<string> {
  const challenge = Buffer.from(ctx.random(CHALLENGE_BYTES)).toString('base64url')
  const row = { id: ctx.newId(), purpose, subject, boundTo, expiresAt: ctx.now + CHALLENGE_LIFETIME }
  await insertChallenge(ctx.db, row, hashOf(Secret.of(challenge)), ctx.now)
  const ahead = ctx.now + CLOCK_TOLERANCE
  if (boundTo !== null) await deleteOlderChallenges(ctx.db, { purpose, boundTo }, { kept: OPEN_MAXIMUM, ahead })
  return challenge
}

/** Returns the challenge in a browser's response if it is valid for this scope; otherwise the reason why not. */
export async function challengeIn(
  ctx: With<'db' | 'now'>,
  { response }: { response: { clientDataJSON: string } },
  scope: ChallengeScope,
): Promise<{ challengeId: string; clientData: ClientData } | { reason: PasskeyReason }> {
  const clientData = readClientData(response.clientDataJSON)
  if (clientData === undefined) return { reason: 'unreadable' }
  const challenge = await selectChallenge(ctx.db, hashOf(Secret.of(clientData.challenge)))
  const problem = checkChallenge(challenge, scope, ctx.now)
  if (challenge === undefined || problem !== undefined) return { reason: problem ?? 'unknown_challenge' }
  return { challengeId: challenge.id, clientData }
}

/** Lets challenges that were issued while a clock was ahead expire after their usual lifetime from now on. */
export function clampChallengeTimes(ctx: With<'db' | 'now'>): Promise<void> {
  return clampFutureRows(ctx.db, 'passkey_challenge', ctx.now)
}

/** Deletes all challenges, also open ones. */
export function deleteAllChallenges({ db }: With<'db'>): Promise<void> {
  return deleteStaleChallenges(db, Number.MAX_SAFE_INTEGER)
}

/** Deletes challenges that expired more than `KEPT_AFTER_END` ago, consumed or not. */
export function deleteExpiredChallenges(ctx: With<'db' | 'now'>): Promise<void> {
  return deleteStaleChallenges(ctx.db, ctx.now - KEPT_AFTER_END)
}
