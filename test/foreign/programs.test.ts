// The error that a developer gets on a machine without one of the programs.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { recipeWith, requireProgram } from './programs.ts'

test('a missing program is named, with the script that installs it', () => {
  assert.throws(() => requireProgram('no-such-program'), /^Error: no-such-program .* scripts\/foreign-programs\.sh /)
})

test('a recipe without the text that a test replaces fails the test', () => {
  assert.throws(() => recipeWith('nginx.conf', [['listen 8443', 'listen 1']]), /does not hold: listen 8443/)
})
