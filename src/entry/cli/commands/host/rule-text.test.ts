import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type HostRule, SIGNED_IN_RULE } from '#domain/hosts/host.ts'
import { ruleInLine, ruleLine } from './rule-text.ts'

const span = (text: string): number | undefined => (/^\d+s$/.test(text) ? parseInt(text, 10) * 1000 : undefined)

const LINES: readonly [line: string, rule: Partial<HostRule>][] = [
  ['/ signed-in', {}],
  ['/public everyone', { path: '/public', who: 'everyone' }],
  [
    'GET,POST /a roles admin,auditor',
    { path: '/a', methods: ['GET', 'POST'], who: 'roles', names: ['admin', 'auditor'] },
  ],
  ['/b groups Big ideas,Sales', { path: '/b', who: 'groups', names: ['Big ideas', 'Sales'] }],
  [
    '/c groups Big ideas least=two-factors max-age=300s',
    { path: '/c', who: 'groups', names: ['Big ideas'], leastAssurance: 'two-factors', maxAge: 300_000 },
  ],
  ['/d signed-in max-age=60s', { path: '/d', maxAge: 60_000 }],
]

test('a rule is written as one line, and read from it', () => {
  for (const [line, said] of LINES) {
    const rule = { ...SIGNED_IN_RULE, ...said }
    assert.deepEqual(ruleInLine(line, span), rule, line)
    assert.equal(
      ruleLine(rule, (name) => name),
      line,
    )
  }
  assert.equal(ruleInLine('  get   /a   roles  admin , user ', span)?.names.join(), 'admin,user')
})

test('a line that says something else is no rule', () => {
  for (const line of [
    '',
    '/',
    'signed-in',
    '/a nobody',
    '/a signed-in least=three-factors',
    '/a signed-in max-age=soon',
  ])
    assert.equal(ruleInLine(line, span), undefined, line)
})
