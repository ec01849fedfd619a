import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { inspect, promisify } from 'node:util'

import { Secret } from '#foundation/kernel/secret.ts'
import { newDatabase } from '#test/support/databases/each-database.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import type { Database } from '../database/database.ts'
import { lockFor } from '../database/lock.ts'
import { runInTransaction } from '../database/transaction.ts'
import { randomBytes } from '../system.ts'
import { createKeyringFile, generateKeyring, KeyringError, parseKeyring, readKeyringFile } from './keyring-file.ts'
import { forgetKeys, type Keyring, keyringOf, knownKeys, loadKeyring } from './keyring.ts'
import type { SealedAs } from './sealing.ts'

const NOW = 1_750_000_000_000
const ABOUT = { purpose: 'totp-secret', subject: 'ada', factorId: 'f-1' } as const
const TOTP_SECRET = Buffer.from('twenty bytes of code')

const newRing = () => keyringOf(generateKeyring(randomBytes, NOW), randomBytes)

suite('sealing', () => {
  test('a sealed value opens again', () => {
    const ring = newRing()
    const sealed = ring.seal(TOTP_SECRET, ABOUT)
    assert.match(sealed, /^v1\.seal-[0-9a-f]{12}\.[\w-]+$/)
    assert.deepEqual(Buffer.from(ring.open(sealed, ABOUT)), TOTP_SECRET)
  })

  test('the same secret is sealed to a different text each time', () => {
    const ring = newRing()
    assert.notEqual(ring.seal(TOTP_SECRET, ABOUT), ring.seal(TOTP_SECRET, ABOUT))
  })

  test('the sealed text does not contain the secret', () => {
    const sealed = newRing().seal(TOTP_SECRET, ABOUT)
    assert.ok(!Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes(TOTP_SECRET.subarray(0, 4)))
  })

  const others: [string, SealedAs][] = [
    ['another user', { ...ABOUT, subject: 'bob' }],
    ['another factor', { ...ABOUT, factorId: 'f-2' }],
    ['names with the same concatenation', { ...ABOUT, subject: 'ad', factorId: 'af-1' }],
    ['another purpose', { purpose: 'mailed-link', mailId: 'f-1' }],
    ['another purpose with the same name', { purpose: 'draft', sessionId: 'ada', path: 'f-1' }],
  ]
  for (const [what, about] of others) {
    test(`a sealed value does not open for ${what}`, () => {
      const ring = newRing()
      assert.throws(() => ring.open(ring.seal(TOTP_SECRET, ABOUT), about), KeyringError)
    })
  }

  test('a sealed value with one changed byte does not open', () => {
    const ring = newRing()
    const [version, id, text = ''] = ring.seal(TOTP_SECRET, ABOUT).split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      assert.throws(() => ring.open([version, id, changed.toString('base64url')].join('.'), ABOUT), KeyringError)
    }
  })

  for (const broken of ['', 'v1', 'v1..', 'v2.x.y', 'v1.seal-1.AAAA', 'plain']) {
    test(`${JSON.stringify(broken)} does not open`, () => {
      assert.throws(() => newRing().open(broken, ABOUT), KeyringError)
    })
  }

  test('a truncated value does not open', () => {
    const ring = newRing()
    const sealed = ring.seal(TOTP_SECRET, ABOUT)
    assert.throws(() => ring.open(sealed.slice(0, -8), ABOUT), KeyringError)
    assert.throws(() => ring.open(sealed.slice(0, 30), ABOUT), /truncated/)
  })

  test('another key with the same id does not open a sealed value', () => {
    const [own, other] = [generateKeyring(randomBytes, NOW), generateKeyring(randomBytes, NOW)]
    const renamed = other.keys.map((key, index) => ({ ...key, id: own.keys[index]?.id ?? '' }))
    const sealed = keyringOf(own, randomBytes).seal(TOTP_SECRET, ABOUT)
    assert.throws(() => keyringOf({ version: 1, keys: renamed }, randomBytes).open(sealed, ABOUT), /changed or belongs/)
  })

  test('a key of another purpose neither opens a sealed value nor makes a MAC', () => {
    const ring = newRing()
    const audit = ring.keys.find(({ purpose }) => purpose === 'audit')?.id ?? ''
    const [version, , text] = ring.seal(TOTP_SECRET, ABOUT).split('.')
    assert.throws(() => ring.open([version, audit, text].join('.'), ABOUT), KeyringError)
    const seal = ring.keys.find(({ purpose }) => purpose === 'seal')?.id ?? ''
    assert.equal(ring.macWith(seal, 'x'), undefined)
  })

  test('the newest key seals, and the older ones still open', () => {
    const [old, young] = [generateKeyring(randomBytes, NOW), generateKeyring(randomBytes, NOW + 1)]
    const sealed = keyringOf(old, randomBytes).seal(TOTP_SECRET, ABOUT)
    const both = keyringOf({ version: 1, keys: [...young.keys, ...old.keys] }, randomBytes)
    assert.deepEqual(Buffer.from(both.open(sealed, ABOUT)), TOTP_SECRET)
    const youngId = young.keys.find(({ purpose }) => purpose === 'seal')?.id
    assert.equal(both.seal(TOTP_SECRET, ABOUT).split('.')[1], youngId)
    assert.equal(both.mac('audit', 'x').keyId, young.keys.find(({ purpose }) => purpose === 'audit')?.id)
  })

  test('of keys with the same age, every process uses the same one', () => {
    const keys = [generateKeyring(randomBytes, NOW), generateKeyring(randomBytes, NOW)].flatMap((ring) => ring.keys)
    const sealedWith = (ordered: typeof keys) =>
      keyringOf({ version: 1, keys: ordered }, randomBytes).seal(TOTP_SECRET, ABOUT).split('.')[1]
    assert.equal(sealedWith(keys), sealedWith(keys.toReversed()))
  })

  test('a MAC depends on key and message and can be repeated by key id', () => {
    const ring = newRing()
    const { keyId, mac } = ring.mac('audit', 'event')
    assert.match(mac, /^[0-9a-f]{64}$/)
    assert.equal(ring.macWith(keyId, 'event'), mac)
    assert.notEqual(ring.mac('audit', 'event2').mac, mac)
    assert.notEqual(ring.mac('throttle', 'event').mac, mac)
    assert.equal(ring.macWith('audit-gone', 'event'), undefined)
  })

  test('a keyring that is printed or serialised reveals no key', () => {
    const file = generateKeyring(randomBytes, NOW)
    const ring = keyringOf(file, randomBytes)
    const shown = inspect(ring, { depth: 9, showHidden: true }) + JSON.stringify(ring)
    for (const { secret } of file.keys) {
      assert.ok(!shown.includes(secret) && !shown.includes(Buffer.from(secret, 'base64url').toString('hex')))
    }
  })
})

