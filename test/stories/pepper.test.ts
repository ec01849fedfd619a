// Passwords hashed with a pepper of the keyring: switched on, switched off, and the key lost.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { openApplication } from '#entry/boot.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { setPassword } from '#use-cases/administration/credentials/credentials.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, Person, postToken, startWithAdmin } from '../support/people/people.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { ServerInstallation } from '../support/server/open-server.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

const PLAIN = /^\$argon2id\$v=19\$m=64,t=1,p=1\$/
const PEPPERED = /^\$argon2id\$v=19\$m=64,t=1,p=1,keyid=pepper-[0-9a-f]{12}\$/

async function hashOf({ doorward }: Server, username: string): Promise<string | null> {
  const query = doorward.db.selectFrom('users').select('hashed_password').where('username', '=', username)
  return (await query.executeTakeFirstOrThrow()).hashed_password
}

/** Restarts the server with a pepper or without. */
function restart(t: TestContext, installation: ServerInstallation, pepper: boolean): Promise<Server> {
  installation.clock.pass(seconds(30))
  return start(t, { ...installation, settings: { pepper: String(pepper) } })
}

function again(server: Server, person: Person | undefined): Person {
  assert.ok(person)
  return new Person(server, person.username, person.password, person.authenticator)
}

onEitherDatabase(
  'a pepper is added to a hash at the sign-in, and removed again after it is switched off',
  async (t, dialect) => {
    const installation = await newInstallation(t, dialect)
    let root: Person | undefined
    await t.test('off', async (inner) => {
      const server = await restart(inner, installation, false)
      root = await firstAdmin(server)
      assert.match(String(await hashOf(server, 'root')), PLAIN)
    })
    await t.test('on', async (inner) => {
      const server = await restart(inner, installation, true)
      const wrong = await postToken(server, { username: 'root', password: 'three calm wordz000000' })
      assert.equal(wrong.status, 401)
      assert.match(String(await hashOf(server, 'root')), PLAIN)
      await again(server, root).signsIn()
      assert.match(String(await hashOf(server, 'root')), PEPPERED)
      installation.clock.pass(seconds(30))
      const admin = await again(server, root).signsIn()
      await (await newcomer(admin, 'ada')).signsIn()
      assert.match(String(await hashOf(server, 'ada')), PEPPERED)
      assert.equal(server.doorward.hasher.stats().responseTimeFloor, 0)
    })
    await t.test('off again', async (inner) => {
      const server = await restart(inner, installation, false)
      await again(server, root).signsIn()
      assert.match(String(await hashOf(server, 'root')), PLAIN)
      assert.match(String(await hashOf(server, 'ada')), PEPPERED)
    })
  },
)

leaveToTestAll()

onEitherDatabase(
  'after a pepper is lost and given up, its users have no password until an admin sets one',
  async (t, dialect) => {
    const installation = await newInstallation(t, dialect)
    let ada: Person | undefined
    let root: Person | undefined
    await t.test('before', async (inner) => {
      const server = await restart(inner, installation, true)
      root = await firstAdmin(server)
      ada = await (await newcomer(await root.signsIn(), 'ada')).signsIn()
      const file = join(installation.dataDir, 'keyring.json')
      const ring = JSON.parse(readFileSync(file, 'utf8')) as { keys: { id: string; purpose: string }[] }
      const lost = ring.keys.filter(({ purpose }) => purpose === 'pepper').map(({ id }) => id)
      writeFileSync(file, JSON.stringify({ ...ring, keys: ring.keys.filter(({ id }) => !lost.includes(id)) }))
      // The server does not start until the lost key is given up: the key may be found again.
      await assert.rejects(
        openApplication(server.doorward.config, { createDatabase: false }),
        /it lacks the key pepper-/,
      )
      const opened = await openApplication(server.doorward.config, { createDatabase: false, forgetKeys: lost })
      assert.deepEqual([opened.report.leftWithoutPassword, opened.report.leftWithoutFactor], [2, 0])
      await opened.close()
    })
    const server = await restart(t, installation, true)
    assert.ok(ada && root)
    for (const { username, token } of [ada, root]) {
      assert.equal(await hashOf(server, username), null)
      const payload = { username, password: PASSWORD }
      assert.deepEqual(refusalIn(await ask(server, 'POST', '/attempts', { payload })), [401, 'sign_in.incorrect'])
      const headers = { authorization: `Bearer ${token}` }
      assert.equal((await ask(server, 'GET', '/users/me', { headers })).status, 401)
    }
    const dropped = await server.doorward.db
      .selectFrom('audit_event')
      .select(['action', 'reason'])
      .where('action', '=', 'password.dropped')
      .execute()
    assert.deepEqual(dropped, Array(2).fill({ action: 'password.dropped', reason: 'pepper_forgotten' }))

    // The operator sets a new password for each; their second factor remains.
    for (const [id, person] of [root, ada].entries()) {
      await setPassword(server.operator(), { id: id + 1 }, Secret.of(person.password))
      const back = await again(server, person).signsIn()
      assert.equal(await idOf(back), id + 1)
      assert.match(String(await hashOf(server, person.username)), PEPPERED)
    }
  },
)

onEitherDatabase(
  'a hash with an unknown pepper takes the same work and gets the same answer as any other',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect, settings: { pepper: 'true' } })
    await newcomer(root, 'ada')
    const stored = String(await hashOf(server, 'ada')).replace(/keyid=pepper-\w+/, 'keyid=pepper-000000000000')
    await server.doorward.db
      .updateTable('users')
      .set({ hashed_password: stored })
      .where('username', '=', 'ada')
      .execute()
    const before = server.doorward.hasher.stats()
    const reply = await ask(server, 'POST', '/attempts', { payload: { username: 'ada', password: PASSWORD } })
    assert.deepEqual(refusalIn(reply), [401, 'sign_in.incorrect'])
    const { hashes, dummyHashes } = server.doorward.hasher.stats()
    assert.deepEqual([hashes - before.hashes, dummyHashes - before.dummyHashes], [1, 1])
  },
)
