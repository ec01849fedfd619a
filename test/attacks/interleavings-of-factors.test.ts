// Two concurrent requests add a factor: in two tabs, with one challenge, in one attempt. Each is stopped after each of its
// statements while the other continues: a one-time value adds one factor, and one set of recovery codes is issued.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { readRecoveryCode } from '#domain/factors/recovery-codes/recovery-code.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import {
  type Asking,
  assertGrown,
  countsIn,
  inEveryOrder,
  interleaveOnEachDatabase,
  newScene,
  raceOnEachDatabase,
  type Scene,
} from '../support/interleaving/interleaving.ts'
import { ask, PASSWORD, type Reply } from '../support/people/people.ts'
import { beginsApp, beginsEnrolment, newPhone, opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks } from '../support/server/nodes.ts'
import type { Server } from '../support/server/start.ts'

const PASSKEYS_MAXIMUM = 20
const CODES_IN_A_SET = 10

interface OwnScene extends Scene {
  /** The subject of ada. */
  readonly subject: string
}

async function ownScene(t: TestContext, dialect: Dialect): Promise<OwnScene> {
  const scene = await newScene(t, dialect)
  return { ...scene, subject: (await rowOf(scene.ada)).subject }
}

/** The number of a user's factors, by kind. */
async function factorsOf({ doorward: { db } }: Server, subject: string) {
  const of = async (table: 'totp_factor' | 'passkey' | 'recovery_code'): Promise<number> =>
    (await db.selectFrom(table).select('id').where('subject', '=', subject).execute()).length
  return { apps: await of('totp_factor'), passkeys: await of('passkey'), codes: await of('recovery_code') }
}

/** Begins a new session, because adding a factor has given the old one another token: both requests need one valid token. */
async function beginsSession({ server, ada }: OwnScene): Promise<void> {
  const user = await rowOf(ada)
  const { token } = await startSession(server.operator(), { user, methods: ['password', 'totp'], transport: 'bearer' })
  ada.token = token.reveal()
}

/** Removes the passkeys, so that the session again has the highest assurance level of the account. */
async function withoutPasskeys(scene: OwnScene): Promise<void> {
  const { server, subject } = scene
  const { db } = server.doorward
  await db.deleteFrom('passkey').where('subject', '=', subject).execute()
  await db.updateTable('users').set({ passkey_at: null }).where('subject', '=', subject).execute()
  await beginsSession(scene)
}

/** Begins a registration; returns the request that adds the passkey of a phone. */
async function ceremony({ server, ada }: Scene): Promise<() => Asking> {
  const { body, raw } = await ada.asks('POST', '/users/me/passkeys/options')
  assert.ok(body['challenge'], raw.body)
  return () => {
    const response = newPhone(server).register(body as never)
    return (node) => asks(node, ada, 'POST', '/users/me/passkeys', { response })
  }
}

raceOnEachDatabase('of two passkeys made with one challenge one is added', async (t, dialect, steps) => {
  const scene = await ownScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    await withoutPasskeys(scene)
    const phone = await ceremony(scene)
    return {
      asking: [phone(), phone()],
      one: { success: 200, refusals: [401] },
      assertAfter: async () => assert.equal((await factorsOf(scene.server, scene.subject)).passkeys, 1),
    }
  })
})

leaveToTestAll()

raceOnEachDatabase('one passkey that is added twice is added once', async (t, dialect, steps) => {
  const scene = await ownScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    await withoutPasskeys(scene)
    const add = (await ceremony(scene))()
    return {
      asking: [add, add],
      one: { success: 200, refusals: [401, 409] },
      assertAfter: async () => assert.equal((await factorsOf(scene.server, scene.subject)).passkeys, 1),
    }
  })
})

interleaveOnEachDatabase('of two passkeys added when one more is allowed, one is added', async (t, dialect) => {
  const scene = await ownScene(t, dialect)
  const { server, subject } = scene
  await inEveryOrder(scene.parties, 'each against the whole', async () => {
    await withoutPasskeys(scene)
    const asking = [(await ceremony(scene))(), (await ceremony(scene))()] as const
    await server.doorward.db.insertInto('passkey').values(othersOf(subject)).execute()
    return {
      asking,
      one: { success: 200, refusals: [401, 409] },
      assertAfter: async () => assert.equal((await factorsOf(server, subject)).passkeys, PASSKEYS_MAXIMUM),
    }
  })
})

