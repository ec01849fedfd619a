// Two at once, at two nodes of one server: whatever may happen once happens once, and nobody sees an error for it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { beginEnrolment } from '../../src/attempts/enrolment.service.ts'
import { Secret } from '../../src/kernel/secret.ts'
import { seconds } from '../../src/kernel/time.ts'
import { acceptInvitation } from '../../src/onboarding/invitation.service.ts'
import { beginSetup, issueSetupLink } from '../../src/onboarding/setup.service.ts'
import type { Dialect } from '../../src/platform/database/dialect.ts'
import { Authenticator } from '../support/authenticator.ts'
import { TestClock } from '../support/clock.ts'
import { temporaryFolder } from '../support/databases.ts'
import { newDatabaseUrl, onEachDatabase } from '../support/each-database.ts'
import { ask, firstAdmin, newcomer, PASSWORD, postToken, type Person, type Reply } from '../support/people.ts'
import { start, type Server } from '../support/start.ts'

const ROUNDS = 4

type Nodes = readonly [Server, Server]
type Method = Parameters<Person['asks']>[0]

/** Two nodes with connections of their own on one database, and its first admin. */
async function twoNodes(t: TestContext, dialect: Dialect): Promise<{ nodes: Nodes; root: Person }> {
  const nodes = await twoEmptyNodes(t, dialect)
  return { nodes, root: await (await firstAdmin(nodes[0])).signsIn() }
}

async function twoEmptyNodes(t: TestContext, dialect: Dialect): Promise<Nodes> {
  const place = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t), clock: new TestClock() }
  return [await start(t, place), await start(t, place)]
}

/** Asks a given node as somebody signed in. */
function asks(node: Server, { token }: Person, method: Method, url: string, payload?: object, headers = {}): Promise<Reply> {
  return ask(node, method, url, { payload, headers: { authorization: `Bearer ${token}`, ...headers } })
}

async function idOf(person: Person): Promise<number> {
  return Number((await person.asks('GET', '/users/me')).body['id'])
}

/** Sorted, so that it does not matter who was faster. */
function statusesOf(replies: readonly Reply[]): number[] {
  return replies.map(({ status }) => status).toSorted((one, other) => one - other)
}

function assertOneOf(replies: readonly Reply[], success: number, refusals: readonly number[]): void {
  const successes = replies.filter(({ status }) => status === success)
  const odd = replies.filter(({ status }) => status !== success && !refusals.includes(status))
  assert.deepEqual(odd.map(({ raw }) => raw.body), [])
  assert.equal(successes.length, 1, `${successes.length} succeeded: ${statusesOf(replies).join(' ')}`)
}

/** Ways in which an admin can put an end to another one. */
const ENDINGS: Readonly<Record<string, { success: number; end: (node: Server, by: Person, id: number) => Promise<Reply> }>> = {
  demote: { success: 200, end: (node, by, id) => asks(node, by, 'PATCH', `/users/${id}`, { role: 'user' }) },
  disable: { success: 200, end: (node, by, id) => asks(node, by, 'POST', `/users/${id}/disable`) },
  delete: { success: 204, end: (node, by, id) => asks(node, by, 'DELETE', `/users/${id}`) },
  'reset the second step of': { success: 200, end: (node, by, id) => asks(node, by, 'POST', `/users/${id}/reset-second-factor`, {}) },
}

for (const [ending, { success, end }] of Object.entries(ENDINGS)) {
  onEachDatabase(`of two admins who ${ending} each other at once, one stays`, async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    let survivor = root
    for (let round = 0; round < ROUNDS; round++) {
      const rival = await (await newcomer(survivor, `rival-${round}`, { role: 'admin' })).signsIn()
      await survivor.signsIn()
      const [survivorId, rivalId] = [await idOf(survivor), await idOf(rival)]
      const replies = await Promise.all([end(nodes[0], survivor, rivalId), end(nodes[1], rival, survivorId)])
      assertOneOf(replies, success, [401, 403, 409])
      survivor = replies[0].status === success ? survivor : rival
      assert.equal((await survivor.asks('GET', '/users')).status, 200, 'the one who stayed is no admin')
      assert.equal(await actingAdmins(nodes[0]), 1)
    }
  })
}

