// The primary of two database servers is lost and the standby promoted, under a server that lists both.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'

import { startPair } from '../support/databases/postgres-pair.ts'
import { firstAdmin, postToken } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'

test('after a failover acknowledged changes exist, a used code stays used, and no request was a 500', async (t) => {
  const { primary, standby, url } = await startPair(t)
  const server = await start(t, { databaseUrl: url, expectedErrors: /job failed/ })
  const root = await firstAdmin(server)
  const password = root.password + root.code()
  const signedIn = await postToken(server, { username: 'root', password })
  assert.equal(signedIn.status, 200, signedIn.raw.body)
  root.token = String(signedIn.body['access_token'])
  assert.equal((await root.asks('POST', '/users', { username: 'ada' })).status, 200)

  primary.kill()
  const lost = [await root.asks('GET', '/users/me'), await root.asks('POST', '/users', { username: 'grace' })]
  assert.deepEqual(
    lost.map(({ status }) => status),
    [503, 503],
  )
  standby.promote()
  const statuses = new Set<number>()
  while (!statuses.has(200)) {
    statuses.add((await root.asks('GET', '/users/me')).status)
    await nextTurn()
  }
  assert.deepEqual(
    [...statuses].filter((status) => status !== 200 && status !== 503),
    [],
  )
  assert.equal((await root.asks('POST', '/users', { username: 'ada' })).status, 409)
  assert.equal((await root.asks('POST', '/users', { username: 'grace' })).status, 200)
  assert.equal((await postToken(server, { username: 'root', password })).status, 401)
})
