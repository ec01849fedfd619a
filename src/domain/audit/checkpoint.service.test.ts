import assert from 'node:assert/strict'
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { ownDatabaseUrl } from '#foundation/platform/config/database-url.ts'
import { newKeyring } from '#test/support/databases/stores.ts'
import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { appendCheckpoint, checkpointPaths, newCheckpoint, readCheckpoints, suffixFor } from './checkpoint.service.ts'

const OWN = 'sqlite:/srv/data/doorward.db'
const OTHERS = ['sqlite:/srv/tutorial.db', 'sqlite:/srv/data/other.db', 'postgres://db.internal:5432/doorward']
const KEYS = newKeyring()

test('the data folder’s own database has a file without a suffix, any other a file of its own', () => {
  assert.equal(suffixFor(OWN, OWN), '')
  const suffixes = OTHERS.map((database) => suffixFor(database, OWN))
  for (const suffix of suffixes) assert.match(suffix, /^\.[0-9a-f]{16}$/)
  assert.equal(new Set(suffixes).size, OTHERS.length)
})

test('a database has the same file at every start', () => {
  assert.equal(suffixFor('sqlite:/srv/tutorial.db', OWN), '.1d8680292fe67611')
})

const checkpointAt = (position: number) => newCheckpoint({ position, chainMac: `audit-1.${position}` }, position, KEYS)

/** A data folder in which an earlier build wrote three checkpoints, the second of which was forged afterwards. */
async function earlierFolder(t: TestContext, databaseUrl?: string) {
  const dataDir = await temporaryFolder(t)
  const location = { dataDir, databaseUrl: Secret.of(databaseUrl ?? ownDatabaseUrl(dataDir)) }
  const { path, formerPath } = await checkpointPaths(location)
  const lines = [1, 2, 3].map(checkpointAt).map(({ position, chainMac, at, mac }) => {
    return `\n${JSON.stringify({ position, seal: chainMac, at: position === 2 ? 9 : at, mac })}\n`
  })
  const text = lines.join('')
  await writeFile(formerPath, text)
  const positions = async () => {
    const { checkpoints, forged } = await readCheckpoints(location, KEYS)
    return [checkpoints.map(({ position }) => position), forged]
  }
  return { location, path, formerPath, text, positions, names: () => readdir(dataDir) }
}

for (const database of [undefined, ...OTHERS]) {
  test(`a file of an earlier build gets the present name with the first append, and loses no line (${database ?? 'own'})`, async (t) => {
    const { location, path, formerPath, text, positions, names } = await earlierFolder(t, database)
    const suffix = database === undefined ? '' : '\\.[0-9a-f]{16}'
    assert.match(basename(formerPath), new RegExp(`^audit-head${suffix}$`))
    assert.match(basename(path), new RegExp(`^audit-checkpoints${suffix}$`))
    assert.deepEqual(await positions(), [[1, 3], 1])
    assert.equal((await readCheckpoints(location, KEYS)).path, formerPath)

    const added = checkpointAt(4)
    await appendCheckpoint(location, added)
    assert.deepEqual(await names(), [basename(path)])
    const { position, chainMac, at, mac } = added
    const line = `\n${JSON.stringify({ position, seal: chainMac, at, mac })}\n`
    assert.equal(await readFile(path, 'utf8'), text + line)
    assert.deepEqual(await positions(), [[1, 3, 4], 1], 'the forged line is still reported')
    assert.equal((await readCheckpoints(location, KEYS)).path, path)
  })
}

test('a crash between the rename and the append loses no line', async (t) => {
  const { location, path, formerPath, text, positions, names } = await earlierFolder(t)
  await rename(formerPath, path)
  assert.deepEqual(await positions(), [[1, 3], 1])
  await appendCheckpoint(location, checkpointAt(4))
  assert.deepEqual(await names(), [basename(path)])
  assert.ok((await readFile(path, 'utf8')).startsWith(text))
  assert.deepEqual(await positions(), [[1, 3, 4], 1])
})

test('a present file is never replaced by one under the former name, and the lines of both count', async (t) => {
  const { location, path, formerPath, text, positions } = await earlierFolder(t)
  await appendFile(path, '')
  await appendCheckpoint(location, checkpointAt(4))
  assert.equal(await readFile(formerPath, 'utf8'), text)
  assert.deepEqual(await positions(), [[1, 3, 4], 1])
  assert.equal((await readCheckpoints(location, KEYS)).path, path)
})

test('of two appends at once, both carry the same file and both lines stay', async (t) => {
  const { location } = await earlierFolder(t)
  await Promise.all([4, 5].map((position) => appendCheckpoint(location, checkpointAt(position))))
  const { checkpoints, forged } = await readCheckpoints(location, KEYS)
  const found = checkpoints.map(({ position }) => position)
  assert.deepEqual([found.slice(0, 2), found.includes(4), found.includes(5), forged], [[1, 3], true, true, 1])
})

test('a folder without a file has no checkpoint, and its first one creates the file under the present name', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'new')
  const location = { dataDir, databaseUrl: Secret.of(ownDatabaseUrl(dataDir)) }
  const { path } = await checkpointPaths(location)
  assert.deepEqual(await readCheckpoints(location, KEYS), { path, checkpoints: [], forged: 0 })
  await appendCheckpoint(location, checkpointAt(1))
  assert.deepEqual(await readCheckpoints(location, KEYS), { path, checkpoints: [checkpointAt(1)], forged: 0 })
})
