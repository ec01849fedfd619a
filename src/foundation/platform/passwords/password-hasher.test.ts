import { hashSync as argon2HashSync } from '@node-rs/argon2'
import { genSaltSync, hashSync as bcryptHashSync } from '@node-rs/bcrypt'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { after, suite, test } from 'node:test'
import { inspect, promisify } from 'node:util'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { CHEAP, cheapHasher } from '#test/support/server/cheap-hasher.ts'
import { WorkerPool } from './hash-workers.ts'
import { newPasswordHasher } from './password-hasher.ts'

const hasher = cheapHasher({ after })
const bcrypt = (typed: string | Uint8Array, version: '2a' | '2b' | '2y' = '2b') =>
  `$${version}$${bcryptHashSync(typed, 4, genSaltSync(4, '2b')).slice(4)}`

const MATCHED = { matched: true, upgrade: false, tooLongForScheme: false }
const OLD = { matched: true, upgrade: true, tooLongForScheme: false }
const TOO_LONG = { matched: true, upgrade: false, tooLongForScheme: true }
const NO = { matched: false, upgrade: false, tooLongForScheme: false }

async function assertVerified(typed: string, stored: string | null, wanted: typeof OLD, by = hasher): Promise<void> {
  assert.partialDeepStrictEqual(await by.verify(Secret.of(typed), stored), wanted)
}

suite('argon2id', () => {
  test('a hash with real parameters is made and verified', async (t) => {
    const real = cheapHasher(t, { memory: 19_456, passes: 2 })
    const stored = await real.hash(Secret.of('correct horse'))
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    await assertVerified('correct horse', stored, MATCHED, real)
    await assertVerified('correct horsf', stored, NO, real)
  })

  test('the same password never has the same hash twice', async () => {
    assert.notEqual(await hasher.hash(Secret.of('a')), await hasher.hash(Secret.of('a')))
  })

  test('composed and decomposed spellings are one password', async () => {
    const [composed, decomposed] = ['pässwörd'.normalize('NFC'), 'pässwörd'.normalize('NFD')]
    for (const made of [composed, decomposed]) {
      const stored = await hasher.hash(Secret.of(made))
      await assertVerified(composed, stored, MATCHED)
      await assertVerified(decomposed, stored, MATCHED)
    }
  })

  test('compatibility forms stay different passwords', async () => {
    await assertVerified('passw1', await hasher.hash(Secret.of('passw１')), NO)
  })

  const others: [string, Parameters<typeof argon2HashSync>[1]][] = [
    ['more memory', { memoryCost: 128, timeCost: 1 }],
    ['more passes', { memoryCost: 64, timeCost: 2 }],
    ['more lanes', { memoryCost: 64, timeCost: 1, parallelism: 2 }],
    ['argon2i', { memoryCost: 64, timeCost: 1, algorithm: 1 }],
  ]
  for (const [what, options] of others) {
    test(`a hash with ${what} matches and is marked for an upgrade`, async () => {
      await assertVerified('secret', argon2HashSync('secret', { parallelism: 1, ...options }), OLD)
    })
  }
})

suite('bcrypt', () => {
  // From the tests of the C implementation, and the hash that the legacy app's tutorial prints.
  const vectors: [string, string][] = [
    ['a', '$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe'],
    ['abc', '$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i'],
    ['secret', '$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW'],
  ]
  for (const [typed, stored] of vectors) {
    test(`${stored.slice(0, 20)}… matches its password only, and is marked for an upgrade`, async () => {
      await assertVerified(typed, stored, OLD)
      await assertVerified(`${typed}x`, stored, NO)
    })
  }

  for (const version of ['2a', '2b', '2y'] as const) {
    test(`$${version}$ is understood`, async () => {
      await assertVerified('pässwörd', bcrypt('pässwörd', version), OLD)
      await assertVerified('passwörd', bcrypt('pässwörd', version), NO)
    })
  }

  test('the password is verified as typed, then in composed form', async () => {
    const [composed, decomposed] = ['ü'.normalize('NFC'), 'ü'.normalize('NFD')]
    await assertVerified(decomposed, bcrypt(decomposed), OLD)
    await assertVerified(decomposed, bcrypt(composed), OLD)
    await assertVerified(composed, bcrypt(decomposed), NO)
  })

  test('a password over 72 bytes keeps its hash and must be replaced', async () => {
    const stored = bcrypt('x'.repeat(72))
    await assertVerified('x'.repeat(72), stored, OLD)
    await assertVerified('x'.repeat(73), stored, TOO_LONG)
    await assertVerified('x'.repeat(100), stored, TOO_LONG)
    await assertVerified('x'.repeat(71), stored, NO)
    await assertVerified('é'.repeat(37), bcrypt(Buffer.from('é'.repeat(37)).subarray(0, 72)), TOO_LONG)
  })

  test('a password with NUL never matches, although other implementations stop there', async () => {
    await assertVerified('a\0b', bcrypt('a'), NO)
    await assertVerified('a\0b', bcrypt('a\0b'), NO)
    await assertVerified('\0', bcrypt(''), NO)
    await assertVerified('a\0b', bcrypt('\u0001'), NO)
  })
})

