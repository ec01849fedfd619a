// Apps are notified that sessions have ended (OpenID Connect Back-Channel Logout 1.0), by a real receiver.
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import assert from 'node:assert/strict'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { notifyAgain, troubledDeliveries } from '#domain/back-channel/app-deliveries.service.ts'
import { MOST_ATTEMPTS, waitAfterFailure } from '#domain/back-channel/delivery.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { inTransaction } from '#foundation/context.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import {
  deleteUser,
  disableUser,
  signOutUser,
} from '#use-cases/administration/account-status/account-status.service.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { changeApp } from '#use-cases/administration/clients/clients.service.ts'
import { signOutOfAppOf } from '#use-cases/administration/clients/user-apps.service.ts'
import {
  resetSecondFactor,
  revokeSession,
  setPassword,
} from '#use-cases/administration/credentials/credentials.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { backChannelJob } from '#use-cases/openid/back-channel.job.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { grantIn } from '../support/openid/app-grants.ts'
import { registerApp, type TestApp } from '../support/openid/apps.ts'
import { notifyApps, startReceiver } from '../support/openid/logout-receiver.ts'
import { type LogoutScene, logoutScene, notified } from '../support/openid/logout-scene.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'
import { waitUntil } from '../support/server/started-program.ts'

