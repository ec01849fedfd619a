// Threat: the form of a sign-in on a remembered device that arrives twice, because its answer was lost, another node got the repetition or the
// server restarted, passes for a stolen cookie. And the reverse: a thief uses what lets a repetition pass.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { newDatabaseUrl, onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { firstAdmin, newcomer, PASSWORD, type Person, postForm } from '../support/people/people.ts'
import { COOKIE, letDevicesBeRemembered } from '../support/people/remembered-devices.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type ServerProcess, startProcess } from '../support/server/processes.ts'
import { earlierToday } from '../support/server/server-client.ts'
import { newInstallation, type Server, start, type StartOptions } from '../support/server/start.ts'

const STEP = '/sign-in/second-step'
const [FORM, OTHER_FORM] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB']

/** What a browser got: where it is led, and its cookies. */
interface Got {
  readonly location: string
  readonly session: string | undefined
  readonly cookie: string | undefined
}

function gotFrom(location: unknown, cookies: readonly string[]): Got {
  const named = (name: string) => {
    const line = cookies.find((one) => one.startsWith(`${name}=`)) ?? ''
    return /=([^;]+)/.exec(line)?.[1]
  }
  return { location: String(location), session: named('session'), cookie: named(COOKIE) }
}

/** Sends the form of a page with a copy of a cookie. */
async function signsInWith(node: Server, cookie: string, press: string): Promise<Got> {
  const { publicUrl } = node.doorward.config
  const headers = { cookie: `${COOKIE}=${cookie}`, origin: publicUrl, host: new URL(publicUrl).host }
  const { status, raw } = await postForm(node, '/sign-in', { username: 'ada', password: PASSWORD, press }, headers)
  assert.equal(status, 303, raw.body)
  return gotFrom(raw.headers.location, [raw.headers['set-cookie'] ?? []].flat())
}

async function isLiving(node: Server, session: string | undefined): Promise<boolean> {
  const { publicUrl } = node.doorward.config
  const headers = { cookie: `session=${session}`, host: new URL(publicUrl).host }
  return (await node.app.inject({ url: '/account', headers })).statusCode === 200
}

interface Scene {
  readonly nodes: readonly [Server, Server]
  readonly ada: Person
  /** The value of Ada's cookie. */
  readonly cookie: string
  readonly events: (action: string) => Promise<string[]>
}

/** Two nodes, and Ada, whose browser is remembered. */
async function twoNodes(t: TestContext, dialect: Dialect): Promise<Scene> {
  const installation = await newInstallation(t, dialect)
  const nodes = [await start(t, installation), await start(t, installation)] as const
  const { ada, cookie } = await rememberedAda(nodes[0])
  const { db } = nodes[0].doorward
  const events = async (action: string) => {
    const rows = await db.selectFrom('audit_event').select('details').where('action', '=', action).execute()
    return rows.map(({ details }) => details ?? '')
  }
  return { nodes, ada, cookie, events }
}

async function rememberedAda(server: Server): Promise<{ ada: Person; cookie: string }> {
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  await letDevicesBeRemembered(server, days(30))
  const user = await rowOf(ada)
  const { value } = await inTransaction(server.operator(), (tx) => rememberDevice(tx, user, days(30)))
  return { ada, cookie: value.reveal() }
}

onEitherDatabase(
  'the form that reaches another node is accepted once more, and ends the secret and the session of its first answer',
  async (t, dialect) => {
    const { nodes, cookie, events } = await twoNodes(t, dialect)
    const [one, other] = nodes
    const first = await signsInWith(one, cookie, FORM)
    one.clock.pass(seconds(29))
    const second = await signsInWith(other, cookie, FORM)
    assert.deepEqual([first.location, second.location], ['/account', '/account'])
    assert.notEqual(second.cookie, first.cookie)
    assert.deepEqual([await isLiving(one, first.session), await isLiving(one, second.session)], [false, true])
    assert.deepEqual(await events('device.replayed'), [])
    assert.equal((await events('session.ended')).filter((details) => details.includes('repeated form')).length, 1)

    const next = await signsInWith(one, second.cookie ?? '', OTHER_FORM)
    assert.equal(next.location, '/account', 'the secret of the second answer is not the present one')
    assert.equal((await signsInWith(one, first.cookie ?? '', OTHER_FORM)).location, STEP)
    assert.equal((await events('device.replayed')).length, 1, 'the secret of the first answer has not ended')
  },
)

leaveToTestAll()

for (const third of [0, 1] as const) {
  onEitherDatabase(
    `the same form for the third time is a replay, also at the node of the ${third === 0 ? 'first' : 'second'} answer`,
    async (t, dialect) => {
      const { nodes, cookie, events } = await twoNodes(t, dialect)
      for (const node of nodes) assert.equal((await signsInWith(node, cookie, FORM)).location, '/account')
      // The node of the second answer repeats it, as it is still the current one.
      const got = await signsInWith(nodes[third], cookie, FORM)
      assert.equal(got.location, third === 0 ? STEP : '/account')
      assert.equal((await events('device.replayed')).length, third === 0 ? 1 : 0)
      const restarted = await start(t, installationOf(nodes[0]))
      assert.equal((await signsInWith(restarted, cookie, FORM)).location, STEP)
      assert.equal((await events('device.replayed')).length, 1)
    },
  )
}

