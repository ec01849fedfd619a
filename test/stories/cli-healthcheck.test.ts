// The output of the health check for a container’s supervisor, when the server answers well and when it answers with an error.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { temporaryFolder } from '../support/databases/temporary.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Ended, runCommand } from '../support/server/processes.ts'

/** Runs the health check against a server that answers every request with this status. */
async function checkedAt(t: TestContext, status: number): Promise<Ended & { target: string }> {
  const server = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const dataDir = await temporaryFolder(t)
  const installation = { dataDir, databaseUrl: `sqlite:${dataDir}/none.db` }
  return { ...(await runCommand(t, ['healthcheck', '--url', url, '--json'], installation)), target: `${url}/healthz` }
}

leaveToTestAll()

test('a healthcheck prints for scripts which URL it requested and what the answer was', async (t) => {
  const { code, stdout, target } = await checkedAt(t, 200)
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(stdout), { url: target, status: 200 })
})

test('a server that answers with an error is unhealthy', async (t) => {
  const { code, stdout, stderr } = await checkedAt(t, 503)
  assert.deepEqual([code, stdout], [1, ''])
  assert.equal((JSON.parse(stderr) as { code: string }).code, 'healthcheck.failed')
})