async function actingAdmins({ doorward }: Server): Promise<number> {
  const rows = await doorward.db.selectFrom('users').select(['role', 'disabled', 'second_factor_at']).execute()
  return rows.filter((row) => row.role === 'admin' && row.second_factor_at !== null && [0, '0', false, null].includes(row.disabled as never)).length
}

onEachDatabase('of two admins who leave at once, one stays', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const rival = await (await newcomer(root, 'rival', { role: 'admin' })).signsIn()
  await root.signsIn()
  const replies = await Promise.all([asks(nodes[0], root, 'DELETE', '/users/me'), asks(nodes[1], rival, 'DELETE', '/users/me')])
  assert.deepEqual(statusesOf(replies), [204, 409])
  assert.equal(await actingAdmins(nodes[0]), 1)
})

/** An enrolment that only waits for its code. */
async function enrolmentOf(node: Server, attempt: Secret): Promise<{ attempt: string; authenticator: Authenticator }> {
  const { secret } = await beginEnrolment(node.operator(), attempt)
  return { attempt: attempt.reveal(), authenticator: new Authenticator(secret.reveal()) }
}

function confirm(node: Server, { attempt, authenticator }: { attempt: string; authenticator: Authenticator }): Promise<Reply> {
  return ask(node, 'POST', '/attempts/totp/confirm', { payload: { attempt, code: authenticator.code(node.clock.now()) } })
}

onEachDatabase('an invitation followed twice enrols one of the two', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  for (let round = 0; round < ROUNDS; round++) {
    const username = `guest-${round}`
    const { body } = await root.asks('POST', '/users', { username })
    const token = Secret.of((body['invitation'] as { url: string }).url.split('/').at(-1) ?? '')
    const passwords = ['four rather calm words', 'five even calmer plain words']
    const enrolments = []
    for (const password of passwords) {
      const { attempt } = await acceptInvitation(nodes[0].operator(), { token, password: Secret.of(password) })
      enrolments.push({ password, ...(await enrolmentOf(nodes[0], attempt)) })
    }
    const replies = await Promise.all(enrolments.map((enrolment, index) => confirm(nodes[index] ?? nodes[0], enrolment)))
    assertOneOf(replies, 200, [401, 404])
    nodes[0].clock.pass(seconds(30))
    for (const [index, { password, authenticator }] of enrolments.entries()) {
      const reply = await postToken(nodes[0], { username, password: password + authenticator.code(nodes[0].clock.now()) })
      assert.equal(reply.status, replies[index]?.status === 200 ? 200 : 401, 'the wrong one came in')
    }
    const apps = await nodes[0].doorward.db.selectFrom('totp_factor').selectAll().execute()
    assert.equal(apps.length, 2 + round, 'more than one app was enrolled')
  }
})

onEachDatabase('a first sign-in begun twice enrols one app, also while an admin edits the user', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  for (let round = 0; round < ROUNDS; round++) {
    const credentials = { username: `guest-${round}`, password: PASSWORD }
    const { body } = await root.asks('POST', '/users', credentials)
    const enrolments = []
    for (const node of nodes) {
      const { body: step } = await ask(node, 'POST', '/attempts', { payload: credentials })
      enrolments.push(await enrolmentOf(node, Secret.of(String(step['attempt']))))
    }
    const [edited, ...replies] = await Promise.all([
      asks(nodes[0], root, 'PATCH', `/users/${String(body['id'])}`, { full_name: 'Guest' }),
      ...enrolments.map((enrolment, index) => confirm(nodes[index] ?? nodes[0], enrolment)),
    ])
    assert.equal(edited.status, 200, edited.raw.body)
    assertOneOf(replies, 200, [401])
  }
})

