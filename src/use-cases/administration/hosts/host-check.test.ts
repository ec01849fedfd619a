import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type HostRule, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { type CheckedVisitor, checkRequest, type HostRefusal } from './host-check.ts'

function rule(path: string, said: Partial<HostRule>): HostRule {
  return { ...SIGNED_IN_RULE, path, ...said }
}

const NOW = 1_000_000_000
const RULES = [
  rule('/public', { who: 'everyone' }),
  rule('/admin', { who: 'roles', names: ['admin'] }),
  rule('/team', { who: 'groups', names: ['staff'], leastAssurance: 'phishing-resistant' }),
  rule('/bank', { maxAge: minutes(5) }),
]

const ADA: CheckedVisitor = {
  role: 'user',
  groupIds: ['staff'],
  isShutOut: false,
  level: 'phishing-resistant',
  authenticatedAt: NOW,
}

type Case = readonly [path: string, visitor: Partial<CheckedVisitor> | undefined, index: number, HostRefusal?]

const CASES: readonly Case[] = [
  ['/public/a', undefined, 0],
  ['/public/a', { isShutOut: true }, 0],
  ['/', undefined, -1, 'not_signed_in'],
  ['/', {}, -1],
  ['/', { isShutOut: true }, -1, 'shut_out'],
  ['/admin', {}, 1, 'role'],
  ['/admin', { role: 'admin' }, 1],
  ['/team', { groupIds: [] }, 2, 'group'],
  ['/team', { level: 'two-factors' }, 2, 'assurance'],
  ['/team', {}, 2],
  ['/bank', { authenticatedAt: NOW - minutes(5) - 1 }, 3, 'age'],
  ['/bank', { authenticatedAt: NOW - minutes(5) }, 3],
]

test('the rule that decides is named, and the first reason why a request does not pass', () => {
  for (const [path, visitor, index, refusal] of CASES) {
    const checked = checkRequest(RULES, { method: 'GET', path }, visitor && { ...ADA, ...visitor }, NOW)
    assert.deepEqual([checked.index, checked.refusal, checked.readings], [index, refusal, []], path)
    assert.deepEqual(checked.rule, RULES[index] ?? SIGNED_IN_RULE)
  }
})

test('a path that may be read in several ways is refused with a reading for each rule', () => {
  const ambiguous = checkRequest(RULES, { method: 'GET', path: '/public/..%2fadmin' }, ADA, NOW)
  assert.equal(ambiguous.refusal, 'ambiguous')
  assert.deepEqual(ambiguous.readings, [
    { path: '/public/..%2fadmin', index: 0 },
    { path: '/admin', index: 1 },
  ])
  const malformed = checkRequest(RULES, { method: 'get', path: '/' }, ADA, NOW)
  assert.deepEqual(malformed, { rule: undefined, index: undefined, refusal: 'malformed', readings: [] })
})
