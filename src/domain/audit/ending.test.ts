import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ALWAYS_ENDS, changeIn, endingColumns, endingIn, type EndingRow, endingText, SOMETIMES_ENDS } from './ending.ts'

const NOTHING = { ends: null, session_id: null, kept_session_id: null, client_id: null }

function row(part: Partial<EndingRow>): EndingRow {
  return { id: 'e', at: 1, position: 7, action: 'user.changed', target: 'ada', result: 'done', ...NOTHING, ...part }
}

test('an action that always ends something does so without a word; one that sometimes does says so', () => {
  const done = 'done' as const
  for (const [action, ends] of Object.entries(ALWAYS_ENDS))
    assert.equal(endingColumns({ action: action as never, result: done }, undefined).ends, ends)
  for (const [action, ends] of Object.entries(SOMETIMES_ENDS)) {
    assert.equal(endingColumns({ action: action as never, result: done }, undefined).ends, 'nothing')
    assert.equal(endingColumns({ action: action as never, result: done }, {}).ends, ends)
  }
})

test('what was refused, and an action about something else, ends nothing', () => {
  assert.deepEqual(endingColumns({ action: 'user.disabled', result: 'refused' }, {}), NOTHING)
  assert.deepEqual(endingColumns({ action: 'user.created', result: 'done' }, {}), NOTHING)
  assert.equal(endingIn(row({ action: 'user.disabled', result: 'refused' })), undefined)
  assert.equal(endingIn(row({ action: 'user.created' })), undefined)
})

test('the columns say which session ends, which stays, and which app is concerned', () => {
  const columns = endingColumns({ action: 'session.ended', result: 'done' }, { kind: 'user', keptSessionId: 'kept' })
  assert.deepEqual(columns, { ends: 'user', session_id: null, kept_session_id: 'kept', client_id: null })
  const { kind, subject, keptSessionId } = endingIn(row({ action: 'session.ended', ...columns })) ?? {}
  assert.deepEqual([kind, subject, keptSessionId], ['user', 'ada', 'kept'])
})

test('an event of a version before counts as an end of its whole target', () => {
  const kindOf = (action: string) => endingIn(row({ action }))?.kind
  assert.equal(kindOf('session.ended'), 'user')
  assert.equal(kindOf('user.changed'), 'user')
  assert.equal(kindOf('app.token_reused'), 'user')
  assert.equal(kindOf('password.reset'), 'credentials')
  assert.equal(kindOf('database.rolled_back'), 'everyone')
  // Only its details name the app, and they may be erased.
  assert.equal(kindOf('app.disabled'), undefined)
  assert.equal(endingIn(row({ action: 'user.changed', ends: 'nothing' })), undefined)
})

test('the bytes under the MAC hold the event and each column', () => {
  assert.equal(endingText('e', NOTHING), undefined)
  const columns = { ends: 'user', session_id: 's', kept_session_id: 'k', client_id: 'c' } as const
  const text = endingText('e', columns)
  assert.equal(text, '["ending","e","user","s","k","c"]')
  for (const column of ['ends', 'session_id', 'kept_session_id', 'client_id'])
    assert.notEqual(endingText('e', { ...columns, [column]: null }), text)
  assert.notEqual(endingText('other', columns), text)
})

test('what apps have learned changes by groups, fields of a user and resources; what ends something is an end', () => {
  const kindOf = (part: Parameters<typeof row>[0]): unknown => {
    const change = changeIn(row(part))
    return change && [change.kind, change.subject]
  }
  assert.deepEqual(kindOf({ action: 'group.member_removed' }), ['claims', 'ada'])
  assert.deepEqual(kindOf({ action: 'user.changed', ends: 'nothing' }), ['claims', 'ada'])
  assert.deepEqual(kindOf({ action: 'user.changed', ends: 'user' }), ['user', 'ada'])
  assert.deepEqual(kindOf({ action: 'resource.changed', target: null }), ['claims', null])
  assert.equal(kindOf({ action: 'group.member_removed', result: 'refused' }), undefined)
  assert.equal(kindOf({ action: 'user.created' }), undefined)
})
