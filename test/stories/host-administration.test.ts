// Protected hosts through the API: registered, listed, changed, tried and removed.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { assertRefused, fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const HOST = 'photos.example.org'
const PATH = `/hosts/${HOST}`
const USUAL = { methods: [], names: [], least_assurance: null, max_age: null }

onEitherDatabase('an admin protects a host, and changes it on the state that was read', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const staff = await newGroup(root, 'Staff')
  const rules = [
    { path: '/public/', who: 'everyone', methods: ['get'] },
    { path: '/admin', who: 'groups', names: [staff], least_assurance: 'two-factors', max_age: 3600 },
  ]
  const made = await root.asks('POST', '/hosts', { name: ' Photos.Example.org ', rules, shared_groups: [staff] })
  assert.equal(made.status, 200, made.raw.body)
  const { id, created_at: _, ...said } = made.body
  const stored = [
    { ...USUAL, path: '/public', who: 'everyone', methods: ['GET'] },
    { ...USUAL, ...rules[1] },
  ]
  assert.deepEqual(said, {
    name: HOST,
    rules: stored,
    shared_groups: [staff],
    api_tokens: false,
    preflights: false,
    created_by: (await rowOf(root)).subject,
  })
  const tag = String((await root.asks('GET', PATH)).raw.headers['etag'])
  const changed = await root.asks('PATCH', '/hosts/PHOTOS.example.org', { api_tokens: true }, { 'if-match': tag })
  assert.deepEqual(changed.body, { ...made.body, api_tokens: true })
  assert.deepEqual(refusalIn(await root.asks('PATCH', PATH, { rules: [] }, { 'if-match': tag })), [
    412,
    'resource.stale',
  ])
  assertRefused(await root.asks('POST', '/hosts', { name: HOST }), 'host.name_taken')
  assert.equal((await root.asks('DELETE', PATH, undefined, { 'if-match': tag })).status, 412)
  assert.equal((await root.asks('DELETE', PATH)).status, 204)
  for (const method of ['GET', 'DELETE'] as const) assertRefused(await root.asks(method, PATH), 'host.not_found')
  const { items } = await listEvents(server.operator(), { limit: 20 })
  const events = items.filter(({ action }) => action.startsWith('host.'))
  assert.deepEqual(
    events.map(({ action, details }) => [action, details?.['host'], details?.['host_id']]),
    ['deleted', 'changed', 'created'].map((what) => [`host.${what}`, HOST, id]),
  )
})

leaveToTestAll()

onEitherDatabase('hosts are listed by name, page by page', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const name of ['b.example', 'c.example', 'a.example'])
    assert.equal((await root.asks('POST', '/hosts', { name })).status, 200)
  const first = await root.asks('GET', '/hosts?limit=2')
  const names = (body: typeof first.body) => (body['items'] as { name: string }[]).map(({ name }) => name)
  assert.deepEqual(names(first.body), ['a.example', 'b.example'])
  const second = await root.asks('GET', `/hosts?limit=2&cursor=${String(first.body['next_cursor'])}`)
  assert.deepEqual(names(second.body), ['c.example'])
})

onEitherDatabase('what cannot be a rule is named at its field', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const errorsOf = async (body: object) => fieldErrorsIn(await root.asks('POST', '/hosts', { name: HOST, ...body }))
  assert.deepEqual(await errorsOf({ name: 'localhost' }), ['/name host.name_own'])
  assert.deepEqual(await errorsOf({ name: 'photos.example.org:8443' }), ['/name host.name_malformed'])
  const rules = [
    { path: '/a', who: 'signed-in' },
    { path: '/b', who: 'roles', names: ['auditor'] },
  ]
  assert.deepEqual(await errorsOf({ rules }), ['/rules/1/names host.role_unknown'])
  assert.deepEqual(await errorsOf({ rules: [{ path: '/', who: 'groups', names: ['none'] }] }), [
    '/rules/0/names host.group_unknown',
  ])
  assert.deepEqual(await errorsOf({ rules: [{ path: 'a', who: 'everyone', max_age: 60 }] }), [
    '/rules/0/path host.path_slash',
    '/rules/0/max_age host.open_requires',
  ])
  assert.deepEqual(await errorsOf({ shared_groups: ['none'] }), ['/shared_groups host.group_unknown'])
  assert.deepEqual((await root.asks('GET', '/hosts')).body['items'], [])
})

