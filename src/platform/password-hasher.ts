import { performance } from 'node:perf_hooks'

import type { Secret } from '../kernel/secret.ts'
import type { Duration } from '../kernel/time.ts'
import type { HashPolicy } from './config.ts'
import { WorkerPool } from './hash-workers.ts'
import type { HashAnswer, HashJob, PoolStats } from './hash-workers.ts'
import { randomBytes } from './random.ts'
import { RefusalDeadline } from './refusal-deadline.ts'
import type { Pace } from './refusal-deadline.ts'
import { BCRYPT_BYTES, readStoredHash } from './stored-hash.ts'
import type { StoredHash } from './stored-hash.ts'

export interface Verification {
  readonly matched: boolean
  /** Hash again with today's scheme; never for a bcrypt password over 72 bytes. */
  readonly upgrade: boolean
  /** bcrypt looked at the first 72 bytes only: ask for a new password. */
  readonly tooLongForScheme: boolean
}

export interface HasherStats extends PoolStats {
  /** Password hashes computed since the start, of any kind: new ones, comparisons and decoys. */
  readonly hashes: number
  /** Those among them that compared with nothing. */
  readonly decoys: number
  /** Milliseconds from a `pace()` to the moment its `settle()` resolves. */
  readonly deadline: Duration
  /** Refusals that had such a moment to wait for. */
  readonly held: number
}

export interface PasswordHasher {
  /** argon2id in PHC form over the password's NFC form. */
  hash(password: Secret): Promise<string>
  /** Compares; for null or an unreadable hash computes a decoy of the same cost and never matches. */
  verify(password: Secret, stored: string | null): Promise<Verification>
  /** Counts from now; a password that must be tried in two forms takes twice as long for everyone. */
  pace(password?: Secret): Pace
  /** Measures the slowest scheme among these stored hashes, for `pace()`; an empty list ends the waiting. */
  expectImported(hashes: readonly string[]): Promise<void>
  /** Starts the workers ahead of the first job. */
  warm(): Promise<void>
  /** Ends the workers; jobs still under way are refused. */
  close(): Promise<void>
  stats(): HasherStats
}

const NO_MATCH: Verification = { matched: false, upgrade: false, tooLongForScheme: false }
/** Hashes passwords in worker threads of low priority behind a bounded queue. */
export function newPasswordHasher(policy: HashPolicy, pool: WorkerPool = new WorkerPool(policy)): PasswordHasher {
  const decoy = decoyFor(policy)
  const counts = { hashes: 0, decoys: 0 }
  const deadline = new RefusalDeadline((stored) => measure(pool, stored), decoy)
  return {
    async hash(password) {
      const answer = await pool.run(hashing(password.reveal(), policy))
      if (answer.kind !== 'hashed') throw new Error(`A password could not be hashed: ${messageOf(answer)}`)
      counts.hashes += 1
      return answer.text
    },
    async verify(password, stored) {
      const about = readStoredHash(stored)
      if (stored !== null && isForeign(about, policy)) deadline.meet({ stored, cost: costOf(about) })
      const forms = formsOf(password.reveal())
      const form = await compare({ pool, counts, decoy }, forms, about.scheme === 'unreadable' ? null : stored)
      return form === undefined ? NO_MATCH : verdict(form, about, policy)
    },
    pace: (password) => deadline.pace(password ? formsOf(password.reveal()).length : 1),
    async expectImported(hashes) {
      const read = hashes.map((stored) => ({ stored, about: readStoredHash(stored) }))
      const foreign = read.filter(({ about }) => isForeign(about, policy))
      await deadline.expect(foreign.map(({ stored, about }) => ({ stored, cost: costOf(about) })))
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
    stats: () => ({ ...pool.stats(), ...counts, deadline: deadline.length, held: deadline.held }),
  }
}

interface Comparing {
  readonly pool: WorkerPool
  readonly counts: { hashes: number; decoys: number }
  readonly decoy: string
}

/** The form that matched. Comparing with nothing, or with what only looked like a hash, costs the same. */
async function compare(tools: Comparing, forms: Forms, stored: string | null): Promise<string | undefined> {
  const { pool, counts, decoy } = tools
  const answer = await pool.run(comparing(forms, stored ?? decoy))
  if (answer.kind !== 'verified' && stored !== null) return compare(tools, forms, null)
  if (answer.kind !== 'verified') throw new Error(`The decoy could not be compared: ${messageOf(answer)}`)
  counts.hashes += answer.tried
  if (stored === null) counts.decoys += answer.tried
  return stored === null || answer.form === null ? undefined : forms[answer.form]
}

function verdict(form: string, about: StoredHash, policy: HashPolicy): Verification {
  const tooLong = about.scheme === 'bcrypt' && Buffer.byteLength(form) > BCRYPT_BYTES
  return { matched: true, upgrade: !tooLong && isForeign(about, policy), tooLongForScheme: tooLong }
}

/** Workers that are still starting would be measured along, so they start first. */
async function measure(pool: WorkerPool, stored: string): Promise<Duration> {
  await pool.warm()
  const start = performance.now()
  await pool.run(comparing(['measured'], stored))
  return performance.now() - start
}

/** As typed, and in NFC where that differs: imported hashes were made of either. */
type Forms = readonly string[]

function formsOf(typed: string): Forms {
  const composed = typed.normalize('NFC')
  return composed === typed ? [typed] : [typed, composed]
}

/** In a buffer of their own, so that it can be handed over. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function comparing(forms: Forms, stored: string): HashJob {
  const scheme = readStoredHash(stored).scheme === 'bcrypt' ? 'bcrypt' : 'argon2'
  return { kind: 'verify', scheme, stored, forms: forms.map(bytesOf) }
}

function hashing(typed: string, { memory, passes }: HashPolicy): HashJob {
  return { kind: 'hash', password: bytesOf(typed.normalize('NFC')), memory, passes }
}

/** Whether a readable hash was made in another way than today's. */
function isForeign(about: StoredHash, { memory, passes, parallelism }: HashPolicy): boolean {
  if (about.scheme === 'unreadable') return false
  if (about.scheme !== 'argon2id') return true
  return about.memory !== memory || about.passes !== passes || about.parallelism !== parallelism
}

/** Roughly comparable between schemes: bcrypt at cost 12 takes as long as 30 passes of argon2 over 19 MiB. */
function costOf(about: StoredHash): number {
  if (about.scheme === 'unreadable') return 0
  return about.scheme === 'bcrypt' ? 2 ** about.cost * 140 : about.memory * about.passes
}

/** A well-formed hash of nothing: comparing with it costs as much as with a real one. */
function decoyFor({ memory, passes, parallelism }: HashPolicy): string {
  const [salt, hash] = [16, 32].map((size) => Buffer.from(randomBytes(size)).toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt}$${hash}`
}

function messageOf(answer: HashAnswer): string {
  return answer.kind === 'failed' ? answer.message : answer.kind
}
