import type { Secret } from '../../kernel/secret.ts'
import type { Duration } from '../../kernel/time.ts'
import type { HashPolicy } from '../config/types.ts'
import { WorkerPool } from './hash-workers.ts'
import type { Comparable, HashJob, HashOutcome } from './hash-job.ts'
import type { PoolStats } from './hash-workers.ts'
import { randomBytes } from '../crypto/random.ts'
import { BCRYPT_BYTES, costOf, costsOtherwise, readStoredHash, withoutPepper, withPepper } from './stored-hash.ts'
import type { StoredHash } from './stored-hash.ts'
import { UniformResponseTime } from './uniform-response-time.ts'
import type { HashTiming, ResponseTimeStats } from './uniform-response-time.ts'

export interface Verification extends HashTiming {
  readonly matched: boolean
  /** Hash again with today's scheme; never for a bcrypt password over 72 bytes. */
  readonly upgrade: boolean
  /** bcrypt looked at the first 72 bytes only: ask for a new password. */
  readonly tooLongForScheme: boolean
}

/** Keys that are mixed into a password before it is hashed, so that the hashes alone are worth nothing. */
export interface Peppers {
  /** The id of the key for new hashes; null makes them without one. */
  readonly wanted: string | null
  /** HMAC-SHA-256 of the password's bytes under this key, as text in bytes; undefined when it is not here. */
  readonly mix: (keyId: string, password: Uint8Array) => Uint8Array<ArrayBuffer> | undefined
}

export interface HasherStats extends PoolStats, ResponseTimeStats {
  /** Password hashes computed since the start, of any kind: new ones, comparisons and dummyHashes. */
  readonly hashes: number
  /** Those among them that compared with nothing. */
  readonly dummyHashes: number
}

export interface PasswordHasher {
  /** argon2id in PHC form over the password's NFC form, peppered where a pepper is wanted. */
  hash(password: Secret, peppers?: Peppers): Promise<string>
  /** Compares; for null, an unreadable hash or one whose pepper is lost computes a dummyHash of the same cost and never matches. */
  verify(password: Secret, stored: string | null, peppers?: Peppers): Promise<Verification>
  /** Resolves when a refusal after this comparison takes as long as it would with the slowest stored hash. */
  waitForUniformResponseTime(timing: HashTiming): Promise<void>
  /** Measures the slowest scheme among these stored hashes for the method above; an empty list ends the waiting. */
  calibrate(hashes: readonly string[]): Promise<void>
  /** Starts the workers ahead of the first job. */
  warm(): Promise<void>
  /** Ends the workers; jobs still under way are refused. */
  close(): Promise<void>
  /** Whether so many hashes wait that an answer a few milliseconds later keeps no worker idle. */
  hasBacklog(): boolean
  stats(): HasherStats
}

const NO_MATCH = { matched: false, upgrade: false, tooLongForScheme: false }
const NO_PEPPERS: Peppers = { wanted: null, mix: () => undefined }

