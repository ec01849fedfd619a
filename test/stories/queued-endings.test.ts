// Which ends of sessions are queued for apps, and in whose turn they are sent, where there are many: tokens that are sent again, deletions, an app's first day.
import assert from 'node:assert/strict'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { notifyAgain } from '#domain/back-channel/app-deliveries.service.ts'
import { LANES_FOR_FAILED, MOST_LANES } from '#domain/back-channel/delivery.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { deleteUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { revokeSession } from '#use-cases/administration/credentials/credentials.service.ts'
import { backChannelJob } from '#use-cases/openid/back-channel.job.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { grantIn } from '../support/openid/app-grants.ts'
import { registerApp } from '../support/openid/apps.ts'
import { storeFailedDeliveries } from '../support/openid/failed-deliveries.ts'
import { notifyApps, startReceiver } from '../support/openid/logout-receiver.ts'
import { logoutScene, notified } from '../support/openid/logout-scene.ts'
import { ownPageScene, stored } from '../support/pages/page-scenes.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { waitUntil } from '../support/server/started-program.ts'

onEitherDatabase('an app hears of nothing that ended before it was registered', async (t, dialect) => {
  const { server, browser, ada } = await ownPageScene(t, { dialect })
  const { subject } = await stored(server, ada.username)
  // The account had ended and was prolonged; without an app, nothing reads the event.
  await inTransaction(server.operator(), (tx) =>
    recordEvent(tx, { action: 'user.expired', actor: null, target: subject, details: {} }),
  )
  await notifyApps(server)
  server.clock.pass(minutes(1))
  const receiver = await startReceiver(t)
  const { client } = await registerApp(server, { backchannelUri: receiver.uri })
  const { sessionId, sid } = await grantIn(server, browser, { app: client.id })
  await notifyApps(server)
  assert.deepEqual(notified(receiver), [])
  await revokeSession(server.operator(), sessionId)
  await notifyApps(server)
  assert.deepEqual(notified(receiver), [sid])
})

leaveToTestAll()

onEitherDatabase('what an admin sends dead apps again leaves lanes to an app that answers', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, subject, grant } = scene
  const dead = await startReceiver(t)
  dead.answer = () => undefined
  for (let at = 0; at < MOST_LANES; at++) {
    const { client } = await registerApp(server, { name: `Dead ${at}`, backchannelUri: dead.uri })
    await storeFailedDeliveries(server, { clientId: client.id, subject })
    assert.equal(await inTransaction(server.operator(), (tx) => notifyAgain(tx, client)), 3)
  }
  server.clock.pass(seconds(1))
  await revokeSession(server.operator(), grant.sessionId)
  await chainPending(server.doorward)
  const [patient, stop] = [backChannelJob(seconds(15)), new AbortController()]
  await patient.run(jobContext(server.doorward), stop.signal)
  await waitUntil(async () => receiver.received.length > 0 && dead.received.length >= LANES_FOR_FAILED)
  assert.deepEqual(notified(receiver), [grant.sid])
  assert.equal(dead.received.length, LANES_FOR_FAILED)
  stop.abort()
  await patient.settle?.()
})

onEitherDatabase('a deletion is queued for every session, however many the user has', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, ada, app, grant, subject } = scene
  const { db } = server.doorward
  const many = Array.from({ length: 4000 }, (_, at) => ({
    session_id: `session-${at}`,
    client_id: app.client.id,
    subject,
    sid: `sid-${at}`,
    grant_id: grant.grantId,
    expires_at: server.clock.now() + hours(9),
  }))
  for (let from = 0; from < many.length; from += 400)
    await db
      .insertInto('client_session')
      .values(many.slice(from, from + 400))
      .execute()
  const { id } = await stored(server, ada.username)
  await deleteUser(server.operator(), { id })
  const queued = await db.selectFrom('client_delivery').select('sid').execute()
  assert.equal(new Set(queued.map(({ sid }) => sid)).size, many.length + 1)
})
