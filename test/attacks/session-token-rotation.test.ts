// An attacker has a copy of a user's session token. The user changes a password or a factor: from then on the copy is useless,
// while the session in which the user made the change goes on under another token.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { inEveryOrder, newScene as newRace } from '../support/interleaving/interleaving.ts'
import type { Asking } from '../support/interleaving/interleaving.ts'
import { asks } from '../support/server/nodes.ts'
import { Contract } from '../support/requests/openapi.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { exampleBodies, newScene, readyRequest, sendReady } from '../support/requests/valid-requests.ts'
import type { ReadyRequest, Scene } from '../support/requests/valid-requests.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'

const ANOTHER = 'a kettle full of stars'

/** Every operation that gives its session another token. */
const RENEWING = [
  'changeMyPassword',
  'replaceMyself',
  'confirmMyTotp',
  'removeMyTotp',
  'addMyPasskey',
  'removeMyPasskey',
  'reauthenticate',
]

async function renewing(scene: Scene, contract: Contract, operationId: string): Promise<ReadyRequest> {
  const operation = contract.operations.find((candidate) => candidate.operationId === operationId)
  assert.ok(operation, operationId)
  const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
  return operationId === 'replaceMyself' ? { ...request, body: { username: 'ada', password: ANOTHER } } : request
}

async function opens(server: Server, token: unknown): Promise<boolean> {
  const headers = { authorization: `Bearer ${String(token)}` }
  return (await ask(server, 'GET', '/users/me', { headers })).status === 200
}

async function sessionOf(ada: Person): Promise<Record<string, unknown>> {
  const { id, started_at, ends_at } = (await ada.asks('GET', '/session')).body
  return { id, started_at, ends_at }
}

for (const operationId of RENEWING) {
  test(`${operationId} ends the token that asked, and its answer holds the next one of the same session`, async (t) => {
    const contract = await Contract.of(await start(t))
    const scene = await newScene(t)
    const { server, ada } = scene
    const request = await renewing(scene, contract, operationId)
    const [copy, before] = [ada.token, await sessionOf(ada)]
    const reply = await sendReady(scene, request)
    assert.equal(reply.statusCode, 200, reply.body)
    const { access_token, token_type, expires_in } = reply.json<Record<string, unknown>>()
    assert.deepEqual([token_type, expires_in], ['bearer', 3600])
    assert.deepEqual([await opens(server, copy), await opens(server, access_token)], [false, true])
    ada.token = String(access_token)
    assert.deepEqual(await sessionOf(ada), before)
    assert.equal(reply.headers['set-cookie'], undefined)
  })
}

test('replacing the record unchanged, or with another name, keeps the token and shows none', async (t) => {
  const { server, ada } = await newScene(t)
  for (const username of ['ada', 'lovelace']) {
    const reply = await ada.asks('PUT', '/users/me', { username, password: PASSWORD })
    assert.equal(reply.status, 200, reply.raw.body)
    assert.ok(!('access_token' in reply.body), reply.raw.body)
    assert.ok(await opens(server, ada.token))
  }
})

test('no lifetime beyond the end of the session is announced', async (t) => {
  const server = await start(t, { settings: { session_idle: '1h', session_absolute: '90m', proof_lifetime: '60m' } })
  const { ada } = await newScene(t, server)
  server.clock.pass(40 * 60_000)
  await ada.asks('GET', '/users/me')
  const reply = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER })
  assert.equal(reply.body['expires_in'], 50 * 60)
})

const COPIED: Readonly<
  Record<string, (ada: Person) => readonly [url: string, payload: object, method: 'PATCH' | 'POST']>
> = {
  'the record': () => ['/users/me', { full_name: 'Mallory' }, 'PATCH'],
  'another app': () => ['/users/me/totp', {}, 'POST'],
  'recovery codes': () => ['/users/me/recovery-codes', {}, 'POST'],
  'an API token': () => ['/users/me/tokens', { name: 'Back', scopes: ['self:write'] }, 'POST'],
}

