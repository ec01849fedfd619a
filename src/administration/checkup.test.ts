import assert from 'node:assert/strict'
import { test } from 'node:test'

import { hours } from '../kernel/time.ts'
import { judgeServer, worstOf } from './checkup.ts'
import type { CheckFacts } from './checkup.ts'

const NOW = 1_800_000_000_000

const WELL: CheckFacts = {
  publicUrl: 'https://id.example.org',
  weakHash: false,
  actingAdmins: 2,
  waitingAdmins: 0,
  withoutFactor: 0,
  bcrypt: 0,
  plainSecrets: 0,
  database: { kind: 'sqlite', bytes: 1_250_000 },
  headAt: NOW - hours(1),
  headInterval: hours(1),
  rows: [],
}

function levels(facts: Partial<CheckFacts>): Record<string, string> {
  const findings = judgeServer({ ...WELL, ...facts }, NOW)
  return Object.fromEntries(findings.filter(({ level }) => level !== 'ok').map(({ code, level }) => [code, level]))
}

test('a server that is well has nothing to mend, and says so of every check', () => {
  const findings = judgeServer(WELL, NOW)
  assert.equal(worstOf(findings), 'ok')
  assert.equal(findings.length, 8)
  assert.ok(findings.every(({ fix }) => fix === null))
})

const CASES: readonly [Partial<CheckFacts>, Record<string, string>][] = [
  [{ publicUrl: 'http://id.example.org' }, { address: 'warning' }],
  [{ publicUrl: 'http://10.0.0.4:8000' }, { address: 'warning' }],
  [{ publicUrl: 'http://localhost:8000' }, {}],
  [{ publicUrl: 'http://127.0.0.1' }, {}],
  [{ publicUrl: 'http://[::1]:8000' }, {}],
  [{ publicUrl: 'http://127.0.0.1.example.org' }, { address: 'warning' }],
  [{ actingAdmins: 1 }, { admins: 'warning' }],
  [{ actingAdmins: 0, waitingAdmins: 3 }, { admins: 'warning' }],
  [{ withoutFactor: 1 }, { 'second-steps': 'note' }],
  [{ weakHash: true }, { 'password-hash': 'warning' }],
  [{ bcrypt: 4 }, { 'old-password-hashes': 'note' }],
  [{ plainSecrets: 1 }, { 'code-secrets': 'warning' }],
  [{ headAt: null }, { 'audit-head': 'note' }],
  [{ headAt: NOW - hours(2) }, {}],
  [{ headAt: NOW - hours(2) - 1 }, { 'audit-head': 'note' }],
]

for (const [facts, wanted] of CASES) {
  test(`${JSON.stringify(facts)} leads to ${JSON.stringify(wanted)}, each with something to do`, () => {
    assert.deepEqual(levels(facts), wanted)
    const grave = judgeServer({ ...WELL, ...facts }, NOW).filter(({ level }) => level !== 'ok')
    assert.ok(grave.every(({ fix }) => fix !== null))
  })
}

test('an odd row is a warning that names its user', () => {
  const rows = [{ code: 'role-unknown', id: 7, sentence: 'This role is not known, so it counts as user.' }]
  const findings = judgeServer({ ...WELL, rows }, NOW)
  assert.deepEqual(findings.at(-1)?.userId, 7)
  assert.equal(worstOf(findings), 'warning')
})
