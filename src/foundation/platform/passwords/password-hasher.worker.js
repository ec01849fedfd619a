// Runs in a worker thread and computes one password hash after the other, synchronously, because the thread does nothing else. The file is
// plain JavaScript: a thread that strips types first would need 13 MiB more, for each core.
import { hashSync, verifySync } from '@node-rs/argon2'
import { setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parentPort } from 'node:worker_threads'

const LOW_PRIORITY = 15
/** bcrypt ignores all further bytes of a password. */
const BCRYPT_BYTES = 72

// On Linux this is the priority of the thread, so that requests are answered first; on other systems it would be that of the process.
if (process.platform === 'linux') lowerPriority()

/** Chains the jobs, so that answers are sent in the order of the jobs even if one of them waits for a module. */
let last = Promise.resolve()
parentPort.on('message', (job) => {
  last = last.then(async () => {
    const begun = performance.now()
    const outcome = await outcomeOf(job)
    parentPort.postMessage({ ...outcome, took: performance.now() - begun })
  })
})
parentPort.postMessage({ kind: 'ready' })

/** A sandbox that filters system calls may refuse the change of priority; passwords are then hashed at normal priority. */
function lowerPriority() {
  try {
    setPriority(LOW_PRIORITY)
  } catch {}
}

/** Turns a `HashJob` into its `HashOutcome`; hash-job.ts describes both. */
async function outcomeOf(job) {
  try {
    return job.kind === 'hash' ? hashed(job) : await verified(job)
  } catch (error) {
    return { kind: 'failed', message: error.message }
  } finally {
    for (const password of job.kind === 'hash' ? [job.password] : job.forms) password.fill(0)
  }
}

function hashed({ password, memory, passes }) {
  // Algorithm 2 is argon2id.
  const text = hashSync(password, { algorithm: 2, memoryCost: memory, timeCost: passes, parallelism: 1 })
  return { kind: 'hashed', text }
}

async function verified({ scheme, stored, forms }) {
  const matches = await MATCHERS[scheme]()
  const form = forms.findIndex((password) => matches(stored, password))
  return { kind: 'verified', form: form < 0 ? null : form, tried: form < 0 ? forms.length : form + 1 }
}

/** The modules for imported hashes are loaded at the first such hash, because most servers have none. */
const MATCHERS = {
  argon2: () => verifySync,
  bcrypt: bcryptMatcher,
  async scrypt() {
    const { scryptSync, timingSafeEqual } = await import('node:crypto')
    return derivedMatcher(timingSafeEqual, (password, { cost, blockSize, parallelism, salt, key }) => {
      // The memory that OpenSSL counts: N blocks and one for each lane, of 128·r bytes (RFC 7914 §6), and a few more.
      const maxmem = 128 * blockSize * (cost + parallelism + 8)
      return scryptSync(password, salt, key.length, { N: cost, r: blockSize, p: parallelism, maxmem })
    })
  },
  async pbkdf2() {
    const { pbkdf2Sync, timingSafeEqual } = await import('node:crypto')
    return derivedMatcher(timingSafeEqual, (password, { digest, iterations, salt, key }) =>
      pbkdf2Sync(password, salt, iterations, key.length, digest),
    )
  },
}

function derivedMatcher(isEqual, derive) {
  return (stored, password) => {
    const derived = derive(password, stored)
    // HMAC pads a short key with NULs, so a password with a NUL at its end would match too. It never matches, at the same cost.
    const matched = isEqual(derived, stored.key) && password.at(-1) !== 0
    derived.fill(0)
    return matched
  }
}

async function bcryptMatcher() {
  const bcrypt = await import('@node-rs/bcrypt')
  return (stored, password) => {
    // Other implementations stop at a NUL. A password that contains one never matches, but its verification takes as long as any other.
    const usable = !password.includes(0)
    const bytes = usable ? password.subarray(0, BCRYPT_BYTES) : Uint8Array.of(1)
    return bcrypt.verifySync(bytes, stored) && usable
  }
}
