// What time or a rule ends without an event of its own: a job finds it, and the app is notified within 30 seconds.
import assert from 'node:assert/strict'

import { endedByTimeJob } from '#domain/back-channel/ended-by-time.job.ts'
import { updateClient } from '#domain/clients/client.service.ts'
import { expiryNoticeJob } from '#domain/expiry/expiry-notice.job.ts'
import { jobContext } from '#entry/jobs/run-job.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { addGroupMember, createGroup, removeGroupMember } from '#use-cases/administration/groups/groups.service.ts'
import { exemptUser } from '#use-cases/administration/policy-rollout/exemptions.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { changeApp } from '../support/openid/attack-scene.ts'
import { notifyApps } from '../support/openid/logout-receiver.ts'
import { type LogoutScene, logoutScene, notified } from '../support/openid/logout-scene.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

/** Half a minute of a node: what is chained is read, the jobs look for what has ended, and apps are notified. */
async function halfMinute({ server }: LogoutScene): Promise<void> {
  const signal = new AbortController().signal
  await notifyApps(server)
  server.clock.pass(seconds(25))
  for (const job of [expiryNoticeJob, endedByTimeJob]) {
    assert.ok(job.every <= seconds(25))
    await job.run(jobContext(server.doorward), signal)
  }
  await notifyApps(server)
}

async function eventsNamed({ server }: LogoutScene, action: string): Promise<(string | null)[]> {
  const rows = await server.doorward.db
    .selectFrom('audit_event')
    .select('target')
    .where('action', '=', action)
    .execute()
  return rows.map(({ target }) => target)
}

onEachDatabase('an app hears of a session that its absolute limit ends, but not of idle time', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, grant, subject } = scene
  await storePolicyVersion(server.doorward.db, {
    id: 'short',
    sessionAbsolute: hours(20),
    from: server.clock.now() - minutes(1),
  })
  await halfMinute(scene)
  server.clock.pass(hours(20) - minutes(2))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [], 'idle time has ended it here, but not at the app')
  server.clock.pass(minutes(2))
  await halfMinute(scene)
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
  assert.deepEqual(await eventsNamed(scene, 'session.expired'), [subject])
})

leaveToTestAll()

onEitherDatabase('an app hears of sessions that a policy ends when it comes into force', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, grant } = scene
  await halfMinute(scene)
  await storePolicyVersion(server.doorward.db, {
    id: 'passkeys',
    secondFactor: 'phishing-resistant',
    from: server.clock.now() + minutes(5),
    createdAt: server.clock.now() - days(30),
  })
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [])
  server.clock.pass(minutes(5))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
})

onEitherDatabase('an app hears of the end of an account', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, ada, grant } = scene
  await halfMinute(scene)
  const { id } = await stored(server, ada.username)
  await changeUser(server.operator(), { id }, { expiresAt: server.clock.now() + hours(2) })
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [])
  server.clock.pass(hours(2))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
  assert.deepEqual(await eventsNamed(scene, 'user.expired'), [scene.subject])
})

onEitherDatabase(
  'the end of an account is one token for a session, whichever job finds it first',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, receiver, ada, grant } = scene
    const { id } = await stored(server, ada.username)
    await changeUser(server.operator(), { id }, { expiresAt: server.clock.now() + hours(2) })
    await halfMinute(scene)
    server.clock.pass(hours(2))
    await endedByTimeJob.run(jobContext(server.doorward), new AbortController().signal)
    await halfMinute(scene)
    await halfMinute(scene)
    assert.deepEqual(notified(receiver), [grant.sid])
    assert.deepEqual(await eventsNamed(scene, 'session.expired'), [scene.subject], 'and ends for good')
  },
)

onEitherDatabase('an app hears within 30 seconds that an exemption has ended by time', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, ada, grant } = scene
  const { db } = server.doorward
  await storePolicyVersion(db, {
    id: 'passkeys',
    secondFactor: 'phishing-resistant',
    from: server.clock.now() + minutes(5),
    createdAt: server.clock.now() - days(30),
  })
  const { id } = await stored(server, ada.username)
  const endsAt = server.clock.now() + minutes(30)
  await exemptUser(server.operator(), 'passkeys', { id }, { reason: 'Waits for a key', endsAt })
  server.clock.pass(minutes(5))
  await halfMinute(scene)
  server.clock.pass(minutes(24))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [])
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
})

onEitherDatabase(
  'a session that a policy has ended does not go on when the policy is withdrawn',
  async (t, dialect) => {
    const scene = await logoutScene(t, dialect)
    const { server, receiver, browser, grant } = scene
    const { db } = server.doorward
    await storePolicyVersion(db, { id: 'passkeys', secondFactor: 'phishing-resistant', from: server.clock.now() })
    await halfMinute(scene)
    await db.updateTable('policy_version').set({ cancelled_at: server.clock.now() }).execute()
    await halfMinute(scene)
    assert.deepEqual(notified(receiver), [grant.sid])
    assert.equal(
      (await browser.open('/account')).statusCode,
      303,
      'its app has ended the sign-in, so this one ends too',
    )
  },
)

onEitherDatabase('an app for a group hears that a user has left it', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, ada, app, grant, subject } = scene
  const { id } = await stored(server, ada.username)
  const group = await createGroup(server.operator(), { name: 'Writers' })
  await addGroupMember(server.operator(), group.id, { id })
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, allowedGroups: [group.id] }))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [], 'a member goes on')
  await removeGroupMember(server.operator(), group.id, { id })
  await halfMinute(scene)
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
  assert.deepEqual(await eventsNamed(scene, 'app.access_ended'), [subject])
})

onEitherDatabase('an app hears within an hour of a row that was changed by hand', async (t, dialect) => {
  const scene = await logoutScene(t, dialect)
  const { server, receiver, grant } = scene
  await halfMinute(scene)
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('subject', '=', scene.subject).execute()
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [])
  server.clock.pass(hours(1))
  await halfMinute(scene)
  assert.deepEqual(notified(receiver), [grant.sid])
})
