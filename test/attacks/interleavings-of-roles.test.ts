// Concurrent changes of roles and of those who have them, at two nodes. Each request is stopped after each of its statements while the
// other continues: nobody acts with a permission that is gone, and no user keeps a role that does not exist.
import assert from 'node:assert/strict'

import { listStoredPolicies } from '#domain/policies/store/stored-policy.service.ts'
import { findRole } from '#domain/roles/role.service.ts'
import { findUserById, insertUser } from '#domain/users/user.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { type Asking, inEveryOrder, interleaveOnEachDatabase, newScene } from '../support/interleaving/interleaving.ts'
import { newcomer } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

const CHIEF = ['users:read', 'users:write', 'roles:write'] as const

leaveToTestAll()

interleaveOnEachDatabase('of two who take each other’s role, one succeeds', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  await createRole(server.operator(), { name: 'chief', description: '', permissions: CHIEF })
  const mia = await newcomer(root, 'mia', { role: 'chief' })
  const noa = await newcomer(root, 'noa', { role: 'chief' })
  await root.signsIn()
  await inEveryOrder(parties, 'each against the whole', async () => {
    const ids: number[] = []
    for (const person of [mia, noa]) {
      await person.signsIn()
      ids.push(await idOf(person))
    }
    for (const id of ids) await changeUser(server.operator(), { id }, { role: 'chief' })
    for (const person of [mia, noa]) await person.signsIn()
    const [ofMia = 0, ofNoa = 0] = ids
    return {
      asking: [
        (node) => asks(node, mia, 'PATCH', `/users/${ofNoa}`, { role: 'user' }),
        (node) => asks(node, noa, 'PATCH', `/users/${ofMia}`, { role: 'user' }),
      ],
      one: { success: 200, refusals: [401, 403] },
      assertAfter: async () => {
        const roles = await Promise.all(ids.map(async (id) => (await findUserById(server.operator(), id))?.role))
        assert.deepEqual(roles.map(String).toSorted(), ['chief', 'user'])
      },
    }
  })
})

interleaveOnEachDatabase('a role is given or deleted, and never both', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  let round = 0
  await inEveryOrder(parties, 'each against the whole', async () => {
    round += 1
    const name = `role-${round}`
    await createRole(server.operator(), { name, description: '', permissions: ['audit:read'] })
    const user = await insertUser(server.operator(), { username: `user-${round}`, role: 'user' })
    return {
      asking: [
        (node) => asks(node, root, 'PATCH', `/users/${user.id}`, { role: name }),
        (node) => asks(node, root, 'DELETE', `/roles/${name}`),
      ],
      assertAfter: async (replies) => {
        const succeeded = replies.map(({ status }) => status < 300)
        assert.deepEqual(succeeded.filter(Boolean), [true], replies.map(({ raw }) => raw.body).join('\n'))
        const exists = (await findRole(server.operator(), name)) !== undefined
        const { role } = (await findUserById(server.operator(), user.id)) ?? assert.fail()
        assert.deepEqual([exists, role], succeeded[0] ? [true, name] : [false, 'user'])
      },
    }
  })
})

interleaveOnEachDatabase('no policy names a role that is deleted while the policy is made', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  let round = 0
  for (const stopped of ['POST', 'DELETE']) {
    await inEveryOrder(parties, 'each against the whole', async () => {
      const name = `role-${++round}`
      await createRole(server.operator(), { name, description: '', permissions: [] })
      const policy = { name, scope: 'role', scope_ref: name, second_factor: 'required' }
      const make: Asking = (node) => asks(node, root, 'POST', '/policies', policy)
      const remove: Asking = (node) => asks(node, root, 'DELETE', `/roles/${name}`)
      return {
        asking: stopped === 'POST' ? [make, remove] : [remove, make],
        assertAfter: async (replies) => {
          const succeeded = replies.filter(({ status }) => status < 300)
          assert.equal(succeeded.length, 1, replies.map(({ raw }) => raw.body).join('\n'))
          const exists = (await findRole(server.operator(), name)) !== undefined
          const isNamed = (await listStoredPolicies(server.operator())).some(({ scopeRef }) => scopeRef === name)
          assert.equal(exists, isNamed)
        },
      }
    })
  }
})

interleaveOnEachDatabase(
  'a role that loses a permission while one of its users acts ends it or waits for it',
  async (t, dialect) => {
    const { parties, server, root } = await newScene(t, dialect)
    let round = 0
    const cleo = await (async () => {
      await createRole(server.operator(), { name: 'clerk', description: '', permissions: ['users:write'] })
      return (await newcomer(root, 'cleo', { role: 'clerk' })).signsIn()
    })()
    await root.signsIn()
    await inEveryOrder(parties, 'each against the whole', async () => {
      round += 1
      const widened = await root.asks('PATCH', '/roles/clerk', { permissions: ['users:write'] })
      assert.equal(widened.status, 200, widened.raw.body)
      const user = await insertUser(server.operator(), { username: `user-${round}`, role: 'user' })
      return {
        asking: [
          (node) => asks(node, cleo, 'POST', `/users/${user.id}/disable`),
          (node) => asks(node, root, 'PATCH', '/roles/clerk', { permissions: [] }),
        ],
        assertAfter: async ([disabled, narrowed]) => {
          assert.equal(narrowed.status, 200, narrowed.raw.body)
          assert.ok([200, 401, 403].includes(disabled.status), disabled.raw.body)
          assert.equal((await findUserById(server.operator(), user.id))?.disabled, disabled.status === 200)
          const after = await cleo.asks('POST', `/users/${user.id}/enable`)
          assert.equal(after.status, 403, after.raw.body)
        },
      }
    })
  },
)