suite('a keyring’s text', () => {
  const [whole] = generateKeyring(randomBytes, NOW).keys
  const broken: [string, string, RegExp][] = [
    ['not JSON', 'canary-ring', /is not a keyring/],
    ['another version', '{"version":2,"keys":[]}', /is not a keyring/],
    [
      'a short key',
      JSON.stringify({ version: 1, keys: [{ ...whole, secret: 'canary-ring' }] }),
      /key number 1 is not complete/,
    ],
    ['an unknown purpose', JSON.stringify({ version: 1, keys: [whole, { ...whole, purpose: 'x' }] }), /key number 2/],
    ['an id with a dot', JSON.stringify({ version: 1, keys: [{ ...whole, id: 'a.b' }] }), /key number 1/],
    ['the same id twice', JSON.stringify({ version: 1, keys: [whole, whole] }), /two of its keys have the same id/],
  ]
  for (const [what, text, sentence] of broken) {
    test(`${what} is refused without being quoted`, () => {
      assert.throws(
        () => parseKeyring(text, 'ring.json'),
        (error) => {
          assert.ok(error instanceof KeyringError)
          assert.match(error.message, sentence)
          return !error.message.includes('canary-ring')
        },
      )
    })
  }
})

/** A migrated, empty database and a data folder that does not exist yet. */
async function newInstallation(t: TestContext, engine: 'sqlite' | 'postgres') {
  const { db, url } = await newDatabase(t, engine)
  const dataDir = join(await temporaryFolder(t), 'data')
  const path = join(dataDir, 'keyring.json')
  const load = (keyring: Secret | null = null, pepper = false): Promise<Keyring> => {
    const config = { keyring, dataDir, pepper }
    return runInTransaction(db, (trx) => loadKeyring({ config, db: trx, random: randomBytes, now: NOW }))
  }
  const write = (keys: readonly unknown[]): void => {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(path, JSON.stringify({ version: 1, keys }), { mode: 0o600 })
  }
  const read = () => parseKeyring(readFileSync(path, 'utf8'), 'own').keys
  return { db, url, dataDir, path, load, read, write }
}

const idsOf = ({ keys }: { keys: readonly { id: string }[] }) => keys.map(({ id }) => id).toSorted()
const isKeyringError = (sentence: RegExp) => (error: unknown) =>
  error instanceof KeyringError && sentence.test(error.message)

