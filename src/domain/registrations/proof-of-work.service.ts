// Issues the challenges of the proof of work, verifies solutions, and accepts each challenge once.
import { timingSafeEqual } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { type ChallengeFacts, challengeMessage, challengeText, isSolution, parseChallenge } from './proof-of-work.ts'
import { insertSpentChallenge } from './spent-challenge.queries.ts'

const CHALLENGE_BYTES = 16
/** Enough to fill in the form and to solve the hardest challenge on a slow phone. */
const PROOF_LIFETIME = minutes(30)

export interface NewChallenge {
  readonly challenge: string
  readonly facts: ChallengeFacts
}

/** A challenge as it was issued, with the number that solves it. */
export interface ProofOfWork {
  readonly challenge: string
  readonly solution: string
}

/** Returns a new challenge of the configured number of bits. Nothing is stored. */
export function newProofChallenge(ctx: With<'now' | 'random' | 'keyring' | 'config'>): NewChallenge {
  const id = Buffer.from(ctx.random(CHALLENGE_BYTES)).toString('base64url')
  const facts = { id, bits: ctx.config.registration.proofOfWork, expiresAt: ctx.now + PROOF_LIFETIME }
  return { challenge: challengeText(facts, macOf(ctx, facts)), facts }
}

/**
 * Returns the challenge of a proof that is solved, signed by this installation and not expired; undefined where none is required. Throws
 * `registration.proof_refused`. `spendChallenge` then accepts it once.
 */
export function verifyProof(
  ctx: With<'now' | 'keyring' | 'config'>,
  proof: ProofOfWork | undefined,
): ChallengeFacts | undefined {
  const { proofOfWork: required } = ctx.config.registration
  if (required === 0) return undefined
  const parsed = proof === undefined ? undefined : parseChallenge(proof.challenge)
  if (proof === undefined || parsed === undefined) throw new Refusal('registration.proof_refused')
  const { facts, mac } = parsed
  const isSigned = timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(ctx, facts)))
  const isCurrent = ctx.now < facts.expiresAt && facts.bits >= required
  if (!isSigned || !isCurrent || !isSolution(proof.challenge, proof.solution, facts.bits))
    throw new Refusal('registration.proof_refused')
  return facts
}

/** Stores that the challenge is spent. Throws `registration.proof_refused` if it was spent before (replay). */
export async function spendChallenge(ctx: With<'db'>, facts: ChallengeFacts | undefined): Promise<void> {
  if (facts !== undefined && !(await insertSpentChallenge(ctx.db, facts)))
    throw new Refusal('registration.proof_refused')
}

/** No other message under the keys of device cookies begins with `proof-of-work`. */
function macOf({ keyring }: With<'keyring'>, facts: ChallengeFacts): string {
  return Buffer.from(keyring.mac('device', challengeMessage(facts)).mac, 'hex').toString('base64url')
}
