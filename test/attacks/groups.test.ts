// Threats: a user changes a group that is not theirs, leaves the protection of a policy, or learns from a group who has an account.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { removeGroupMember } from '#use-cases/administration/groups/groups.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { membersIn, namePolicyFor, newGroup } from '../support/people/groups.ts'
import { ask, newcomer, type Person, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** What each caller gets who removes a member: from a group that no policy names, and from one that a policy names. */
const REMOVALS = {
  'an admin': ['204', '204'],
  'an admin whose authentication is not recent': ['204', '401 access.reauthentication_required'],
  'an API token with groups:write': ['403 access.insufficient_scope', '403 access.insufficient_scope'],
  'an API token with groups:write and users:read': ['204', '403 group.policy_needed'],
  'an API token with policy:write too': ['204', '403 access.session_required'],
  'an API token with users:write': ['403 access.insufficient_scope', '403 access.insufficient_scope'],
  'a manager': ['204', '403 group.policy_needed'],
  'a manager of another group': ['404 group.not_found', '404 group.not_found'],
  'the member': ['404 group.not_found', '404 group.not_found'],
  'the member at the route of admins': ['403 access.insufficient_permissions', '403 access.insufficient_permissions'],
  'the operator': ['204', '204'],
} as const satisfies Record<string, readonly [string, string]>

onEitherDatabase('a member of a group that a policy names is removed only with policy:write', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const bob = await (await newcomer(root, 'bob')).signsIn()
  const eve = await (await newcomer(root, 'eve')).signsIn()
  await root.signsIn()
  await newGroup(root, 'Of eve', { managers: [eve] })
  const { id: adaId } = await rowOf(ada)
  const scopes = [
    ['groups:write'],
    ['groups:write', 'users:read'],
    ['groups:write', 'users:read', 'policy:write'],
    ['users:write'],
  ]
  const tokens = await Array.fromAsync(scopes, (own) => apiTokenOf(root, own))
  const groups = {
    free: await newGroup(root, 'Free', { managers: [bob] }),
    named: await newGroup(root, 'Named', { managers: [bob] }),
  }
  await namePolicyFor(server, groups.named)
  // The token of a person is read when it is sent, because each sign-in gives another.
  const byAdmin = (holder: { readonly token: string | undefined } | undefined) => (group: string) =>
    ask(server, 'DELETE', `/groups/${group}/members/${adaId}`, { headers: bearer({ token: holder?.token }) })
  const byManager = (person: Person) => (group: string) =>
    person.asks('DELETE', `/users/me/groups/${group}/members/${adaId}`)
  const callers: Record<keyof typeof REMOVALS, (group: string) => Promise<Reply | boolean>> = {
    'an admin': byAdmin(root),
    'an API token with groups:write': byAdmin(tokens[0]),
    'an API token with groups:write and users:read': byAdmin(tokens[1]),
    'an API token with policy:write too': byAdmin(tokens[2]),
    'an API token with users:write': byAdmin(tokens[3]),
    'a manager': byManager(bob),
    'a manager of another group': byManager(eve),
    'the member': byManager(ada),
    'the member at the route of admins': byAdmin(ada),
    'the operator': (group) => removeGroupMember(server.operator(), group, { id: adaId }),
    'an admin whose authentication is not recent': (group) => {
      server.clock.pass(minutes(11))
      return byAdmin(root)(group)
    },
  }
  for (const [caller, removes] of Object.entries(callers)) {
    const got = []
    for (const group of [groups.free, groups.named]) {
      await root.signsIn()
      assert.equal((await root.asks('PUT', `/groups/${group}/members/${adaId}`)).status, 204)
      const reply = await removes(group)
      const done = reply === true || (typeof reply === 'object' && reply.status === 204)
      assert.deepEqual(await membersIn(server, group), done ? [] : ['ada'], caller)
      got.push(typeof reply === 'object' && !done ? `${reply.status} ${String(reply.body['code'])}` : '204')
    }
    assert.deepEqual(got, REMOVALS[caller as keyof typeof REMOVALS], caller)
  }
})

leaveToTestAll()

onEitherDatabase('a group that the caller does not manage is answered like an unknown one', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  await newGroup(root, 'Own', { managers: [ada] })
  const other = await newGroup(root, 'Other', { members: [ada, root] })
  const { id } = await rowOf(root)
  const body = (reply: Reply): unknown => ({ ...reply.body, instance: undefined, request_id: undefined })
  for (const [method, path, payload] of [
    ['GET', '/members', undefined],
    ['POST', '/members', { users: ['root'] }],
    ['DELETE', `/members/${id}`, undefined],
  ] as const) {
    const [refused, unknown] = [
      await ada.asks(method, `/users/me/groups/${other}${path}`, payload),
      await ada.asks(method, `/users/me/groups/unknown${path}`, payload),
    ]
    assert.equal(refused.status, 404)
    assert.deepEqual(body(refused), body(unknown))
  }
  const browser = await signedInBrowser(ada)
  assert.equal((await browser.open(`/account/groups/${other}`)).statusCode, 404)
  assert.equal((await browser.submit(`/account/groups/${other}/members/${id}/remove`, {})).statusCode, 404)
  assert.deepEqual(await membersIn(server, other), ['ada', 'root'])
})

