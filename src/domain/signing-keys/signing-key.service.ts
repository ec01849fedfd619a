// The key set of ID tokens: makes its first keys, opens it, and replaces what cannot be opened.
import type { With } from '#foundation/context.ts'
import { KeyringError } from '#foundation/platform/crypto/keyring-file.ts'
import { knownKeys } from '#foundation/platform/crypto/keyring.ts'
import { inLock, insertMissing, kidsOf, newKeyPairs, recordRotation, type Recording } from './new-key.service.ts'
import * as queries from './signing-key.queries.ts'
import {
  keySetOf,
  missingAlgorithms,
  SIGNING_ALGORITHMS,
  type SigningKey,
  unfollowedKeys,
  versionOf,
} from './signing-key.ts'

/** A private key as a JWK (RFC 7517), with `kid`, `alg` and `use`. */
export type PrivateJwk = JsonWebKey & { readonly kid: string }

/** The key set as it was found. */
export interface ReadableKeys {
  /** Changes with the set and with the state of each key. */
  readonly version: string
  /** The opened keys in the order of use. Throws if the version is the known one, because then no key was opened. */
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
 * Keys that cannot be opened, because the keyring was lost, are replaced at once. Throws `KeyringError` if this process has an older keyring
 * than the database.
 */
export async function readableKeys(
  ctx: Recording & With<'log'>,
  knownVersion: string | undefined,
): Promise<ReadableKeys | undefined> {
  const keys = await queries.selectSigningKeys(ctx.db)
  if (keys.length === 0) return undefined
  const version = versionOf(keys, ctx.now)
  if (version === knownVersion) return { version, jwks: nothingOpened }
  const found = openAll(ctx, await queries.selectSealedSigningKeys(ctx.db))
  const isWhole = found.unreadable.length === 0 && missingAlgorithms(found.keys, ctx.now).length === 0
  return setOf(ctx, isWhole ? found : await replaceUnreadable(ctx, found.unreadable))
}

/** Returns how many keys of the key set cannot be opened. */
export async function countUnreadableKeys(ctx: With<'db' | 'keyring' | 'now'>): Promise<number> {
  return openAll(ctx, await queries.selectSealedSigningKeys(ctx.db)).unreadable.length
}

function nothingOpened(): never {
  throw new Error('The key set has not changed, so no key was opened')
}

function setOf({ now }: With<'now'>, { keys }: OpenedSet): ReadableKeys {
  const jwks = keySetOf(keys, now).map(({ jwk }) => jwk)
  return { version: versionOf(keys, now), jwks: () => ({ keys: jwks }) }
}

interface OpenedSet {
  readonly keys: readonly (SigningKey & { readonly jwk: PrivateJwk })[]
  readonly unreadable: readonly queries.SealedSigningKey[]
}

function openAll(ctx: With<'keyring' | 'now'>, rows: readonly queries.SealedSigningKey[]): OpenedSet {
  const found = keySetOf(rows, ctx.now).map((row) => ({ row, jwk: openKey(ctx, row) }))
  const keys = found.flatMap(({ row: { sealed: _, ...key }, jwk }) => (jwk === undefined ? [] : [{ ...key, jwk }]))
  return { keys, unreadable: found.filter(({ jwk }) => jwk === undefined).map(({ row }) => row) }
}

/** Returns the private key; undefined if the keyring cannot open it. */
function openKey(
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

/** Deletes what cannot be opened, calls off a rotation to such a key, and makes signing keys where none are left. */
async function replaceUnreadable(
  ctx: Recording & With<'log'>,
  unreadable: readonly queries.SealedSigningKey[],
): Promise<OpenedSet> {
  await requireCurrentKeyring(ctx, unreadable)
  const lost = kidsOf(unreadable)
  const pairs = await newKeyPairs(SIGNING_ALGORITHMS)
  const change = await inLock(ctx, async (tx) => {
    const current = await queries.selectSigningKeys(tx.db)
    const ended = kidsOf(current).filter((kid) => lost.includes(kid))
    const left = current.filter(({ kid }) => !ended.includes(kid))
    await queries.deleteSigningKeys(tx.db, ended)
    await queries.setRetirement(tx.db, kidsOf(unfollowedKeys(left, tx.now)), null)
    const made = await insertMissing(tx, pairs)
    if (ended.length === 0 && made.length === 0) return undefined
    const reason = ended.length > 0 ? 'unreadable' : 'missing'
    await recordRotation(tx, { reason, made, ended })
    return { reason, made, ended }
  })
  if (change !== undefined) ctx.log.warn(change, 'signing keys could not be opened or were missing; they were replaced')
  return openAll(ctx, await queries.selectSealedSigningKeys(ctx.db))
}

/** A process that was started before the keyring was replaced must not replace the keys of those that were started after it. */
async function requireCurrentKeyring(
  { db, keyring }: With<'db' | 'keyring'>,
  unreadable: readonly queries.SealedSigningKey[],
): Promise<void> {
  if (unreadable.length === 0) return
  const known = new Set((await knownKeys(db)).map(({ id }) => id))
  const own = new Set(keyring.keys.map(({ id }) => id))
  const sealing = unreadable.map(({ sealed }) => sealed.split('.')[1] ?? '')
  const newer = sealing.find((id) => known.has(id) && !own.has(id))
  if (newer === undefined) return
  throw new KeyringError(`A signing key needs the key ${newer}, which this process has not read. Restart it.`)
}
