// The keyring of an installation: loads its keys, compares them with those the database knows, and seals and authenticates with them.
import { createHmac, createSecretKey } from 'node:crypto'
import { join } from 'node:path'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Config } from '../config/types.ts'
import type { Database, Transaction } from '../database/database.ts'
import { lockFor } from '../database/lock.ts'
import {
  createKeyringFile,
  fingerprintOf,
  generateKeyring,
  KEY_PURPOSES,
  type KeyPurpose,
  KeyringError,
  type KeyringFile,
  newKey,
  parseKeyring,
  readKeyringFile,
  replaceKeyringFile,
  type StoredKey,
} from './keyring-file.ts'
import { openWith, type SealedAs, sealWith } from './sealing.ts'

/** The public facts of a key. */
export interface KeyInfo {
  readonly id: string
  readonly purpose: KeyPurpose
  readonly fingerprint: string
  readonly createdAt: Instant
}

const MAC_PURPOSES = ['audit', 'throttle', 'device'] as const satisfies KeyPurpose[]
type MacPurpose = (typeof MAC_PURPOSES)[number]

export interface Keyring {
  readonly keys: readonly KeyInfo[]
  /** Encrypts with AES-256-GCM under the newest `seal` key; returns text of the form `v1.<keyId>.<base64url>`. */
  seal(plain: Uint8Array, about: SealedAs): string
  /** Decrypts. Throws `KeyringError` if the text was changed, was sealed for something else or needs a key that is missing. */
  open(sealed: string, about: SealedAs): Uint8Array
  /** A sealed TOTP secret of no user, bound to `DUMMY`: opening it takes as long as a user's (user enumeration by timing). Sealed once. */
  dummySecret(): string
  /** HMAC-SHA-256 under the newest key of the purpose, as hex. */
  mac(purpose: MacPurpose, message: string): { readonly keyId: string; readonly mac: string }
  /** The same under a named key; undefined if that key is missing. */
  macWith(keyId: string, message: string): string | undefined
  /** The id of the newest `pepper` key; null in a keyring without one, which is older than peppers. */
  readonly newestPepper: string | null
  /** HMAC-SHA-256 of a password's bytes under a named `pepper` key, as hex digits; undefined if that key is missing. */
  readonly pepper: (keyId: string, password: Uint8Array) => Uint8Array<ArrayBuffer> | undefined
}

/** The binding of the dummy secret; no user has this subject. */
export const DUMMY = { purpose: 'totp-secret', subject: '-', factorId: '-' } as const
/** The length of a TOTP secret. */
const DUMMY_BYTES = 20

export interface KeyringNeeds {
  readonly config: Pick<Config, 'keyring' | 'dataDir' | 'pepper'>
  /** In a transaction two processes cannot both find the database without keys and register their own. */
  readonly db: Transaction
  readonly random: RandomBytes
  readonly now: Instant
}

/**
 * Loads the configured keyring or that of the data folder, and compares it with the keys the database knows. A new keyring is created
 * only if there is none and the database knows no key. Throws `KeyringError` if a known key is missing or differs, because values
 * sealed with it could not be opened.
 */
export async function loadKeyring(needs: KeyringNeeds): Promise<Keyring> {
  const { config, db, random, now } = needs
  await lockFor(db, 'migration')
  const known = await knownKeys(db)
  const path = join(config.dataDir, 'keyring.json')
  const configured = config.keyring && parseKeyring(config.keyring.reveal(), 'The configured keyring')
  const found = configured ?? readKeyringFile(path)
  if (!found && known.length > 0) throw new KeyringError(missingMessage(known, config.dataDir))
  const stored = found ?? createKeyringFile(path, generateKeyring(random, now), random)
  requireKeysOfDatabase(known, stored, configured ? 'The configured keyring' : path)
  const complete = withMissingKeys(stored, needs, configured ? null : path)
  await registerKeys(db, complete, known)
  return keyringOf(complete, random)
}

/** The keys that are registered in the database, oldest first. */
export async function knownKeys(db: Database): Promise<KeyInfo[]> {
  const rows = await db.selectFrom('keyring_key').selectAll().orderBy('created_at').orderBy('id').execute()
  return rows.map(({ id, purpose, fingerprint, created_at: createdAt }) => {
    return { id, purpose: purpose as KeyPurpose, fingerprint, createdAt }
  })
}

/** Removes lost keys from the database and returns the ids that it knew. The calling function must delete what they sealed. */
export async function forgetKeys(db: Database, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db.deleteFrom('keyring_key').where('id', 'in', ids).returning('id').execute()
  return rows.map(({ id }) => id)
}

