// Groups for tests, and policies that name them.
import assert from 'node:assert/strict'

import type { Server } from '../server/start.ts'
import type { Person } from './people.ts'
import { rowOf } from './second-factors.ts'

/** Creates a group with these members and managers as an admin does; returns its id. */
export async function newGroup(
  admin: Person,
  name: string,
  { members = [], managers = [] }: { readonly members?: readonly Person[]; readonly managers?: readonly Person[] } = {},
): Promise<string> {
  const { status, body } = await admin.asks('POST', '/groups', { name })
  assert.equal(status, 200, JSON.stringify(body))
  const id = String(body['id'])
  for (const member of members)
    assert.equal((await admin.asks('PUT', `/groups/${id}/members/${(await rowOf(member)).id}`)).status, 204)
  for (const manager of managers)
    assert.equal((await admin.asks('PUT', `/groups/${id}/managers/${(await rowOf(manager)).id}`)).status, 204)
  return id
}

/** Stores a policy that names the group, in force from this instant on. */
export async function namePolicyFor({ doorward: { db }, clock }: Server, groupId: string, from = clock.now()) {
  const [id, name] = [`policy-of-${groupId}`, 'Staff use passkeys']
  const row = { id, name, scope: 'group', scope_ref: groupId, scope_key: `group:${groupId}`, revision: 0 } as const
  await db
    .insertInto('policy')
    .values({ ...row, created_at: clock.now() })
    .execute()
  await db
    .insertInto('policy_version')
    .values({
      id: `version-of-${id}`,
      policy_id: id,
      version: 1,
      second_factor: 'required',
      is_end: 0,
      in_force_from: from,
      created_at: clock.now(),
    })
    .execute()
}

/** The usernames in a group, as the database has them. */
export async function membersIn({ doorward: { db } }: Server, groupId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .innerJoin('users', 'users.subject', 'group_member.subject')
    .select('username')
    .where('group_id', '=', groupId)
    .orderBy('username')
    .execute()
  return rows.map(({ username }) => username ?? '')
}
