// Two requests at two nodes, each stopped after each of its statements: whatever a policy, its deadline, a group or a role becomes while
// somebody signs in, enrols or acts, no session that is not enough works afterwards, and nobody acts with a right that is gone.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { findRole } from '#domain/roles/role.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import {
  type Asking,
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  type Parties,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { newUserInState } from '../support/people/enrolment-states.ts'
import { membersIn, newGroup } from '../support/people/groups.ts'
import { ask, newcomer, PASSWORD, type Person, postToken, type Reply } from '../support/people/people.ts'
import { COOKIE } from '../support/people/remembered-devices.ts'
import { beginsEnrolment, newPhone, opensAttempt, rowOf, tokenIn } from '../support/people/second-factors.ts'
import { storeGroup, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { bearer, pausedRequest } from '../support/requests/held-request.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { actingAdmins, asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const PASSKEYS = { name: 'Passkeys', scope: 'role', scope_ref: 'user', second_factor: 'phishing-resistant' } as const

async function withoutPolicies({ doorward: { db } }: Server): Promise<void> {
  await db.deleteFrom('policy_version').execute()
  await db.deleteFrom('policy').execute()
}

/** Begins a new session, so that its authentication is recent whatever time has passed. */
async function beginsSession(person: Person): Promise<void> {
  const user = await rowOf(person)
  const wanted = { user, methods: ['password', 'totp'], transport: 'bearer' } as const
  person.token = (await startSession(person.server.operator(), wanted)).token.reveal()
}

/** What the token of an answer opens at each node: the status of its session. */
async function opens(parties: Parties, reply: Reply): Promise<number[]> {
  const statuses = []
  for (const { server } of parties)
    statuses.push((await asks(server, { token: tokenIn(reply) }, 'GET', '/session')).status)
  return statuses
}

/** Asserts that an answer to a sign-in has led to the enrolment, or to a session that is over at either node. */
async function assertNotEnough(parties: Parties, reply: Reply): Promise<void> {
  if (reply.body['stage'] === 'enrolment' || reply.status >= 400) return
  assert.deepEqual(await opens(parties, reply), [401, 401], reply.raw.body)
}

/** The ways to sign in with password and app. */
const SIGN_INS: Readonly<Record<string, (ada: Person) => Promise<Asking>>> = {
  'the second step': async (ada) => {
    const payload = { attempt: await opensAttempt(ada), kind: 'totp', proof: ada.code() }
    return (node) => ask(node, 'POST', '/attempts/second-factor', { payload })
  },
  'POST /token': async (ada) => {
    const fields = { username: ada.username, password: PASSWORD + ada.code() }
    return (node) => postToken(node, fields)
  },
}

for (const [way, signIn] of Object.entries(SIGN_INS)) {
  raceOnEachDatabase(
    `a policy that tightens during a sign-in leaves no session that is not enough: ${way}`,
    async (t, dialect, steps) => {
      const { parties, server, root, ada } = await newScene(t, dialect)
      await inEveryOrder(parties, steps, async () => {
        await withoutPolicies(server)
        const signingIn = await signIn(ada)
        await beginsSession(root)
        return {
          asking: [signingIn, (node) => asks(node, root, 'POST', '/policies', PASSKEYS)],
          assertAfter: async ([signedIn, tightened]) => {
            assert.equal(tightened.status, 200, tightened.raw.body)
            await assertNotEnough(parties, signedIn)
            const payload = { username: 'ada', password: PASSWORD, code: ada.code() }
            const again = await ask(server, 'POST', '/attempts', { payload })
            assert.equal(again.body['stage'], 'enrolment', `ada has no way in: ${again.raw.body}`)
          },
        }
      })
    },
  )

  leaveToTestAll()
}

raceOnEachDatabase(
  'a policy that comes to require a second factor ends the session that begins with the password',
  async (t, dialect, steps) => {
    const { parties, server, root } = await newScene(t, dialect)
    const { username } = await newUserInState(root, 'none', 1)
    const payload = { username, password: PASSWORD }
    await inEveryOrder(parties, steps, async () => {
      await withoutPolicies(server)
      await storePolicyVersion(server.doorward.db, { id: 'all', secondFactor: 'optional' })
      await beginsSession(root)
      return {
        asking: [
          (node) => ask(node, 'POST', '/attempts', { payload }),
          (node) => asks(node, root, 'POST', '/policies/all/versions', { second_factor: 'required' }),
        ],
        assertAfter: async ([signedIn, tightened]) => {
          assert.ok(tightened.status < 300, tightened.raw.body)
          assert.equal(signedIn.status, 200, signedIn.raw.body)
          await assertNotEnough(parties, signedIn)
          const again = await ask(server, 'POST', '/attempts', { payload })
          assert.equal(again.body['stage'], 'enrolment', again.raw.body)
        },
      }
    })
  },
)

interface Enrolling {
  readonly username: string
  readonly attempt: string
  /** Confirms an app, which is allowed before the deadline only. */
  readonly confirmApp: Asking
  readonly confirmPasskey: Asking
}

/** A user without a factor who has begun to enrol an app and a passkey in one attempt. */
async function beginsBoth({ server, root }: Scene, number: number): Promise<Enrolling> {
  const { username } = await newUserInState(root, 'none', number)
  const { body, raw } = await ask(server, 'POST', '/attempts', { payload: { username, password: PASSWORD } })
  assert.equal(body['stage'], 'enrolment', raw.body)
  const attempt = String(body['attempt'])
  const app = await beginsEnrolment(server, attempt)
  const options = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
  const passkey = { attempt, response: newPhone(server).register(options.body as never) }
  return {
    username,
    attempt,
    confirmApp: (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload: app }),
    confirmPasskey: (node) => ask(node, 'POST', '/attempts/passkeys', { payload: passkey }),
  }
}