onEitherDatabase('a manager who is dismissed while the body is sent changes nothing', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const id = await newGroup(root, 'Engineering', { managers: [ada] })
  const held = await pausedRequest(server, `/users/me/groups/${id}/members`, { users: ['root'] }, bearer(ada))
  assert.equal((await root.asks('DELETE', `/groups/${id}/managers/${(await rowOf(ada)).id}`)).status, 204)
  const { status, body } = await held.finish()
  assert.deepEqual([status, body['code']], [404, 'group.not_found'])
  assert.deepEqual(await membersIn(server, id), [])
})

onEitherDatabase(
  'a manager learns of twenty unknown names and then waits; an unconfirmed email is unknown',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    await newcomer(root, 'bob', { email: 'bob@example.org' })
    const id = await newGroup(root, 'Engineering', { managers: [ada] })
    const users = ['bob@example.org', ...Array.from({ length: 20 }, (_, at) => `nobody-${at}`), 'bob']
    const { body } = await ada.asks('POST', `/users/me/groups/${id}/members`, { users })
    const codes = (body['lines'] as { error: { code: string } | null }[]).map(({ error }) => error?.code)
    assert.deepEqual(codes, [
      ...Array.from({ length: 20 }, () => 'user.not_found'),
      'throttle.blocked',
      'throttle.blocked',
    ])
    server.clock.pass(minutes(1))
    assert.equal((await ada.asks('POST', `/users/me/groups/${id}/members`, { users: ['bob'] })).body['added'], 1)
  },
)

onEitherDatabase(
  'the lists of a manager show and find no email, and a removal does not tell who exists',
  async (t, dialect) => {
    const { root, ada } = await startWithUser(t, { dialect })
    const bob = await newcomer(root, 'bob', { email: 'hidden@example.org' })
    const outsider = await newcomer(root, 'outsider')
    const id = await newGroup(root, 'Engineering', { managers: [ada], members: [bob] })
    const path = `/users/me/groups/${id}/members`
    const listed = await ada.asks('GET', path)
    assert.equal(itemsOf(listed).length, 1)
    assert.doesNotMatch(listed.raw.body, /hidden/)
    assert.deepEqual(itemsOf(await ada.asks('GET', `${path}?q=hidden`)), [])
    const page = await (await signedInBrowser(ada)).page(`/account/groups/${id}`)
    assert.match(page.text, /bob/)
    assert.doesNotMatch(page.text, /hidden/)
    for (const user of [(await rowOf(outsider)).id, 999_999])
      assert.equal((await ada.asks('DELETE', `${path}/${user}`)).status, 204)
  },
)

onEitherDatabase(
  'nobody adds a user who may do more to a group that a policy names, which would change how that user signs in',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const permissions = ['users:read', 'groups:write'] as const
    await createRole(server.operator(), { name: 'clerk', description: '', permissions })
    const clerk = await newcomer(root, 'cleo', { role: 'clerk' })
    await clerk.signsIn()
    const [free, named] = [
      await newGroup(root, 'Free', { managers: [ada] }),
      await newGroup(root, 'Named', { managers: [ada] }),
    ]
    await namePolicyFor(server, named)
    const { id } = await rowOf(root)
    const byClerk = (group: string) => clerk.asks('PUT', `/groups/${group}/members/${id}`)
    const byManager = async (group: string): Promise<unknown> => {
      const { body } = await ada.asks('POST', `/users/me/groups/${group}/members`, { users: ['root'] })
      return (body['lines'] as { error: { code: string } | null }[])[0]?.error?.code
    }
    assert.deepEqual(
      [(await byClerk(named)).body['code'], await byManager(named), await membersIn(server, named)],
      ['role.beyond_own', 'role.beyond_own', []],
    )
    assert.deepEqual(
      [await byManager(free), (await byClerk(free)).status, await membersIn(server, free)],
      [undefined, 204, ['root']],
    )
    assert.equal((await root.asks('PUT', `/groups/${named}/members/${id}`)).status, 204)
  },
)

onEitherDatabase('users without permissions see no group but their own, and tokens manage none', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const id = await newGroup(root, 'Engineering', { managers: [ada] })
  await newGroup(root, 'Secret', { members: [root] })
  assert.deepEqual(
    itemsOf(await ada.asks('GET', '/users/me/groups')).map(({ name }) => name),
    ['Engineering'],
  )
  for (const url of ['/groups', `/groups/${id}`, `/groups/${id}/members`, '/users?group=Secret'])
    assert.equal((await ada.asks('GET', url)).status, 403, url)
  const { token } = await apiTokenOf(ada, ['self:read', 'self:write'])
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await ask(server, 'GET', '/users/me/groups', { headers })).status, 200)
  const refused = await ask(server, 'POST', `/users/me/groups/${id}/members`, { headers, payload: { users: ['root'] } })
  assert.deepEqual([refused.status, refused.body['code']], [403, 'access.session_required'])
})

onEitherDatabase('a removal that a policy forbids is an audit event with the name of the group', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect })
  const id = await newGroup(root, 'Engineering', { managers: [ada], members: [root] })
  await namePolicyFor(server, id)
  const { id: user } = await rowOf(root)
  assert.equal((await ada.asks('DELETE', `/users/me/groups/${id}/members/${user}`)).status, 403)
  const [event] = itemsOf(await root.asks('GET', '/audit-events?result=refused&limit=1'))
  assert.deepEqual([event?.['action'], event?.['reason']], ['group.member_removed', 'policy_needed'])
  assert.equal((event?.['details'] as { group: string } | undefined)?.group, 'Engineering')
})