for (const engine of ['sqlite', 'postgres'] as const) {
  suite(`loading the keyring on ${engine}`, () => {
    test('the first start creates one that only its owner can read, and later starts do not change it', async (t) => {
      const { db, dataDir, path, load } = await newInstallation(t, engine)
      const first = await load()
      assert.equal(statSync(path).mode & 0o777, 0o600)
      assert.equal(statSync(dataDir).mode & 0o777, 0o700)
      assert.deepEqual(readdirSync(dataDir), ['keyring.json'])
      const purposes = first.keys.map(({ purpose }) => purpose).toSorted()
      assert.deepEqual(purposes, ['audit', 'device', 'pepper', 'seal', 'throttle'])
      const before = readFileSync(path)
      assert.deepEqual(idsOf(await load()), idsOf(first))
      assert.deepEqual(readFileSync(path), before)
      assert.deepEqual((await knownKeys(db)).toSorted(byId), first.keys.toSorted(byId))
    })

    test('the keyring of a database that knows keys is not replaced when its file is missing', async (t) => {
      const { path, dataDir, load } = await newInstallation(t, engine)
      const [id = ''] = idsOf(await load())
      rmSync(path)
      await assert.rejects(
        load(),
        isKeyringError(
          new RegExp(
            `The keyring of this database is missing\\. Copy keyring.json from another node .*${id}.*key forget`,
          ),
        ),
      )
      assert.ok(!existsSync(path) && readdirSync(dataDir).length === 0)
    })

    test('another keyring is refused, and so are other keys with the same ids', async (t) => {
      const { load, read, write } = await newInstallation(t, engine)
      await load()
      const own = read()
      const other = generateKeyring(randomBytes, NOW).keys
      write(other)
      await assert.rejects(load(), isKeyringError(/not the keyring of this database: it lacks the keys/))
      write(own.map((key, index) => ({ ...key, secret: other[index]?.secret })))
      await assert.rejects(load(), isKeyringError(/has another key as/))
    })

    test('a further key in the keyring is registered in the database', async (t) => {
      const { db, load, read, write } = await newInstallation(t, engine)
      await load()
      const [further] = generateKeyring(randomBytes, NOW + 1).keys
      write([...read(), further])
      await load()
      assert.ok((await knownKeys(db)).some(({ id }) => id === further?.id))
    })

    test('forgotten keys are replaced, and the others stay', async (t) => {
      const { db, path, load, read, write } = await newInstallation(t, engine)
      const first = await load()
      const lost = first.keys.find(({ purpose }) => purpose === 'seal')?.id ?? ''
      write(read().filter(({ id }) => id !== lost))
      await assert.rejects(load(), isKeyringError(/it lacks the key /))
      assert.deepEqual(await forgetKeys(db, [lost, 'never-known']), [lost])
      const second = await load()
      assert.deepEqual(idsOf(second).filter((id) => idsOf(first).includes(id)).length, 4)
      assert.ok(second.keys.some(({ purpose, id }) => purpose === 'seal' && id !== lost))
      assert.equal(statSync(path).mode & 0o777, 0o600)
      assert.deepEqual(idsOf(await load()), idsOf(second))
    })

    test('a keyring without a pepper key gets one, shared by all processes, only when peppers are enabled', async (t) => {
      const { db, url, dataDir, load, read, write } = await newInstallation(t, engine)
      const older = generateKeyring(randomBytes, NOW).keys.filter(({ purpose }) => purpose !== 'pepper')
      write(older)
      assert.equal((await load()).newestPepper, null)
      const rings = await Promise.all(Array.from({ length: 2 }, () => loadElsewhere(url, dataDir, 'yes')))
      assert.equal(new Set(rings).size, 1)
      const whole = read()
      assert.deepEqual(whole.slice(0, older.length), older)
      assert.equal(whole.length, older.length + 1)
      assert.equal((await load()).newestPepper, whole.at(-1)?.id)
      assert.equal((await knownKeys(db)).length, whole.length)
      // A node with a copy of the older file fails with the id of the missing key, and creates no key of its own.
      write(older)
      for (const pepper of [false, true]) {
        await assert.rejects(load(null, pepper), isKeyringError(/it lacks the key pepper-/))
      }
      assert.equal((await knownKeys(db)).length, whole.length)
    })

    test('processes that start at once use one keyring', async (t) => {
      const { url, dataDir, read } = await newInstallation(t, engine)
      const rings = await Promise.all(Array.from({ length: 2 }, () => loadElsewhere(url, dataDir)))
      assert.equal(new Set(rings).size, 1)
      assert.equal(rings[0], idsOf({ keys: read() }).join())
      assert.deepEqual(readdirSync(dataDir), ['keyring.json'])
    })
  })
}

test('on PostgreSQL, loading the keyring waits for a migration in progress', async (t) => {
  const { db, path, load } = await newInstallation(t, 'postgres')
  const loading = await runInTransaction(db, async (trx) => {
    await lockFor(trx, 'migration')
    const started = load()
    await waitForLockQueue(db)
    assert.ok(!existsSync(path))
    return { started }
  })
  await loading.started
  assert.ok(existsSync(path))
})

