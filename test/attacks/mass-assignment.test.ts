// Threat (mass assignment): a client adds fields to a valid request: another role, another owner, a confirmed factor, a chosen
// secret. Each is refused or ignored, and another user's resources answer as unknown ones.
import assert from 'node:assert/strict'

import { dumpOf, durableRowsOf } from '../support/databases/database-dump.ts'
import { newcomer } from '../support/people/people.ts'
import { beginsApp } from '../support/people/second-factors.ts'
import { Contract, type Operation, pointersIn } from '../support/requests/openapi.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import {
  type Body,
  exampleBodies,
  newScene,
  readyRequest,
  type Scene,
  sendReady,
} from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

/** Fields that a principal cannot set, with values that would help an attacker. */
const COVETED: Body = {
  role: 'admin',
  id: 424_242,
  subject: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  disabled: true,
  otp_secret: 'JBSWY3DPEHPK3PXP',
  hashed_password: '$2b$04$abcdefghijklmnopqrstuuM5p9r0sWm6Xkq1yJm6Q2V0b8vQZr1yW',
  second_factor_at: 1,
  credential_epoch: 99,
  revision: 99,
  email_verified: true,
  email_verified_at: 1,
  token: 'dwa_mine',
  expires_at: '2099-01-01T00:00:00Z',
  status: 'active',
  is_admin: true,
  permissions: ['users:write'],
  username_key: 'root',
  created_at: 1,
  transport: 'cookie',
  methods: ['password'],
  sealed_secret: 'v1.x.y',
  confirmed_at: 1,
}

/** The legacy app's routes ignore unknown fields, as its clients expect; all others refuse them. */
const IGNORING = ['createToken', 'createUser', 'replaceMyself']

/** Whether the operation takes the field from principals that may set it. */
function isOffered(contract: Contract, operation: Operation, field: string): boolean {
  return field in (contract.jsonBody(operation)?.properties ?? {})
}

async function contractFor(t: Parameters<typeof start>[0]): Promise<{ contract: Contract; withBody: Operation[] }> {
  const contract = await Contract.of(await start(t))
  return { contract, withBody: contract.operations.filter(({ requestBody }) => requestBody !== undefined) }
}

test('additional fields in one’s own record change neither id, role nor status', async (t) => {
  const scene = await newScene(t)
  const { ada, server } = scene
  const rowOf = async () => (await dumpOf(server.doorward.db))['users']?.find(({ username }) => username === 'ada')
  const before = await rowOf()
  const record = { username: 'ada', full_name: 'Ada', password: ada.password }
  const reply = await ada.asks('PUT', '/users/me', { ...record, ...COVETED })
  assert.equal(reply.status, 200)
  const after = await rowOf()
  const kept = (row: Readonly<Record<string, unknown>> | undefined) => ({ ...row, full_name: null, revision: 0 })
  assert.deepEqual(kept(after), kept(before))
  const { role, id, email_verified, disabled } = reply.body
  const unchanged = { role: 'user', id: before?.['id'], email_verified: false, disabled: false }
  assert.deepEqual({ role, id, email_verified, disabled }, unchanged)
})

leaveToTestAll()

test('a field that the principal may not set is refused by name, and nothing changes', async (t) => {
  const { contract, withBody } = await contractFor(t)
  // A file has no fields.
  const strict = withBody.filter(({ operationId }) => ![...IGNORING, 'setAppIcon'].includes(operationId))
  assert.ok(strict.length > 10)
  for (const operation of strict) {
    await t.test(operation.operationId, async (inner) => {
      const scene = await newScene(inner)
      const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
      const before = await durableRowsOf(scene.server.doorward.db)
      for (const [field, value] of Object.entries(COVETED).filter(([name]) => !isOffered(contract, operation, name))) {
        const reply = await sendReady(scene, { ...request, body: { ...request.body, [field]: value } })
        assert.equal(reply.statusCode, 422, `${field}: ${reply.statusCode} ${reply.body}`)
        assert.deepEqual(pointersIn(reply), [`/${field}`])
      }
      assert.deepEqual(await durableRowsOf(scene.server.doorward.db), before)
      const { statusCode } = await sendReady(scene, request)
      assert.ok(statusCode < 300, 'the request without such fields does not work either')
    })
  }
})

const HARMLESS = ['last_sign_in_at', 'revision', 'email', 'email_key', 'full_name']

