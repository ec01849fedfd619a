// Two admins act concurrently at two nodes (write skew): at least one admin remains.
import assert from 'node:assert/strict'

import { onEachDatabase } from '../support/databases/each-database.ts'
import { newcomer, type Person, type Reply } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { actingAdmins, asks, assertOneOf, statusesOf, twoNodes } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const ROUNDS = 4

/** The actions by which one admin removes another one's rights. */
const ENDINGS: Readonly<Record<string, (node: Server, by: Person, id: number) => Promise<Reply>>> = {
  demote: (node, by, id) => asks(node, by, 'PATCH', `/users/${id}`, { role: 'user' }),
  disable: (node, by, id) => asks(node, by, 'POST', `/users/${id}/disable`),
  delete: (node, by, id) => asks(node, by, 'DELETE', `/users/${id}`),
  'reset the second step of': (node, by, id) =>
    asks(node, by, 'POST', `/users/${id}/reset-second-factor`, { reason: 'Lost phone.' }),
}

for (const [ending, end] of Object.entries(ENDINGS)) {
  const success = ending === 'delete' ? 204 : 200
  onEachDatabase(`of two admins who ${ending} each other at once, one stays`, async (t, dialect) => {
    const { nodes, root } = await twoNodes(t, dialect)
    let survivor = root
    for (let round = 0; round < ROUNDS; round++) {
      const rival = await (await newcomer(survivor, `rival-${round}`, { role: 'admin' })).signsIn()
      await survivor.signsIn()
      const [survivorId, rivalId] = [await idOf(survivor), await idOf(rival)]
      const replies = await Promise.all([end(nodes[0], survivor, rivalId), end(nodes[1], rival, survivorId)])
      assertOneOf(replies, success, [401, 403, 409])
      survivor = replies[0].status === success ? survivor : rival
      assert.equal((await survivor.asks('GET', '/users')).status, 200, 'the one who stayed is no admin')
      assert.equal(await actingAdmins(nodes[0]), 1)
    }
  })

  leaveToTestAll()
}

onEachDatabase('of two admins who leave at once, one stays', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const rival = await (await newcomer(root, 'rival', { role: 'admin' })).signsIn()
  await root.signsIn()
  const replies = await Promise.all([
    asks(nodes[0], root, 'DELETE', '/users/me'),
    asks(nodes[1], rival, 'DELETE', '/users/me'),
  ])
  assert.deepEqual(statusesOf(replies), [204, 409])
  assert.equal(await actingAdmins(nodes[0]), 1)
})
