// Two concurrent requests at two nodes, each stopped after each of its statements: the secret of a remembered device works once, and no
// sign-in on one outlives a sign-out, a promotion or a forgotten device that ran beside it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import {
  type Asking,
  inEveryOrder,
  newScene,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { PASSWORD, postForm, type Reply } from '../support/people/people.ts'
import { COOKIE, letDevicesBeRemembered } from '../support/people/remembered-devices.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'

const THIRTY_DAYS = days(30)

async function remembering(t: TestContext, dialect: Dialect): Promise<Scene> {
  const scene = await newScene(t, dialect)
  await letDevicesBeRemembered(scene.server, THIRTY_DAYS)
  return scene
}

/** Forgets all devices and sessions of browsers, and remembers a new device; returns the sign-in on it, by the password alone. */
async function freshSignIn({ server, ada }: Scene, fields: Readonly<Record<string, string>> = {}): Promise<Asking> {
  const { db } = server.doorward
  await db.deleteFrom('remembered_device').execute()
  await db.deleteFrom('session').where('transport', '=', 'cookie').execute()
  const user = await rowOf(ada)
  const { value } = await inTransaction(server.operator(), (tx) => rememberDevice(tx, user, THIRTY_DAYS))
  const { publicUrl } = server.doorward.config
  const headers = { cookie: `${COOKIE}=${value.reveal()}`, origin: publicUrl, host: new URL(publicUrl).host }
  return (node) => postForm(node, '/sign-in', { username: 'ada', password: PASSWORD, ...fields }, headers)
}

function skipped({ status, raw }: Reply): boolean {
  assert.equal(status, 303, raw.body)
  const path = String(raw.headers.location)
  assert.ok(path === '/account' || path === '/sign-in/second-step', path)
  return path === '/account'
}

/** The sessions on remembered devices that a request with their token would find. */
async function livingSessions({ server }: Scene): Promise<number> {
  const rows = await server.doorward.db
    .selectFrom('session')
    .innerJoin('users', (join) =>
      join.onRef('users.subject', '=', 'session.subject').onRef('users.credential_epoch', '=', 'session.epoch'),
    )
    .select('session.id')
    .where('session.methods', '=', 'password remembered-device')
    .where('session.revoked_at', 'is', null)
    .execute()
  return rows.length
}

raceOnEachDatabase(
  'of two sign-ins with one secret one skips the second factor, and the device ends',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    await inEveryOrder(scene.parties, steps, async () => {
      const signIn = await freshSignIn(scene)
      return {
        asking: [signIn, signIn],
        assertAfter: async (replies) => {
          assert.equal(replies.filter(skipped).length, 1)
          assert.equal(await livingSessions(scene), 1)
          const rows = await scene.server.doorward.db.selectFrom('remembered_device').select('revoked_at').execute()
          assert.ok(rows.every(({ revoked_at: at }) => at !== null))
        },
      }
    })
  },
)

leaveToTestAll()

raceOnEachDatabase(
  'of two sign-ins with one form both are answered, one session is left, and the device stays',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    await inEveryOrder(scene.parties, steps, async () => {
      const signIn = await freshSignIn(scene, { press: 'AAAAAAAAAAAAAAAAAAAAAA' })
      return {
        asking: [signIn, signIn],
        assertAfter: async (replies) => {
          assert.deepEqual(replies.map(skipped), [true, true])
          assert.equal(await livingSessions(scene), 1)
          const rows = await scene.server.doorward.db.selectFrom('remembered_device').select('revoked_at').execute()
          assert.deepEqual(rows, [{ revoked_at: null }])
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a form that is repeated beside a sign-out everywhere leaves no session',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    const { id } = await rowOf(scene.ada)
    const [, other] = scene.parties
    await inEveryOrder(scene.parties, steps, async () => {
      const signIn = await freshSignIn(scene, { press: 'AAAAAAAAAAAAAAAAAAAAAA' })
      // The other node remembers its answer, so the repetition is decided by the row.
      assert.ok(skipped(await signIn(other.server)))
      return {
        asking: [signIn, (node) => asks(node, scene.root, 'POST', `/users/${id}/sign-out`)],
        assertAfter: async ([signedIn, signedOut]) => {
          assert.equal(signedOut.status, 200, signedOut.raw.body)
          skipped(signedIn)
          assert.equal(await livingSessions(scene), 0)
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a sign-in on a remembered device does not outlive a sign-out everywhere',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    const { id } = await rowOf(scene.ada)
    await inEveryOrder(scene.parties, steps, async () => ({
      asking: [await freshSignIn(scene), (node) => asks(node, scene.root, 'POST', `/users/${id}/sign-out`)],
      assertAfter: async ([signedIn, signedOut]) => {
        assert.equal(signedOut.status, 200, signedOut.raw.body)
        skipped(signedIn)
        assert.equal(await livingSessions(scene), 0)
      },
    }))
  },
)

raceOnEachDatabase(
  'no session on a remembered device is left to a user who becomes an admin',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    const { id, subject } = await rowOf(scene.ada)
    const { db } = scene.server.doorward
    await inEveryOrder(scene.parties, steps, async () => {
      await db.updateTable('users').set({ role: 'user' }).where('subject', '=', subject).execute()
      const signIn = await freshSignIn(scene)
      return {
        asking: [signIn, (node) => asks(node, scene.root, 'PATCH', `/users/${id}`, { role: 'admin' })],
        assertAfter: async ([signedIn, promoted]) => {
          assert.equal(promoted.status, 200, promoted.raw.body)
          skipped(signedIn)
          assert.equal(await livingSessions(scene), 0)
        },
      }
    })
  },
)

raceOnEachDatabase(
  'a device that is forgotten while it is used is not remembered afterwards',
  async (t, dialect, steps) => {
    const scene = await remembering(t, dialect)
    const { id } = await rowOf(scene.ada)
    await inEveryOrder(scene.parties, steps, async () => ({
      asking: [await freshSignIn(scene), (node) => asks(node, scene.root, 'DELETE', `/users/${id}/remembered-devices`)],
      assertAfter: async ([signedIn, forgotten]) => {
        assert.deepEqual(forgotten.body, { forgotten: 1 })
        skipped(signedIn)
        const rows = await scene.server.doorward.db.selectFrom('remembered_device').select('revoked_at').execute()
        assert.ok(rows.length === 1 && rows.every(({ revoked_at: at }) => at !== null))
      },
    }))
  },
)
