// The version before this one: its database is upgraded here, and it refuses one that this program made or upgraded.
import { sql } from 'kysely'
import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { newChainWriter } from '#domain/audit/chain-writer.service.ts'
import { checkpointPaths } from '#domain/audit/checkpoint.service.ts'
import { verifyAudit } from '#domain/audit/verify.service.ts'
import { answerStateRollback } from '#entry/cli/start/state-rollback.ts'
import { minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { MIGRATIONS, versionMadeBy } from '#foundation/platform/database/migrations/list.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { newDatabaseUrl, onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  earlierDatabase,
  earlierPeople,
  type EarlierPerson,
  earlierProgram,
  passkeyOf,
} from '../support/databases/previous-version.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { asksWith } from '../support/people/api-tokens.ts'
import { setUp } from '../support/people/onboarding.ts'
import { Person } from '../support/people/people.ts'
import { newPhone, opensAttempt, provesSecondStep, showsPasskey, tokenIn } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { type Installation, runCommand, startProcess } from '../support/server/processes.ts'
import { signIn } from '../support/server/server-client.ts'
import { type Server, start, type StartOptions } from '../support/server/start.ts'

interface Both {
  readonly earlier: Installation
  readonly current: Installation
}

async function bothEngines(t: TestContext, dialect: Dialect): Promise<Both> {
  const current = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
  return { current, earlier: { ...current, program: await earlierProgram(t) } }
}

/** Asserts that the command line of a program refuses the database, and names the version that it needs. */
async function isRefused(t: TestContext, installation: Installation): Promise<void> {
  const { code, stdout, stderr } = await runCommand(t, ['user', 'list'], installation)
  assert.notEqual(code, 0, stdout)
  const { oldestProgram } = versionMadeBy(MIGRATIONS)
  assert.match(stderr, new RegExp(`needs a program that knows version ${oldestProgram}\\b`))
  assert.match(stderr, /Start a newer Doorward, or restore the copy made before the update/)
}

onEitherDatabase(
  'the version before refuses a database that this one made, and names what it needs',
  async (t, dialect) => {
    const both = await bothEngines(t, dialect)
    const current = await startProcess(t, both.current)
    await setUp(current)
    await isRefused(t, both.earlier)
    assert.equal((await current.stop()).code, 0)
  },
)

leaveToTestAll()

onEachDatabase(
  'a node of the version before that still runs is not ready once this one has upgraded its database',
  async (t, dialect) => {
    const both = await bothEngines(t, dialect)
    const earlier = await startProcess(t, both.earlier)
    const root = await setUp(earlier)
    assert.equal((await fetch(`${earlier.url}/readyz`)).status, 200)
    const current = await startProcess(t, both.current)
    // Each answer of /readyz holds for a second.
    while ((await fetch(`${earlier.url}/readyz`)).status === 200) await sleep(50)
    assert.equal((await fetch(`${earlier.url}/readyz`)).status, 503)
    await isRefused(t, both.earlier)
    assert.equal((await current.ask('GET', '/users/me', { token: root.token })).status, 200)
    await signIn(current, root)
    for (const node of [earlier, current]) assert.equal((await node.stop()).code, 0)
    const { code, stdout, stderr } = await runCommand(t, ['audit', 'verify', '--json'], both.current)
    assert.equal(code, 0, stdout + stderr)
    assert.deepEqual((JSON.parse(stdout) as { problems: unknown }).problems, [])
  },
)

/** Opens the database a minute after the earlier program was stopped. */
async function openEarlier(t: TestContext, dialect: Dialect, options: StartOptions = {}) {
  const { at, publicUrl, ...people } = await earlierPeople(dialect)
  const clock = new TestClock(at + minutes(1))
  const installation = await earlierDatabase(t, dialect)
  const server = await start(t, { ...options, ...installation, clock, settings: { public_url: publicUrl } })
  return { server, ...people }
}

function personIn(server: Server, { username, password, secret }: EarlierPerson): Person {
  return new Person(server, username, password, new Authenticator(secret))
}

onEachDatabase(
  'in a database of the version before each factor, session and API token stays valid',
  async (t, dialect) => {
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
  },
)

onEachDatabase(
  'the audit log of the version before continues without a break, from its last checkpoint',
  async (t, dialect) => {
    const { server, root } = await openEarlier(t, dialect)
    const person = await personIn(server, root).signsIn()
    const created = await person.asks('POST', '/users', { username: 'grace' })
    assert.equal(created.status, 200, created.raw.body)
    const { problems, checkpoints, checked } = await verifyAudit(server.operator())
    assert.deepEqual(problems, [])
    assert.ok(checkpoints > 0 && checked > 5)
  },
)

onEachDatabase('the checkpoints of the version before are carried into the file of this one', async (t, dialect) => {
  const { server, root } = await openEarlier(t, dialect)
  const { config } = server.doorward
  const { path, formerPath } = await checkpointPaths(config)
  const before = readFileSync(formerPath, 'utf8')
  assert.equal(await answerStateRollback(server.doorward), undefined, 'the log has the event of the last checkpoint')
  const { checkpoints: earlier } = await verifyAudit(server.operator())
  await personIn(server, root).signsIn()
  await newChainWriter(server.doorward).write(true)
  assert.deepEqual([existsSync(formerPath), readFileSync(path, 'utf8').startsWith(before)], [false, true])
  const { problems, checkpoints } = await verifyAudit(server.operator())
  assert.deepEqual([problems, checkpoints], [[], earlier + 1])

  const removed = sql`delete from audit_event where position = (select max(position) from audit_event)`
  for (let event = 0; event < 3; event++) await removed.execute(server.doorward.db)
  const { ok, problems: found } = await verifyAudit(server.operator())
  assert.deepEqual([ok, found.map(({ kind }) => kind)], [false, ['cut-off']])
})

onEachDatabase(
  'a forged line among the checkpoints of the version before is logged and reported',
  async (t, dialect) => {
    const { server } = await openEarlier(t, dialect, { expectedErrors: /audit checkpoints were modified/ })
    const { formerPath, path } = await checkpointPaths(server.doorward.config)
    writeFileSync(formerPath, readFileSync(formerPath, 'utf8').replace('"position":1,', '"position":2,'))
    await newChainWriter(server.doorward).write(true)
    const facts = server.logLines.find(({ msg }) => msg === 'audit checkpoints were modified; run audit verify')
    assert.equal(facts?.['forged'], 1)
    assert.match(readFileSync(path, 'utf8'), /"position":2,/)
    const { problems } = await verifyAudit(server.operator())
    assert.deepEqual(
      problems.map(({ kind, position }) => [kind, position]),
      [['edited', 0]],
    )
  },
)