onEachDatabase('a set-up link followed twice makes one admin, and the other hears that there is one', async (t, dialect) => {
  const nodes = await twoEmptyNodes(t, dialect)
  const issued = await issueSetupLink(nodes[0].operator())
  assert.ok(issued)
  const enrolments = []
  for (const username of ['ada', 'bob']) {
    const names = { username, email: null, fullName: null }
    const { attempt } = await beginSetup(nodes[0].operator(), { token: issued.token, password: Secret.of(PASSWORD), ...names })
    enrolments.push(await enrolmentOf(nodes[0], attempt))
  }
  const replies = await Promise.all(enrolments.map((enrolment, index) => confirm(nodes[index] ?? nodes[0], enrolment)))
  assert.deepEqual(statusesOf(replies), [200, 409])
  assert.ok(replies.some(({ body }) => body['code'] === 'setup.finished'))
  assert.equal(await actingAdmins(nodes[0]), 1)
})

onEachDatabase('the set-up links of two nodes make one admin', async (t, dialect) => {
  const nodes = await twoEmptyNodes(t, dialect)
  const enrolments = []
  for (const [index, node] of nodes.entries()) {
    const issued = await issueSetupLink(node.operator())
    assert.ok(issued)
    const names = { username: `admin-${index}`, email: null, fullName: null }
    const { attempt } = await beginSetup(node.operator(), { token: issued.token, password: Secret.of(PASSWORD), ...names })
    enrolments.push(await enrolmentOf(node, attempt))
  }
  const replies = await Promise.all(enrolments.map((enrolment, index) => confirm(nodes[index] ?? nodes[0], enrolment)))
  // A newer link takes the older one's place, so that the older one may be refused for that.
  assertOneOf(replies, 200, [404, 409])
  assert.equal(await actingAdmins(nodes[0]), 1)
})

onEachDatabase('one name, or one address, is given to one of several new users', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const names = ['Grace', 'grace', 'GRACE', 'grace', 'Grace', 'gRACE']
  const namesakes = names.map((username, index) => asks(nodes[index % 2 ? 1 : 0], root, 'POST', '/users', { username }))
  assertOneOf(await Promise.all(namesakes), 200, [409])
  const housemates = names.map((_, index) =>
    asks(nodes[index % 2 ? 1 : 0], root, 'POST', '/users', { username: `mate-${index}`, email: 'house@example.com' }),
  )
  assertOneOf(await Promise.all(housemates), 200, [409])
})

onEachDatabase('of several who rename themselves alike, one has the name', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const [ada, bob] = [await newcomer(root, 'ada'), await newcomer(root, 'bob')]
  await Promise.all([ada.signsIn(), bob.signsIn()])
  for (let round = 0; round < ROUNDS; round++) {
    const username = `wanted-${round}`
    const replies = await Promise.all([
      asks(nodes[0], ada, 'PATCH', '/users/me', { username }),
      asks(nodes[1], bob, 'PATCH', '/users/me', { username: username.toUpperCase() }),
    ])
    assert.deepEqual(statusesOf(replies), [200, 409])
  }
})

onEachDatabase('two who swap names at once end with a name each, and neither sees an error', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const [ada, bob] = [await newcomer(root, 'ada'), await newcomer(root, 'bob')]
  await Promise.all([ada.signsIn(), bob.signsIn()])
  const replies = await Promise.all([
    asks(nodes[0], ada, 'PATCH', '/users/me', { username: 'bob' }),
    asks(nodes[1], bob, 'PATCH', '/users/me', { username: 'ada' }),
  ])
  assert.deepEqual(replies.filter(({ status }) => status !== 200 && status !== 409).map(({ raw }) => raw.body), [])
  assert.notEqual((await ada.asks('GET', '/users/me')).body['username'], (await bob.asks('GET', '/users/me')).body['username'])
})

onEachDatabase('an attempt is finished once, even with two good codes', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const { clock } = nodes[0]
  for (let round = 0; round < ROUNDS; round++) {
    clock.pass(seconds(90))
    const { body } = await ask(nodes[0], 'POST', '/attempts', { payload: { username: 'root', password: PASSWORD } })
    const proofs = [0, 1].map((offset) => ({ attempt: body['attempt'], kind: 'totp', proof: root.authenticator.code(clock.now(), offset) }))
    const before = await sessionsIn(nodes[0])
    const replies = await Promise.all(proofs.map((payload, index) => ask(nodes[index] ?? nodes[0], 'POST', '/attempts/second-factor', { payload })))
    assertOneOf(replies, 200, [401])
    assert.equal(await sessionsIn(nodes[0]), before + 1)
  }
})