onEitherDatabase('a role or group that a rule names cannot be deleted, one that is shared can', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const [staff, shared] = [await newGroup(root, 'Staff'), await newGroup(root, 'Shared')]
  const role = { name: 'auditor', description: 'Reads the log', permissions: ['audit:read'] }
  assert.equal((await root.asks('POST', '/roles', role)).status, 200)
  const rules = [
    { path: '/log', who: 'roles', names: ['auditor'] },
    { path: '/', who: 'groups', names: [staff] },
  ]
  const made = await root.asks('POST', '/hosts', { name: HOST, rules, shared_groups: [staff, shared] })
  assert.equal(made.status, 200, made.raw.body)
  for (const [resource, code] of [
    ['/roles/auditor', 'role.named_by_host'],
    [`/groups/${staff}`, 'group.named_by_host'],
  ] as const) {
    const refused = await root.asks('DELETE', resource)
    assert.deepEqual([...refusalIn(refused), refused.body['hosts']], [409, code, [HOST]])
  }
  assert.equal((await root.asks('DELETE', `/groups/${shared}`)).status, 204)
  const changed = await root.asks('PATCH', PATH, { rules: [] })
  assert.deepEqual([changed.body['rules'], changed.body['shared_groups']], [[], [staff]])
  assert.equal((await root.asks('DELETE', '/roles/auditor')).status, 204)
  assert.equal((await root.asks('DELETE', `/groups/${staff}`)).status, 204)
})

onEitherDatabase('a request is tried for a user, and for a visitor who is not signed in', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const ada = await newcomer(root, 'ada')
  const staff = await newGroup(root, 'Staff', { members: [ada] })
  const rules = [
    { path: '/public', who: 'everyone' },
    { path: '/team', who: 'groups', names: [staff], max_age: 300 },
    { path: '/admin', who: 'roles', names: ['admin'], least_assurance: 'phishing-resistant' },
  ]
  assert.equal((await root.asks('POST', '/hosts', { name: HOST, rules })).status, 200)
  const [adaId, rootId] = [(await rowOf(ada)).id, (await rowOf(root)).id]
  const tries = async (path: string, given: object = {}) => {
    const { status, body, raw } = await root.asks('POST', `${PATH}/check`, { method: 'GET', path, ...given })
    assert.equal(status, 200, raw.body)
    return [body['passes'], body['reason'], body['position']]
  }
  assert.deepEqual(await tries('/public/a'), [true, null, 1])
  assert.deepEqual(await tries('/'), [false, 'not_signed_in', null])
  assert.deepEqual(await tries('/', { user_id: adaId }), [true, null, null])
  assert.deepEqual(await tries('/team', { user_id: adaId }), [true, null, 2])
  assert.deepEqual(await tries('/team', { user_id: adaId, age: 301 }), [false, 'age', 2])
  assert.deepEqual(await tries('/team', { user_id: rootId }), [false, 'group', 2])
  assert.deepEqual(await tries('/admin', { user_id: adaId }), [false, 'role', 3])
  assert.deepEqual(await tries('/admin', { user_id: rootId }), [false, 'assurance', 3])
  assert.deepEqual(await tries('/admin', { user_id: rootId, assurance: 'phishing-resistant' }), [true, null, 3])
  const odd = await root.asks('POST', `${PATH}/check`, { method: 'GET', path: '/public/..%2fadmin' })
  assert.deepEqual(
    [odd.body['reason'], odd.body['rule'], odd.body['readings']],
    [
      'ambiguous',
      null,
      [
        { path: '/public/..%2fadmin', position: 1 },
        { path: '/admin', position: 3 },
      ],
    ],
  )
  assert.equal((await root.asks('POST', `/users/${adaId}/disable`)).status, 200)
  assert.deepEqual(await tries('/team', { user_id: adaId }), [false, 'shut_out', 2])
  const { status } = await root.asks('POST', `${PATH}/check`, { method: 'GET', path: '/', user_id: 4711 })
  assert.equal(status, 404)
})

onEitherDatabase('who may not see users learns nothing about one by trying a request', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  assert.equal((await root.asks('POST', '/hosts', { name: HOST })).status, 200)
  const token = await apiTokenOf(root, ['apps:write'])
  const asks = (given: object) =>
    asksWith(server, token, 'POST', `${PATH}/check`, { method: 'GET', path: '/', ...given })
  assert.equal((await asks({})).status, 200)
  for (const id of [(await rowOf(root)).id, 4711])
    assert.deepEqual(refusalIn(await asks({ user_id: id })), [403, 'access.insufficient_permissions'])
})
