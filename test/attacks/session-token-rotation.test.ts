// An attacker has a copy of a user's session token. The user changes a password or a factor: from then on the copy is useless,
// while the session in which the user made the change goes on under another token.
import assert from 'node:assert/strict'

import type { User } from '#domain/users/user.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { inEveryOrder, newScene as newRace } from '../support/interleaving/interleaving.ts'
import { PASSWORD, type Person, type Reply } from '../support/people/people.ts'
import { beginsApp, rowOf } from '../support/people/second-factors.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { Contract } from '../support/requests/openapi.ts'
import {
  exampleBodies,
  newScene,
  type ReadyRequest,
  readyRequest,
  type Scene,
  sendReady,
} from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import { type Server, start } from '../support/server/start.ts'

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
  const operation = contract.operation(operationId)
  const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
  return operationId === 'replaceMyself' ? { ...request, body: { username: 'ada', password: ANOTHER } } : request
}

async function opens(server: Server, token: unknown): Promise<boolean> {
  return (await asks(server, { token: String(token) }, 'GET', '/users/me')).status === 200
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

  leaveToTestAll()
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

const COPIED: Readonly<Record<string, readonly [url: string, payload: object, method: 'PATCH' | 'POST']>> = {
  'the record': ['/users/me', { full_name: 'Mallory' }, 'PATCH'],
  'another app': ['/users/me/totp', {}, 'POST'],
  'recovery codes': ['/users/me/recovery-codes', {}, 'POST'],
  'an API token': ['/users/me/tokens', { name: 'Back', scopes: ['self:write'] }, 'POST'],
}

onEachDatabase(
  'a request with a copied token that is in progress when the password changes does nothing',
  async (t, dialect) => {
    const { server, ada } = await newScene(t, await start(t, { dialect }))
    const under = []
    for (const [what, [url, payload, method]] of Object.entries(COPIED))
      under.push([what, await pausedRequest(server, url, payload, bearer(ada), method)] as const)
    const proof = { password: ANOTHER, code: ada.code() }
    under.push(['a re-authentication', await pausedRequest(server, '/session/proof', proof, bearer(ada))] as const)
    const changed = await ada.asks('PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER })
    assert.equal(changed.status, 200, changed.raw.body)
    for (const [what, one] of under) {
      const { status, raw } = await one.finish()
      assert.ok(status === 401 || (what === 'a re-authentication' && status === 403), `${what}: ${raw.body}`)
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
    const { subject, hashedPassword } = await rowOf(ada)
    const apps = db.selectFrom('totp_factor').select('id').where('subject', '=', subject)
    const own = (await apps.executeTakeFirstOrThrow()).id
    await inEveryOrder(parties, 'each against the whole', async () => {
      await setHash(server, hashedPassword)
      await db.deleteFrom('totp_factor').where('subject', '=', subject).where('id', '!=', own).execute()
      await ada.signsIn()
      const { url, code } = await beginsApp(ada)
      const copy = { token: ada.token }
      return {
        asking: [
          (node) => asks(node, copy, 'PUT', '/users/me/password', { current: PASSWORD, new: ANOTHER }),
          (node) => asks(node, copy, 'POST', url, { code }),
        ],
        one: { success: 200, refusals: [401] },
        assertAfter: async (replies) => {
          const next = replies.find(({ status }) => status === 200)?.body['access_token']
          assert.deepEqual([await opens(server, copy.token), await opens(server, next)], [false, true])
        },
      }
    })
  },
)

onEachDatabase(
  'a request with a copied token that races with a change of password is done before the change or not at all',
  async (t, dialect) => {
    const { parties, server, ada } = await newRace(t, dialect)
    const { db } = server.doorward
    const { hashedPassword } = await rowOf(ada)
    let refused = 0
    await inEveryOrder(parties, 'each against the whole', async () => {
      await setHash(server, hashedPassword)
      await db.deleteFrom('api_token').execute()
      await ada.signsIn()
      const copy = { token: ada.token }
      const ended: string[] = []
      const noting = async (what: string, asked: Promise<Reply>): Promise<Reply> => {
        await asked
        ended.push(what)
        return asked
      }
      const wish = { name: 'Back', scopes: ['self:write'] }
      const change = { current: PASSWORD, new: ANOTHER }
      return {
        asking: [
          (node) => noting('copy', asks(node, copy, 'POST', '/users/me/tokens', wish)),
          (node) => noting('change', asks(node, copy, 'PUT', '/users/me/password', change)),
        ],
        assertAfter: async ([made, changed]) => {
          assert.equal(changed.status, 200, changed.raw.body)
          // PostgreSQL commits both in either order, whichever is answered first.
          if (dialect === 'sqlite' && ended[0] === 'change') assert.equal(made.status, 401, made.raw.body)
          if (made.status === 401) refused += 1
          const tokens = await db.selectFrom('api_token').select('id').execute()
          assert.equal(tokens.length, made.status === 200 ? 1 : 0)
        },
      }
    })
    assert.ok(refused > 0)
  },
)

/** Gives ada her first password again. */
async function setHash({ doorward: { db } }: Server, hash: User['hashedPassword']): Promise<void> {
  const hashed = { hashed_password: hash?.reveal() ?? null }
  await db.updateTable('users').set(hashed).where('username', '=', 'ada').execute()
}