suite('the keyring file', () => {
  test('is never overwritten: a second process gets the keyring that the first one wrote', async (t) => {
    const path = join(await temporaryFolder(t), 'data', 'keyring.json')
    const [first, second] = [generateKeyring(randomBytes, NOW), generateKeyring(randomBytes, NOW)]
    assert.deepEqual(createKeyringFile(path, first, randomBytes), first)
    assert.deepEqual(createKeyringFile(path, second, randomBytes), first)
    assert.deepEqual(readKeyringFile(path), first)
  })

  test('is refused when other users may read it', async (t) => {
    const { path, load } = await newInstallation(t, 'sqlite')
    await load()
    for (const mode of [0o640, 0o604, 0o620]) {
      chmodSync(path, mode)
      await assert.rejects(load(), isKeyringError(/other users of this machine.* Run: chmod 600 /))
    }
    chmodSync(path, 0o400)
    await load()
  })

  test('is neither read nor created when a keyring is configured', async (t) => {
    const { path, load } = await newInstallation(t, 'sqlite')
    const configured = generateKeyring(randomBytes, NOW)
    const ring = await load(Secret.of(JSON.stringify(configured)))
    assert.deepEqual(idsOf(ring), idsOf(configured))
    assert.ok(!existsSync(path))
    const other = Secret.of(JSON.stringify(generateKeyring(randomBytes, NOW)))
    await assert.rejects(load(other), isKeyringError(/The configured keyring is not the keyring of this database/))
  })

  test('must have a key for every purpose when it is configured', async (t) => {
    const { load } = await newInstallation(t, 'sqlite')
    const keys = generateKeyring(randomBytes, NOW).keys.filter(({ purpose }) => purpose !== 'device')
    await assert.rejects(load(Secret.of(JSON.stringify({ version: 1, keys }))), isKeyringError(/has no key for device/))
    const unpeppered = generateKeyring(randomBytes, NOW).keys.filter(({ purpose }) => purpose !== 'pepper')
    const configured = Secret.of(JSON.stringify({ version: 1, keys: unpeppered }))
    await assert.rejects(load(configured, true), isKeyringError(/has no key for pepper/))
    assert.equal((await load(configured)).keys.length, unpeppered.length)
  })

  test('of another installation is registered in a new database', async (t) => {
    const { load, write } = await newInstallation(t, 'sqlite')
    const brought = generateKeyring(randomBytes, NOW)
    write(brought.keys)
    assert.deepEqual(idsOf(await load()), idsOf(brought))
  })

  test('is created once where two databases share a folder', async (t) => {
    const { url, dataDir } = await newInstallation(t, 'sqlite')
    const { url: otherUrl } = await newInstallation(t, 'sqlite')
    const rings = await Promise.all([url, otherUrl].map((each) => loadElsewhere(each, dataDir)))
    assert.equal(rings[0], rings[1])
  })
})

/** Returns once a session of this database waits for an advisory lock. */
async function waitForLockQueue(db: Database): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const { rows } = await sql`select 1 from pg_locks
      where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`.execute(db)
    if (rows.length > 0) return
    await delay(10)
  }
  assert.fail('no session waited for the lock')
}

function byId(one: { id: string }, other: { id: string }): number {
  return one.id < other.id ? -1 : 1
}

/** The key ids of the keyring that another process loads. */
async function loadElsewhere(url: string, dataDir: string, pepper = 'no'): Promise<string> {
  const program = `
    const here = (path) => import(new URL(path, ${JSON.stringify(import.meta.url)}))
    const [{ Secret }, { openDatabase }, { runInTransaction }, { loadKeyring }, { randomBytes }] = await Promise.all(
      ['../../kernel/secret.ts', '../database/dialect.ts', '../database/transaction.ts', './keyring.ts', '../system.ts'].map(here))
    const db = await openDatabase({ databaseUrl: Secret.of(process.env.TEST_DATABASE) }, { create: false })
    const config = { keyring: null, dataDir: process.env.TEST_FOLDER, pepper: process.env.TEST_PEPPER === 'yes' }
    const ring = await runInTransaction(db, (trx) => loadKeyring({ config, db: trx, random: randomBytes, now: Date.now() }))
    console.log(ring.keys.map(({ id }) => id).toSorted().join())
    await db.destroy()`
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program]
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, TEST_DATABASE: url, TEST_FOLDER: dataDir, TEST_PEPPER: pepper }
  const { stdout } = await promisify(execFile)(process.execPath, flags, { env })
  return stdout.trim()
}

test('the error for a folder at the path of the keyring says so and what to do', async (t) => {
  const path = join(await temporaryFolder(t), 'keyring.json')
  mkdirSync(path)
  assert.throws(() => readKeyringFile(path), {
    name: 'KeyringError',
    message: /is a folder, .* from a backup .*rmdir /,
  })
})