/** As many passkeys as leave room for one more. */
function othersOf(subject: string) {
  return Array.from({ length: PASSKEYS_MAXIMUM - 1 }, (_, index) => ({
    id: `other-${index}`,
    subject,
    credential_id: `other-${index}`,
    public_key: '',
    sign_count: 0,
    transports: '',
    aaguid: '',
    device_type: 'single-device' as const,
    backed_up_at: null,
    name: 'Other',
    created_at: 0,
    last_used_at: null,
  }))
}

/** Begins the enrolment of an app; returns its confirmation. */
async function begunApp({ ada }: Scene): Promise<Asking> {
  const { url, code } = await beginsApp(ada)
  return (node) => asks(node, ada, 'POST', url, { code })
}

async function withoutApps(scene: OwnScene): Promise<void> {
  await scene.server.doorward.db.deleteFrom('totp_factor').where('subject', '=', scene.subject).execute()
  await beginsSession(scene)
}

raceOnEachDatabase('an app is confirmed once', async (t, dialect, steps) => {
  const scene = await ownScene(t, dialect)
  await inEveryOrder(scene.parties, steps, async () => {
    await withoutApps(scene)
    const confirm = await begunApp(scene)
    return {
      asking: [confirm, confirm],
      one: { success: 200, refusals: [401, 404] },
      assertAfter: async () => {
        assert.equal((await factorsOf(scene.server, scene.subject)).apps, 1)
        const counted = scene.server.doorward.db.selectFrom('throttle_bucket').selectAll().where('failures', '>', 0)
        assert.deepEqual(await counted.execute(), [], 'the second press counts as a wrong guess')
      },
    }
  })
})

raceOnEachDatabase('of two apps that are begun at once one waits', async (t, dialect, steps) => {
  const scene = await ownScene(t, dialect)
  const begin: Asking = (node) => asks(node, scene.ada, 'POST', '/users/me/totp')
  await inEveryOrder(scene.parties, steps, async () => {
    await withoutApps(scene)
    return {
      asking: [begin, begin],
      assertAfter: async (replies) => {
        assert.deepEqual(statuses(replies), [200, 200])
        assert.equal((await factorsOf(scene.server, scene.subject)).apps, 1)
      },
    }
  })
})

raceOnEachDatabase(
  'an app whose confirmation races with the beginning of another enrolment is confirmed completely or not at all',
  async (t, dialect, steps) => {
    const scene = await ownScene(t, dialect)
    const { server, subject, ada } = scene
    const begin: Asking = (node) => asks(node, ada, 'POST', '/users/me/totp')
    await inEveryOrder(scene.parties, steps, async () => {
      await withoutApps(scene)
      return {
        asking: [await begunApp(scene), begin],
        assertAfter: async ([confirmed, begun]) => {
          assert.ok(confirmed.status === 200 || confirmed.status === 404, confirmed.raw.body)
          // The confirmation gives the session another token: a request with the old one precedes it or is refused.
          assert.ok(begun.status === 200 || begun.status === 401, begun.raw.body)
          assert.ok(confirmed.status === 200 || begun.status === 200)
          const own = server.doorward.db.selectFrom('totp_factor').where('subject', '=', subject)
          const apps = await own.select(['id', 'confirmed_at']).execute()
          const waiting = apps.filter((app) => app.confirmed_at === null).map(({ id }) => id)
          assert.deepEqual(waiting, begun.status === 200 ? [begun.body['id']] : [])
          assert.equal(apps.length - waiting.length, confirmed.status === 200 ? 1 : 0)
        },
      }
    })
  },
)

function statuses(replies: readonly Reply[]): number[] {
  return replies.map(({ status }) => status)
}