onEachDatabase(
  'a request with a copied token that is in progress when the password changes does nothing',
  async (t, dialect) => {
    const { server, ada } = await newScene(t, await start(t, { dialect }))
    const under = []
    for (const [what, asked] of Object.entries(COPIED)) {
      const [url, payload, method] = asked(ada)
      under.push([what, await pausedRequest(server, url, payload, bearer(ada), method)] as const)
    }
    const proof = { password: ANOTHER, code: ada.code() }
    under.push(['a re-authentication', await pausedRequest(server, '/session/proof', proof, bearer(ada))] as const)
    const changed = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER })
    assert.equal(changed.status, 200, changed.raw.body)
    for (const [what, one] of under) {
      const reply = await one.finish()
      assert.ok(
        reply.status === 401 || (what === 'a re-authentication' && reply.status === 403),
        `${what}: ${reply.raw.body}`,
      )
    }
    assert.equal((await ada.asks('GET', '/users/me')).body['full_name'], null)
    const { db } = server.doorward
    const apps = await db.selectFrom('totp_factor').select('id').where('confirmed_at', 'is', null).execute()
    assert.deepEqual([apps, await db.selectFrom('api_token').select('id').execute()], [[], []])
  },
)

onEachDatabase(
  'of two concurrent requests with one token that change a password and an app, one is refused',
  async (t, dialect) => {
    const { parties, server, ada } = await newRace(t, dialect)
    const { db } = server.doorward
    const { hashed_password } = await db
      .selectFrom('users')
      .select('hashed_password')
      .where('username', '=', 'ada')
      .executeTakeFirstOrThrow()
    const [own] = await db
      .selectFrom('totp_factor')
      .select('id')
      .where('subject', '=', await subjectOf(ada))
      .execute()
    const orders = await inEveryOrder(parties, 'each against the whole', async () => {
      await db.updateTable('users').set({ hashed_password }).where('username', '=', 'ada').execute()
      await db
        .deleteFrom('totp_factor')
        .where('subject', '=', await subjectOf(ada))
        .where('id', '!=', own?.id ?? '')
        .execute()
      await ada.signsIn()
      const begun = await ada.asks('POST', '/users/me/totp')
      const code = new Authenticator(String(begun.body['secret'])).code(server.clock.now())
      const confirm = `/users/me/totp/${String(begun.body['id'])}/confirm`
      const copy = { token: ada.token }
      return {
        asking: [
          (node) => asks(node, copy, 'PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }),
          (node) => asks(node, copy, 'POST', confirm, { code }),
        ],
        one: { success: 200, refusals: [401] },
        assertAfter: async (replies) => {
          const winner = replies.find(({ status }) => status === 200)
          assert.deepEqual(
            [await opens(server, copy.token), await opens(server, winner?.body['access_token'])],
            [false, true],
          )
        },
      }
    })
    t.diagnostic(`${orders} orders`)
  },
)

onEachDatabase(
  'a request with a copied token that races with a change of password is done before the change or not at all',
  async (t, dialect) => {
    const { parties, server, ada } = await newRace(t, dialect)
    const { db } = server.doorward
    const { hashed_password } = await db
      .selectFrom('users')
      .select('hashed_password')
      .where('username', '=', 'ada')
      .executeTakeFirstOrThrow()
    let refused = 0
    const orders = await inEveryOrder(parties, 'each against the whole', async () => {
      await db.updateTable('users').set({ hashed_password }).where('username', '=', 'ada').execute()
      await db.deleteFrom('api_token').execute()
      await ada.signsIn()
      const copy = { token: ada.token }
      const ended: string[] = []
      const noting =
        (what: string, asking: Asking): Asking =>
        (node) =>
          asking(node).then((reply) => {
            ended.push(what)
            return reply
          })
      const wish = { name: 'Back', scopes: ['self:write'] }
      return {
        asking: [
          noting('copy', (node) => asks(node, copy, 'POST', '/users/me/tokens', wish)),
          noting('change', (node) =>
            asks(node, copy, 'PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }),
          ),
        ],
        assertAfter: async ([made, changed]) => {
          assert.equal(changed.status, 200, changed.raw.body)
          if (ended[0] === 'change') assert.equal(made.status, 401, made.raw.body)
          if (made.status === 401) refused += 1
          const tokens = await db.selectFrom('api_token').select('id').execute()
          assert.equal(tokens.length, made.status === 200 ? 1 : 0)
        },
      }
    })
    assert.ok(refused > 0)
    t.diagnostic(`${orders} orders, ${refused} times refused`)
  },
)

async function subjectOf({ server, username }: Person): Promise<string> {
  const rows = server.doorward.db.selectFrom('users').select('subject').where('username', '=', username)
  return (await rows.executeTakeFirstOrThrow()).subject
}
