// What the tests of a file cost is counted for that file, although several share a process, and compared with test/cost.json.
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from '../databases/temporary.ts'
import { ROOT } from '../documentation/markdown.ts'
import { call } from '../documentation/packed.ts'
import { checkedCosts } from './cost-report.ts'
import { unitsOf } from './groups.ts'

const SUPPORT = join(import.meta.dirname, '..')
const HEAD = `
import { test } from 'node:test'
import { onEachDatabase } from ${JSON.stringify(join(SUPPORT, 'databases', 'each-database.ts'))}
import { start } from ${JSON.stringify(join(SUPPORT, 'server', 'start.ts'))}
import { listening } from ${JSON.stringify(join(SUPPORT, 'server', 'listening.ts'))}
import { runCommand } from ${JSON.stringify(join(SUPPORT, 'server', 'processes.ts'))}
`
const FILES = {
  'one.test.ts': `
onEachDatabase('a server on each database', async (t, dialect) => {
  const { app } = await start(t, { dialect })
  await app.inject('/healthz')
})`,
  'two.test.ts': `
onEachDatabase('a server on each database', async (t, dialect) => {
  const { app } = await start(t, { dialect })
  await app.inject('/healthz')
})
test('one server more, which other programs can reach', async (t) => {
  const { baseUrl, server } = await listening(t)
  await fetch(baseUrl + '/readyz')
  await Promise.all(['/healthz', '/users/me'].map((path) => fetch(baseUrl + path)))
  await runCommand(t, ['user', 'list'], server)
})`,
  'without.test.ts': `test('no server', () => {})`,
}

test('a server more, its database, requests and commands are counted for the file of their test', async (t) => {
  const folder = await temporaryFolder(t)
  const paths = Object.keys(FILES).map((name) => join(folder, name))
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), HEAD + text)
  const units = unitsOf(paths, folder, 'quick')
  assert.equal(units.length, 1, 'the files do not share a process')
  const noted = join(folder, 'costs')
  const { DATABASE_TEST_URL = '', NODE_COMPILE_CACHE = '' } = process.env
  const env = { TEST_COSTS: noted, DATABASE_TEST_URL, NODE_COMPILE_CACHE }
  const { code, stdout } = await call(process.execPath, { args: units, cwd: folder, env })
  assert.equal(code, 0, stdout)
  const costs = (await readFile(noted, 'utf8')).trimEnd().split('\n')
  assert.deepEqual(Object.fromEntries(costs.map((line) => JSON.parse(line) as [string, object])), {
    [join(folder, 'one.test.ts')]: { servers: 2, databases: 2, requests: 2 },
    [join(folder, 'two.test.ts')]: { servers: 3, databases: 3, requests: 4, processes: 1 },
  })
})

test('costs far above the recorded ones fail a whole run in CI until they are recorded, and are only said elsewhere', async (t) => {
  const folder = await temporaryFolder(t)
  const [path, noted] = [join(folder, 'cost.json'), join(folder, 'costs')]
  const files = ['test/one.test.ts', 'test/two.test.ts']
  await writeFile(path, '{ "test/one.test.ts": { "servers": 10 }, "test/gone.test.ts": { "servers": 1 } }')
  const lines = [...files, 'node-process-main.ts'].map(
    (file) => `${JSON.stringify([join(ROOT, file), { servers: 7 }])}\n`,
  )
  await writeFile(noted, lines.join(''))
  const run = { files, noted, isWhole: true, records: false }
  const inCi = checkedCosts(run, { path, isCi: true })
  assert.match(inCi.faults.join('\n'), /14 servers; test\/cost\.json records 11.*\n.*npm run test:cost$/)
  const elsewhere = checkedCosts(run, { path, isCi: false })
  assert.deepEqual(elsewhere.faults, [])
  assert.ok(elsewhere.said.includes(inCi.faults.join('\n')))
  assert.deepEqual(checkedCosts({ ...run, isWhole: false }, { path, isCi: true }), { said: '', faults: [] })
  checkedCosts({ ...run, files: ['test/two.test.ts'], isWhole: false, records: true }, { path })
  assert.match(await readFile(path, 'utf8'), /"test\/gone\.test\.ts": .*\n.*"test\/one\.test\.ts": \{ "servers": 10 \}/)
  checkedCosts({ ...run, records: true }, { path })
  assert.deepEqual(checkedCosts(run, { path, isCi: true }).faults, [])
  assert.equal(
    await readFile(path, 'utf8'),
    '{\n  "test/one.test.ts": { "servers": 7 },\n  "test/two.test.ts": { "servers": 7 }\n}\n',
  )
})
