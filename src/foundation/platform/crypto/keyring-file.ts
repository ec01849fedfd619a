import { createHash } from 'node:crypto'
import { closeSync, fstatSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { makeDataFolder, syncPath } from '../data-folder.ts'
import { errorCode } from '../system.ts'

export const KEY_PURPOSES = ['seal', 'audit', 'throttle', 'device', 'pepper'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

/** A keyring in the form in which it is stored. */
export interface KeyringFile {
  readonly version: 1
  readonly keys: readonly StoredKey[]
}

export interface StoredKey {
  readonly id: string
  readonly purpose: KeyPurpose
  /** 32 bytes as base64url. */
  readonly secret: string
  readonly created_at: Instant
}

/** The message is a sentence for the operator: what is wrong with the keyring, and what to do. */
export class KeyringError extends Error {
  override readonly name = 'KeyringError'
}

const KEY_BYTES = 32
/** The mode bits of group and others. */
const OTHERS_MODE = 0o077

/** A keyring with one new key for each purpose. */
export function generateKeyring(random: RandomBytes, now: Instant): KeyringFile {
  return { version: 1, keys: KEY_PURPOSES.map((purpose) => newKey(purpose, random, now)) }
}

/** A key of 256 random bits, whose id is the purpose and 12 random hexadecimal digits. */
export function newKey(purpose: KeyPurpose, random: RandomBytes, now: Instant): StoredKey {
  const id = `${purpose}-${Buffer.from(random(6)).toString('hex')}`
  return { id, purpose, secret: Buffer.from(random(KEY_BYTES)).toString('base64url'), created_at: now }
}

/** Parses a keyring. Throws `KeyringError`; its message names `source`, and never quotes the text, which holds keys. */
export function parseKeyring(text: string, source: string): KeyringFile {
  const content = parseJson(text)
  if (!isRecord(content) || content['version'] !== 1 || !Array.isArray(content['keys'])) {
    throw new KeyringError(`${source} is not a keyring: it is not JSON of the form {"version":1,"keys":[…]}.`)
  }
  const keys: unknown[] = content['keys']
  const broken = keys.findIndex((key) => !isStoredKey(key))
  if (broken >= 0) {
    throw new KeyringError(
      `${source} is damaged: its key number ${broken + 1} is not complete. Restore it from a backup.`,
    )
  }
  const stored = keys.filter(isStoredKey)
  if (new Set(stored.map(({ id }) => id)).size < stored.length)
    throw new KeyringError(`${source} is damaged: two of its keys have the same id. Restore it from a backup.`)
  return { version: 1, keys: stored }
}

/** The keyring of a file; undefined if the file does not exist. Throws `KeyringError`, also if other users may access the file. */
export function readKeyringFile(path: string): KeyringFile | undefined {
  const file = openIfExists(path)
  if (file === undefined) return undefined
  try {
    if (fstatSync(file).isDirectory()) throw new KeyringError(folderMessage(path))
    if (process.platform !== 'win32' && (fstatSync(file).mode & OTHERS_MODE) !== 0)
      throw new KeyringError(`${path} can be read or changed by other users of this machine. Run: chmod 600 ${path}`)
    return parseKeyring(readFileSync(file, 'utf8'), path)
  } finally {
    closeSync(file)
  }
}

/** Creates the file atomically, by a hard link: of several processes that start at once, one creates it and all return its keyring. */
export function createKeyringFile(path: string, keyring: KeyringFile, random: RandomBytes): KeyringFile {
  makeDataFolder(dirname(path))
  const draft = writeDraft(path, keyring, random)
  try {
    linkSync(draft, path)
    syncFolder(path)
    return keyring
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    const winner = readKeyringFile(path)
    if (!winner) throw new KeyringError(`${path} was removed while it was being read. Start again.`, { cause: error })
    return winner
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Replaces the keyring file atomically, by a rename. */
export function replaceKeyringFile(path: string, keyring: KeyringFile, random: RandomBytes): void {
  renameSync(writeDraft(path, keyring, random), path)
  syncFolder(path)
}

/** The fingerprint that the database stores: SHA-256 over purpose and key, as hex. A key of 256 random bits cannot be found from it. */
export function fingerprintOf({ purpose, secret }: StoredKey): string {
  return createHash('sha256').update(`doorward key ${purpose}\0`).update(Buffer.from(secret, 'base64url')).digest('hex')
}

function writeDraft(path: string, keyring: KeyringFile, random: RandomBytes): string {
  const draft = `${path}.${Buffer.from(random(8)).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(keyring, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return draft
}

/** Syncs the folder, so that the new name survives a power failure. Windows cannot open a folder. */
function syncFolder(path: string): void {
  if (process.platform !== 'win32') syncPath(dirname(path), 'r')
}

/** If a file that is to be mounted does not exist, container engines create a folder of its name. */
function folderMessage(path: string): string {
  return `${path} is a folder, but must be the file with the keys. Replace it by that file from a backup or another node. If there was none yet, remove the folder (rmdir ${path}). Container engines create such a folder when they mount a file that does not exist.`
}

function openIfExists(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT') return undefined
    const sentence = `${path} cannot be read (${code || 'unknown error'}). Check its owner and mode.`
    throw new KeyringError(sentence, { cause: error })
  }
}

function isStoredKey(key: unknown): key is StoredKey {
  if (!isRecord(key)) return false
  const { id, purpose, secret, created_at: createdAt } = key
  return (
    typeof id === 'string' &&
    /^[\w-]{1,64}$/.test(id) &&
    KEY_PURPOSES.some((known) => known === purpose) &&
    typeof secret === 'string' &&
    /^[\w-]{43}$/.test(secret) &&
    Number.isSafeInteger(createdAt)
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