for (const late of ['confirmApp', 'confirmPasskey'] as const) {
  interleaveOnEachDatabase(
    `a deadline that passes during an enrolment leaves no session with an app alone: beside it ${late}`,
    async (t, dialect) => {
      const scene = await newScene(t, dialect)
      const { parties, server, root } = scene
      const { clock, doorward } = server
      let round = 0
      await inEveryOrder(parties, 'each against the whole', async () => {
        await withoutPolicies(server)
        await beginsSession(root)
        const enrolling = await beginsBoth(scene, ++round)
        const deadline = { scope: 'role', scopeRef: 'user', from: clock.now() + minutes(1) } as const
        await storePolicyVersion(doorward.db, { id: 'passkeys', ...deadline, secondFactor: 'phishing-resistant' })
        return {
          asking: [
            enrolling.confirmApp,
            (node) => {
              clock.pass(minutes(1))
              return enrolling[late](node)
            },
          ],
          assertAfter: async ([byApp, afterwards]) => {
            await assertNotEnough(parties, byApp)
            if (late === 'confirmApp') await assertNotEnough(parties, afterwards)
            else if (afterwards.body['stage'] === 'complete')
              assert.deepEqual(await opens(parties, afterwards), [200, 200], afterwards.raw.body)
            const payload = { username: enrolling.username, password: PASSWORD }
            const again = await ask(server, 'POST', '/attempts', { payload })
            assert.ok(['enrolment', 'second-factor'].includes(String(again.body['stage'])), again.raw.body)
          },
        }
      })
    },
  )
}

raceOnEachDatabase('who is in a group when a policy comes to name it stays in it', async (t, dialect, steps) => {
  const { parties, server, root, ada } = await newScene(t, dialect)
  const bob = await newcomer(root, 'bob')
  const { id } = await rowOf(bob)
  let groups = 0
  await inEveryOrder(parties, steps, async () => {
    await withoutPolicies(server)
    await beginsSession(root)
    const group = await newGroup(root, `Group ${++groups}`, { members: [bob], managers: [ada] })
    const policy = { name: 'Staff', scope: 'group', scope_ref: group, second_factor: 'required' }
    let named: string[] = []
    return {
      asking: [
        (node) => asks(node, ada, 'DELETE', `/users/me/groups/${group}/members/${id}`),
        async (node) => {
          const reply = await asks(node, root, 'POST', '/policies', policy)
          named = await membersIn(server, group)
          return reply
        },
      ],
      assertAfter: async ([removed, created]) => {
        assert.equal(created.status, 200, created.raw.body)
        assert.ok([204, 403].includes(removed.status), removed.raw.body)
        assert.deepEqual(await membersIn(server, group), named)
        assert.deepEqual(named, removed.status === 204 ? [] : ['bob'])
      },
    }
  })
})

interface Waiting {
  readonly scene: Scene
  readonly group: string
  /** Ada's id. */
  readonly id: number
}

async function groupOfAda(t: TestContext, dialect: Dialect): Promise<Waiting> {
  const scene = await newScene(t, dialect)
  const { root, ada } = scene
  await newcomer(root, 'bob')
  await beginsSession(root)
  return { scene, group: await newGroup(root, 'Staff', { managers: [ada] }), id: (await rowOf(ada)).id }
}

interleaveOnEachDatabase(
  'a manager who leaves the group while the body of a request is on its way adds nobody',
  async (t, dialect) => {
    const { scene, group, id } = await groupOfAda(t, dialect)
    const { parties, server, root, ada } = scene
    const url = `/users/me/groups/${group}/members`
    const waiting = await pausedRequest(server, url, { users: ['bob'] }, bearer(ada))
    const left = await asks(parties[1].server, root, 'DELETE', `/groups/${group}/managers/${id}`)
    assert.equal(left.status, 204, left.raw.body)
    assert.equal((await waiting.finish()).body['code'], 'group.not_found')
    assert.deepEqual(await membersIn(server, group), [])
  },
)

