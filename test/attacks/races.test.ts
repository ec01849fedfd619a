// Two concurrent changes of one record at two nodes: a unique value goes to one of them, and no request gets an internal error.
import assert from 'node:assert/strict'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { newcomer, PASSWORD, postToken, type Reply } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks, assertOneOf, type Nodes, statusesOf, twoNodes } from '../support/server/nodes.ts'

const ROUNDS = 4

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

leaveToTestAll()

onEachDatabase(
  'two users who swap names at once end with one name each, and neither gets an error',
  async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    const [ada, bob] = [await newcomer(root, 'ada'), await newcomer(root, 'bob')]
    await Promise.all([ada.signsIn(), bob.signsIn()])
    const replies = await Promise.all([
      asks(nodes[0], ada, 'PATCH', '/users/me', { username: 'bob' }),
      asks(nodes[1], bob, 'PATCH', '/users/me', { username: 'ada' }),
    ])
    assertOnly(replies, [200, 409])
    const [hers, his] = [await ada.asks('GET', '/users/me'), await bob.asks('GET', '/users/me')]
    assert.notEqual(hers.body['username'], his.body['username'])
  },
)

onEachDatabase(
  'of two changes based on the same read, one is made and the other is refused as stale',
  async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    await newcomer(root, 'ada')
    for (let round = 0; round < ROUNDS; round++) {
      const etag = String((await root.asks('GET', '/users/2')).raw.headers['etag'])
      const changes = nodes.map((node, index) =>
        asks(node, root, 'PATCH', '/users/2', { full_name: `Ada ${round} ${index}` }, { 'if-match': etag }),
      )
      const replies = await Promise.all(changes)
      assert.deepEqual(statusesOf(replies), [200, 412])
      const made = replies.find(({ status }) => status === 200)
      assert.equal((await root.asks('GET', '/users/2')).body['full_name'], made?.body['full_name'])
    }
  },
)

onEachDatabase('changes that name no state are all made', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  await newcomer(root, 'ada')
  const wanted = { full_name: 'Ada', email: 'ada@example.com', locale: 'de', time_zone: 'Europe/Berlin' }
  const changes = Object.entries(wanted).map(([field, value], index) =>
    asks(nodes[index % 2 ? 1 : 0], root, 'PATCH', '/users/2', { [field]: value }),
  )
  assertOnly(await Promise.all(changes), [200])
  const { full_name, email, locale, time_zone } = (await root.asks('GET', '/users/2')).body
  assert.deepEqual({ full_name, email, locale, time_zone }, wanted)
})

onEachDatabase(
  'a password change during use ends the other sessions, keeps its own, and no request fails',
  async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const [other, own] = [{ token: ada.token }, { token: (await ada.signsIn()).token }]
    const change = { current: PASSWORD, new: 'four rather calm words' }
    const uses = Array.from({ length: 20 }, (_, index) =>
      asks(nodes[index % 2 ? 1 : 0], index % 4 < 2 ? other : own, 'GET', '/users/me'),
    )
    const [changed, ...used] = await Promise.all([asks(nodes[0], ada, 'PUT', '/users/me/password', change), ...uses])
    assert.equal(changed.status, 200, changed.raw.body)
    ada.keep(changed)
    assertOnly(used, [200, 401])
    assert.equal((await asks(nodes[1], other, 'GET', '/users/me')).status, 401)
    assert.equal((await asks(nodes[1], ada, 'GET', '/users/me')).status, 200)
    ada.password = change.new
    await ada.signsIn()
  },
)

onEachDatabase('of two changes of one password, the later one must know the earlier one', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  const wanted = ['four rather calm words', 'five even calmer plain words']
  const changes = wanted.map((next, index) =>
    asks(nodes[index] ?? nodes[0], ada, 'PUT', '/users/me/password', { current: PASSWORD, new: next }),
  )
  const replies = await Promise.all(changes)
  assertOneOf(replies, 200, [401, 403])
  ada.password = wanted[replies.findIndex(({ status }) => status === 200)] ?? ''
  await ada.signsIn()
})

onEachDatabase(
  'a sign-in that overlaps disabling the user or a password change leaves no session',
  async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    for (let round = 0; round < ROUNDS; round++) {
      const ada = await (await newcomer(root, `ada-${round}`)).signsIn()
      const id = await idOf(ada)
      const change = { current: PASSWORD, new: 'four rather calm words' }
      const [changed, before] = await Promise.all([
        asks(nodes[0], ada, 'PUT', '/users/me/password', change),
        postToken(nodes[1], { username: ada.username, password: PASSWORD + ada.code() }),
      ])
      assert.equal(changed.status, 200, changed.raw.body)
      await assertOut(nodes, before)
      ada.password = change.new
      await root.signsIn()
      const [disabled, during] = await Promise.all([
        asks(nodes[0], root, 'POST', `/users/${id}/disable`),
        postToken(nodes[1], { username: ada.username, password: ada.password + ada.code() }),
      ])
      assert.equal(disabled.status, 200, disabled.raw.body)
      await assertOut(nodes, during)
    }
  },
)

/** Asserts that the reply is a refusal, or has a token that is not valid. */
async function assertOut(nodes: Nodes, reply: Reply): Promise<void> {
  assertOnly([reply], [200, 401])
  if (reply.status === 401) return
  const token = String(reply.body['access_token'])
  for (const node of nodes) assert.equal((await asks(node, { token }, 'GET', '/users/me')).status, 401)
}

function assertOnly(replies: readonly Reply[], statuses: readonly number[]): void {
  const odd = replies.filter(({ status }) => !statuses.includes(status)).map(({ raw }) => raw.body)
  assert.deepEqual(odd, [])
}
