// Makes signing keys: pairs outside the transaction, rows inside it, with the event that says so.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { inTransaction, type InTransaction, type With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { type KeyPair, newKeyPair } from './key-pair.ts'
import { insertSigningKey, selectSigningKeys } from './signing-key.queries.ts'
import { missingAlgorithms, type SigningAlgorithm, type SigningKey } from './signing-key.ts'

export type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** Runs `work` in a transaction in which no other process changes signing keys. */
export function inLock<Result>(
  ctx: Recording,
  work: (tx: InTransaction<Recording>) => Promise<Result>,
): Promise<Result> {
  return inTransaction(ctx, async (tx) => {
    await lockFor(tx.db, 'signing-keys')
    return work(tx)
  })
}

export function newKeyPairs(algorithms: readonly SigningAlgorithm[]): Promise<KeyPair[]> {
  return Promise.all(algorithms.map(newKeyPair))
}

/** Seals and inserts pairs; returns their ids. */
export async function insertPairs(
  { db, now, keyring }: InTransaction<Recording>,
  pairs: readonly KeyPair[],
  signsFrom: Instant,
): Promise<string[]> {
  for (const { kid, alg, publicJwk, privateJwk } of pairs) {
    const sealed = keyring.seal(Buffer.from(privateJwk), { purpose: 'signing-key', kid })
    await insertSigningKey(db, { kid, alg, sealed, publicJwk, createdAt: now, signsFrom })
  }
  return kidsOf(pairs)
}

/** Inserts those pairs whose algorithm has no signing key; returns their ids. */
export async function insertMissing(tx: InTransaction<Recording>, pairs: readonly KeyPair[]): Promise<string[]> {
  const missing = missingAlgorithms(await selectSigningKeys(tx.db), tx.now)
  const wanted = pairs.filter(({ alg }) => missing.includes(alg))
  return insertPairs(tx, wanted, tx.now)
}

interface Change {
  /** Why the keys were rotated; null: an operator wanted it. */
  readonly reason: string | null
  readonly made: readonly string[]
  readonly ended: readonly string[]
}

export async function recordRotation(tx: InTransaction<Recording>, { reason, made, ended }: Change): Promise<void> {
  await recordEvent(tx, { action: 'key.rotated', reason, details: { keys: made.join(' '), ended: ended.join(' ') } })
}

export function kidsOf(keys: readonly Pick<SigningKey, 'kid'>[]): string[] {
  return keys.map(({ kid }) => kid)
}