interleaveOnEachDatabase(
  'who comes into a group with a stricter policy while the body is on its way does nothing more',
  async (t, dialect) => {
    const { scene, group, id } = await groupOfAda(t, dialect)
    const { parties, server, root, ada } = scene
    const policy = { scope: 'group', scopeRef: group, secondFactor: 'phishing-resistant' } as const
    await storePolicyVersion(server.doorward.db, { id: 'staff', ...policy })
    const waiting = await pausedRequest(server, '/users/me', { full_name: 'Mallory' }, bearer(ada), 'PATCH')
    const added = await asks(parties[1].server, root, 'PUT', `/groups/${group}/members/${id}`)
    assert.equal(added.status, 204, added.raw.body)
    assert.equal((await waiting.finish()).status, 401)
    assert.notEqual((await rowOf(ada)).fullName, 'Mallory')
  },
)

interleaveOnEachDatabase(
  'who leaves the group that may be remembered while the password is on its way does not skip the second factor',
  async (t, dialect) => {
    for (const leaves of [false, true]) {
      const { parties, server, root, ada } = await newScene(t, dialect)
      const { id, subject } = await rowOf(ada)
      await storeGroup(server.doorward.db, 'office', [subject])
      const rememberFor = days(30)
      await storePolicyVersion(server.doorward.db, { id: 'office', scope: 'group', scopeRef: 'office', rememberFor })
      const user = await rowOf(ada)
      const { value } = await inTransaction(server.operator(), (tx) => rememberDevice(tx, user, rememberFor))
      const origin = server.doorward.config.publicUrl
      const waiting = await pausedRequest(
        server,
        '/sign-in',
        new URLSearchParams({ username: 'ada', password: PASSWORD }).toString(),
        {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: `${COOKIE}=${value.reveal()}`,
          origin,
          host: new URL(origin).host,
        },
      )
      const removal = () => asks(parties[1].server, root, 'DELETE', `/groups/office/members/${id}`)
      if (leaves) assert.equal((await removal()).status, 204)
      const { location } = (await waiting.finish()).raw.headers
      assert.equal(location, leaves ? '/sign-in/second-step' : '/account')
    }
  },
)

interleaveOnEachDatabase('of two who take the permissions of each other’s role, one succeeds', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  const operator = server.operator()
  const permissions = ['users:read', 'roles:write'] as const
  const people: Person[] = []
  for (const name of ['mia', 'noa']) {
    await createRole(operator, { name: `of-${name}`, description: '', permissions })
    people.push(await newcomer(root, name, { role: `of-${name}` }))
  }
  const [mia = assert.fail(), noa = assert.fail()] = people
  const roles = ['of-mia', 'of-noa']
  const narrows =
    (by: Person, role: string): Asking =>
    (node) =>
      asks(node, by, 'PATCH', `/roles/${role}`, { permissions: [] })
  await inEveryOrder(parties, 'each against the whole', async () => {
    await beginsSession(root)
    for (const role of roles) assert.equal((await root.asks('PATCH', `/roles/${role}`, { permissions })).status, 200)
    for (const person of people) await beginsSession(person)
    return {
      asking: [narrows(mia, 'of-noa'), narrows(noa, 'of-mia')],
      one: { success: 200, refusals: [401, 403] },
      assertAfter: async () => {
        const left = await Promise.all(roles.map((role) => findRole(operator, role)))
        const emptied = left.filter((role) => role?.permissions.length === 0)
        assert.equal(emptied.length, 1)
      },
    }
  })
})

interleaveOnEachDatabase('of two admins who give each other a lesser role, one stays an admin', async (t, dialect) => {
  const { parties, server, root } = await newScene(t, dialect)
  await createRole(server.operator(), { name: 'clerk', description: '', permissions: ['users:read'] })
  const rival = await newcomer(root, 'rival', { role: 'admin' })
  const ids = [(await rowOf(root)).id, (await rowOf(rival)).id] as const
  const demotes =
    (by: Person, id: number): Asking =>
    (node) =>
      asks(node, by, 'PATCH', `/users/${id}`, { role: 'clerk' })
  await inEveryOrder(parties, 'each against the whole', async () => {
    for (const id of ids) await changeUser(server.operator(), { id }, { role: 'admin' })
    for (const person of [root, rival]) await beginsSession(person)
    return {
      asking: [demotes(root, ids[1]), demotes(rival, ids[0])],
      one: { success: 200, refusals: [401, 403, 409] },
      assertAfter: async () => assert.equal(await actingAdmins(server), 1),
    }
  })
})