/** Hashes passwords in worker threads of low priority behind a bounded queue. */
export function newPasswordHasher(policy: HashPolicy, pool: WorkerPool = new WorkerPool(policy)): PasswordHasher {
  const dummyHash = readableOf(dummyHashFor(policy))
  const counts = { hashes: 0, dummyHashes: 0 }
  const responseTime = new UniformResponseTime((stored) => measure(pool, stored))
  return {
    async hash(password, { wanted, mix } = NO_PEPPERS) {
      const plain = bytesOf(password.reveal().normalize('NFC'))
      const bytes = wanted === null ? plain : mixed(plain, (form) => mix(wanted, form))
      if (bytes === undefined) throw new Error(`The keyring has no key ${wanted} for passwords`)
      const { memory, passes } = policy
      const { outcome } = await pool.run({ kind: 'hash', password: bytes, memory, passes })
      if (outcome.kind !== 'hashed') throw new Error(`A password could not be hashed: ${messageOf(outcome)}`)
      counts.hashes += 1
      return wanted === null ? outcome.text : withPepper(outcome.text, wanted)
    },
    async verify(password, stored, peppers = NO_PEPPERS) {
      const read = stored === null ? undefined : readableOf(stored)
      if (read && costsOtherwise(read.about, policy))
        responseTime.observe({ stored: read.stored, cost: costOf(read.about) })
      const forms = formsOf(password.reveal())
      const { form, begunAt } = await compare({ pool, counts, dummyHash, peppers }, forms, read)
      const timing = { begunAt, forms: forms.length }
      if (form === undefined || !read) return { ...NO_MATCH, ...timing }
      return { ...verdict(form, read.about, { policy, wanted: peppers.wanted }), ...timing }
    },
    waitForUniformResponseTime: (timing) => responseTime.wait(timing),
    async calibrate(hashes) {
      const foreign = hashes.map(readableOf).filter(({ about }) => costsOtherwise(about, policy))
      await responseTime.calibrate(foreign.map(({ stored, about }) => ({ stored, cost: costOf(about) })))
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
    hasBacklog: () => pool.hasBacklog(),
    stats: () => ({ ...pool.stats(), ...counts, ...responseTime.stats() }),
  }
}

/** A stored hash and what it says about itself. */
interface Read {
  readonly stored: string
  readonly about: StoredHash
}

function readableOf(stored: string): Read {
  return { stored, about: readStoredHash(stored) }
}

interface Comparing {
  readonly pool: WorkerPool
  readonly counts: { hashes: number; dummyHashes: number }
  readonly dummyHash: Read
  readonly peppers: Peppers
}

interface Compared {
  /** The form that matched. */
  readonly form: string | undefined
  readonly begunAt: number
}

/** Comparing with nothing, or with what only looked like a hash, costs the same. */
async function compare(tools: Comparing, forms: Forms, read: Read | undefined): Promise<Compared> {
  const { pool, counts, dummyHash, peppers } = tools
  const job = (read && comparing(forms, read, peppers)) ?? comparing(forms, dummyHash, peppers)
  if (job === undefined) throw new Error('The dummyHash cannot be read')
  const isDecoy = job.stored === dummyHash.stored
  const { outcome, begunAt } = await pool.run(job)
  if (outcome.kind !== 'verified' && !isDecoy) return compare(tools, forms, undefined)
  if (outcome.kind !== 'verified') throw new Error(`The dummyHash could not be compared: ${messageOf(outcome)}`)
  counts.hashes += outcome.tried
  if (isDecoy) counts.dummyHashes += outcome.tried
  return { form: isDecoy || outcome.form === null ? undefined : forms[outcome.form], begunAt }
}

interface Wanted {
  readonly policy: HashPolicy
  readonly wanted: string | null
}

function verdict(form: string, about: StoredHash, { policy, wanted }: Wanted): Omit<Verification, keyof HashTiming> {
  const tooLong = about.scheme === 'bcrypt' && Buffer.byteLength(form) > BCRYPT_BYTES
  const otherPepper = (about.scheme === 'argon2id' ? about.pepper : null) !== wanted
  return {
    matched: true,
    upgrade: !tooLong && (otherPepper || costsOtherwise(about, policy)),
    tooLongForScheme: tooLong,
  }
}

/** A pepper adds nothing that could be measured. */
const MEASURED_PEPPERS: Peppers = { wanted: null, mix: (_keyId, password) => new Uint8Array(password) }

/** Refusals wait for it, so it goes before whatever else waits for a worker. */
async function measure(pool: WorkerPool, stored: string): Promise<Duration> {
  const job = comparing(['measured'], readableOf(stored), MEASURED_PEPPERS)
  return job === undefined ? 0 : (await pool.run(job, 'first')).took
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

/** Undefined where there is nothing to compare with: no hash that can be read, or one whose pepper is lost. */
function comparing(forms: Forms, { stored, about }: Read, { mix }: Peppers): (HashJob & Comparable) | undefined {
  const target = comparableOf(stored, about)
  if (target === undefined) return undefined
  const keyId = 'pepper' in about ? about.pepper : null
  const bytes = forms.map(bytesOf).map((form) => (keyId === null ? form : mixed(form, (plain) => mix(keyId, plain))))
  const present = bytes.filter((form) => form !== undefined)
  return present.length < forms.length ? undefined : { kind: 'verify', forms: present, ...target }
}

function comparableOf(stored: string, about: StoredHash): Comparable | undefined {
  if (about.scheme === 'unreadable') return undefined
  if (about.scheme === 'bcrypt') return { scheme: 'bcrypt', stored }
  if (about.scheme === 'scrypt' || about.scheme === 'pbkdf2') return { scheme: about.scheme, stored: about }
  return { scheme: 'argon2', stored: withoutPepper(stored) }
}

/** What comes of it; the plain bytes go on nowhere and are wiped. */
function mixed<Mixed>(plain: Uint8Array, mix: (plain: Uint8Array) => Mixed): Mixed {
  try {
    return mix(plain)
  } finally {
    plain.fill(0)
  }
}

/** A well-formed hash of nothing: comparing with it costs as much as with a real one. */
function dummyHashFor({ memory, passes, parallelism }: HashPolicy): string {
  const [salt, hash] = [16, 32].map((size) => Buffer.from(randomBytes(size)).toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt}$${hash}`
}

function messageOf(outcome: HashOutcome): string {
  return outcome.kind === 'failed' ? outcome.message : outcome.kind
}
