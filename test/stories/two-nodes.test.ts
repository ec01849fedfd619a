// Several processes of the real program on one database act as one server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { KEY_PURPOSES } from '#foundation/platform/crypto/keyring-file.ts'
import { type Dialect, openDatabase } from '#foundation/platform/database/dialect.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { invited, said, setUp } from '../support/people/onboarding.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Installation, runCommand, type ServerProcess, startProcess } from '../support/server/processes.ts'
import { type ServerClient, signIn } from '../support/server/server-client.ts'

async function newInstallation(t: TestContext, dialect: Dialect): Promise<Installation> {
  return { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
}

/** The ids of the keys in the database. */
async function keysKnown(t: TestContext, { databaseUrl }: Installation): Promise<string[]> {
  const db = await openDatabase({ databaseUrl: Secret.of(databaseUrl) }, { create: false })
  t.after(() => db.destroy())
  assert.equal((await schemaStatus(db)).state, 'current')
  const rows = await db.selectFrom('keyring_key').select('id').execute()
  return rows.map(({ id }) => id).toSorted()
}

function keysIn({ dataDir }: Installation): string[] {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8')) as { keys: { id: string }[] }
  return keys.map(({ id }) => id).toSorted()
}

async function whoAmI(node: ServerClient, token: string): Promise<number> {
  return (await node.ask('GET', '/users/me', { token })).status
}

onEachDatabase('two nodes started at once on an empty database are one server', async (t, dialect) => {
  const installation = await newInstallation(t, dialect)
  const [one, other] = await Promise.all([startProcess(t, installation), startProcess(t, installation)])
  assert.deepEqual(await keysKnown(t, installation), keysIn(installation))
  assert.equal(keysIn(installation).length, KEY_PURPOSES.length)

  const links = await Promise.all([one, other].map((node) => said(node, /\/setup\/[\w-]+/)))
  assert.equal(new Set(links).size, 2)
  const root = await setUp(await withWorkingLink(one, other))
  const token = await signIn(one, root)
  assert.deepEqual([await whoAmI(one, token), await whoAmI(other, token)], [200, 200])

  const created = await other.ask('POST', '/users', { payload: { username: 'ada' }, token })
  assert.equal(created.status, 200, created.text)
  const read = await one.ask('GET', `/users/${String(created.body['id'])}`, { token })
  assert.equal(read.body['username'], 'ada')

  assert.equal((await one.ask('DELETE', '/session', { token })).status, 204)
  assert.equal(await whoAmI(other, token), 401)
  for (const node of [one, other]) assert.equal((await node.stop()).code, 0)
  const verified = await runCommand(t, ['audit', 'verify'], installation)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
})

leaveToTestAll()

/** The node whose set-up link works: the one that started last replaced the link of the other. */
async function withWorkingLink(one: ServerProcess, other: ServerProcess): Promise<ServerProcess> {
  const path = await said(one, /\/setup\/[\w-]+/)
  return (await fetch(one.url + path)).ok ? one : other
}

onEachDatabase(
  'a node with another keyring, or with none, refuses to serve a database that is sealed',
  async (t, dialect) => {
    const installation = await newInstallation(t, dialect)
    assert.equal((await (await startProcess(t, installation)).stop()).code, 0)
    const known = keysIn(installation)

    const without = { ...installation, dataDir: await temporaryFolder(t) }
    const refused = await runCommand(t, ['serve', '--port', '0'], without)
    assert.equal(refused.code, 2, refused.stderr)
    assert.match(refused.stderr, /Copy keyring\.json from another node or a backup into /)
    for (const id of known) assert.ok(refused.stderr.includes(id), `${id} is not named`)

    const elsewhere = await newInstallation(t, 'sqlite')
    assert.equal((await (await startProcess(t, elsewhere)).stop()).code, 0)
    const withOtherKeyring = await runCommand(t, ['serve', '--port', '0'], {
      ...elsewhere,
      databaseUrl: installation.databaseUrl,
    })
    assert.equal(withOtherKeyring.code, 2, withOtherKeyring.stderr)
    assert.match(withOtherKeyring.stderr, /is not the keyring of this database/)

    assert.deepEqual(await keysKnown(t, installation), known)
    assert.equal((await (await startProcess(t, installation)).stop()).code, 0)
  },
)

onEachDatabase(
  'a user who is disabled at one node is refused at the other with the next request',
  async (t, dialect) => {
    const installation = await newInstallation(t, dialect)
    const one = await startProcess(t, installation)
    const root = await setUp(one)
    const other = await startProcess(t, installation)
    const token = await signIn(other, root)
    const ada = await invited(one, token, 'ada')
    assert.equal(await whoAmI(other, ada.token), 200)
    assert.equal((await one.ask('POST', `/users/${ada.id}/disable`, { token })).status, 200)
    assert.equal(await whoAmI(other, ada.token), 401)
    assert.equal(await whoAmI(one, ada.token), 401)
  },
)
