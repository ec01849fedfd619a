// What a developer sees whose machine lacks one of the programs.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'

import { ROOT } from '../support/markdown.ts'
import { recipeWith, requireProgram } from './programs.ts'

test('a program that is missing is named, with the script that installs it', () => {
  assert.throws(() => requireProgram('no-such-program'), /^Error: no-such-program .* scripts\/foreign-programs\.sh /)
})

test('the script that installs the programs has nothing left to do once it has run', () => {
  const { status, stdout, stderr } = spawnSync('sh', [join(ROOT, 'scripts', 'foreign-programs.sh')], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^Installed already: /)
})

test('a recipe that does not hold what a test replaces fails the test', () => {
  assert.throws(() => recipeWith('nginx.conf', [['listen 8443', 'listen 1']]), /does not hold: listen 8443/)
})
