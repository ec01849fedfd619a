// What each of the test commands runs, compared with docs/tests.md and with the promises that name tests.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { readPage, relativeLinks, ROOT } from './support/documentation/markdown.ts'
import { hasQuickTest } from './support/runner/scope.ts'

const FILES = globSync(['test/**/*.test.ts', 'src/**/*.test.ts', 'scripts/**/*.test.ts'], {
  cwd: ROOT,
  exclude: ['**/node_modules/**'],
})
  .filter((file) => !file.startsWith('test/foreign/'))
  .toSorted()

/** Files all of whose tests download packages. */
const EXHAUSTIVE_ONLY = ['test/stories/package-installed.test.ts']

const VARIES = /\b(?:exhaustive|triedInTurn|raceOnEachDatabase|interleaveOnEachDatabase)\b/

test('every test file has a test in npm test, but for those that docs/tests.md names with the reason', () => {
  const { text } = readPage('docs/tests.md')
  const without = FILES.filter((file) => !hasQuickTest(sourceOf(file)))
  assert.ok(without.length > EXHAUSTIVE_ONLY.length)
  assert.deepEqual(
    without.filter((file) => !text.includes(file)),
    [],
  )
})

test('a file that leaves tests to npm run test:all defines its tests by a function that knows the line', () => {
  const unaware = FILES.filter(
    (file) => /leaveToTestAll\(\)/.test(sourceOf(file)) && /\btest\b.* from 'node:test'/.test(sourceOf(file)),
  )
  assert.deepEqual(unaware, [])
})

test('no test is in bench, where npm test does not look: the packages of the peer have tests of their own', () => {
  assert.deepEqual(globSync('bench/*.test.ts', { cwd: ROOT }), [])
})

test('every promise and every row of the threats names a test that npm test runs', () => {
  const tables = { 'SECURITY.md': 'Promises', 'docs/threats.md': 'Entry points' }
  for (const [path, heading] of Object.entries(tables)) {
    const page = readPage(path)
    const rows = rowsBelow(page.prose, heading)
    assert.ok(rows.length > 10, path)
    const bare = rows.filter((row) => !testsNamedIn(row).some((file) => hasQuickTest(sourceOf(file))))
    assert.deepEqual(bare, [])
    const linked = relativeLinks(page).map((link) => join(path, '..', link.split('#')[0] ?? ''))
    const unknown = linked.filter((file) => file.endsWith('.test.ts') && !FILES.includes(file))
    assert.deepEqual(unknown, [])
  }
})

test('docs/tests.md names every file with exhaustive tests', () => {
  const { text } = readPage('docs/tests.md')
  const leaving = FILES.filter((file) => VARIES.test(sourceOf(file)))
  assert.ok(leaving.length > 5)
  const unnamed = leaving.filter((file) => !text.includes(file))
  assert.deepEqual(unnamed, [])
  const either = FILES.filter((file) => /^onEitherDatabase\(/m.test(sourceOf(file)))
  assert.ok(text.includes(`\`onEitherDatabase\`, ${either.length} files`), `${either.length} files`)
})

/** The rows of the first table below a heading, without its header. */
function rowsBelow(prose: string, heading: string): string[] {
  const [, below = ''] = prose.split(`\n## ${heading}\n`)
  const [section = ''] = below.split('\n## ')
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
}

function sourceOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

function testsNamedIn(row: string): string[] {
  return [...row.matchAll(/(?:test|src|scripts)\/[\w./-]+\.test\.ts/g)].map(([file]) => file)
}
