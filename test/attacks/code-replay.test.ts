// Threat: one code is replayed fifty times concurrently. It is accepted once, and its owner signs in with the next code.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { Authenticator, Codes } from '../../clients/test/src/codes.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, postForm, postToken } from '../support/people/people.ts'
import { opensAttempt, provesSecondStep } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { startProcess } from '../support/server/processes.ts'
import {
  type ClientReply,
  earlierToday,
  type ServerClient,
  signIn,
  type SignInData,
  signInDataOf,
} from '../support/server/server-client.ts'
import { newInstallation, type Server, start } from '../support/server/start.ts'

const USES = 50

interface People {
  readonly people: readonly SignInData[]
  /** The access token of an admin. */
  readonly admin: string
}

interface Stage extends People {
  /** Clients of nodes of one server; the concurrent uses are spread over them. */
  readonly clients: readonly [ServerClient, ...ServerClient[]]
}

interface Scene extends Omit<Stage, 'people'> {
  readonly owner: SignInData
}

const SETTINGS: Readonly<Record<string, (t: TestContext) => Promise<Stage>>> = {
  'one process on SQLite': (t) => oneProcess(t, 'sqlite'),
  'one process on PostgreSQL': (t) => oneProcess(t, 'postgres'),
  'two processes on one SQLite file': (t) => twoProcesses(t, 'sqlite'),
  'two processes on one PostgreSQL': (t) => twoProcesses(t, 'postgres'),
}

async function oneProcess(t: TestContext, dialect: Dialect): Promise<Stage> {
  const server = await start(t, { dialect })
  const people = await populate(server)
  server.clock.pass(minutes(10))
  return { clients: [clientOf(server)], ...people }
}

/** The client of a server inside the test's process. */
function clientOf(server: Server): ServerClient {
  return {
    now: () => server.clock.now(),
    ask: async (method, path, { payload, form, token } = {}) => {
      const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
      const asked = form ? postForm(server, path, form, headers) : ask(server, method, path, { payload, headers })
      const { status, body, raw } = await asked
      return { status, body, text: raw.body }
    },
  }
}

async function twoProcesses(t: TestContext, dialect: Dialect): Promise<Stage> {
  const installation = await newInstallation(t, dialect)
  let people: People | undefined
  await t.test('users are enrolled', async (inner) => {
    people = await populate(await start(inner, { ...installation, clock: earlierToday() }))
  })
  assert.ok(people, 'no user was set up')
  return { clients: await Promise.all([startProcess(t, installation), startProcess(t, installation)]), ...people }
}

/** Creates one user for each claim. */
async function populate(server: Server): Promise<People> {
  const admin = await (await firstAdmin(server)).signsIn()
  const people: SignInData[] = []
  for (const [number] of Object.keys(CLAIMS).entries())
    people.push(signInDataOf(await newcomer(admin, `owner-${number}`)))
  return { people, admin: admin.token ?? '' }
}

/** Sends fifty requests concurrently, in turn to each node; returns the answers. */
function allAtOnce(
  { clients }: Scene,
  use: (client: ServerClient, number: number) => Promise<ClientReply>,
): Promise<ClientReply[]> {
  const uses = Array.from({ length: USES }, (_, number) => use(clients[number % clients.length] ?? clients[0], number))
  return Promise.all(uses)
}

function assertOneSuccess(replies: readonly ClientReply[], refusals: readonly number[]): ClientReply {
  const [success, ...more] = replies.filter(({ status }) => status === 200)
  assert.ok(success, `none succeeded: ${replies[0]?.text}`)
  assert.equal(more.length, 0, `${more.length + 1} succeeded`)
  const odd = replies.filter(({ status }) => status !== 200 && !refusals.includes(status)).map(({ text }) => text)
  assert.deepEqual(odd, [])
  return success
}

/** Asserts that the replay has not blocked the owner, at any node. */
async function assertWelcome({ clients, owner }: Scene): Promise<void> {
  const last = clients.at(-1) ?? clients[0]
  const token = await signIn(last, owner)
  assert.equal((await clients[0].ask('GET', '/users/me', { token })).body['username'], owner.username)
}

async function openAttempt(client: ServerClient, { username, password }: SignInData): Promise<string> {
  const reply = await client.ask('POST', '/attempts', { payload: { username, password } })
  assert.equal(reply.body['stage'], 'second-factor', reply.text)
  return String(reply.body['attempt'])
}

