import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type HostFields, type HostRule, HOSTS_MAXIMUM, NEW_HOST, type ProtectedHost } from '#domain/hosts/host.ts'
import { hostRule } from '#test/support/people/hosts.ts'
import type { FileHost } from './host-file.ts'
import { planHosts } from './host-plan.ts'

const NAME = 'wiki.example.org'
const WIKI: HostFields = { ...NEW_HOST, name: NAME }
const GROUPS = [
  { id: 'g1', name: 'Staff' },
  { id: 'g0', name: 'Big ideas' },
]

function inFile(...given: readonly Partial<HostFields>[]): FileHost[] {
  return given.map((fields, index) => ({ index, fields: { ...WIKI, ...fields } }))
}

function stored(fields: Partial<HostFields> = {}): ProtectedHost {
  return { ...WIKI, ...fields, id: 'h1', createdAt: 1, createdBy: null, revision: 1 }
}

function planOf(hosts: readonly FileHost[], before: readonly ProtectedHost[] = [], removesOthers = false) {
  const nameable = { groups: GROUPS, roles: ['admin', 'user'] }
  return planHosts({ hosts, stored: before, nameable, ownHost: 'login.example.org', removesOthers })
}

function errorsOf(...given: Parameters<typeof planOf>): string[] {
  return planOf(...given).errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

const ofGroups = (...names: string[]): HostRule => hostRule('/a', { who: 'groups', names, methods: ['POST', 'GET'] })

test('a new host says what is not as in any new one, with groups by name', () => {
  const given = { name: 'WIKI.example.org', rules: [ofGroups('staff', 'Big ideas')], sharedGroups: ['Staff'] }
  const { plan, errors } = planOf(inFile(given))
  assert.deepEqual(errors, [])
  const [added] = plan.added
  assert.deepEqual(
    added?.changes.map(({ field, after }) => [field, after]),
    [
      ['name', NAME],
      ['shared_groups', ['Staff']],
      ['rule', ['GET,POST /a groups "Big ideas" Staff']],
    ],
  )
  assert.deepEqual(added.fields, {
    ...WIKI,
    rules: [{ ...ofGroups('g0', 'g1'), methods: ['GET', 'POST'] }],
    sharedGroups: ['g1'],
  })
})

test('what the file leaves out is as in a new host, and the same in another order is no change', () => {
  const before = stored({ rules: [{ ...ofGroups('g0', 'g1'), methods: ['GET', 'POST'] }], apiTokens: true })
  const same = inFile({ rules: [ofGroups('Staff', 'BIG IDEAS')], apiTokens: true })
  assert.deepEqual(planOf(same, [before]).plan.unchanged, [before])
  assert.deepEqual(planOf(inFile({}), [before]).plan.changed[0]?.changes, [
    { field: 'api_tokens', before: true, after: false },
    { field: 'rule', before: ['GET,POST /a groups "Big ideas" Staff'], after: [] },
  ])
})

test('each change of a rule is seen: its position, its names and what it requires', () => {
  const rule = hostRule('/a', { who: 'roles', names: ['admin'] })
  const before = [stored({ rules: [rule, hostRule('/b')] })]
  for (const rules of [
    [hostRule('/b'), rule],
    [rule],
    [{ ...rule, names: ['admin', 'user'] }, hostRule('/b')],
    [{ ...rule, maxAge: 60_000 }, hostRule('/b')],
    [{ ...rule, leastAssurance: 'two-factors' as const }, hostRule('/b')],
    [{ ...rule, methods: ['GET'] }, hostRule('/b')],
  ])
    assert.equal(planOf(inFile({ rules }), before).plan.changed.length, 1)
})

test('a host that the file does not have stays, or is deleted with the others', () => {
  const before = [stored(), { ...stored({ name: 'git.example.org' }), id: 'h2' }]
  const kept = planOf(inFile({}), before).plan
  assert.deepEqual([kept.others, kept.removed], [[before[1]], []])
  const rest = planOf(inFile({}), before, true).plan
  assert.deepEqual([rest.others, rest.removed], [[], [before[1]]])
})

test('errors stand at their host, rule and field', () => {
  const rules = [
    hostRule('/ok'),
    hostRule('/a/../b', { methods: ['G T'] }),
    ofGroups('Staff', 'Sales'),
    hostRule('/', { who: 'roles', names: ['auditor'] }),
    hostRule('/', { who: 'roles' }),
    hostRule('/', { who: 'everyone', maxAge: 60_000 }),
  ]
  assert.deepEqual(errorsOf(inFile({}, { name: 'login.example.org', rules, sharedGroups: ['Staff', 'Sales'] })), [
    '/host/1/name host.name_own',
    '/host/1/rule/1/path host.path',
    '/host/1/rule/1/methods host.method',
    '/host/1/rule/4/names field.missing',
    '/host/1/rule/5/max_age host.open_requires',
    '/host/1/shared_groups/1 host.group_unknown',
    '/host/1/rule/2/names/1 host.group_unknown',
    '/host/1/rule/3/names/0 host.role_unknown',
  ])
  const many = Array.from({ length: HOSTS_MAXIMUM }, (_, at) => stored({ name: `h${at}.example.org` }))
  assert.deepEqual(errorsOf(inFile({}), many), ['/host field.too_many'])
})

test('groups whose names are too long for one header are refused before anything is written', () => {
  const groups = Array.from({ length: 50 }, (_, at) => ({ id: `g${at}`, name: `${'x'.repeat(60)}${at}` }))
  const hosts = inFile({ sharedGroups: groups.map(({ name }) => name) })
  const nameable = { groups, roles: [] }
  const { errors } = planHosts({ hosts, stored: [], nameable, ownHost: 'login.example.org', removesOthers: false })
  assert.deepEqual(
    errors.map(({ pointer, code }) => `${pointer} ${code}`),
    ['/host/0/shared_groups host.groups_long'],
  )
})

test('a group that was deleted since the app learned of it makes no change', () => {
  const before = stored({ sharedGroups: ['g1', 'gone'] })
  assert.deepEqual(planOf(inFile({ sharedGroups: ['Staff'] }), [before]).plan.unchanged, [before])
})
