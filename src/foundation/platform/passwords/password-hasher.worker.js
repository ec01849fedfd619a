// Runs in a thread of its own: hashes one password after the other, synchronously, because nobody else waits here.
// Plain JavaScript: a thread that strips types first would need 13 MiB more, for each core.
import { setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { parentPort } from 'node:worker_threads'

import { hashSync, verifySync } from '@node-rs/argon2'

const LOW_PRIORITY = 15
/** bcrypt looks at no more bytes of a password. */
const BCRYPT_BYTES = 72

// On Linux this is the thread's own priority, so that requests are answered first; elsewhere it would be the program's.
if (process.platform === 'linux') lowerPriority()

/** Answers leave in the order of the jobs, also when one of them waits for a module. */
let last = Promise.resolve()
parentPort.on('message', (job) => {
  last = last.then(async () => {
    const begun = performance.now()
    const outcome = await outcomeOf(job)
    parentPort.postMessage({ ...outcome, took: performance.now() - begun })
  })
})
parentPort.postMessage({ kind: 'ready' })

/** A sandbox that filters system calls may refuse it; passwords are hashed all the same. */
function lowerPriority() {
  try {
    setPriority(LOW_PRIORITY)
  } catch {}
}

/** From a `HashJob` to its `HashOutcome`, both described in hash-job.ts. */
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

/** What only imported hashes need is loaded when the first of them asks for it: most servers never meet one. */
const MATCHERS = {
  argon2: () => verifySync,
  bcrypt: bcryptMatcher,
  async scrypt() {
    const { scryptSync, timingSafeEqual } = await import('node:crypto')
    return derivedMatcher(timingSafeEqual, (password, { cost, blockSize, parallelism, salt, key }) => {
      // What OpenSSL counts (RFC 7914 §6): N blocks and one for each lane, of 128·r bytes, and a little beside them.
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

function derivedMatcher(isSame, derive) {
  return (stored, password) => {
    const derived = derive(password, stored)
    // HMAC fills a short key up with NULs, so that one at the end would change nothing: it never matches, at the same cost.
    const matched = isSame(derived, stored.key) && password.at(-1) !== 0
    derived.fill(0)
    return matched
  }
}

async function bcryptMatcher() {
  const bcrypt = await import('@node-rs/bcrypt')
  return (stored, password) => {
    // Other implementations stop at NUL: such a password never matches, but takes as long as any other.
    const usable = !password.includes(0)
    const looked = usable ? password.subarray(0, BCRYPT_BYTES) : Uint8Array.of(1)
    return bcrypt.verifySync(looked, stored) && usable
  }
}