suite('a hash that cannot be verified', () => {
  const unreadable: [string, string | null][] = [
    ['no hash', null],
    ['an empty one', ''],
    ['a plain password', 'secret'],
    ['MD5', '5ebe2294ecd0e0f08eab7690d2a6ee69'],
    ['a cut bcrypt', '$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31l'],
    ['a bcrypt that would take hours', `$2b$31$${'a'.repeat(53)}`],
    ['an argon2 that would take gigabytes', `$argon2id$v=19$m=4194304,t=1,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['an argon2 with too little memory', `$argon2id$v=19$m=7,t=1,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`],
    ['an argon2 that is no base64', `$argon2id$v=19$m=64,t=1,p=1$${'a'.repeat(21)}$${'a'.repeat(41)}`],
  ]
  for (const [what, stored] of unreadable) {
    test(`${what} never matches and costs one hash like any other`, async () => {
      const before = hasher.stats()
      await assertVerified('secret', stored, NO)
      const { hashes, dummyHashes } = hasher.stats()
      assert.deepEqual([hashes - before.hashes, dummyHashes - before.dummyHashes], [1, 1])
    })
  }

  test('an unknown user costs as many hashes as a known one, however the password is written', async () => {
    const stored = await hasher.hash(Secret.of('right'))
    for (const typed of ['wrong', 'wröng'.normalize('NFC'), 'wröng'.normalize('NFD')]) {
      const costs = []
      for (const each of [stored, null, 'junk']) {
        const before = hasher.stats().hashes
        await assertVerified(typed, each, NO)
        costs.push(hasher.stats().hashes - before)
      }
      const forms = typed === typed.normalize('NFC') ? 1 : 2
      assert.deepEqual(costs, [forms, forms, forms], typed)
    }
  })
})

suite('the dummy hash', () => {
  test('has the parameters of the policy', async (t) => {
    const policy = { ...CHEAP, memory: 128, passes: 2 }
    const pool = new WorkerPool(policy)
    const run = t.mock.method(pool, 'run')
    const own = newPasswordHasher(policy, pool)
    t.after(() => own.close())
    await own.verify(Secret.of('a'), null)
    const [call, ...others] = run.mock.calls
    const job = call?.arguments[0]
    assert.ok(job?.kind === 'verify' && job.scheme === 'argon2' && others.length === 0)
    assert.match(job.stored, /^\$argon2id\$v=19\$m=128,t=2,p=1\$/)
  })
})

suite('the hasher', () => {
  test('refuses at once what exceeds the queue', async (t) => {
    const own = cheapHasher(t, { queue: 1 })
    const stored = await own.hash(Secret.of('a'))
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => own.verify(Secret.of('a'), stored)))
    const refused = results.filter((result) => result.status === 'rejected')
    assert.equal(refused.length, 3)
    for (const { reason } of refused) assert.ok(reason instanceof Refusal && reason.code === 'service.busy')
    assert.equal(own.stats().refused, 3)
    await assertVerified('a', stored, MATCHED, own)
  })

  test('hashes in threads of lower priority than the main thread', async (t) => {
    const own = cheapHasher(t, { workers: 2 })
    const [before, priority] = [lowPriorityThreads(), getPriority()]
    await own.warm()
    assert.equal(lowPriorityThreads() - before, process.platform === 'linux' ? 2 : 0)
    assert.equal(getPriority(), priority)
  })

  test('shows nothing of a password when it or its errors are printed', async (t) => {
    const own = cheapHasher(t, { queue: 1 })
    const canary = 'canary-9b1d'
    const results = await Promise.allSettled(Array.from({ length: 4 }, () => own.hash(Secret.of(canary))))
    const shown = inspect([own, own.stats(), results.filter(({ status }) => status === 'rejected')], { depth: 9 })
    assert.ok(!shown.includes(canary))
  })

  test('lets the process exit while its workers are idle, but finishes a job first', async () => {
    const program = `
      const { newPasswordHasher } = await import(new URL('./password-hasher.ts', ${JSON.stringify(import.meta.url)}))
      const { Secret } = await import(new URL('../../kernel/secret.ts', ${JSON.stringify(import.meta.url)}))
      const hasher = newPasswordHasher(${JSON.stringify({ ...CHEAP, workers: 2 })})
      await hasher.warm()
      hasher.hash(Secret.of('a')).then((stored) => console.log(stored.slice(0, 9)))`
    const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program]
    const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: 600_000 })
    assert.equal(stdout, '$argon2id\n')
  })
})

/** How many threads of this process have a low priority. Only Linux has a priority for each thread. */
function lowPriorityThreads(): number {
  if (process.platform !== 'linux') return 0
  return readdirSync('/proc/self/task').filter((thread) => {
    // The name in brackets may contain spaces; of the fields behind it, the nice value is the 17th (proc(5), field 19).
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')
    return Number(fields?.[16]) >= 10
  }).length
}
