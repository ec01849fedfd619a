import { createHmac, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'

import type { RandomBytes } from '../../kernel/secret-token.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Config } from '../config/types.ts'
import { lockFor } from '../database/lock.ts'
import type { Database } from '../database/schema.ts'
import {
  createKeyringFile,
  fingerprintOf,
  generateKeyring,
  KEY_PURPOSES,
  KeyringError,
  newKey,
  parseKeyring,
  readKeyringFile,
  replaceKeyringFile,
} from './keyring-file.ts'
import type { KeyringFile, KeyPurpose, StoredKey } from './keyring-file.ts'
import { openWith, sealWith } from './sealing.ts'
import type { SealedFor } from './sealing.ts'

/** What may be shown of a key. */
export interface KeyInfo {
  readonly id: string
  readonly purpose: KeyPurpose
  readonly fingerprint: string
  readonly createdAt: Instant
}

export type MacPurpose = Exclude<KeyPurpose, 'seal' | 'pepper'>

export interface Keyring {
  readonly keys: readonly KeyInfo[]
  /** AES-256-GCM under the newest `seal` key; text of the form `v1.<keyId>.<base64url>`. */
  seal(plain: Uint8Array, about: SealedFor): string
  /** Throws `KeyringError` when the text was changed, belongs to something else or needs a key that is not here. */
  open(sealed: string, about: SealedFor): Uint8Array
  /**
   * A sealed secret of an authenticator app that belongs to no user; its context is `DUMMY`. Opening it takes as long as opening a
   * user's. It is sealed once.
   */
  dummySecret(): string
  /** HMAC-SHA-256 under the newest key of the purpose, as hex. */
  mac(purpose: MacPurpose, message: string): { readonly keyId: string; readonly mac: string }
  /** The same under a named key; undefined when that key is not here. */
  macWith(keyId: string, message: string): string | undefined
  /** The id of the newest `pepper` key; null in a keyring that has none, because nobody wanted one yet. */
  readonly newestPepper: string | null
  /** HMAC-SHA-256 of a password's bytes under a named `pepper` key, as hex digits; undefined when that key is not here. */
  readonly pepper: (keyId: string, password: Uint8Array) => Uint8Array<ArrayBuffer> | undefined
}

/** What the dummy secret is sealed for; no user has this subject. */
export const DUMMY = { subject: '-', factorId: '-' } as const
/** As long as a TOTP secret. */
const DUMMY_BYTES = 20

export interface KeyringNeeds {
  readonly config: Pick<Config, 'keyring' | 'dataDir' | 'pepper'>
  /** A transaction: two processes must not both find the database without keys. */
  readonly db: Database
  readonly random: RandomBytes
  readonly now: Instant
}

/**
 * Finds the keyring and compares it with the keys the database knows; makes one only where neither knows any. Throws
 * `KeyringError` rather than run with keys that cannot open what lies in the database.
 */
export async function loadKeyring(needs: KeyringNeeds): Promise<Keyring> {
  const { config, db, random, now } = needs
  await lockFor(db, 'migration')
  const known = await knownKeys(db)
  const path = join(config.dataDir, 'keyring.json')
  const configured = config.keyring && parseKeyring(config.keyring.reveal(), 'The configured keyring')
  const found = configured ?? readKeyringFile(path)
  if (!found && known.length > 0) throw new KeyringError(missingSentence(known, config.dataDir))
  const held = found ?? createKeyringFile(path, generateKeyring(random, now), random)
  requireKeysOfDatabase(known, held, configured ? 'The configured keyring' : path)
  const whole = complete(held, needs, configured ? null : path)
  await register(db, whole, known)
  return keyringOf(whole, random)
}

/** The keys the database knows, oldest first. */
export async function knownKeys(db: Database): Promise<KeyInfo[]> {
  const rows = await db.selectFrom('keyring_key').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(({ id, purpose, fingerprint, created_at: createdAt }) => {
    return { id, purpose: purpose as KeyPurpose, fingerprint, createdAt }
  })
}

/** Makes the database forget lost keys; returns the ids it knew. What they sealed must be dropped by the caller. */
export async function forgetKeys(db: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db.deleteFrom('keyring_key').where('id', 'in', ids).returning('id').execute()
  return rows.map(({ id }) => id)
}

/** The keyring in use. Keeps its keys out of reach: nothing of them shows when it is printed or serialised. */
export function keyringOf({ keys }: KeyringFile, random: RandomBytes): Keyring {
  const ordered = keys.toSorted((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1))
  const secrets = new Map(ordered.map(({ id, secret }) => [id, createSecretKey(secret, 'base64url')]))
  const newest = new Map(ordered.map(({ id, purpose }) => [purpose, id]))
  const idsFor = (wanted: KeyPurpose) =>
    new Set(ordered.filter(({ purpose }) => purpose === wanted).map(({ id }) => id))
  const [seals, peppers] = [idsFor('seal'), idsFor('pepper')]

  const macWith = (keyId: string, message: string): string | undefined => {
    const key = seals.has(keyId) || peppers.has(keyId) ? undefined : secrets.get(keyId)
    return key && createHmac('sha256', key).update(message).digest('hex')
  }
  const seal = (plain: Uint8Array, about: SealedFor): string => {
    const keyId = newest.get('seal') ?? ''
    return `v1.${keyId}.${sealWith(keyOf(secrets, keyId), plain, { ...about, keyId }, random)}`
  }
  let dummy: string | undefined
  return {
    keys: ordered.map(infoOf),
    macWith,
    newestPepper: newest.get('pepper') ?? null,
    pepper(keyId, password) {
      const key = peppers.has(keyId) ? secrets.get(keyId) : undefined
      return key && hexDigits(createHmac('sha256', key).update(password).digest())
    },
    mac(purpose, message) {
      const keyId = newest.get(purpose) ?? ''
      const mac = macWith(keyId, message)
      if (mac === undefined) throw new KeyringError(`The keyring has no key for ${purpose}.`)
      return { keyId, mac }
    },
    seal,
    dummySecret: () => (dummy ??= seal(new Uint8Array(DUMMY_BYTES), DUMMY)),
    open(sealed, about) {
      const [version, keyId = '', text = '', ...rest] = sealed.split('.')
      if (version !== 'v1' || rest.length > 0) throw new KeyringError('A sealed value has an unknown form.')
      if (!seals.has(keyId))
        throw new KeyringError(`A sealed value needs the key ${keyId}, which is not in the keyring.`)
      return openWith(keyOf(secrets, keyId), text, { ...about, keyId })
    },
  }
}

const DIGITS = Buffer.from('0123456789abcdef')

/** argon2 takes text only; this one is never a string, which could not be wiped. */
function hexDigits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 2 * bytes.length }, (_, index) => {
    const byte = bytes[index >> 1] ?? 0
    return DIGITS[index % 2 === 0 ? byte >> 4 : byte & 15] ?? 0
  })
}

