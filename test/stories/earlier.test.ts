// The version before this one: it runs beside this program on one database, and a database that it made goes on here.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { verifyAudit } from '../../src/audit/verify.service.ts'
import { minutes } from '../../src/kernel/time.ts'
import type { Dialect } from '../../src/platform/database/dialect.ts'
import { schemaStatus } from '../../src/platform/database/schema-status.ts'
import { asksWith } from '../support/api-tokens.ts'
import { Authenticator } from '../support/authenticator.ts'
import { TestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/databases.ts'
import { signIn } from '../support/doors.ts'
import { earlierDatabase, earlierPeople, earlierProgram, passkeyOf } from '../support/earlier-program.ts'
import type { EarlierPerson } from '../support/earlier-program.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/each-database.ts'
import { invited, setUp } from '../support/getting-in.ts'
import { Person } from '../support/people.ts'
import { runCommand, startProcess } from '../support/processes.ts'
import type { Place, ServerProcess } from '../support/processes.ts'
import { newPhone, opensAttempt, provesSecondStep, showsPasskey, tokenIn } from '../support/second-factors.ts'
import { start } from '../support/start.ts'
import type { Server } from '../support/start.ts'

interface Both {
  readonly earlier: Place
  readonly present: Place
}

async function places(t: TestContext, dialect: Dialect): Promise<Both> {
  const present = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  return { present, earlier: { ...present, program: await earlierProgram(t) } }
}

/** Each enrols somebody and signs somebody in, what one began counts at the other, both refuse, both stop in order. */
async function workBesideEachOther(first: ServerProcess, second: ServerProcess): Promise<void> {
  // The set-up link of whoever started last is the one that counts.
  const root = await setUp(second)
  const ada = await invited(first, root.token, 'ada')
  const bob = await invited(second, await signIn(first, root), 'bob')
  for (const [begun, used] of [[first, second] as const, [second, first] as const]) {
    for (const person of [ada, bob]) {
      const token = await signIn(begun, person)
      assert.equal((await used.ask('GET', '/users/me', { token })).status, 200)
      assert.equal((await used.ask('DELETE', '/session', { token })).status, 204)
      assert.equal((await begun.ask('GET', '/users/me', { token })).status, 401)
    }
    const refused = await begun.ask('POST', '/token', { form: { username: 'ada', password: 'wrong words 123456' } })
    assert.equal(refused.status, 401)
    assert.equal((await fetch(`${begun.url}/readyz`)).status, 200)
  }
  for (const node of [first, second]) assert.equal((await node.stop()).code, 0)
}

async function bothVerify(t: TestContext, { earlier, present }: Both): Promise<void> {
  for (const place of [earlier, present]) {
    const { code, stdout, stderr } = await runCommand(t, ['audit', 'verify', '--json'], place)
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual((JSON.parse(stdout) as { problems: unknown }).problems, [])
  }
}

onEachDatabase('the version before works beside this one on a database that it made', async (t, dialect) => {
  const both = await places(t, dialect)
  const earlier = await startProcess(t, both.earlier)
  await workBesideEachOther(earlier, await startProcess(t, both.present))
  await bothVerify(t, both)
})

onEachDatabase('the version before works beside this one on a database that this one made', async (t, dialect) => {
  const both = await places(t, dialect)
  const present = await startProcess(t, both.present)
  await workBesideEachOther(present, await startProcess(t, both.earlier))
  await bothVerify(t, both)
})

/** A minute after the earlier program was stopped. */
async function openEarlier(t: TestContext, dialect: Dialect) {
  const { at, publicUrl, ...people } = await earlierPeople(dialect)
  const clock = new TestClock(at + minutes(1))
  const place = await earlierDatabase(t, dialect)
  const server = await start(t, { ...place, clock, settings: { public_url: publicUrl } })
  return { server, ...people }
}

function personIn(server: Server, { username, password, secret }: EarlierPerson): Person {
  return new Person(server, username, password, new Authenticator(secret))
}

onEachDatabase('in a database of the version before each factor, session and API token goes on', async (t, dialect) => {
  const { server, root, ada } = await openEarlier(t, dialect)
  assert.equal((await schemaStatus(server.doorward.db)).state, 'current')
  for (const token of [root.session, ada.session, ada.apiToken]) {
    const { status, body } = await asksWith(server, { token }, 'GET', '/users/me')
    assert.deepEqual([status, body['username']], [200, token === root.session ? 'root' : 'ada'])
  }
  await personIn(server, root).signsIn()
  const person = personIn(server, ada)
  await person.signsIn()

  const phone = newPhone(server)
  phone.passkeys.push(passkeyOf(ada.passkey))
  assert.ok(tokenIn(await showsPasskey(server, phone)))
  const [code = ''] = ada.recoveryCodes
  const shows = async () => provesSecondStep(server, await opensAttempt(person), ['recovery-code', code])
  assert.ok(tokenIn(await shows()))
  assert.equal((await shows()).status, 401, 'a recovery code works once')
})

onEachDatabase('the log of the version before goes on without a break, from its noted end', async (t, dialect) => {
  const { server, root } = await openEarlier(t, dialect)
  const person = await personIn(server, root).signsIn()
  const created = await person.asks('POST', '/users', { username: 'grace' })
  assert.equal(created.status, 200, created.raw.body)
  const { problems, heads, checked } = await verifyAudit(server.operator())
  assert.deepEqual(problems, [])
  assert.ok(heads > 0 && checked > 5)
})
