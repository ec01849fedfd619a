// The two-person rule where it meets mail: what was asked for about the end, the language and the delivery is kept until it is carried out.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { hours } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { mailInvitation } from '#use-cases/administration/invitations/invitation.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, linksIn, startSmtpServer } from '../support/mail/smtp-server.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { type RuledScene, startWithRule } from '../support/people/admins.ts'
import { membersIn, namePolicyFor, newGroup } from '../support/people/groups.ts'
import type { Reply } from '../support/people/people.ts'
import { fieldErrorsIn, idOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const EVE = { username: 'eve', email: 'eve@example.org', role: 'admin', locale: 'de', delivery: 'mail' }

async function stored({ server }: RuledScene, username: string) {
  return findUserByName(server.operator(), username)
}

async function approve({ noa }: RuledScene, asked: Reply): Promise<Record<string, Record<string, unknown> | null>> {
  assert.equal(asked.status, 202, asked.raw.body)
  const reply = await noa.asks('POST', `/approvals/${String(asked.body['id'])}/approve`)
  assert.equal(reply.status, 200, reply.raw.body)
  return reply.body as never
}

onEitherDatabase(
  'a new admin who is invited by mail gets the mail at the approval, and no admin the link',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const scene = await startWithRule(t, dialect, smtp.settings)
    const { server, root } = scene
    const end = new Date(server.operator().now + hours(1000)).toISOString()
    const asked = await root.asks('POST', '/users', { ...EVE, expires_at: end })
    await deliverQueuedMails(server.doorward)
    assert.deepEqual(smtp.to(EVE.email), [])
    const { invitation } = await approve(scene, asked)
    assert.deepEqual([invitation?.['url'], invitation?.['mailed_to']], [null, EVE.email])
    await deliverQueuedMails(server.doorward)
    const [mail] = smtp.to(EVE.email)
    assert.match(mail?.text ?? '', /Einladung|einladen|eingeladen/)
    const eve = await stored(scene, 'eve')
    assert.deepEqual([eve?.locale, eve?.expiresAt], ['de', Date.parse(end)])

    const again = await root.asks('POST', `/users/${eve?.id}/invitation`, { delivery: 'mail' })
    assert.equal(smtp.to(EVE.email).length, 1)
    const renewed = await approve(scene, again)
    assert.equal(renewed['invitation']?.['mailed_to'], EVE.email)
    await deliverQueuedMails(server.doorward)
    assert.notDeepEqual(linksIn(smtp.to(EVE.email)[1]!), linksIn(mail!))
  },
)

leaveToTestAll()

onEitherDatabase(
  'an approved invitation that would be one mail too many waits, and holds up no other',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const scene = await startWithRule(t, dialect, smtp.settings)
    const { server, root, mia, noa } = scene
    await approve(scene, await root.asks('POST', '/users', EVE))
    const eve = await stored(scene, 'eve')
    assert.ok(eve)
    const invites = await root.asks('POST', `/users/${eve.id}/invitation`, { delivery: 'mail' })
    const disables = await root.asks('POST', `/users/${await idOf(mia)}/disable`)
    const stateOf = async (asked: Reply) => {
      return (await noa.asks('GET', `/approvals/${String(asked.body['id'])}`)).body['state']
    }
    server.clock.pass(hours(24))
    for (let times = 0; times < 3; times++) await mailInvitation(server.operator(), eve)
    await carryOutAllReady(server.operator())
    await noa.signsIn()
    assert.deepEqual([await stateOf(invites), await stateOf(disables)], ['waiting', 'carried-out'])
    server.clock.pass(hours(1))
    await carryOutAllReady(server.operator())
    await noa.signsIn()
    assert.equal(await stateOf(invites), 'carried-out')
  },
)