async function sessionsIn({ doorward }: Server): Promise<number> {
  return (await doorward.db.selectFrom('session').select('id').execute()).length
}

onEachDatabase('of two changes to the record as both read it, one is made and the other hears of it', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  await newcomer(root, 'ada')
  for (let round = 0; round < ROUNDS; round++) {
    const etag = String((await root.asks('GET', '/users/2')).raw.headers['etag'])
    const replies = await Promise.all(
      nodes.map((node, index) => asks(node, root, 'PATCH', '/users/2', { full_name: `Ada ${round} ${index}` }, { 'if-match': etag })),
    )
    assert.deepEqual(statusesOf(replies), [200, 412])
    const made = replies.find(({ status }) => status === 200)
    assert.equal((await root.asks('GET', '/users/2')).body['full_name'], made?.body['full_name'])
  }
})

onEachDatabase('changes that name no state are all made', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  await newcomer(root, 'ada')
  const changes = [{ full_name: 'Ada' }, { email: 'ada@example.com' }, { locale: 'de' }, { time_zone: 'Europe/Berlin' }]
  const replies = await Promise.all(changes.map((change, index) => asks(nodes[index % 2 ? 1 : 0], root, 'PATCH', '/users/2', change)))
  assert.deepEqual(replies.filter(({ status }) => status !== 200).map(({ raw }) => raw.body), [])
  const { body } = await root.asks('GET', '/users/2')
  assert.deepEqual([body['full_name'], body['email'], body['locale'], body['time_zone']], ['Ada', 'ada@example.com', 'de', 'Europe/Berlin'])
})

onEachDatabase('a password changed while its sessions are in use ends the others, keeps its own, and nobody sees an error', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const other = ada.token
  await ada.signsIn()
  const change = { current: PASSWORD, new: 'four rather calm words' }
  const uses = Array.from({ length: 20 }, (_, index) =>
    ask(nodes[index % 2 ? 1 : 0], 'GET', '/users/me', { headers: { authorization: `Bearer ${index % 4 < 2 ? other : ada.token}` } }),
  )
  const [changed, ...used] = await Promise.all([asks(nodes[0], ada, 'PUT', '/users/me/password', change), ...uses])
  assert.equal(changed.status, 204, changed.raw.body)
  assert.deepEqual(used.filter(({ status }) => status !== 200 && status !== 401).map(({ raw }) => raw.body), [])
  assert.equal((await ask(nodes[1], 'GET', '/users/me', { headers: { authorization: `Bearer ${other}` } })).status, 401)
  assert.equal((await asks(nodes[1], ada, 'GET', '/users/me')).status, 200)
  ada.password = change.new
  await ada.signsIn()
})

onEachDatabase('of two changes of one password, the later one must know the earlier one', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const wanted = ['four rather calm words', 'five even calmer plain words']
  const replies = await Promise.all(
    wanted.map((next, index) => asks(nodes[index] ?? nodes[0], ada, 'PUT', '/users/me/password', { current: PASSWORD, new: next })),
  )
  assertOneOf(replies, 204, [401, 403])
  ada.password = wanted[replies.findIndex(({ status }) => status === 204)] ?? ''
  await ada.signsIn()
})

onEachDatabase('many people of one network sign in at once, twice each, and none of them waits in vain', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const people: Person[] = []
  for (let number = 0; number < 6; number++) people.push(await newcomer(root, `person-${number}`))
  nodes[0].clock.pass(seconds(90))
  const now = nodes[0].clock.now()
  const replies = await Promise.all(
    people.flatMap(({ username, password, authenticator }) =>
      nodes.map((node) => postToken(node, { username, password: password + authenticator.code(now) })),
    ),
  )
  for (const [number] of people.entries()) assert.deepEqual(statusesOf(replies.slice(2 * number, 2 * number + 2)), [200, 401])
})
