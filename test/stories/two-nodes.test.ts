// Several processes of the real program on one database are one server.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { KEY_PURPOSES } from '../../src/platform/keyring-file.ts'
import { Secret } from '../../src/kernel/secret.ts'
import { openDatabase } from '../../src/platform/database/dialect.ts'
import type { Dialect } from '../../src/platform/database/dialect.ts'
import { schemaStatus } from '../../src/platform/database/schema-status.ts'
import { Authenticator } from '../support/authenticator.ts'
import { temporaryFolder } from '../support/databases.ts'
import { Codes, signIn } from '../support/doors.ts'
import type { Door, Visitor } from '../support/doors.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/each-database.ts'
import { PASSWORD } from '../support/people.ts'
import { runCommand, startProcess } from '../support/processes.ts'
import type { Place, ServerProcess } from '../support/processes.ts'

async function newPlace(t: TestContext, dialect: Dialect): Promise<Place> {
  return { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
}

/** The ids of the keys that the database knows. */
async function keysKnown(t: TestContext, { databaseUrl }: Place): Promise<string[]> {
  const db = await openDatabase({ databaseUrl: Secret.of(databaseUrl) }, { create: false })
  t.after(() => db.destroy())
  assert.equal((await schemaStatus(db)).state, 'current')
  const rows = await db.selectFrom('keyring_key').select('id').execute()
  return rows.map(({ id }) => id).toSorted()
}

function keysIn({ dataDir }: Place): string[] {
  const { keys } = JSON.parse(readFileSync(join(dataDir, 'keyring.json'), 'utf8')) as { keys: { id: string }[] }
  return keys.map(({ id }) => id).toSorted()
}

/** The link that a first start says on stderr, followed with nothing but a browser's means. */
async function setUp(node: ServerProcess): Promise<Visitor> {
  const path = await said(node, /\/setup\/[\w-]+/)
  const form = { username: 'root', password: PASSWORD, password_again: PASSWORD }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  const answer = await fetch(node.url + path, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
    redirect: 'manual',
  })
  const cookie = /^[^;]+/.exec(answer.headers.getSetCookie()[0] ?? '')?.[0]
  assert.ok(cookie, `the set-up did not begin: ${answer.status} ${await answer.text()}`)
  const attempt = decodeURIComponent(cookie.split('=')[1] ?? '')
  const key = await node.ask('POST', '/attempts/totp', { payload: { attempt } })
  const codes = new Codes(new Authenticator(String(key.body['secret'])))
  const code = await codes.fresh(node)
  const confirmed = await node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } })
  assert.equal(confirmed.status, 200, confirmed.text)
  return { username: 'root', password: PASSWORD, codes }
}

async function said(node: ServerProcess, wanted: RegExp): Promise<string> {
  for (let waited = 0; waited < 200; waited++) {
    const [found] = wanted.exec(node.stderr()) ?? []
    if (found !== undefined) return found
    await sleep(20)
  }
  throw new Error(`It did not say ${wanted.source}:\n${node.stderr()}`)
}

async function whoAmI(node: Door, token: string): Promise<number> {
  return (await node.ask('GET', '/users/me', { token })).status
}

onEachDatabase('two nodes started at once on an empty database are one server', async (t, dialect) => {
  const place = await newPlace(t, dialect)
  const [one, other] = await Promise.all([startProcess(t, place), startProcess(t, place)])
  assert.deepEqual(await keysKnown(t, place), keysIn(place))
  assert.equal(keysIn(place).length, KEY_PURPOSES.length)

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
  const verified = await runCommand(t, ['audit', 'verify'], place)
  assert.equal(verified.code, 0, verified.stdout + verified.stderr)
})

/** The link of the node that came up last has taken the place of the other one. */
async function withWorkingLink(one: ServerProcess, other: ServerProcess): Promise<ServerProcess> {
  const path = await said(one, /\/setup\/[\w-]+/)
  return (await fetch(one.url + path)).ok ? one : other
}

onEachDatabase(
  'a node with another keyring, or with none, refuses to serve a database that is sealed',
  async (t, dialect) => {
    const place = await newPlace(t, dialect)
    assert.equal((await (await startProcess(t, place)).stop()).code, 0)
    const known = keysIn(place)

    const without = { ...place, dataDir: await temporaryFolder(t) }
    const refused = await runCommand(t, ['serve', '--port', '0'], without)
    assert.equal(refused.code, 2, refused.stderr)
    assert.match(refused.stderr, /Another node or a backup has it: copy keyring\.json from there into /)
    for (const id of known) assert.ok(refused.stderr.includes(id), `${id} is not named`)

    const elsewhere = await newPlace(t, 'sqlite')
    assert.equal((await (await startProcess(t, elsewhere)).stop()).code, 0)
    const stranger = await runCommand(t, ['serve', '--port', '0'], { ...elsewhere, databaseUrl: place.databaseUrl })
    assert.equal(stranger.code, 2, stranger.stderr)
    assert.match(stranger.stderr, /is not the keyring of this database/)

    assert.deepEqual(await keysKnown(t, place), known)
    assert.equal((await (await startProcess(t, place)).stop()).code, 0)
  },
)

onEachDatabase('a user turned off at one node is out at the other with the next request', async (t, dialect) => {
  const place = await newPlace(t, dialect)
  const one = await startProcess(t, place)
  const root = await setUp(one)
  const other = await startProcess(t, place)
  const token = await signIn(other, root)
  const ada = await enrolled(one, token)
  assert.equal(await whoAmI(other, ada.token), 200)
  assert.equal((await one.ask('POST', `/users/${ada.id}/disable`, { token })).status, 200)
  assert.equal(await whoAmI(other, ada.token), 401)
  assert.equal(await whoAmI(one, ada.token), 401)
})

/** Somebody new, who came in by their invitation. */
async function enrolled(node: Door, token: string): Promise<{ id: string; token: string }> {
  const created = await node.ask('POST', '/users', { payload: { username: 'ada' }, token })
  const link = (created.body['invitation'] as { url: string }).url.split('/').at(-1)
  const accepted = await node.ask('POST', '/invitations/accept', { payload: { token: link, password: PASSWORD } })
  const { attempt } = accepted.body
  const key = await node.ask('POST', '/attempts/totp', { payload: { attempt } })
  const code = await new Codes(new Authenticator(String(key.body['secret']))).fresh(node)
  const confirmed = await node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } })
  assert.equal(confirmed.status, 200, confirmed.text)
  const { access_token: own } = confirmed.body['session'] as { access_token: string }
  return { id: String(created.body['id']), token: own }
}
