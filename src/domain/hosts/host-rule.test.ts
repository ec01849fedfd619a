import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  disagreeingReadings,
  letsPass,
  prepareRules,
  requirementOfRule,
  requiresAuthentication,
  ruleFor,
} from './host-rule.ts'
import { type HostRule, SIGNED_IN_RULE } from './host.ts'

function rule(path: string, said: Partial<HostRule> = {}): HostRule {
  return { ...SIGNED_IN_RULE, path, ...said }
}

const RULES = prepareRules([
  rule('/public', { who: 'everyone' }),
  rule('/api/hook', { who: 'everyone', methods: ['POST'] }),
  rule('/api', { methods: ['GET'] }),
  rule('/api', { who: 'roles', names: ['admin'] }),
  rule('/Admin/Area', { who: 'groups', names: ['staff'] }),
])

const FOUND: readonly [method: string, path: string, found: number | 'ambiguous' | 'malformed'][] = [
  ['GET', '/', -1],
  ['GET', '/public', 0],
  ['GET', '/public/', 0],
  ['GET', '/public/a', 0],
  ['GET', '/publicity', -1],
  ['POST', '/api/hook', 1],
  ['GET', '/api/hook', 2],
  ['HEAD', '/api/hook', 2],
  ['PUT', '/api/hook', 3],
  ['DELETE', '/api', 3],
  ['VERSION-CONTROL', '/api', 3],
  ['GET', '/Admin/Area/x', 4],
  // Programs that do not distinguish cases would read what the rule closes.
  ['GET', '/admin/area', 'ambiguous'],
  ['GET', '/PUBLIC', 'ambiguous'],
  ['GET', '/public/../Admin/Area', 'ambiguous'],
  ['GET', '/public/%2e%2e/%41dmin/area', 'ambiguous'],
  ['GET', '/public/..%2f..%2fx', 'ambiguous'],
  ['GET', '//public', 'ambiguous'],
  ['GET', '/public;/x', 'ambiguous'],
  ['GET', '/%70ublic', 'ambiguous'],
  // All readings meet one rule.
  ['GET', '/public/a%2Fb', 0],
  ['GET', '/public/a/../b', 0],
  ['GET', '/public/my%20file;v=1', 0],
  ['GET', '/other//x', -1],
  ['GET', '/public/%00', 'malformed'],
  ['get', '/public', 'malformed'],
  ['', '/public', 'malformed'],
  ['GET', '', 'malformed'],
  ['OPTIONS', '*', 'malformed'],
]

test('the first rule for the path and the method decides, if it does so in every reading', () => {
  for (const [method, path, found] of FOUND) {
    const result = ruleFor(RULES, { method, path })
    assert.equal('refused' in result ? result.refused : result.index, found, `${method} ${path}`)
    if (found === -1) assert.deepEqual('rule' in result && result.rule, SIGNED_IN_RULE)
  }
})

test('a rule for the whole host is the one for all that no earlier one concerns', () => {
  const prepared = prepareRules([rule('/a'), rule('/', { who: 'roles', names: ['admin'] })])
  for (const [path, index] of [
    ['/a', 0],
    ['/b', 1],
    ['/', 1],
    ['/ab', 1],
  ] as const) {
    const found = ruleFor(prepared, { method: 'GET', path })
    assert.equal('index' in found ? found.index : found.refused, index, path)
  }
})

test('no spelling of a closed path meets the rule of an open one', () => {
  const prepared = prepareRules([
    rule('/open', { who: 'everyone' }),
    rule('/Closed', { who: 'roles', names: ['admin'] }),
  ])
  const spelled = (text: string) =>
    fc
      .array(fc.nat(4), { minLength: text.length, maxLength: text.length })
      .map((how) => Array.from(text, (letter, index) => spelling(letter, how[index] ?? 0)).join(''))
  const way = fc.array(fc.constantFrom('', '/', '/.', '/..', '/%2e%2e', '/..;', '\\..', '%2f..', '/x/..', ';a'), {
    maxLength: 5,
  })
  fc.assert(
    fc.property(spelled('/open'), way, spelled('/closed'), (open, between, closed) => {
      const path = `${open}${between.join('')}${closed}`
      const found = ruleFor(prepared, { method: 'GET', path })
      if ('refused' in found) return
      assert.equal(found.rule.who === 'everyone' && plainest(path).startsWith('/closed'), false, path)
    }),
    { numRuns: 500 },
  )
})

function spelling(letter: string, how: number): string {
  const hex = letter.charCodeAt(0).toString(16)
  if (letter === '/') return how > 2 ? '/' : ['/', '//', '/./'][how]!
  return [letter, letter.toUpperCase(), `%${hex}`, `%${hex.toUpperCase()}`, `%25${hex}`][how]!
}

/** What a program reads that does all it can. */
function plainest(path: string): string {
  let read = path
  for (let before = ''; before !== read;) {
    before = read
    read = decodeURIComponent(read)
  }
  const segments: string[] = []
  for (const segment of read
    .replaceAll('\\', '/')
    .replaceAll(/;[^/]*/g, '')
    .toLowerCase()
    .split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '.' && segment !== '') segments.push(segment)
  }
  return `/${segments.join('/')}`
}

test('of an ambiguous path, one reading is named for each rule that it may meet', () => {
  assert.deepEqual(disagreeingReadings(RULES, { method: 'GET', path: '/public/..%2fAdmin/Area' }), [
    { path: '/public/..%2fAdmin/Area', index: 0 },
    { path: '/Admin/Area', index: 4 },
  ])
  assert.deepEqual(disagreeingReadings(RULES, { method: 'GET', path: '/PUBLIC' }), [
    { path: '/PUBLIC', index: -1 },
    { path: '/public', index: 0 },
  ])
})

const ADA = { role: 'user', groupIds: ['staff'] }
const PASSES: readonly [who: HostRule['who'], names: readonly string[], signedIn: boolean, anonymous: boolean][] = [
  ['everyone', [], true, true],
  ['signed-in', [], true, false],
  ['roles', ['admin'], false, false],
  ['roles', ['admin', 'user'], true, false],
  // A role and a group of one name are two things.
  ['roles', ['staff'], false, false],
  ['groups', ['user'], false, false],
  ['groups', ['others', 'staff'], true, false],
  ['groups', [], false, false],
]

test('a rule lets its users pass, and no others', () => {
  for (const [who, names, signedIn, anonymous] of PASSES) {
    assert.equal(letsPass({ who, names }, ADA), signedIn, `${who} ${names.join()}`)
    assert.equal(letsPass({ who, names }, undefined), anonymous, `${who} ${names.join()}`)
  }
})

test('a rule requires an age and a level of the last authentication', () => {
  assert.deepEqual(requirementOfRule(rule('/'), 1000), { since: undefined, least: undefined })
  const strict = rule('/', { leastAssurance: 'two-factors', maxAge: 60_000 })
  assert.deepEqual(requirementOfRule(strict, 100_000), { since: 40_000, least: 'two-factors' })
  assert.deepEqual([rule('/'), strict, rule('/', { maxAge: 1 })].map(requiresAuthentication), [false, true, true])
})
