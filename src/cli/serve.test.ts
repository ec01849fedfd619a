import assert from 'node:assert/strict'
import { test } from 'node:test'

import { temporaryFolder } from '../../test/support/databases.ts'
import { startProcess } from '../../test/support/processes.ts'

test('what builds the routes is not made faster: it runs once', async (t) => {
  const dataDir = await temporaryFolder(t)
  // Compiled at once and on this thread, so that what is printed does not depend on who was faster.
  const flags = ['--trace-opt', '--no-concurrent-recompilation']
  const server = await startProcess(t, { dataDir, databaseUrl: `sqlite:${dataDir}/doorward.db`, flags })
  const { stdout } = await server.stop()
  assert.match(stdout, /^\[completed compiling /m, 'V8 tells what it makes faster')
  assert.doesNotMatch(stdout, /^\[completed compiling .*<JSFunction addNewRoute /m)
})
