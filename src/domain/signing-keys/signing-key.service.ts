// Makes, opens, rotates and deletes the keys that sign ID tokens.
import { recordEvent } from '#domain/audit/audit.service.ts'
import { inTransaction, type InTransaction, type With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { knownKeys } from '#foundation/platform/crypto/keyring.ts'
import { lockFor } from '#foundation/platform/database/lock.ts'
import { type KeyPair, newKeyPair } from './key-pair.ts'
import * as queries from './signing-key.queries.ts'
import {
  isDueForRotation,
  KEY_SET_CACHE,
  keySetOf,
  missingAlgorithms,
  rotatableAlgorithms,
  type SigningAlgorithm,
  type SigningKey,
  stateOf,
  versionOf,
} from './signing-key.ts'

type Recording = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>

/** A private key as a JWK (RFC 7517), with `kid`, `alg` and `use`. */
export type PrivateJwk = JsonWebKey & { readonly kid: string }

/** The keys of the set, as `readableKeys` found them. */
export interface ReadableKeys {
  /** Changes with the set and with the state of each key. */
  readonly version: string
  /** The opened keys in the order of use. Throws if nothing has changed since the version that was known, because then no key was opened. */
  jwks(): { keys: PrivateJwk[] }
}

/** Makes a signing key for each algorithm that has none. Of two nodes that do it at the same time one makes them. */
export async function ensureSigningKeys(ctx: Recording): Promise<void> {
  const missing = missingAlgorithms(await queries.selectSigningKeys(ctx.db), ctx.now)
  if (missing.length === 0) return
  const pairs = await newKeyPairs(missing)
  await inLock(ctx, (tx) => insertMissing(tx, pairs))
}

/**
 * Returns the key set; undefined where there is no key. Where its version is the known one, this is one statement and no key is opened.
 * Signing keys that cannot be opened, since the keyring was lost, are replaced at once. Throws `KeyringError` if this process has an older
 * keyring than the database.
 */
export async function readableKeys(
  ctx: Recording & With<'log'>,
  knownVersion: string | undefined,
): Promise<ReadableKeys | undefined> {
  const keys = await queries.selectSigningKeys(ctx.db)
  if (keys.length === 0) return undefined
  const isComplete = missingAlgorithms(keys, ctx.now).length === 0
  const version = versionOf(keys, ctx.now)
  if (isComplete && version === knownVersion) return { version, jwks: nothingOpened }
  const opened = openAll(ctx, await queries.selectSealedSigningKeys(ctx.db))
  const isUsable = opened.unreadable.length === 0 && missingAlgorithms(opened.keys, ctx.now).length === 0
  return setOf(ctx, isUsable ? opened : await replaceUnreadable(ctx, opened.unreadable))
}

interface OpenedKey extends SigningKey {
  readonly jwk: PrivateJwk
}

interface Opened {
  readonly keys: readonly OpenedKey[]
  readonly unreadable: readonly queries.SealedSigningKey[]
}

function setOf({ now }: With<'now'>, { keys }: Opened): ReadableKeys {
  const jwks = keySetOf(keys, now).map(({ jwk }) => jwk)
  return { version: versionOf(keys, now), jwks: () => ({ keys: jwks }) }
}

function nothingOpened(): never {
  throw new Error('The key set has not changed, so no key was opened')
}

function openAll({ keyring, now }: With<'keyring' | 'now'>, rows: readonly queries.SealedSigningKey[]): Opened {
  const keys: OpenedKey[] = []
  const unreadable: queries.SealedSigningKey[] = []
  for (const { sealed, ...key } of keySetOf(rows, now)) {
    const jwk = opened({ keyring }, { kid: key.kid, sealed })
    if (jwk === undefined) unreadable.push({ ...key, sealed })
    else keys.push({ ...key, jwk })
  }
  return { keys, unreadable }
}

function opened(
  { keyring }: With<'keyring'>,
  { kid, sealed }: Pick<queries.SealedSigningKey, 'kid' | 'sealed'>,
): PrivateJwk | undefined {
  try {
    const plain = keyring.open(sealed, { purpose: 'signing-key', kid })
    return JSON.parse(Buffer.from(plain).toString()) as PrivateJwk
  } catch (error) {
    if (error instanceof KeyringError) return undefined
    throw error
  }
}

/** Deletes what cannot be opened, calls off a rotation that has begun, and makes a signing key where none is left. */
async function replaceUnreadable(
  ctx: Recording & With<'log'>,
  unreadable: readonly queries.SealedSigningKey[],
): Promise<Opened> {
  await requirePresentKeyring(ctx, unreadable)
  const lost = unreadable.map(({ kid }) => kid)
  const pairs = await newKeyPairs(['ES256', 'RS256'])
  const deleted = await inLock(ctx, async (tx) => {
    const present = await queries.selectSigningKeys(tx.db)
    const gone = present.filter((key) => lost.includes(key.kid) || stateOf(key, tx.now) === 'published')
    const left = present.filter((key) => !gone.includes(key))
    await queries.deleteSigningKeys(tx.db, kidsOf(gone))
    await queries.setRetirement(tx.db, kidsOf(left.filter(isRetiringAfter(tx.now))), null)
    const made = await insertMissing(tx, pairs)
    if (made.length > 0 || gone.length > 0)
      await recordRotation(tx, { reason: 'unreadable', made, ended: kidsOf(gone) })
    return gone.filter((key) => lost.includes(key.kid))
  })
  if (deleted.length > 0)
    ctx.log.warn({ kids: kidsOf(deleted) }, 'signing keys could not be opened with this keyring; they were replaced')
  return openAll(ctx, await queries.selectSealedSigningKeys(ctx.db))
}

/** A node that was not restarted since the keyring was replaced must not replace the keys of those that were. */
async function requirePresentKeyring(
  { db, keyring }: With<'db' | 'keyring'>,
  unreadable: readonly queries.SealedSigningKey[],
): Promise<void> {
  const known = unreadable.length > 0 ? await knownKeys(db) : []
  for (const { sealed } of unreadable) {
    const keyId = sealed.split('.')[1]
    const isHere = keyring.keys.some(({ id }) => id === keyId)
    if (isHere || !known.some(({ id }) => id === keyId)) continue
    throw new KeyringError(`A signing key needs the key ${keyId}, which this process has not read. Restart it.`)
  }
}

function isRetiringAfter(now: Instant): (key: SigningKey) => boolean {
  return ({ retiredAt }) => retiredAt !== null && retiredAt > now
}

export interface Rotation {
  /** The new keys. */
  readonly made: readonly string[]
  /** The keys that they follow. */
  readonly ended: readonly string[]
  readonly signsFrom: Instant
}

/**
 * Rotates the signing keys; undefined where none can be: there are no keys, or the last rotation has not ended. The new keys are published an
 * hour before they sign. With `now` they sign at once, and the old ones leave the key set.
 */
export async function rotateSigningKeys(
  ctx: Recording,
  { now: isAtOnce }: { readonly now: boolean },
): Promise<Rotation | undefined> {
  const wanted = isAtOnce ? algorithmsOf : rotatableAlgorithms
  return rotate(ctx, { wanted, isAtOnce, reason: isAtOnce ? 'at_once' : null })
}

/** Rotates the signing keys that have signed for 90 days, and deletes those that have left the key set. */
export async function rotateDueSigningKeys(ctx: Recording): Promise<void> {
  await rotate(ctx, { wanted: dueAlgorithms, isAtOnce: false, reason: 'due' })
  const withdrawn = (await queries.selectSigningKeys(ctx.db)).filter((key) => stateOf(key, ctx.now) === 'withdrawn')
  await queries.deleteSigningKeys(ctx.db, kidsOf(withdrawn))
}

function algorithmsOf(keys: readonly SigningKey[]): SigningAlgorithm[] {
  return keys.length > 0 ? ['ES256', 'RS256'] : []
}

function dueAlgorithms(keys: readonly SigningKey[], now: Instant): SigningAlgorithm[] {
  return rotatableAlgorithms(keys, now).filter((alg) =>
    keys.some((key) => key.alg === alg && isDueForRotation(key, now)),
  )
}

interface RotationWish {
  readonly wanted: (keys: readonly SigningKey[], now: Instant) => SigningAlgorithm[]
  readonly isAtOnce: boolean
  readonly reason: string | null
}

async function rotate(ctx: Recording, { wanted, isAtOnce, reason }: RotationWish): Promise<Rotation | undefined> {
  const algorithms = wanted(await queries.selectSigningKeys(ctx.db), ctx.now)
  if (algorithms.length === 0) return undefined
  const pairs = await newKeyPairs(algorithms)
  return inLock(ctx, async (tx) => {
    const present = await queries.selectSigningKeys(tx.db)
    const still = wanted(present, tx.now)
    const used = pairs.filter(({ alg }) => still.includes(alg))
    if (used.length === 0) return undefined
    const signsFrom = isAtOnce ? tx.now : tx.now + KEY_SET_CACHE
    const ended = isAtOnce
      ? present
      : present.filter((key) => still.includes(key.alg) && stateOf(key, tx.now) === 'signing')
    if (isAtOnce) await queries.deleteSigningKeys(tx.db, kidsOf(ended))
    else await queries.setRetirement(tx.db, kidsOf(ended), signsFrom)
    const rotation = { made: await insertPairs(tx, used, signsFrom), ended: kidsOf(ended), signsFrom }
    await recordRotation(tx, { reason, ...rotation })
    return rotation
  })
}

async function recordRotation(
  tx: InTransaction<Recording>,
  { reason, made, ended }: { reason: string | null; made: readonly string[]; ended: readonly string[] },
): Promise<void> {
  await recordEvent(tx, { action: 'key.rotated', reason, details: { keys: made.join(' '), ended: ended.join(' ') } })
}

function newKeyPairs(algorithms: readonly SigningAlgorithm[]): Promise<KeyPair[]> {
  return Promise.all(algorithms.map(newKeyPair))
}

function inLock<Result>(ctx: Recording, work: (tx: InTransaction<Recording>) => Promise<Result>): Promise<Result> {
  return inTransaction(ctx, async (tx) => {
    await lockFor(tx.db, 'signing-keys')
    return work(tx)
  })
}

async function insertMissing(tx: InTransaction<Recording>, pairs: readonly KeyPair[]): Promise<string[]> {
  const missing = missingAlgorithms(await queries.selectSigningKeys(tx.db), tx.now)
  return insertPairs(
    tx,
    pairs.filter(({ alg }) => missing.includes(alg)),
    tx.now,
  )
}

async function insertPairs(
  { db, now, keyring }: InTransaction<Recording>,
  pairs: readonly KeyPair[],
  signsFrom: Instant,
): Promise<string[]> {
  for (const { kid, alg, publicJwk, privateJwk } of pairs) {
    const sealed = keyring.seal(Buffer.from(privateJwk), { purpose: 'signing-key', kid })
    await queries.insertSigningKey(db, { kid, alg, sealed, publicJwk, createdAt: now, signsFrom })
  }
  return pairs.map(({ kid }) => kid)
}

function kidsOf(keys: readonly SigningKey[]): string[] {
  return keys.map(({ kid }) => kid)
}