/** A keyring in use. Its keys are in closures and key objects, so that printing or serialising it reveals none. */
export function keyringOf({ keys }: KeyringFile, random: RandomBytes): Keyring {
  const ordered = keys.toSorted((one, other) => one.created_at - other.created_at || (one.id < other.id ? -1 : 1))
  const newest = new Map(ordered.map(({ id, purpose }) => [purpose, id]))
  const secretsFor = (...purposes: readonly KeyPurpose[]) => {
    const wanted = ordered.filter(({ purpose }) => purposes.includes(purpose))
    return new Map(wanted.map(({ id, secret }) => [id, createSecretKey(secret, 'base64url')]))
  }
  const [seals, peppers, macs] = [secretsFor('seal'), secretsFor('pepper'), secretsFor(...MAC_PURPOSES)]

  const macWith = (keyId: string, message: string): string | undefined => {
    const key = macs.get(keyId)
    return key && createHmac('sha256', key).update(message).digest('hex')
  }
  const seal = (plain: Uint8Array, about: SealedAs): string => {
    const keyId = newest.get('seal') ?? ''
    const key = seals.get(keyId)
    if (!key) throw new KeyringError('The keyring has no key for seal.')
    return `v1.${keyId}.${sealWith(key, plain, { ...about, keyId }, random)}`
  }
  let dummy: string | undefined
  return {
    keys: ordered.map(keyInfo),
    macWith,
    newestPepper: newest.get('pepper') ?? null,
    pepper(keyId, password) {
      const key = peppers.get(keyId)
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
      const key = seals.get(keyId)
      if (!key) throw new KeyringError(`A sealed value needs the key ${keyId}, which is not in the keyring.`)
      return openWith(key, text, { ...about, keyId })
    },
  }
}

const DIGITS = Buffer.from('0123456789abcdef')

/** The bytes as hexadecimal digits. argon2 accepts text only; this text is no string, because a string could not be wiped. */
function hexDigits(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: 2 * bytes.length }, (_, index) => {
    const byte = bytes[index >> 1] ?? 0
    return DIGITS[index % 2 === 0 ? byte >> 4 : byte & 15] ?? 0
  })
}

function keyInfo(key: StoredKey): KeyInfo {
  return { id: key.id, purpose: key.purpose, fingerprint: fingerprintOf(key), createdAt: key.created_at }
}

/** Every key the database knows must be in the keyring with the same fingerprint. The keyring may have further keys. */
function requireKeysOfDatabase(known: readonly KeyInfo[], stored: KeyringFile, source: string): void {
  const fingerprints = new Map(stored.keys.map((key) => [key.id, fingerprintOf(key)]))
  const absent = known.filter(({ id }) => !fingerprints.has(id)).map(({ id }) => id)
  if (absent.length > 0)
    throw new KeyringError(
      `${source} is not the keyring of this database: it lacks the key${absent.length > 1 ? 's' : ''} ${absent.join(', ')}. ` +
        'Restore the right one. Lost for good? Run: doorward key forget',
    )
  const changed = known.filter(({ id, fingerprint }) => fingerprints.get(id) !== fingerprint).map(({ id }) => id)
  if (changed.length === 0) return
  throw new KeyringError(
    `${source} is not the keyring of this database: it has another key as ${changed.join(', ')}. Restore the right one.`,
  )
}

function missingMessage(known: readonly KeyInfo[], folder: string): string {
  const ids = known.map(({ id }) => id).join(', ')
  return (
    `The keyring of this database is missing. Copy keyring.json from another node or a backup into ${folder}, ` +
    `or set DOORWARD_KEYRING_FILE. Its key ids: ${ids}. Lost for good? Run: doorward key forget`
  )
}

/**
 * Adds a key for each purpose without one, as after `key forget`, to the file in the data folder. A keyring that is older than peppers
 * gets a pepper key only when peppers are enabled, so that nodes with copies of that keyring can still start.
 */
function withMissingKeys(stored: KeyringFile, { config, random, now }: KeyringNeeds, path: string | null): KeyringFile {
  const needed = KEY_PURPOSES.filter((purpose) => purpose !== 'pepper' || config.pepper)
  const missing = needed.filter((purpose) => !stored.keys.some((key) => key.purpose === purpose))
  if (missing.length === 0) return stored
  if (path === null) throw new KeyringError(`The configured keyring has no key for ${missing.join(', ')}.`)
  const complete = { ...stored, keys: [...stored.keys, ...missing.map((purpose) => newKey(purpose, random, now))] }
  replaceKeyringFile(path, complete, random)
  return complete
}

async function registerKeys(db: Database, { keys }: KeyringFile, known: readonly KeyInfo[]): Promise<void> {
  const unknown = keys.filter(({ id }) => !known.some((key) => key.id === id)).map(keyInfo)
  if (unknown.length === 0) return
  const rows = unknown.map(({ createdAt, ...rest }) => ({ ...rest, created_at: createdAt }))
  await db.insertInto('keyring_key').values(rows).execute()
}
