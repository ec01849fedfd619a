import assert from 'node:assert/strict'
import { test } from 'node:test'

import { days, minutes } from '#foundation/kernel/time.ts'
import {
  changedHostFields,
  errorsInSharedGroups,
  fieldErrorsInHost,
  fieldsOfHost,
  hostChangeDetails,
  MOST_RULE_NAMES,
  MOST_RULES,
  MOST_SHARED_GROUPS,
  normalizedHost,
  ruleText,
  SHARED_GROUPS_BYTES,
  whatNeedsApprovalOfHost,
} from './host-fields.ts'
import { type HostFields, type HostRule, NEW_HOST, needsGroups, SIGNED_IN_RULE } from './host.ts'

const OWN = 'id.example.org'
const WIKI: HostFields = { ...NEW_HOST, name: 'wiki.example.org' }

function errorsIn(fields: Partial<HostFields>): string[] {
  return fieldErrorsInHost({ ...WIKI, ...fields }, OWN).map(({ pointer, code }) => `${pointer} ${code}`)
}

function errorsInRule(rule: Partial<HostRule>): string[] {
  return errorsIn({ rules: [{ ...SIGNED_IN_RULE, ...rule }] })
}

test('a host is a DNS name, without a port, or this machine', () => {
  const label = 'a'.repeat(63)
  for (const name of [
    'wiki.example.org',
    'nas',
    'a-1.b',
    'xn--mnchen-3ya.example',
    'localhost',
    '127.0.0.1',
    `${label}.de`,
  ])
    assert.deepEqual(errorsIn({ name }), [], name)
  const wrong = [
    'wiki.example.org:443',
    'https://a.b',
    'a.b/c',
    '*.a.b',
    'a..b',
    '.a',
    'a.',
    '-a.b',
    'a-.b',
    'A.b',
    'a_b.c',
    '10.0.0.1',
    '10.1',
    '[fe80::1]',
    'a b',
    'ä.b',
    `${label}a.de`,
    `${`${label}.`.repeat(4)}de`,
  ]
  for (const name of wrong) assert.deepEqual(errorsIn({ name }), ['/name host.name_malformed'], name)
  assert.deepEqual(errorsIn({ name: '' }), ['/name field.missing'])
  assert.deepEqual(errorsIn({ name: OWN }), ['/name host.name_own'])
})

test('the path of a rule has one reading', () => {
  for (const path of ['/', '/admin', '/Admin/x.y', '/a@b:c', '/.well-known'])
    assert.deepEqual(errorsInRule({ path }), [], path)
  for (const path of ['', 'admin']) assert.deepEqual(errorsInRule({ path }), ['/rules/0/path host.path_slash'], path)
  for (const path of [
    '/a b',
    '/%61',
    '/a/../b',
    '/a/.',
    '//a',
    '/a\\b',
    '/a;b',
    '/a?b',
    '/a#b',
    '/ä',
    `/${'a'.repeat(200)}`,
  ])
    assert.deepEqual(errorsInRule({ path }), ['/rules/0/path host.path'], path)
})

test('a rule names what it needs, and an open path asks for nothing', () => {
  assert.deepEqual(errorsInRule({ who: 'roles', names: ['admin'], methods: ['GET', 'VERSION-CONTROL'] }), [])
  assert.deepEqual(errorsInRule({ who: 'roles' }), ['/rules/0/names field.missing'])
  assert.deepEqual(errorsInRule({ who: 'groups' }), ['/rules/0/names field.missing'])
  assert.deepEqual(errorsInRule({ names: ['admin'] }), ['/rules/0/names host.names_unused'])
  assert.deepEqual(errorsInRule({ methods: ['get'] }), ['/rules/0/methods host.method'])
  assert.deepEqual(errorsInRule({ methods: ['GET /x'] }), ['/rules/0/methods host.method'])
  assert.deepEqual(errorsInRule({ who: 'everyone', leastAssurance: 'two-factors', maxAge: minutes(5) }), [
    '/rules/0/least_assurance host.open_requires',
    '/rules/0/max_age host.open_requires',
  ])
  for (const [maxAge, isPossible] of [
    [minutes(1), true],
    [days(365), true],
    [minutes(1) - 1000, false],
    [minutes(1) + 1, false],
    [days(366), false],
  ] as const)
    assert.deepEqual(errorsInRule({ maxAge }), isPossible ? [] : ['/rules/0/max_age host.max_age'], `${maxAge}`)
})

