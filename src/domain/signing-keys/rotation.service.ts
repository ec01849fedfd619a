// Rotates the keys that sign ID tokens, and deletes those that have left the key set.
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import {
  inLock,
  insertMissing,
  insertPairs,
  kidsOf,
  newKeyPairs,
  recordRotation,
  type Recording,
} from './new-key.service.ts'
import * as queries from './signing-key.queries.ts'
import {
  isDueForRotation,
  KEY_SET_CACHE,
  missingAlgorithms,
  rotatableAlgorithms,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  type SigningKey,
  signingKeyState,
} from './signing-key.ts'

export interface Rotation {
  /** The ids of the new keys. */
  readonly made: readonly string[]
  /** The ids of the keys that they follow. */
  readonly ended: readonly string[]
  readonly signsFrom: Instant
}

/**
 * Rotates the signing keys; undefined where none can be: there are no keys, or the last rotation has not ended. The new keys are published an
 * hour before they sign. With `now` they sign at once, and the old ones leave the key set.
 */
export function rotateSigningKeys(
  ctx: Recording,
  { now: isAtOnce }: { readonly now: boolean },
): Promise<Rotation | undefined> {
  if (isAtOnce) return rotate(ctx, { wanted: allAlgorithms, isAtOnce, reason: 'at_once' })
  return rotate(ctx, { wanted: rotatableAlgorithms, isAtOnce, reason: null })
}

/** Rotates the signing keys that have signed for 90 days, and deletes those that have left the key set, once others can sign. */
export async function rotateDueSigningKeys(ctx: Recording): Promise<void> {
  await rotate(ctx, { wanted: dueAlgorithms, isAtOnce: false, reason: 'due' })
  await replaceWithdrawn(ctx)
  const withdrawn = (await queries.selectSigningKeys(ctx.db)).filter(
    (key) => signingKeyState(key, ctx.now) === 'withdrawn',
  )
  await queries.deleteSigningKeys(ctx.db, kidsOf(withdrawn))
}

/** Without a row it would seem that there was never an app, so that its users could not sign in any more. */
async function replaceWithdrawn(ctx: Recording): Promise<void> {
  const keys = await queries.selectSigningKeys(ctx.db)
  const missing = keys.length > 0 ? missingAlgorithms(keys, ctx.now) : []
  if (missing.length === 0) return
  const pairs = await newKeyPairs(missing)
  await inLock(ctx, async (tx) => {
    const made = await insertMissing(tx, pairs)
    if (made.length > 0) await recordRotation(tx, { reason: 'missing', made, ended: [] })
  })
}

/**
 * Takes every signing key out of the key set at once, for a database that went back to an earlier state, in which a stolen key may sign that
 * was replaced since. The next use of the key set, or the job, makes new ones.
 */
export function withdrawSigningKeys({ db }: With<'db'>): Promise<void> {
  return queries.withdrawKeyRows(db)
}

/** The same for signing keys that cannot be opened, because the keys of the keyring that sealed them are lost. */
export function withdrawSigningKeysSealedBy({ db }: With<'db'>, keyIds: readonly string[]): Promise<void> {
  return queries.withdrawKeyRowsSealedBy(db, keyIds)
}

function allAlgorithms(keys: readonly SigningKey[]): readonly SigningAlgorithm[] {
  return keys.length > 0 ? SIGNING_ALGORITHMS : []
}

function dueAlgorithms(keys: readonly SigningKey[], now: Instant): SigningAlgorithm[] {
  const due = keys.filter((key) => isDueForRotation(key, now)).map(({ alg }) => alg)
  return rotatableAlgorithms(keys, now).filter((alg) => due.includes(alg))
}

interface RotationOptions {
  readonly wanted: (keys: readonly SigningKey[], now: Instant) => readonly SigningAlgorithm[]
  readonly isAtOnce: boolean
  readonly reason: string | null
}

/** Asks twice what is wanted: before the pairs are made, which takes long, and in the transaction. */
async function rotate(ctx: Recording, { wanted, isAtOnce, reason }: RotationOptions): Promise<Rotation | undefined> {
  const algorithms = wanted(await queries.selectSigningKeys(ctx.db), ctx.now)
  if (algorithms.length === 0) return undefined
  const pairs = await newKeyPairs(algorithms)
  return inLock(ctx, async (tx) => {
    const current = await queries.selectSigningKeys(tx.db)
    const still = wanted(current, tx.now)
    const used = pairs.filter(({ alg }) => still.includes(alg))
    if (used.length === 0) return undefined
    const signsFrom = isAtOnce ? tx.now : tx.now + KEY_SET_CACHE
    const followed = current.filter((key) => still.includes(key.alg) && signingKeyState(key, tx.now) === 'signing')
    const ended = kidsOf(isAtOnce ? current : followed)
    if (isAtOnce) await queries.deleteSigningKeys(tx.db, ended)
    else await queries.setRetirement(tx.db, ended, signsFrom)
    const rotation = { made: await insertPairs(tx, used, signsFrom), ended, signsFrom }
    await recordRotation(tx, { reason, ...rotation })
    return rotation
  })
}