onEitherDatabase('an invitation by mail needs no admin after the waiting time', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const scene = await startWithRule(t, dialect, smtp.settings)
  const { server, root } = scene
  const soon = new Date(server.operator().now + hours(2)).toISOString()
  await root.asks('POST', '/users', EVE)
  const ends = await root.asks('POST', '/users', {
    ...EVE,
    username: 'eli',
    email: 'eli@example.org',
    expires_at: soon,
  })
  server.clock.pass(hours(24))
  await carryOutAllReady(server.operator())
  await deliverQueuedMails(server.doorward)
  assert.equal(smtp.to(EVE.email).length, 1)
  // The end of the other one has passed meanwhile.
  await root.signsIn()
  assert.equal((await root.asks('GET', `/approvals/${String(ends.body['id'])}`)).body['state'], 'lapsed')
  assert.equal(await stored(scene, 'eli'), undefined)
})

onEitherDatabase('an end of an admin account is set and lifted by two admins', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root, mia } = scene
  const url = `/users/${await idOf(mia)}`
  const end = new Date(server.operator().now + hours(1000)).toISOString()
  const asked = await root.asks('PATCH', url, { expires_at: end })
  assert.equal((await stored(scene, 'mia'))?.expiresAt, null)
  const browser = await signedInBrowser(root)
  const page = await browser.page(`/admin/approvals/${String(asked.body['id'])}`)
  assert.match(page.main.text, /Change the account expiry of mia/)
  await approve(scene, asked)
  assert.equal((await stored(scene, 'mia'))?.expiresAt, Date.parse(end))
  await approve(scene, await root.asks('PATCH', url, { expires_at: null }))
  assert.equal((await stored(scene, 'mia'))?.expiresAt, null)
})

onEitherDatabase('a reset that is carried out shows the enrolment link to who approves it', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { root, mia, noa } = scene
  const wish = { reason: 'New phone' }
  const asked = await root.asks('POST', `/users/${await idOf(mia)}/reset-second-factor`, wish)
  const { enrolment } = await approve(scene, asked)
  assert.match(String(enrolment?.['url']), /\/enrolment-link\//)
  const other = await noa.asks('POST', `/users/${await idOf(root)}/reset-second-factor`, wish)
  assert.equal(other.status, 202)
})

onEitherDatabase('the review of a reported admin is lifted by two admins', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root, mia } = scene
  const reported = { review_required_at: server.operator().now }
  await server.doorward.db.updateTable('users').set(reported).where('username', '=', 'mia').execute()
  const asked = await root.asks('POST', `/users/${await idOf(mia)}/review/lift`)
  assert.notEqual((await stored(scene, 'mia'))?.reviewRequiredAt, null)
  await approve(scene, asked)
  assert.equal((await stored(scene, 'mia'))?.reviewRequiredAt, null)
})

onEitherDatabase('a list with an admin creates the others, and makes a request for the admin', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { root } = scene
  const csv = 'username,role\nezra,admin\nlea,user\n'
  const { body } = await root.asks('POST', '/invitations/bulk', { csv })
  const lines = body['lines'] as { result: string; approval: string | null }[]
  assert.deepEqual(
    lines.map(({ result }) => result),
    ['waiting', 'created'],
  )
  assert.equal(await stored(scene, 'ezra'), undefined)
  assert.equal((await root.asks('GET', `/approvals/${lines[0]?.approval}`)).body['change'], 'create-user')
})

onEitherDatabase(
  'the groups of a new admin wait with the request, and an unknown one is refused at once',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { server, root } = scene
    const group = await newGroup(root, 'Sales')
    await namePolicyFor(server, group)
    const boss = { username: 'boss', role: 'admin' }
    const unknown = await root.asks('POST', '/users', { ...boss, groups: ['Nobody'] })
    assert.deepEqual([unknown.status, fieldErrorsIn(unknown)], [422, ['/groups group.unknown']])
    const asked = await root.asks('POST', '/users', { ...boss, groups: ['Sales'] })
    assert.deepEqual(await membersIn(server, group), [])
    await approve(scene, asked)
    assert.deepEqual(await membersIn(server, group), ['boss'])
    // A user without permissions is covered by no rule, also in a group that a policy names.
    const user = await root.asks('POST', '/users', { username: 'cy', groups: ['Sales'] })
    assert.equal(user.status, 200, user.raw.body)
  },
)
