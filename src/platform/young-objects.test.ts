import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

import { PRETENURING } from './young-objects.ts'

test('this Node still knows the flag: a name it does not know would change nothing', () => {
  const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  assert.ok(options.includes(`--${PRETENURING} (`))
})
