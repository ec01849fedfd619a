// Hashes and verifies passwords in worker threads.
import type { Secret } from '#foundation/kernel/secret.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import type { HashPolicy } from '../config/types.ts'
import { randomBytes } from '../system.ts'
import type { Comparable, HashJob, HashOutcome } from './hash-job.ts'
import { type PoolStats, WorkerPool } from './hash-workers.ts'
import {
  BCRYPT_BYTES,
  costOf,
  costsOtherwise,
  readStoredHash,
  type StoredHash,
  withoutPepper,
  withPepper,
} from './stored-hash.ts'
import { type HashTiming, type ResponseTimeStats, UniformResponseTime } from './uniform-response-time.ts'

export interface Verification extends HashTiming {
  readonly matched: boolean
  /** Whether the password should be hashed again with the current parameters; never for a bcrypt password over 72 bytes. */
  readonly upgrade: boolean
  /** Whether bcrypt verified only the first 72 bytes, so that the user must choose a new password. */
  readonly tooLongForScheme: boolean
}

/** Keys that are mixed into a password before it is hashed, so that stolen hashes alone cannot be attacked offline. */
export interface Peppers {
  /** The id of the key for new hashes; null for hashes without a pepper. */
  readonly wanted: string | null
  /** HMAC-SHA-256 of the password's bytes under this key, as text in bytes; undefined if the keyring lacks the key. */
  readonly mix: (keyId: string, password: Uint8Array) => Uint8Array<ArrayBuffer> | undefined
}

export interface HasherStats extends PoolStats, ResponseTimeStats {
  /** Password hashes computed since the start, of every kind: new ones, verifications and dummy hashes. */
  readonly hashes: number
  /** How many of them were dummy hashes. */
  readonly dummyHashes: number
}

export interface PasswordHasher {
  /** argon2id in PHC format over the password's NFC form, with the wanted pepper if there is one. */
  hash(password: Secret, peppers?: Peppers): Promise<string>
  /** Verifies a password. For null, an unreadable hash or a lost pepper it computes a dummy hash of the same cost and returns no match. */
  verify(password: Secret, stored: string | null, peppers?: Peppers): Promise<Verification>
  /** Resolves when a refusal after this verification takes as long as it would with the slowest stored hash. */
  waitForUniformResponseTime(timing: HashTiming): Promise<void>
  /** Measures the slowest of these stored hashes, which decides the floor for refusals. An empty list sets the floor to zero. */
  calibrate(hashes: readonly string[]): Promise<void>
  /** Starts the workers before the first job. */
  warm(): Promise<void>
  /** Ends the workers. Unfinished jobs reject with `service.unavailable`. */
  close(): Promise<void>
  /** Whether so many jobs wait that an answer a few milliseconds later leaves no worker idle. */
  hasBacklog(): boolean
  stats(): HasherStats
}

const NO_MATCH = { matched: false, upgrade: false, tooLongForScheme: false }
const NO_PEPPERS: Peppers = { wanted: null, mix: () => undefined }

/** Returns a hasher that runs in worker threads of low priority behind a bounded queue. */
export function newPasswordHasher(policy: HashPolicy, pool: WorkerPool = new WorkerPool(policy)): PasswordHasher {
  const dummyHash = parsedHash(dummyHashFor(policy))
  const counts = { hashes: 0, dummyHashes: 0 }
  const responseTime = new UniformResponseTime((stored) => measure(pool, stored))

  /**
   * Verifies the stored hash, or the dummy hash if there is none, its pepper is lost or the library cannot read it: the work must not
   * reveal whether the user exists (user enumeration). Returns the form that matched.
   */
  const verifyOrDummy = async (forms: Forms, read: Read | undefined, peppers: Peppers): Promise<MatchedForm> => {
    const job = (read && verificationJob(forms, read, peppers)) ?? verificationJob(forms, dummyHash, peppers)
    if (job === undefined) throw new Error('The dummy hash cannot be read')
    const isDummy = job.stored === dummyHash.stored
    const { outcome, begunAt } = await pool.run(job)
    if (outcome.kind !== 'verified' && !isDummy) return verifyOrDummy(forms, undefined, peppers)
    if (outcome.kind !== 'verified') throw new Error(`The dummy hash could not be verified: ${failureMessage(outcome)}`)
    counts.hashes += outcome.tried
    if (isDummy) counts.dummyHashes += outcome.tried
    return { form: isDummy || outcome.form === null ? undefined : forms[outcome.form], begunAt }
  }

  return {
    async hash(password, { wanted, mix } = NO_PEPPERS) {
      const plain = utf8Bytes(password.reveal().normalize('NFC'))
      const bytes = wanted === null ? plain : mixedAndWiped(plain, (form) => mix(wanted, form))
      if (bytes === undefined) throw new Error(`The keyring has no key ${wanted} for passwords`)
      const { memory, passes } = policy
      const { outcome } = await pool.run({ kind: 'hash', password: bytes, memory, passes })
      if (outcome.kind !== 'hashed') throw new Error(`A password could not be hashed: ${failureMessage(outcome)}`)
      counts.hashes += 1
      return wanted === null ? outcome.text : withPepper(outcome.text, wanted)
    },
    async verify(password, stored, peppers = NO_PEPPERS) {
      const read = stored === null ? undefined : parsedHash(stored)
      if (read && costsOtherwise(read.about, policy))
        responseTime.observe({ stored: read.stored, cost: costOf(read.about) })
      const forms = unicodeForms(password.reveal())
      const { form, begunAt } = await verifyOrDummy(forms, read, peppers)
      const timing = { begunAt, forms: forms.length }
      if (form === undefined || !read) return { ...NO_MATCH, ...timing }
      const { about } = read
      const tooLongForScheme = about.scheme === 'bcrypt' && Buffer.byteLength(form) > BCRYPT_BYTES
      const otherPepper = (about.scheme === 'argon2id' ? about.pepper : null) !== peppers.wanted
      const upgrade = !tooLongForScheme && (otherPepper || costsOtherwise(about, policy))
      return { matched: true, upgrade, tooLongForScheme, ...timing }
    },
    waitForUniformResponseTime: (timing) => responseTime.wait(timing),
    async calibrate(hashes) {
      const foreign = hashes.map(parsedHash).filter(({ about }) => costsOtherwise(about, policy))
      await responseTime.calibrate(foreign.map(({ stored, about }) => ({ stored, cost: costOf(about) })))
    },
    warm: () => pool.warm(),
    close: () => pool.close(),
    hasBacklog: () => pool.hasBacklog(),
    stats: () => ({ ...pool.stats(), ...counts, ...responseTime.stats() }),
  }
}