onEachDatabase('an app is notified of a sign-out by a token that it can verify', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, ada, browser, app, receiver, grant, subject } = scene
  const other = await grantIn(server, await signedInBrowser(ada), { app: app.client.id })
  assert.notEqual(other.sid, grant.sid)
  await notifyApps(server)
  assert.deepEqual(notified(receiver), [], 'nothing has ended')
  assertLeadsTo(await browser.submit('/sign-out', {}), '/sign-out')
  await notifyApps(server)
  await notifyApps(server)
  assert.deepEqual(notified(receiver), [grant.sid], 'the other browser goes on')
  const [token] = receiver.received
  const issuer = `${server.doorward.config.publicUrl}/oidc`
  const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`), {
    [customFetch]: async (url: string) => {
      const { body } = await server.app.inject({ url: new URL(url).pathname })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    },
  })
  const { payload } = await jwtVerify(token?.text ?? '', keys, {
    issuer,
    audience: app.client.id,
    typ: 'logout+jwt',
    currentDate: new Date(Number(token?.claims['iat']) * 1000),
  })
  assert.equal(payload.sub, subject)
  assert.deepEqual(payload['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} })
  assert.equal(Number(payload.exp) - Number(payload.iat), 120)
  assert.ok(payload.jti)
  assert.equal(payload['nonce'], undefined)
})

leaveToTestAll()

interface Cause {
  readonly name: string
  readonly ends: (scene: LogoutScene) => Promise<unknown>
  /** Of ada's two browsers, those of whose ends the app is notified. */
  readonly notified: readonly ('first' | 'second' | 'all')[]
}

const CAUSES: readonly Cause[] = [
  {
    name: 'an admin ends one session',
    ends: ({ server, grant }) => revokeSession(server.operator(), grant.sessionId),
    notified: ['first'],
  },
  {
    name: 'an admin signs the user out everywhere',
    ends: async (scene) => signOutUser(scene.server.operator(), await idOf(scene)),
    notified: ['first', 'second'],
  },
  {
    name: 'the user is disabled',
    ends: async (scene) => disableUser(scene.server.operator(), await idOf(scene)),
    notified: ['first', 'second'],
  },
  {
    name: 'the user is deleted',
    ends: async (scene) => deleteUser(scene.server.operator(), await idOf(scene)),
    notified: ['first', 'second'],
  },
  {
    name: 'the user gets another role',
    ends: async (scene) => changeUser(scene.server.operator(), await idOf(scene), { role: 'admin' }),
    notified: ['first', 'second'],
  },
  {
    name: 'the user is renamed',
    ends: async (scene) => changeUser(scene.server.operator(), await idOf(scene), { username: 'augusta' }),
    notified: [],
  },
  {
    name: 'an admin sets the password',
    ends: async (scene) => setPassword(scene.server.operator(), await idOf(scene), Secret.of('winter garden path')),
    notified: ['first', 'second'],
  },
  {
    name: 'an admin sets the password and keeps the sessions',
    ends: async (scene) =>
      setPassword(scene.server.operator(), await idOf(scene), Secret.of('winter garden path'), { keepSessions: true }),
    notified: [],
  },
  {
    name: 'the second factor is reset',
    ends: async (scene) => resetSecondFactor(scene.server.operator(), await idOf(scene), { reason: 'lost' }),
    notified: ['first', 'second'],
  },
  {
    name: 'the user is signed out of the app',
    ends: async (scene) => signOutOfAppOf(scene.server.operator(), await idOf(scene), scene.app.client.id),
    notified: ['first', 'second'],
  },
  {
    name: 'the app is disabled',
    ends: ({ server, app }) => disableApp(server.operator(), app.client.id),
    notified: ['first', 'second'],
  },
  {
    name: 'the app loses a scope',
    ends: ({ server, app }) => changeApp(server.operator(), app.client.id, { scopes: ['openid'] }),
    notified: ['first', 'second'],
  },
  {
    name: 'the app gets another name',
    ends: ({ server, app }) => changeApp(server.operator(), app.client.id, { name: 'Notes' }),
    notified: [],
  },
]

async function idOf({ server, ada }: LogoutScene): Promise<{ readonly id: number }> {
  const { id } = await stored(server, ada.username)
  return { id }
}

for (const { name, ends, notified: expected } of CAUSES) {
  onEitherDatabase(`who is notified: ${name}`, async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, ada, app, receiver, grant } = scene
    const second = await grantIn(server, await signedInBrowser(ada), { app: app.client.id })
    await ends(scene)
    await notifyApps(server)
    const sids = { first: grant.sid, second: second.sid, all: 'all' }
    assert.deepEqual(notified(receiver), expected.map((one) => sids[one]).toSorted())
  })
}

onEitherDatabase('an app where the user signed in long ago hears of the end of the user', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, subject } = scene
  await server.doorward.db.deleteFrom('client_session').execute()
  await deleteUser(server.operator(), await idOf(scene))
  await notifyApps(server)
  assert.deepEqual(notified(receiver), ['all'])
  assert.equal(receiver.received[0]?.claims['sub'], subject)
  assert.deepEqual(await server.doorward.db.selectFrom('client_user').selectAll().execute(), [])
})

onEitherDatabase(
  'an app that takes single sessions only is notified of the last one that is known',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect, { backchannelSessionRequired: true })
    const { server, receiver, grant } = scene
    await server.doorward.db.deleteFrom('client_session').execute()
    await disableUser(server.operator(), await idOf(scene))
    await notifyApps(server)
    assert.deepEqual(notified(receiver), [grant.sid])
  },
)

onEitherDatabase(
  'an app that fails is notified again after doubling waits, eight times, then by hand',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, receiver, app, grant } = scene
    receiver.answer = (response) => void response.writeHead(400).end('{"error":"invalid_request"}')
    await revokeSession(server.operator(), grant.sessionId)
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      await notifyApps(server)
      await notifyApps(server)
      assert.equal(receiver.received.length, attempt, 'not before its time')
      server.clock.pass(waitAfterFailure(attempt) - 1)
      await notifyApps(server)
      assert.equal(receiver.received.length, attempt)
      server.clock.pass(1)
    }
    server.clock.pass(days(2))
    await notifyApps(server)
    assert.equal(receiver.received.length, MOST_ATTEMPTS)
    assert.equal(new Set(receiver.received.map(({ claims }) => claims['jti'])).size, 1, 'one jti at each attempt')
    const [failed] = await troubledDeliveries(server.operator(), app.client)
    assert.ok(failed?.failedAt)
    assert.equal(failed.lastError, '400 {"error":"invalid_request"}')
    const events = await server.doorward.db
      .selectFrom('audit_event')
      .select('target')
      .where('action', '=', 'app.delivery_failed')
      .execute()
    assert.deepEqual(events, [{ target: scene.subject }])
    receiver.answer = (response) => void response.writeHead(204).end()
    assert.equal(await inTransaction(server.operator(), (tx) => notifyAgain(tx, app.client)), 1)
    await notifyApps(server)
    assert.equal(receiver.received.length, MOST_ATTEMPTS + 1)
    assert.deepEqual(await troubledDeliveries(server.operator(), app.client), [])
  },
)

onEitherDatabase(
  'a receiver that redirects is not followed, and one that is dead is notified when it is back',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, receiver, app, grant } = scene
    const elsewhere = await startReceiver(t)
    receiver.answer = (response) => void response.writeHead(307, { location: elsewhere.uri }).end()
    await revokeSession(server.operator(), grant.sessionId)
    await notifyApps(server)
    assert.deepEqual([receiver.received.length, elsewhere.received.length], [1, 0])
    assert.match((await troubledDeliveries(server.operator(), app.client))[0]?.lastError ?? '', /^307/)
    await receiver.stop()
    server.clock.pass(minutes(10))
    await notifyApps(server)
    assert.match((await troubledDeliveries(server.operator(), app.client))[0]?.lastError ?? '', /ECONNREFUSED/)
    receiver.answer = (response) => void response.writeHead(200).end()
    await receiver.again()
    server.clock.pass(minutes(20))
    await notifyApps(server)
    assert.deepEqual(notified(receiver), [grant.sid, grant.sid])
    assert.deepEqual(await troubledDeliveries(server.operator(), app.client), [])
  },
)

onEitherDatabase(
  'a receiver that never answers delays no other, and a stop costs it no attempt',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, browser, receiver, app, grant } = scene
    const quick = await startReceiver(t)
    const notes = await registerApp(server, { name: 'Notes', backchannelUri: quick.uri })
    const { sid } = await grantIn(server, browser, { app: notes.client.id })
    receiver.answer = () => undefined
    await revokeSession(server.operator(), grant.sessionId)
    const [patient, stop] = [backChannelJob(seconds(15)), new AbortController()]
    await chainPending(server.doorward)
    await patient.run(jobContext(server.doorward), stop.signal)
    await waitUntil(async () => (await deliveriesOf(server, notes))[0]?.delivered_at !== null)
    assert.deepEqual(notified(quick), [sid])
    stop.abort()
    await patient.settle?.()
    const [stopped] = await deliveriesOf(server, app)
    assert.deepEqual([stopped?.attempts, stopped?.lease_owner, stopped?.last_error], [0, null, null])

    await notifyApps(server, backChannelJob(100))
    const [{ attempts, lastError } = {}] = await troubledDeliveries(server.operator(), app.client)
    assert.deepEqual([attempts, lastError], [1, 'timeout'])
  },
)

function deliveriesOf({ doorward }: Server, { client }: TestApp) {
  return doorward.db.selectFrom('client_delivery').selectAll().where('client_id', '=', client.id).execute()
}

onEachDatabase(
  'a node that dies while it notifies an app leaves it to another, with the same jti',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, receiver, grant } = scene
    await revokeSession(server.operator(), grant.sessionId)
    await notifyApps(server)
    // The answer came, but the node did not live to write it.
    await server.doorward.db
      .updateTable('client_delivery')
      .set({ delivered_at: null, lease_owner: 'dead', lease_until: server.clock.now() + 30_000 })
      .execute()
    await notifyApps(server)
    assert.equal(receiver.received.length, 1, 'its lease goes on')
    server.clock.pass(minutes(1))
    await notifyApps(server)
    assert.equal(receiver.received.length, 2)
    assert.equal(new Set(receiver.received.map(({ claims }) => claims['jti'])).size, 1)
  },
)

onEachDatabase('two nodes notify each app once', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, ada, receiver, app } = scene
  const sids = [scene.grant.sid]
  for (let browser = 0; browser < 4; browser++)
    sids.push((await grantIn(server, await signedInBrowser(ada), { app: app.client.id })).sid)
  await signOutUser(server.operator(), await idOf(scene))
  const nodes = [backChannelJob(), backChannelJob(), backChannelJob()]
  await Promise.all(nodes.map((job) => notifyApps(server, job)))
  await notifyApps(server)
  assert.deepEqual(notified(receiver), sids.toSorted())
})
