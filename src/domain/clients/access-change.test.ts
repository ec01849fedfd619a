import assert from 'node:assert/strict'
import { test } from 'node:test'

import { accessBefore, changesAccess } from './access-change.ts'
import { changeDetails } from './client-fields.ts'
import { type ClientFields, NEW_CLIENT } from './client.ts'

const CLIENT = 'wiki'
const OPEN = { ...NEW_CLIENT, name: 'Wiki' }
const CLOSED: ClientFields = {
  ...OPEN,
  allowedRoles: ['admin', 'crew'],
  allowedGroups: ['g1', 'g2'],
  leastAssurance: 'phishing-resistant',
  maxAge: 3600,
}

const detailsOf = (before: ClientFields, after: ClientFields) => ({ client: CLIENT, ...changeDetails(before, after) })

test('what an event says leads back to who could use the app before it', () => {
  for (const [before, after] of [
    [OPEN, CLOSED],
    [CLOSED, OPEN],
    [CLOSED, { ...CLOSED, allowedRoles: ['crew'], maxAge: null }],
    [CLOSED, { ...CLOSED, leastAssurance: 'two-factors', name: 'Notes' }],
  ] as const) {
    const { allowedRoles, allowedGroups, leastAssurance, maxAge } = before
    const details = detailsOf(before, after)
    assert.equal(changesAccess(details, CLIENT), true)
    assert.deepEqual(accessBefore(after, details), { allowedRoles, allowedGroups, leastAssurance, maxAge })
  }
})

test('a change of another app, or of something else, is none of who may use it', () => {
  assert.equal(changesAccess(detailsOf(OPEN, CLOSED), 'notes'), false)
  assert.equal(changesAccess(detailsOf(OPEN, { ...OPEN, name: 'Notes' }), CLIENT), false)
  assert.equal(changesAccess(null, CLIENT), false)
  assert.equal(changesAccess({ client: CLIENT }, CLIENT), false)
})

test('a change that was changed again, or whose event cannot be read, is not undone', () => {
  const details = detailsOf(OPEN, CLOSED)
  assert.equal(accessBefore({ ...CLOSED, allowedRoles: ['admin'] }, details), undefined)
  assert.equal(accessBefore(CLOSED, { ...details, least_assurance_before: 'three-factors' }), undefined)
  assert.equal(accessBefore(CLOSED, { ...details, max_age_before: 'x' }), undefined)
  assert.equal(accessBefore(CLOSED, { ...details, allowed_groups_before: undefined }), undefined)
})