/** A stored hash with its parsed parameters. */
interface Read {
  readonly stored: string
  readonly about: StoredHash
}

function parsedHash(stored: string): Read {
  return { stored, about: readStoredHash(stored) }
}

interface MatchedForm {
  readonly form: string | undefined
  readonly begunAt: number
}

/** Stands for every pepper during a measurement: an HMAC takes no measurable time. */
const NO_OP_PEPPERS: Peppers = { wanted: null, mix: (_keyId, password) => new Uint8Array(password) }

/** Refusals wait for the measurement, so it goes before the other waiting jobs. */
async function measure(pool: WorkerPool, stored: string): Promise<Duration> {
  const job = verificationJob(['measured'], parsedHash(stored), NO_OP_PEPPERS)
  return job === undefined ? 0 : (await pool.run(job, 'first')).took
}

/** The password as typed, and its NFC form if that differs: imported hashes were made of either. */
type Forms = readonly string[]

function unicodeForms(typed: string): Forms {
  const composed = typed.normalize('NFC')
  return composed === typed ? [typed] : [typed, composed]
}

/** The bytes in a buffer of their own, so that the buffer can be transferred to a worker. */
function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

/** The job that verifies a stored hash; undefined if the hash is unreadable or its pepper is lost. */
function verificationJob(forms: Forms, { stored, about }: Read, { mix }: Peppers): (HashJob & Comparable) | undefined {
  const target = comparableHash(stored, about)
  if (target === undefined) return undefined
  const keyId = 'pepper' in about ? about.pepper : null
  const bytes = forms
    .map(utf8Bytes)
    .map((form) => (keyId === null ? form : mixedAndWiped(form, (plain) => mix(keyId, plain))))
  const defined = bytes.filter((form) => form !== undefined)
  return defined.length < forms.length ? undefined : { kind: 'verify', forms: defined, ...target }
}

function comparableHash(stored: string, about: StoredHash): Comparable | undefined {
  if (about.scheme === 'unreadable') return undefined
  if (about.scheme === 'bcrypt') return { scheme: 'bcrypt', stored }
  if (about.scheme === 'scrypt' || about.scheme === 'pbkdf2') return { scheme: about.scheme, stored: about }
  return { scheme: 'argon2', stored: withoutPepper(stored) }
}

/** Returns the result of `mix` and wipes the plain bytes, which are not used again. */
function mixedAndWiped<Mixed>(plain: Uint8Array, mix: (plain: Uint8Array) => Mixed): Mixed {
  try {
    return mix(plain)
  } finally {
    plain.fill(0)
  }
}

/** A well-formed argon2id hash of random bytes. Verifying it costs as much as a real one and never matches. */
function dummyHashFor({ memory, passes, parallelism }: HashPolicy): string {
  const [salt, hash] = [16, 32].map((size) => Buffer.from(randomBytes(size)).toString('base64').replaceAll('=', ''))
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${salt}$${hash}`
}

function failureMessage(outcome: HashOutcome): string {
  return outcome.kind === 'failed' ? outcome.message : outcome.kind
}
