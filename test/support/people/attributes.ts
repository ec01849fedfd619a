// Attributes that tests declare.
import assert from 'node:assert/strict'

import type { Person } from './people.ts'

/** One of each kind: for admins only, seen by users, changed by users, asked, and required at joining. */
export const DECLARED = [
  { key: 'note', label: 'Note of the admins', visible_to: 'admin' },
  { key: 'department', label: 'Department', type: 'choice', choices: ['Sales', 'Workshop'] },
  { key: 'desk', label: 'Desk', type: 'number', changed_by: 'user' },
  { key: 'born', label: 'Day of birth', type: 'date', changed_by: 'user', at_joining: 'optional' },
  { key: 'vegetarian', label: 'Vegetarian', type: 'yes-no', changed_by: 'user', at_joining: 'required' },
] as const

/** Declares attributes as an admin who has signed in a moment ago. */
export async function declares(admin: Person, declared: readonly object[] = DECLARED): Promise<void> {
  for (const one of declared) {
    const reply = await admin.asks('POST', '/attributes', { ...one })
    assert.equal(reply.status, 200, reply.raw.body)
  }
}