test('on the legacy app’s routes such fields are ignored', async (t) => {
  const { contract, withBody } = await contractFor(t)
  for (const operation of withBody.filter(({ operationId }) => IGNORING.includes(operationId))) {
    await t.test(operation.operationId, async (inner) => {
      const plain = await afterwards(await newScene(inner), contract, operation, {})
      assert.deepEqual(await afterwards(await newScene(inner), contract, operation, COVETED), plain)
    })
  }
})

/** The users' rows after the operation succeeded, without random values and timestamps. */
async function afterwards(scene: Scene, contract: Contract, operation: Operation, coveted: Body): Promise<unknown[]> {
  const more = Object.entries(coveted).filter(([field]) => !isOffered(contract, operation, field))
  const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
  const reply = await sendReady(scene, { ...request, body: { ...request.body, ...Object.fromEntries(more) } })
  assert.ok(reply.statusCode < 300, reply.body)
  const { users = [] } = await dumpOf(scene.server.doorward.db)
  return users.map(({ subject, hashed_password: hash, ...row }) => {
    assert.notEqual(subject, COVETED['subject'])
    assert.notEqual(hash, COVETED['hashed_password'])
    return Object.fromEntries(Object.entries(row).filter(([name]) => !HARMLESS.includes(name)))
  })
}

test('a new address counts as unverified, even where the old one was confirmed', async (t) => {
  // Where mail is on, it waits for its confirmation: test/stories/own-email.test.ts.
  const { ada, server } = await newScene(t, await start(t))
  await ada.asks('PATCH', '/users/me', { email: 'ada@example.org' })
  await server.doorward.db.updateTable('users').set({ email_verified_at: 1 }).where('username', '=', 'ada').execute()
  const { body } = await ada.asks('PATCH', '/users/me', { email: 'eve@example.org' })
  assert.equal(body['email_verified'], false)
})

test('another user’s resource answers as an unknown one does', async (t) => {
  const scene = await newScene(t)
  const bea = await (await newcomer(scene.admin, 'bea')).signsIn()
  await scene.ada.signsIn()
  const session = String((await scene.ada.asks('GET', '/session')).body['id'])
  const factors = (await scene.ada.asks('GET', '/users/me/factors')).body
  const app = String((factors['totp'] as readonly { id: string }[])[0]?.id)
  const before = await durableRowsOf(scene.server.doorward.db)
  for (const id of [session, 'never']) {
    assert.deepEqual(refusalIn(await bea.asks('DELETE', `/users/me/sessions/${id}`)), [404, 'session.not_found'])
  }
  for (const id of [app, 'never']) {
    for (const reply of [
      await bea.asks('PATCH', `/users/me/totp/${id}`, { name: 'Mine' }),
      await bea.asks('DELETE', `/users/me/totp/${id}`),
      await bea.asks('POST', `/users/me/totp/${id}/confirm`, { code: '123456' }),
      await bea.asks('POST', '/users/me/totp', { replaces: id }),
    ])
      assert.deepEqual(refusalIn(reply), [404, 'totp.not_found'])
  }
  assert.deepEqual(await durableRowsOf(scene.server.doorward.db), before)
  assert.equal((await scene.ada.asks('GET', '/users/me')).status, 200)
})

test('a user cannot confirm with their own app what another user began', async (t) => {
  const scene = await newScene(t)
  const bea = await (await newcomer(scene.admin, 'bea')).signsIn()
  const { url } = await beginsApp(scene.ada)
  assert.deepEqual(refusalIn(await bea.asks('POST', url, { code: bea.code() })), [404, 'totp.not_found'])
})

test('a user cannot do to others, or as an admin to themselves, what only another admin may', async (t) => {
  const { ada, admin } = await newScene(t)
  const [me, boss] = [await idOf(ada), await idOf(admin)]
  for (const id of [me, boss]) {
    for (const [method, path, body] of [
      ['GET', `/users/${id}`],
      ['PATCH', `/users/${id}`, { role: 'admin' }],
      ['DELETE', `/users/${id}`],
      ['POST', `/users/${id}/enable`],
      ['POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' }],
    ] as const) {
      const refused = refusalIn(await ada.asks(method, path, body))
      assert.deepEqual(refused, [403, 'access.insufficient_permissions'], `${method} ${path}`)
    }
  }
  for (const [method, path, body] of [
    ['PATCH', `/users/${boss}`, { role: 'user' }],
    ['DELETE', `/users/${boss}`],
    ['POST', `/users/${boss}/disable`],
    ['POST', `/users/${boss}/reset-second-factor`, { reason: 'Lost phone.' }],
  ] as const) {
    assert.equal((await admin.asks(method, path, body)).status, 409, `${method} ${path}`)
  }
})
