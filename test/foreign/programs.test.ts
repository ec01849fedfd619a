// What a developer sees whose machine lacks one of the programs.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { recipeWith, requireProgram } from './programs.ts'

test('a program that is missing is named, with the script that installs it', () => {
  assert.throws(() => requireProgram('no-such-program'), /^Error: no-such-program .* scripts\/foreign-programs\.sh /)
})

test('a recipe that does not hold what a test replaces fails the test', () => {
  assert.throws(() => recipeWith('nginx.conf', [['listen 8443', 'listen 1']]), /does not hold: listen 8443/)
})
