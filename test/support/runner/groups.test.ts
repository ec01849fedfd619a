// Which files share a process, and in which order the runner starts the processes.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from '../databases/temporary.ts'
import { ROOT } from '../documentation/markdown.ts'
import { unitsOf } from './groups.ts'
import { LONGEST } from './longest.ts'
import type { Scope } from './scope.ts'

const FILES = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd: ROOT, exclude: ['**/node_modules/**'] })
const SCOPES = Object.keys(LONGEST) as Scope[]

/** The test files of a process, relative to the project's folder. */
function filesOf(unit: string): string[] {
  if (!unit.endsWith('.mjs')) return [unit]
  const imported = [...readFileSync(unit, 'utf8').matchAll(/importTests\("(.*)"\)/g)]
  return imported.map(([, path = '']) => FILES.find((file) => path.endsWith(`/${file}`)) ?? assert.fail(path))
}

test('every test file is in one process', async (t) => {
  for (const scope of SCOPES) {
    const units = unitsOf(FILES, await temporaryFolder(t), scope)
    assert.deepEqual(units.flatMap(filesOf).toSorted(), FILES.toSorted(), scope)
  }
})

test('what takes longest begins first: files alone, then the rules, of which one process has all below a folder', async (t) => {
  for (const scope of SCOPES) {
    const units = unitsOf(FILES, await temporaryFolder(t), scope).filter((unit) => unit.endsWith('.mjs'))
    // The runner starts them in the order of their names.
    const started = units.toSorted((one, other) => (basename(one) < basename(other) ? -1 : 1)).map(filesOf)
    const longest = LONGEST[scope]
    assert.deepEqual(
      started.slice(0, longest.length),
      longest.map((file) => [file]),
      'LONGEST names a file that there is not',
    )
    const isOfSource = started.map(([file = '']) => file.startsWith('src/'))
    const [first, ...rest] = [isOfSource.indexOf(true), ...isOfSource.slice(longest.length)]
    assert.equal(first, longest.length, 'something comes before the rules')
    assert.ok(rest.lastIndexOf(true) < rest.indexOf(false), 'something comes between the rules')
  }
})
