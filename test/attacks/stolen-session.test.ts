// Threat: a stolen admin session without a recent authentication creates another admin. Giving a user the role requires a recent
// re-authentication by password and code, which the thief does not have.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { refusalIn } from '../support/requests/replies.ts'

onEitherDatabase('a session whose authentication is old cannot make a user an admin', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  await newcomer(root, 'ada')
  server.clock.pass(minutes(11))
  const needed = [401, 'access.reauthentication_required']
  assert.deepEqual(refusalIn(await root.asks('POST', '/users', { username: 'mallory', role: 'admin' })), needed)
  assert.deepEqual(refusalIn(await root.asks('PATCH', '/users/2', { role: 'admin' })), needed)
  assert.equal((await root.asks('GET', '/users/2')).body['role'], 'user')
  assert.equal((await root.asks('POST', '/users', { username: 'bob' })).status, 200)
  assert.equal((await root.asks('PATCH', '/users/2', { full_name: 'Ada L.' })).status, 200)

  const proof = await root.asks('POST', '/session/proof', { password: root.password, code: root.code() })
  assert.equal(proof.status, 200)
  assert.equal((await root.asks('POST', '/users', { username: 'grace', role: 'admin' })).status, 200)
  assert.equal((await root.asks('PATCH', '/users/2', { role: 'admin' })).body['role'], 'admin')
})
