import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { type ApprovalParameters, decodeChange } from './approval-change.ts'
import {
  type Approval,
  changeName,
  deadlinesOf,
  type Decision,
  endsInLink,
  isDue,
  refusalOf,
  requestKey,
  stateOfTarget,
} from './approval.ts'

const NOW = 1_800_000_000_000

const WAITING: Approval = {
  id: 'request',
  kind: 'disable',
  actor: 'asker',
  actorEpoch: 1,
  target: 'target',
  targetName: 'mia',
  targetState: 'state',
  values: {},
  parameters: {},
  passwordHash: null,
  reason: null,
  state: 'waiting',
  createdAt: NOW,
  ...deadlinesOf(NOW, hours(24)),
  decidedBy: null,
  decidedAt: null,
  endReason: null,
}

test('who may decide depends on who asked, whom it is about, and the time', () => {
  const at = (decision: Decision, subject: string, now: number) => refusalOf(WAITING, decision, { subject, now })
  const ready = NOW + hours(24)
  assert.equal(at('approve', 'other', NOW), undefined)
  assert.equal(at('decline', 'other', NOW), undefined)
  assert.equal(at('approve', 'asker', NOW), 'approval.own_request')
  assert.equal(at('decline', 'asker', NOW), 'approval.own_request')
  assert.equal(at('approve', 'target', ready), 'approval.about_you')
  assert.equal(at('carry-out', 'target', ready), 'approval.about_you')
  assert.equal(at('withdraw', 'asker', ready), undefined)
  assert.equal(at('withdraw', 'other', NOW), 'approval.not_yours')
  assert.equal(at('carry-out', 'other', ready - 1), 'approval.not_due')
  assert.equal(at('carry-out', 'asker', ready), undefined)
  assert.equal(at('approve', 'other', ready + days(7)), 'approval.ended')
  assert.equal(
    refusalOf({ ...WAITING, state: 'objected' }, 'approve', { subject: 'other', now: NOW }),
    'approval.ended',
  )
})

test('a request is due from the end of its waiting time on, for a week', () => {
  assert.equal(isDue(WAITING, WAITING.readyAt - 1), false)
  assert.equal(isDue(WAITING, WAITING.readyAt), true)
  assert.equal(isDue(WAITING, WAITING.readyAt + days(7)), false)
})

test('the same request has the same key; a password makes it another one', () => {
  const request = { kind: 'set-password', values: { mustChange: true, keepSessions: false } } as const
  const turned = { kind: 'set-password', values: { keepSessions: false, mustChange: true } } as const
  assert.equal(requestKey(request, 'target'), requestKey(turned, 'target'))
  assert.notEqual(requestKey(request, 'target'), requestKey(request, 'another'))
  assert.notEqual(requestKey({ kind: 'enable', values: {} }, 'a'), requestKey({ kind: 'disable', values: {} }, 'a'))
  assert.notEqual(requestKey(request, 'target'), requestKey({ ...request, passwordHash: Secret.of('hash') }, 'target'))
})

test('what a request relies on changes with credentials, role, permissions, status and names, and not with a sign-in', () => {
  const user = {
    subject: 's',
    credentialEpoch: 1,
    role: 'user',
    rolePermissions: [],
    disabled: false,
    username: 'u',
    email: null,
  } as unknown as PrincipalUser
  const state = stateOfTarget(user)
  const changes: Partial<PrincipalUser>[] = [
    { credentialEpoch: 2 },
    { role: 'admin' },
    { rolePermissions: ['users:read'] },
    { disabled: true },
    { username: 'v' },
    { email: 'u@example.org' },
  ]
  for (const change of changes) assert.notEqual(stateOfTarget({ ...user, ...change }), state)
  assert.equal(stateOfTarget({ ...user, lastSignInAt: NOW, revision: 9, locale: 'de' }), state)
})

test('invitations, and resets of the password, end in a link that someone has to take', () => {
  const ends = (kind: string, stored: ApprovalParameters) => endsInLink(decodeChange(kind, stored))
  assert.ok(ends('invite', {}))
  assert.ok(ends('create-user', {}))
  assert.ok(ends('reset-second-factor', { reset_password: true }))
  assert.ok(!ends('invite', { delivery: 'mail' }))
  assert.ok(!ends('reset-second-factor', { reset_password: false }))
  assert.ok(!ends('create-user', { invite: false }))
  assert.ok(!ends('delete', {}))
})

test('a change is called by its role, then by its email address, then by its username', () => {
  const named = (stored: ApprovalParameters) => changeName(decodeChange('change', stored))
  assert.equal(named({ role: 'admin', email: null }), 'promote')
  assert.equal(named({ role: 'user' }), 'demote')
  assert.equal(named({ role: 'help-desk' }), 'give-role')
  assert.equal(named({ email: null }), 'change-email')
  assert.equal(named({ username: 'x', email: 'x@example.org' }), 'change-email')
  assert.equal(named({ username: 'x', full_name: 'X' }), 'rename')
  assert.equal(named({ expires_at: null }), 'change-end')
  assert.equal(changeName(decodeChange('delete', {})), 'delete')
})