interleaveOnEachDatabase(
  'of a first app and a first passkey added at once, one succeeds and creates the recovery codes',
  async (t, dialect) => {
    const scene = await ownScene(t, dialect)
    const { server, subject } = scene
    await inEveryOrder(scene.parties, 'each against the whole', async () => {
      await withoutPasskeys(scene)
      await withoutApps(scene)
      await server.doorward.db.deleteFrom('recovery_code').where('subject', '=', subject).execute()
      return {
        asking: [await begunApp(scene), (await ceremony(scene))()],
        one: { success: 200, refusals: [401] },
        assertAfter: async (replies) => {
          const added = replies.find(({ status }) => status === 200)
          const shown = added?.body['recovery_codes'] as unknown[] | undefined
          assert.equal(shown?.length, CODES_IN_A_SET)
          const apps = server.doorward.db.selectFrom('totp_factor').select('id').where('subject', '=', subject)
          const confirmed = await apps.where('confirmed_at', 'is not', null).execute()
          const { passkeys, codes } = await factorsOf(server, subject)
          assert.deepEqual([confirmed.length + passkeys, codes], [1, CODES_IN_A_SET])
        },
      }
    })
  },
)

/** Begins the enrolment of a factor in an attempt; returns its confirmation. */
const ENROLMENTS: Readonly<Record<'app' | 'passkey', (server: Server, attempt: string) => Promise<Asking>>> = {
  app: async (server, attempt) => {
    const payload = await beginsEnrolment(server, attempt)
    return (node) => ask(node, 'POST', '/attempts/totp/confirm', { payload })
  },
  passkey: async (server, attempt) => {
    const { body } = await ask(server, 'POST', '/attempts/passkeys/options', { payload: { attempt } })
    const response = newPhone(server).register(body as never)
    return (node) => ask(node, 'POST', '/attempts/passkeys', { payload: { attempt, response } })
  },
}

for (const [one, other] of [
  ['app', 'app'],
  ['app', 'passkey'],
  ['passkey', 'passkey'],
] as const) {
  interleaveOnEachDatabase(`an attempt enrols one of ${one} and ${other}`, async (t, dialect) => {
    const { parties, server, root } = await newScene(t, dialect)
    let guests = 0
    await inEveryOrder(parties, 'each against the whole', async () => {
      const credentials = { username: `guest-${++guests}`, password: PASSWORD }
      await root.asks('POST', '/users', credentials)
      const attempt = await opensAttempt({ server, ...credentials })
      const before = await countsIn(server)
      return {
        asking: [await ENROLMENTS[one](server, attempt), await ENROLMENTS[other](server, attempt)],
        one: { success: 200, refusals: [401] },
        assertAfter: async () => {
          await assertGrown(server, before, { attempts: 1 })
          const { subject } = await rowOf({ server, username: credentials.username })
          const { apps, passkeys, codes } = await factorsOf(server, subject)
          assert.deepEqual([apps + passkeys, codes], [1, CODES_IN_A_SET])
        },
      }
    })
  })
}

interleaveOnEachDatabase(
  'of two sets of recovery codes created at once one is left, and it was shown',
  async (t, dialect) => {
    const scene = await ownScene(t, dialect)
    const { server, subject, ada } = scene
    const renew: Asking = (node) => asks(node, ada, 'POST', '/users/me/recovery-codes')
    await inEveryOrder(scene.parties, 'each against the whole', () =>
      Promise.resolve({
        asking: [renew, renew],
        assertAfter: async (replies) => {
          assert.deepEqual(statuses(replies), [200, 200])
          const codes = server.doorward.db.selectFrom('recovery_code').select('selector').where('subject', '=', subject)
          const stored = (await codes.execute()).map(({ selector }) => selector).toSorted()
          const shown = replies.map(({ body }) => selectorsOf(body['recovery_codes'] as string[]))
          assert.ok(shown.includes(stored.join(' ')), `${stored.join(' ')} are left of ${shown.join(' and ')}`)
        },
      }),
    )
  },
)

function selectorsOf(codes: readonly string[]): string {
  const selectors = codes.map((code) => readRecoveryCode(code)?.selector ?? '')
  return selectors.toSorted().join(' ')
}