function installationOf({ databaseUrl, doorward, clock }: Server): StartOptions {
  return { databaseUrl, dataDir: doorward.config.dataDir, clock }
}

onEitherDatabase(
  'the form is a replay half a minute later, and while its time is in the future',
  async (t, dialect) => {
    for (const [passes, sets] of [
      [seconds(30), 0],
      [0, -minutes(1)],
    ] as const) {
      const { nodes, cookie, events } = await twoNodes(t, dialect)
      // Otherwise the device itself would begin in the future once the clock is set back.
      nodes[0].clock.pass(minutes(10))
      assert.equal((await signsInWith(nodes[0], cookie, FORM)).location, '/account')
      nodes[0].clock.pass(passes)
      nodes[0].clock.jump(sets)
      assert.equal((await signsInWith(nodes[1], cookie, FORM)).location, STEP)
      assert.equal((await events('device.replayed')).length, 1)
    }
  },
)

onEitherDatabase(
  'a thief with the cookie and without the form ends the device, whoever comes first',
  async (t, dialect) => {
    for (const [first, second] of [
      [FORM, OTHER_FORM],
      [OTHER_FORM, FORM],
      [FORM, ''],
      ['', FORM],
      ['', ''],
    ] as const) {
      const { nodes, cookie, events } = await twoNodes(t, dialect)
      const got = await signsInWith(nodes[0], cookie, first)
      assert.equal(got.location, '/account')
      assert.equal((await signsInWith(nodes[1], cookie, second)).location, STEP)
      assert.equal((await events('device.replayed')).length, 1)
      assert.equal(
        (await signsInWith(nodes[0], got.cookie ?? '', 'another page')).location,
        STEP,
        'the device has not ended',
      )
    }
  },
)

onEitherDatabase(
  'a thief with the cookie and the form leaves a trace: whoever comes second, the first loses session and device',
  async (t, dialect) => {
    const { nodes, cookie, events } = await twoNodes(t, dialect)
    const [owner, thief] = [await signsInWith(nodes[0], cookie, FORM), await signsInWith(nodes[1], cookie, FORM)]
    assert.equal(await isLiving(nodes[0], owner.session), false)
    assert.equal(await isLiving(nodes[0], thief.session), true)
    // The owner comes with the secret of the first answer, and from then on nobody holds a remembered device.
    assert.equal((await signsInWith(nodes[0], owner.cookie ?? '', OTHER_FORM)).location, STEP)
    assert.equal((await events('device.replayed')).length, 1)
    assert.equal((await signsInWith(nodes[1], thief.cookie ?? '', OTHER_FORM)).location, STEP)
  },
)

onEitherDatabase('a form is not repeated after the secret of its answer was used', async (t, dialect) => {
  const { nodes, cookie, events } = await twoNodes(t, dialect)
  const first = await signsInWith(nodes[0], cookie, FORM)
  assert.equal((await signsInWith(nodes[0], first.cookie ?? '', OTHER_FORM)).location, '/account')
  for (const node of nodes) assert.equal((await signsInWith(node, cookie, FORM)).location, STEP)
  assert.equal((await events('device.replayed')).length, 1)
})

onEitherDatabase(
  'a node of the version before that replaces the secret leaves no form to be repeated',
  async (t, dialect) => {
    const { nodes, cookie } = await twoNodes(t, dialect)
    await signsInWith(nodes[0], cookie, FORM)
    // What that version writes: another secret, and nothing of the form.
    const { db } = nodes[0].doorward
    await db
      .updateTable('remembered_device')
      .set({ token_hash: 'another', last_used_at: nodes[0].clock.now() })
      .execute()
    assert.equal((await signsInWith(nodes[1], cookie, FORM)).location, STEP)
  },
)

/** Sends the form to a server in a process of its own. */
async function signsInAt({ url }: ServerProcess, cookie: string): Promise<Got> {
  const body = new URLSearchParams({ username: 'ada', password: PASSWORD, press: FORM })
  const headers = { cookie: `${COOKIE}=${cookie}`, origin: url }
  const answer = await fetch(`${url}/sign-in`, { method: 'POST', body, headers, redirect: 'manual' })
  return gotFrom(answer.headers.get('location'), answer.headers.getSetCookie())
}

onEachDatabase(
  'a server that was killed after it answered accepts the form once more after its restart',
  async (t, dialect) => {
    const installation = { databaseUrl: await newDatabaseUrl(t, dialect), dataDir: await temporaryFolder(t) }
    const before = await start(t, { ...installation, clock: earlierToday() })
    const { cookie } = await rememberedAda(before)
    const killed = await startProcess(t, installation)
    const first = await signsInAt(killed, cookie)
    await killed.kill()
    const [restarted, beside] = [await startProcess(t, installation), await startProcess(t, installation)]
    const second = await signsInAt(restarted, cookie)
    assert.deepEqual([first.location, second.location], ['/account', '/account'])
    assert.notEqual(first.cookie, second.cookie)
    assert.equal((await signsInAt(beside, cookie)).location, STEP, 'the form works a third time')
  },
)
