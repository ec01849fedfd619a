// Attributes that tests declare.
import assert from 'node:assert/strict'

import { writeValues } from '#domain/attributes/attribute-values.service.ts'
import { insertDeclared } from '#domain/attributes/attribute.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Server } from '../server/start.ts'
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

/** Gives a declared attribute a key that was reserved later, as a build before did. */
export async function reserveKey({ doorward: { db } }: Server, key: string, reserved: string): Promise<void> {
  await db.updateTable('attribute').set({ key: reserved }).where('key', '=', key).execute()
  await db.updateTable('user_attribute').set({ key: reserved }).where('key', '=', key).execute()
}

const NOTE = { visibleTo: 'admin', changedBy: 'admin', atJoining: 'never', choices: [] } as const
const SEEN = { ...NOTE, visibleTo: 'user' } as const
const OWN = { ...SEEN, changedBy: 'user' } as const

/** Declares attributes by the service, one of each type, and gives a user values of some of them. */
export async function declareExamples(server: Server, username: string): Promise<void> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user)
  await inTransaction(server.operator(), async (tx) => {
    await insertDeclared(tx, { ...NOTE, key: 'note', label: 'Note of the admins', type: 'text' })
    const departments = ['Reading room', 'Workshop', 'Front desk']
    await insertDeclared(tx, { ...SEEN, key: 'department', label: 'Department', type: 'choice', choices: departments })
    await insertDeclared(tx, { ...SEEN, key: 'staff_number', label: 'Staff number', type: 'number' })
    await insertDeclared(tx, { ...OWN, key: 'born', label: 'Day of birth', type: 'date', atJoining: 'optional' })
    await insertDeclared(tx, { ...OWN, key: 'vegetarian', label: 'Vegetarian', type: 'yes-no', atJoining: 'optional' })
    await insertDeclared(tx, { ...OWN, key: 'plate', label: 'Number plate', type: 'text' })
    const values = { note: 'Has the keys', department: 'Workshop', born: '1906-12-09', vegetarian: false }
    await writeValues(tx, user, values, { audience: 'admin', prefix: '/' })
  })
}
