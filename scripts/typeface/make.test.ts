import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { exhaustive } from '../../test/support/runner/scope.ts'
import { subsetOfTypeface } from './make.ts'

exhaustive('the typeface in the repository is what the pinned package gives', async () => {
  const kept = await readFile(join(import.meta.dirname, '..', '..', 'assets', 'headings.woff2'))
  assert.deepEqual(await subsetOfTypeface(), kept)
})
