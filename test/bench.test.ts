// The benchmark measures the product itself, and its page shows the bounds that it checks. This test does not run it.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { BETTER_AUTH_VERSION } from '../bench/better-auth.ts'
import { type BenchPerson, newPeople, seedDoorward, seedFloor } from '../bench/people.ts'
import { type Program, startDoorward, startFloor } from '../bench/programs.ts'
import { DOORWARD } from '../bench/protocols.ts'
import { BOUNDS, boundsTable, withTables } from '../bench/table.ts'
import { temporaryFolder } from './support/databases/temporary.ts'
import { readPage, ROOT } from './support/documentation/markdown.ts'
import { leaveToTestAll, test } from './support/runner/scope.ts'

test('a table says of each figure whether it is inside its bound', () => {
  const more = { ...BOUNDS.signInsOfPeer, note: '' }
  const less = { ...BOUNDS.idle, note: '' }
  const table = boundsTable([
    { ...more, measured: 5 },
    { ...more, measured: 4.99 },
    { ...less, measured: 120 },
    { ...less, measured: 121 },
  ])
  const verdicts = [...table.matchAll(/[≥≤] \d+ \| (\S+) \|/g)].map(([, verdict]) => verdict)
  assert.deepEqual(verdicts, ['met', '**missed**', 'met', '**missed**'])
})

test('a run puts its tables between the markers of the page, and refuses a page without them', () => {
  const page = 'before\n<!-- bench -->\nold\n\nolder\n<!-- /bench -->\nafter\n'
  assert.equal(withTables(page, 'new $&'), 'before\n<!-- bench -->\nnew $&\n<!-- /bench -->\nafter\n')
  assert.throws(() => withTables('no markers', 'new'), /no place for the tables/)
  assert.doesNotThrow(() => withTables(readPage('bench/README.md').text, ''))
})

test('the page of the bench shows each bound as the bench has it', () => {
  const { text } = readPage('bench/README.md')
  const missing = Object.values(BOUNDS).filter(
    ({ what, target, better }) =>
      !text
        .split('\n')
        .some(
          (line) => line.startsWith(`| ${what} |`) && line.includes(` | ${better === 'more' ? '≥' : '≤'} ${target} | `),
        ),
  )
  assert.deepEqual(missing, [])
})

test('Better Auth stands in the bench only, at one exact version', () => {
  const lock = JSON.parse(readFileSync(join(ROOT, 'bench/better-auth/package-lock.json'), 'utf8')) as {
    packages: Record<string, { version: string }>
  }
  assert.match(BETTER_AUTH_VERSION, /^\d+\.\d+\.\d+$/)
  assert.equal(lock.packages['node_modules/better-auth']?.version, BETTER_AUTH_VERSION)
  assert.ok(readPage('bench/README.md').text.includes(`Better Auth ${BETTER_AUTH_VERSION}`))
  const elsewhere = [
    'package.json',
    'package-lock.json',
    ...globSync(['src/**/*.{ts,js}', 'scripts/*.{ts,mjs}', 'assets/**/*.js'], { cwd: ROOT }),
  ].filter((path) => /["']better-auth["'/]/.test(readFileSync(join(ROOT, path), 'utf8')))
  assert.deepEqual(elsewhere, [])
})

test('the README has one line about the bench, with a link to its page, and no figures', () => {
  const lines = readPage('README.md')
    .text.split('\n')
    .filter((line) => line.includes('bench'))
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /\(bench\/README\.md\)/)
  assert.doesNotMatch(lines[0] ?? '', /\d/)
})

leaveToTestAll()

test('the program that is measured is Doorward itself, and users written by the bench sign in to it', async (t) => {
  const folder = await temporaryFolder(t)
  const settings = { data_dir: folder, database_url: `sqlite:${join(folder, 'doorward.db')}` }
  const people = newPeople(2)
  const tokens = await seedDoorward(people, settings)
  const program = await startDoorward(settings)
  t.after(() => program.stop())
  const [, ...words] = readFileSync(`/proc/${program.pid}/cmdline`, 'utf8').split('\0')
  assert.equal(
    words.find((word) => !word.startsWith('-')),
    join(ROOT, 'dist', 'doorward.js'),
  )
  await answersTheBench(t, program, people, tokens)
})

test('the floor answers the same requests', async (t) => {
  const path = join(await temporaryFolder(t), 'floor.db')
  const people = newPeople(2)
  const tokens = seedFloor(people, path)
  const program = await startFloor(path, 1)
  t.after(() => program.stop())
  await answersTheBench(t, program, people, tokens)
})

async function answersTheBench(
  t: TestContext,
  { url }: Program,
  people: readonly BenchPerson[],
  tokens: readonly string[],
): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const [first, second] = people
  assert.ok(first && second)
  assert.equal(await DOORWARD.signIn(url, first, agent), true)
  assert.equal(await DOORWARD.signIn(url, { ...second, secret: first.secret }, agent), false)
  const answer = await fetch(`${url}${DOORWARD.whoAmI}`, { headers: DOORWARD.credential(tokens[1] ?? '') })
  assert.match(await answer.text(), /"person1"/)
}