test('the lists have an end', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`)
  const rules = (count: number) => many(count).map((name) => ({ ...SIGNED_IN_RULE, path: `/${name}` }))
  assert.deepEqual(errorsIn({ rules: rules(MOST_RULES) }), [])
  assert.deepEqual(errorsIn({ rules: rules(MOST_RULES + 1) }), ['/rules field.too_many'])
  assert.deepEqual(errorsIn({ sharedGroups: many(MOST_SHARED_GROUPS) }), [])
  assert.deepEqual(errorsIn({ sharedGroups: many(MOST_SHARED_GROUPS + 1) }), ['/shared_groups field.too_many'])
  const names = many(MOST_RULE_NAMES + 1)
  assert.deepEqual(errorsInRule({ who: 'groups', names }), ['/rules/0/names field.too_many'])
})

test('the names of all told groups fit into the header, as they are written there', () => {
  const long = 'g'.repeat(SHARED_GROUPS_BYTES - 2)
  assert.deepEqual(errorsInSharedGroups([long, 'x']), [])
  assert.deepEqual(
    errorsInSharedGroups([long, 'ü']).map(({ code }) => code),
    ['host.groups_long'],
  )
})

test('fields are stored in one form', () => {
  const typed = {
    ...WIKI,
    name: ' Wiki.München.Example ',
    sharedGroups: ['b', 'a', 'b'],
    rules: [
      {
        ...SIGNED_IN_RULE,
        path: ' /admin// ',
        methods: ['post', 'GET', ' get '],
        who: 'roles' as const,
        names: ['y', 'x', 'y'],
      },
    ],
  }
  const { name, sharedGroups, rules } = normalizedHost(typed)
  assert.deepEqual([name, sharedGroups], ['wiki.xn--mnchen-3ya.example', ['a', 'b']])
  assert.deepEqual(rules, [
    { ...SIGNED_IN_RULE, path: '/admin', methods: ['GET', 'POST'], who: 'roles', names: ['x', 'y'] },
  ])
  assert.equal(normalizedHost({ ...WIKI, rules: [SIGNED_IN_RULE] }).rules[0]?.path, '/')
})

test('what takes away only needs no second admin, and all else does', () => {
  const open: HostRule = { ...SIGNED_IN_RULE, path: '/a', who: 'everyone' }
  const admins: HostRule = { ...SIGNED_IN_RULE, path: '/b', who: 'roles', names: ['admin', 'auditor'] }
  const before: HostFields = {
    ...WIKI,
    rules: [open, admins],
    sharedGroups: ['x', 'y'],
    apiTokens: true,
    preflights: true,
  }
  for (const [change, needed] of [
    [{}, []],
    [{ apiTokens: false, preflights: false, sharedGroups: ['x'] }, []],
    [{ sharedGroups: ['x', 'z'] }, ['sharedGroups']],
    [
      {
        rules: [
          { ...open, who: 'signed-in' },
          { ...admins, names: ['admin'], maxAge: 60_000 },
        ],
      },
      [],
    ],
    [
      {
        rules: [
          { ...open, who: 'groups', names: ['x'] },
          { ...admins, leastAssurance: 'two-factors' },
        ],
      },
      [],
    ],
    [{ rules: [open] }, ['rules']],
    [{ rules: [admins, open] }, ['rules']],
    [{ rules: [open, { ...admins, who: 'groups', names: ['admin'] }] }, ['rules']],
    [{ rules: [open, { ...admins, who: 'signed-in', names: [] }] }, ['rules']],
    [{ rules: [open, { ...admins, names: ['admin', 'user'] }] }, ['rules']],
    [{ rules: [open, { ...admins, path: '/' }] }, ['rules']],
    [{ rules: [{ ...open, methods: ['GET'] }, admins] }, ['rules']],
  ] as const satisfies readonly (readonly [Partial<HostFields>, readonly string[]])[])
    assert.deepEqual(whatNeedsApprovalOfHost(before, { ...before, ...change }), needed, JSON.stringify(change))
  const strict = { ...before, rules: [{ ...admins, maxAge: 60_000, leastAssurance: 'two-factors' as const }] }
  for (const rule of [
    { maxAge: null },
    { maxAge: 61_000 },
    { leastAssurance: null },
    { leastAssurance: 'one-factor' as const },
  ])
    assert.deepEqual(whatNeedsApprovalOfHost(strict, { ...strict, rules: [{ ...strict.rules[0]!, ...rule }] }), [
      'rules',
    ])
  assert.deepEqual(whatNeedsApprovalOfHost({ ...WIKI }, { ...WIKI, apiTokens: true, preflights: true }), [
    'apiTokens',
    'preflights',
  ])
})

test('an event names the changed fields, with what they were', () => {
  const rules: HostRule[] = [
    {
      ...SIGNED_IN_RULE,
      path: '/a',
      methods: ['GET', 'PUT'],
      who: 'roles',
      names: ['admin'],
      leastAssurance: 'two-factors',
      maxAge: 60_000,
    },
  ]
  const after = { ...WIKI, rules, preflights: true }
  assert.deepEqual(changedHostFields(WIKI, after), ['rules', 'preflights'])
  assert.deepEqual(hostChangeDetails(WIKI, after), {
    fields: 'rules preflights',
    rules: 'GET,PUT /a roles admin least=two-factors max-age=60',
    rules_before: '',
    preflights: 'true',
    preflights_before: 'false',
  })
  assert.equal(ruleText(SIGNED_IN_RULE), '* / signed-in')
  assert.deepEqual(fieldsOfHost({ ...after, id: 'x', createdAt: 0, createdBy: null, revision: 1 }), after)
})

test('groups are read for hosts whose rules name them, or that tell them', () => {
  assert.equal(needsGroups(WIKI), false)
  assert.equal(needsGroups({ ...WIKI, sharedGroups: ['x'] }), true)
  assert.equal(needsGroups({ ...WIKI, rules: [{ ...SIGNED_IN_RULE, who: 'roles', names: ['a'] }] }), false)
  assert.equal(needsGroups({ ...WIKI, rules: [{ ...SIGNED_IN_RULE, who: 'groups', names: ['a'] }] }), true)
})