function keyOf(secrets: ReadonlyMap<string, KeyObject>, keyId: string): KeyObject {
  const key = secrets.get(keyId)
  if (!key) throw new KeyringError('The keyring has no key for seal.')
  return key
}

function infoOf(key: StoredKey): KeyInfo {
  return { id: key.id, purpose: key.purpose, fingerprint: fingerprintOf(key), createdAt: key.created_at }
}

/** Every key the database knows must be here and be the same; keys it does not know yet may be more. */
function requireKeysOfDatabase(known: readonly KeyInfo[], held: KeyringFile, place: string): void {
  const fingerprints = new Map(held.keys.map((key) => [key.id, fingerprintOf(key)]))
  const absent = known.filter(({ id }) => !fingerprints.has(id)).map(({ id }) => id)
  if (absent.length > 0) {
    throw new KeyringError(
      `${place} is not the keyring of this database: it lacks the key${absent.length > 1 ? 's' : ''} ${absent.join(', ')}. ` +
        'Put the right one in its place; if it is lost for good: doorward key forget',
    )
  }
  const changed = known.filter(({ id, fingerprint }) => fingerprints.get(id) !== fingerprint).map(({ id }) => id)
  if (changed.length === 0) return
  throw new KeyringError(
    `${place} is not the keyring of this database: it holds something else as ${changed.join(', ')}. Put the right one in its place.`,
  )
}

function missingSentence(known: readonly KeyInfo[], folder: string): string {
  const ids = known.map(({ id }) => id).join(', ')
  return (
    `The keyring of this database is not here. Another node or a backup has it: copy keyring.json from there into ${folder}, ` +
    `or set DOORWARD_KEYRING_FILE. Its key ids: ${ids}. If it is lost for good: doorward key forget`
  )
}

/**
 * After a lost key was forgotten its purpose has none: the data folder's file gets a new one. A keyring from before there
 * were peppers does without until they are switched on, so that nodes with copies of it go on starting.
 */
function complete(held: KeyringFile, { config, random, now }: KeyringNeeds, path: string | null): KeyringFile {
  const needed = KEY_PURPOSES.filter((purpose) => purpose !== 'pepper' || config.pepper)
  const missing = needed.filter((purpose) => !held.keys.some((key) => key.purpose === purpose))
  if (missing.length === 0) return held
  if (path === null) throw new KeyringError(`The configured keyring has no key for ${missing.join(', ')}.`)
  const whole = { ...held, keys: [...held.keys, ...missing.map((purpose) => newKey(purpose, random, now))] }
  replaceKeyringFile(path, whole, random)
  return whole
}

async function register(db: Database, { keys }: KeyringFile, known: readonly KeyInfo[]): Promise<void> {
  const unknown = keys.filter(({ id }) => !known.some((key) => key.id === id)).map(infoOf)
  if (unknown.length === 0) return
  const rows = unknown.map(({ createdAt, ...rest }) => ({ ...rest, created_at: createdAt }))
  await db.insertInto('keyring_key').values(rows).execute()
}