const CLAIMS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'a code opens POST /token once': async (scene) => {
    const { username, password, codes } = scene.owner
    const form = { username, password: password + (await codes.fresh(scene.clients[0])) }
    const replies = await allAtOnce(scene, (client) => client.ask('POST', '/token', { form }))
    const { body } = assertOneSuccess(replies, [401, 429])
    const session = await scene.clients[0].ask('GET', '/session', { token: String(body['access_token']) })
    assert.equal(session.status, 200)
    await assertWelcome(scene)
  },

  'a code finishes one of many sign-ins': async (scene) => {
    const attempts: string[] = []
    for (let opened = 0; opened < 10; opened++) attempts.push(await openAttempt(scene.clients[0], scene.owner))
    const proof = await scene.owner.codes.fresh(scene.clients[0])
    const replies = await allAtOnce(scene, (client, number) => {
      const payload = { attempt: attempts[number % attempts.length], kind: 'totp', proof }
      return client.ask('POST', '/attempts/second-factor', { payload })
    })
    assertOneSuccess(replies, [401, 429])
    await assertWelcome(scene)
  },

  'a code proves one session once': async (scene) => {
    const token = await signIn(scene.clients[0], scene.owner)
    const payload = { password: scene.owner.password, code: await scene.owner.codes.fresh(scene.clients[0]) }
    const replies = await allAtOnce(scene, (client) => client.ask('POST', '/session/proof', { payload, token }))
    // A request after the first success has a token that the success has replaced.
    assertOneSuccess(replies, [401, 403, 429])
    await assertWelcome(scene)
  },

  'a code consumed on one route is refused on the others': async (scene) => {
    const { username, password, codes } = scene.owner
    const token = await signIn(scene.clients[0], scene.owner)
    const attempt = await openAttempt(scene.clients[0], scene.owner)
    const code = await codes.fresh(scene.clients[0])
    const routes: ((client: ServerClient) => Promise<ClientReply>)[] = [
      (client) => client.ask('POST', '/token', { form: { username, password, totp: code } }),
      (client) => client.ask('POST', '/attempts', { payload: { username, password, code } }),
      (client) => client.ask('POST', '/attempts/second-factor', { payload: { attempt, kind: 'totp', proof: code } }),
      (client) => client.ask('POST', '/session/proof', { payload: { password, code }, token }),
    ]
    const use = (client: ServerClient, number: number) => routes[number % routes.length]?.(client) ?? assert.fail()
    const replies = await allAtOnce(scene, use)
    assertOneSuccess(replies, [401, 403, 429])
    await assertWelcome(scene)
  },

  'an enrolment is confirmed once, and its code is consumed by that': async (scene) => {
    const [client] = scene.clients
    const created = await client.ask('POST', '/users', { payload: { username: 'bob' }, token: scene.admin })
    assert.equal(created.status, 200, created.text)
    const link = { token: invitationIn(created), password: PASSWORD }
    const { attempt } = (await client.ask('POST', '/invitations/accept', { payload: link })).body
    const key = await client.ask('POST', '/attempts/totp', { payload: { attempt } })
    const codes = new Codes(new Authenticator(String(key.body['secret'])))
    const payload = { attempt, code: await codes.fresh(client) }
    const replies = await allAtOnce(scene, (node) => node.ask('POST', '/attempts/totp/confirm', { payload }))
    assertOneSuccess(replies, [401, 404, 429])
    const again = await client.ask('POST', '/token', { form: { username: 'bob', password: PASSWORD + payload.code } })
    assert.equal(again.status, 401)
    await assertWelcome({ ...scene, owner: { username: 'bob', password: PASSWORD, codes } })
  },

  'another authenticator app is confirmed once': async (scene) => {
    const token = await signIn(scene.clients[0], scene.owner)
    const begun = await scene.clients[0].ask('POST', '/users/me/totp', { payload: { name: 'Second phone' }, token })
    assert.equal(begun.status, 200, begun.text)
    const codes = new Codes(new Authenticator(String(begun.body['secret'])))
    const payload = { code: await codes.fresh(scene.clients[0]) }
    const path = `/users/me/totp/${String(begun.body['id'])}/confirm`
    const replies = await allAtOnce(scene, (client) => client.ask('POST', path, { payload, token }))
    assertOneSuccess(replies, [401, 404, 429])
    await assertWelcome({ ...scene, owner: { ...scene.owner, codes } })
  },
}

for (const [setting, prepare] of Object.entries(SETTINGS)) {
  test(`a one-time code works once: ${setting}`, async (t) => {
    const { people, ...stage } = await prepare(t)
    for (const [number, [claim, prove]] of Object.entries(CLAIMS).entries()) {
      await t.test(claim, () => prove({ ...stage, owner: people[number] ?? assert.fail() }))
    }
  })

  leaveToTestAll()
}

const SPELLINGS: Readonly<Record<string, (code: string) => string>> = {
  'full-width': (code) => code.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  'in two groups': (code) => `${code.slice(0, 3)} ${code.slice(3)}`,
  spaced: (code) => ` ${code.split('').join(' ')} `,
  'with a hyphen': (code) => `${code.slice(0, 3)}-${code.slice(3)}`,
}

onEitherDatabase(
  'a code is the same code in every script of digits, and a consumed one stays consumed in all',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const root = await firstAdmin(server)
    const prove = async (proof: string): Promise<unknown> => {
      const { body } = await provesSecondStep(server, await opensAttempt(root), ['totp', proof])
      return body['stage'] ?? body['code']
    }
    for (const [name, spelled] of Object.entries(SPELLINGS)) {
      const code = root.code()
      assert.equal(await prove(spelled(code)), 'complete', name)
      assert.equal(await prove(code), 'attempt.code_used', name)
      const next = root.code()
      const apart = { username: 'root', password: PASSWORD, totp: spelled(next) }
      assert.equal((await postToken(server, apart)).status, 200, name)
      assert.equal((await postToken(server, { ...apart, totp: next })).status, 401, name)
    }
    const appended = PASSWORD + (SPELLINGS['full-width']?.(root.code()) ?? '')
    assert.equal((await postToken(server, { username: 'root', password: appended })).status, 200)
  },
)
