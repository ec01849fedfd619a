// The two-person rule: changes of admin accounts wait for a second admin, or for the waiting time, and the person concerned may object.
import assert from 'node:assert/strict'

import { noticeRuleChange } from '#domain/approvals/rule-change.service.ts'
import { listEvents } from '#domain/audit/audit.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { hours, minutes } from '#foundation/kernel/time.ts'
import { disableUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { deliverQueuedMails, linksIn, startSmtpServer } from '../support/mail/smtp-server.ts'
import { assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { startWithRule } from '../support/people/admins.ts'
import { ask, type Person, type Reply } from '../support/people/people.ts'
import { bearer } from '../support/requests/held-request.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

async function stored(server: Server, username: string) {
  return findUserByName(server.operator(), username)
}

/** The id of the request that the answer stands for. */
function waitingIn({ status, body, raw }: Reply): string {
  assert.equal(status, 202, raw.body)
  assert.equal(body['state'], 'waiting')
  assert.equal(raw.headers.location, `/approvals/${String(body['id'])}`)
  return String(body['id'])
}

async function stateOf(by: Person, id: string): Promise<unknown> {
  return (await by.asks('GET', `/approvals/${id}`)).body['state']
}

async function eventsOf(server: Server, action: string) {
  return (await listEvents(server.operator(), { action, limit: 50 })).items
}

onEitherDatabase(
  'disabling an admin waits until another admin approves it, and is then done for who asked',
  async (t, dialect) => {
    const { server, root, mia, noa } = await startWithRule(t, dialect)
    const id = waitingIn(await root.asks('POST', `/users/${await idOf(mia)}/disable`))
    assert.equal((await stored(server, 'mia'))?.disabled, false)
    assert.equal((await mia.asks('GET', '/users')).status, 200)

    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.own_request'])
    assert.deepEqual(refusalIn(await root.asks('POST', `/approvals/${id}/decline`)), [409, 'approval.own_request'])
    assert.deepEqual(refusalIn(await mia.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.about_you'])
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/withdraw`)), [409, 'approval.not_yours'])
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/carry-out`)), [409, 'approval.not_due'])

    const approved = await noa.asks('POST', `/approvals/${id}/approve`)
    assert.equal(approved.status, 200, approved.raw.body)
    const { approval, user } = approved.body as Record<string, Record<string, unknown>>
    assert.deepEqual([approval?.['state'], approval?.['decided_by'], user?.['disabled']], ['carried-out', 'noa', true])
    assert.equal((await stored(server, 'mia'))?.disabled, true)
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.ended'])

    const [disabled] = await eventsOf(server, 'user.disabled')
    const [carried] = await eventsOf(server, 'approval.carried_out').then((all) =>
      all.filter(({ result }) => result === 'done'),
    )
    assert.equal(disabled?.actor, (await stored(server, 'root'))?.subject)
    assert.equal(carried?.actor, (await stored(server, 'noa'))?.subject)
  },
)

leaveToTestAll()

onEitherDatabase(
  'without a second admin a request is carried out after the waiting time, by the job',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect, { approval_wait: '2h' })
    const id = waitingIn(await root.asks('DELETE', `/users/${await idOf(mia)}`))
    server.clock.pass(hours(2) - minutes(1))
    await carryOutAllReady(server.operator())
    assert.notEqual(await stored(server, 'mia'), undefined)
    server.clock.pass(minutes(1))
    await carryOutAllReady(server.operator())
    await carryOutAllReady(server.operator())
    assert.equal(await stored(server, 'mia'), undefined)
    await root.signsIn()
    const { body } = await root.asks('GET', `/approvals/${id}`)
    assert.deepEqual([body['state'], body['decided_by']], ['carried-out', null])
  },
)

onEitherDatabase('every change of an admin account waits, and each is made as it was asked for', async (t, dialect) => {
  const { server, root, mia, noa, ada } = await startWithRule(t, dialect)
  const approve = async (asked: Reply): Promise<Record<string, Record<string, unknown> | null>> => {
    const reply = await noa.asks('POST', `/approvals/${waitingIn(asked)}/approve`)
    assert.equal(reply.status, 200, reply.raw.body)
    return reply.body as never
  }
  const miaId = await idOf(mia)
  const promoted = await approve(
    await root.asks('PATCH', `/users/${await idOf(ada)}`, { role: 'admin', full_name: 'Ada' }),
  )
  assert.deepEqual([promoted['user']?.['role'], promoted['user']?.['full_name']], ['admin', 'Ada'])
  const moved = await approve(await root.asks('PATCH', `/users/${miaId}`, { email: 'mia@example.com' }))
  assert.equal(moved['user']?.['email'], 'mia@example.com')
  await approve(await root.asks('POST', `/users/${miaId}/disable`))
  await approve(await root.asks('POST', `/users/${miaId}/enable`))
  assert.equal((await stored(server, 'mia'))?.disabled, false)
  const reset = await approve(
    await root.asks('POST', `/users/${miaId}/reset-second-factor`, { reason: 'New phone', reset_password: true }),
  )
  assert.match(String(reset['invitation']?.['url']), /\/invitation\/dwl_/)
  assert.equal((await stored(server, 'mia'))?.secondFactorAt, null)
  const invited = await approve(await root.asks('POST', `/users/${miaId}/invitation`))
  assert.match(String(invited['invitation']?.['url']), /\/invitation\/dwl_/)
  const demoted = await approve(await root.asks('PATCH', `/users/${miaId}`, { role: 'user' }))
  assert.equal(demoted['user']?.['role'], 'user')

  const asked = await root.asks('POST', '/users', { username: 'eve', role: 'admin', password: 'three calm words' })
  assert.equal(await stored(server, 'eve'), undefined)
  assert.ok(!asked.raw.body.includes('argon2') && !asked.raw.body.includes('calm'), 'the answer shows the password')
  const created = await approve(asked)
  assert.deepEqual([created['user']?.['username'], created['user']?.['role']], ['eve', 'admin'])
  assert.notEqual((await stored(server, 'eve'))?.hashedPassword, null)
  const hashes = server.doorward.db.selectFrom('approval_request').select('id').where('password_hash', 'is not', null)
  assert.deepEqual(await hashes.execute(), [])
})

onEitherDatabase('an end of an admin account is shown to who approves it, and set as asked', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const end = '2099-06-30T12:00:00Z'
  const asked = [
    await root.asks('PATCH', `/users/${await idOf(mia)}`, { expires_at: end }),
    await root.asks('POST', '/users', { username: 'eve', role: 'admin', expires_at: end }),
  ]
  const browser = await signedInBrowser(noa)
  for (const one of asked) {
    const id = waitingIn(one)
    const { expires_at: shown } = one.body['parameters'] as Record<string, unknown>
    assert.equal(Date.parse(String(shown)), Date.parse(end))
    assert.match((await browser.open(`/admin/approvals/${id}`)).body, /Account expires[^]*2099-06-30T12:00/)
    assert.equal((await noa.asks('POST', `/approvals/${id}/approve`)).status, 200)
  }
  for (const name of ['mia', 'eve']) assert.equal((await stored(server, name))?.expiresAt, Date.parse(end), name)
})

onEitherDatabase('an admin invitation that is mailed waits too, and nobody is shown its link', async (t, dialect) => {
  const { server, root, noa } = await startWithRule(t, dialect, QUEUES_MAIL)
  const mails = async () =>
    (await server.doorward.db.selectFrom('outbox').select('recipient').where('template', '=', 'invitation').execute())
      .length
  const eve = { username: 'eve', role: 'admin', email: 'eve@example.org', delivery: 'mail' }
  const created = waitingIn(await root.asks('POST', '/users', eve))
  const approved = await noa.asks('POST', `/approvals/${created}/approve`)
  assert.equal(approved.status, 200, approved.raw.body)
  assert.ok(!approved.raw.body.includes('dwl_'), 'the answer shows the link')
  assert.equal(await mails(), 1)

  const id = (await stored(server, 'eve'))?.id
  waitingIn(await root.asks('POST', `/users/${id}/invitation`, { delivery: 'mail' }))
  assert.equal(await mails(), 1)
  server.clock.pass(hours(25))
  await carryOutAllReady(server.operator())
  assert.equal(await mails(), 2)
})

onEitherDatabase(
  'an invitation that can no longer be mailed lapses, and no user is left without it',
  async (t, dialect) => {
    const { server, root, noa } = await startWithRule(t, dialect, QUEUES_MAIL)
    const eve = { username: 'eve', role: 'admin', email: 'eve@example.org', delivery: 'mail' }
    const id = waitingIn(await root.asks('POST', '/users', eve))
    const { databaseUrl, dataDir, clock } = server
    const withoutMail = await start(t, { databaseUrl, dataDir, clock, settings: { two_person_rule: 'on' } })
    const approved = await ask(withoutMail, 'POST', `/approvals/${id}/approve`, { headers: bearer(noa) })
    assert.deepEqual(refusalIn(approved), [409, 'approval.lapsed'])
    assert.equal(await stateOf(noa, id), 'lapsed')
    assert.equal(await stored(server, 'eve'), undefined)
  },
)

onEitherDatabase('changes of other accounts, and of one’s own, do not wait', async (t, dialect) => {
  const { root, mia, ada } = await startWithRule(t, dialect)
  const adaId = await idOf(ada)
  const answers = [
    await root.asks('POST', '/users', { username: 'eve' }),
    await root.asks('POST', `/users/${adaId}/disable`),
    await root.asks('POST', `/users/${adaId}/enable`),
    await root.asks('PATCH', `/users/${adaId}`, { email: 'ada@example.com' }),
    await root.asks('POST', `/users/${adaId}/reset-second-factor`, { reason: 'New phone' }),
    await root.asks('PATCH', `/users/${await idOf(mia)}`, { full_name: 'Mia' }),
    await root.asks('POST', `/users/${await idOf(mia)}/sign-out`),
    await root.asks('PATCH', `/users/${await idOf(root)}`, { email: 'root@example.com' }),
  ]
  assert.deepEqual(
    answers.map(({ status }) => status),
    answers.map(() => 200),
  )
  assert.deepEqual((await root.asks('GET', '/approvals')).body['items'], [])
})

onEitherDatabase('another username of an admin waits, and its own page shows it', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const miaId = await idOf(mia)
  const url = `/users/${miaId}`
  const taken = await root.asks('PATCH', url, { username: 'noa' })
  assert.deepEqual(refusalIn(taken), [409, 'user.username_taken'])
  const id = waitingIn(await root.asks('PATCH', url, { username: 'maria', full_name: 'Maria' }))
  const form = { username: 'maria', full_name: 'Maria', email: 'mia@example.org', role: 'admin' }
  const submitted = await (await signedInBrowser(root)).submit(`/admin/users/${miaId}`, form)
  assert.match(String(submitted.headers.location), new RegExp(`^/admin/approvals/${id}`))
  assert.deepEqual(await stored(server, 'maria'), undefined)
  const own = await (await signedInBrowser(mia)).page('/account/security/requests')
  assert.match(own.text, /Change the username of mia[^]*maria/)
  assert.equal((await noa.asks('POST', `/approvals/${id}/approve`)).status, 200)
  assert.equal((await stored(server, 'maria'))?.fullName, 'Maria')
  assert.equal((await root.asks('PATCH', url, { full_name: 'Mia' })).status, 200)
  assert.equal((await root.asks('PATCH', `/users/${await idOf(root)}`, { username: 'chief' })).status, 200)

  // The brake against a stolen session never waits.
  for (const act of ['sign-out', 'unlock']) assert.equal((await root.asks('POST', `${url}/${act}`)).status, 200, act)
  await changeUser(server.operator(), { id: miaId }, { username: 'mary' })
  assert.equal((await eventsOf(server, 'approval.bypassed')).length, 1)
})

onEitherDatabase(
  'the same wish asked again is the same request, until it can no longer be carried out',
  async (t, dialect) => {
    const { root, mia, noa } = await startWithRule(t, dialect)
    const url = `/users/${await idOf(mia)}/disable`
    const id = waitingIn(await root.asks('POST', url))
    assert.equal(waitingIn(await root.asks('POST', url)), id)
    assert.equal(waitingIn(await noa.asks('POST', url)), id)
    assert.notEqual(waitingIn(await root.asks('DELETE', `/users/${await idOf(mia)}`)), id)
    await mia.asks('PATCH', '/users/me', { username: 'maria' })
    const again = waitingIn(await root.asks('POST', url))
    assert.notEqual(again, id)
    assert.deepEqual([await stateOf(root, id), await stateOf(root, again)], ['lapsed', 'waiting'])
    assert.equal((await root.asks('POST', `/approvals/${again}/withdraw`)).body['state'], 'withdrawn')
    assert.notEqual(waitingIn(await root.asks('POST', url)), again)
  },
)

onEitherDatabase(
  'the person concerned objects by the link of a mail, once, and without a session',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server, root, mia, noa } = await startWithRule(t, dialect, smtp.settings)
    const id = waitingIn(await root.asks('POST', `/users/${await idOf(mia)}/disable`))
    await deliverQueuedMails(server.doorward)
    const [notice] = smtp.to('mia@example.org')
    assert.match(notice?.text ?? '', /root asked to change your account\. The request: “Disable mia”/)
    assert.match(smtp.to('noa@example.org')[0]?.text ?? '', /Approvals/)
    assert.deepEqual(smtp.to('root@example.org'), [])
    assert.deepEqual(smtp.to('noa@example.org').flatMap(linksIn), [])

    const [path = ''] = notice === undefined ? [] : linksIn(notice)
    assert.match(path, /^\/objection\/dwl_/)
    const visitor = new Visitor(server)
    const { main } = await visitor.page(path)
    assert.match(
      main.text,
      /takes effect unless you or an admin stops it.*Disable mia Takes effect \w{3}, \d+ \w{3} \d{4}, \d\d:\d\d UTC · in /s,
    )
    assert.equal(await stateOf(root, id), 'waiting', 'opening the page objected')
    assert.equal((await visitor.pageAfter(path, {})).heading, 'Request stopped')
    assertSignedOut(await visitor.open('/account'))
    assert.equal(await stateOf(root, id), 'objected')
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.ended'])
    const token = path.split('/').at(-1)
    assert.deepEqual(refusalIn(await ask(server, 'POST', '/objections', { payload: { token } })), [404, 'link.used'])
  },
)

onEitherDatabase('the person concerned objects in their account, and nobody else does', async (t, dialect) => {
  const { root, mia, noa, ada } = await startWithRule(t, dialect)
  const id = waitingIn(await root.asks('PATCH', `/users/${await idOf(ada)}`, { role: 'admin' }))
  for (const other of [root, mia, noa]) {
    assert.deepEqual(refusalIn(await other.asks('POST', `/users/me/approvals/${id}/object`)), [
      404,
      'approval.not_found',
    ])
  }
  const { body } = await ada.asks('GET', '/users/me/approvals')
  assert.deepEqual(
    (body['items'] as { id: string }[]).map((one) => one.id),
    [id],
  )
  assert.equal((await ada.asks('POST', `/users/me/approvals/${id}/object`)).status, 204)
  assert.equal(await stateOf(root, id), 'objected')
})

onEitherDatabase('a request that makes a link waits for the admin who takes it, for a week', async (t, dialect) => {
  const { server, root, noa } = await startWithRule(t, dialect)
  const taken = waitingIn(await root.asks('POST', '/users', { username: 'eve', role: 'admin' }))
  const left = waitingIn(await root.asks('POST', '/users', { username: 'eli', role: 'admin' }))
  server.clock.pass(hours(24))
  await carryOutAllReady(server.operator())
  await root.signsIn()
  assert.deepEqual([await stateOf(root, taken), await stored(server, 'eve')], ['waiting', undefined])
  const { status, body } = await root.asks('POST', `/approvals/${taken}/carry-out`)
  assert.equal(status, 200)
  assert.match(String((body['invitation'] as Record<string, unknown>)['url']), /\/invitation\/dwl_/)
  server.clock.pass(hours(24 * 7))
  await carryOutAllReady(server.operator())
  await noa.signsIn()
  const lapsed = (await noa.asks('GET', `/approvals/${left}`)).body
  assert.deepEqual([lapsed['state'], lapsed['end_reason']], ['lapsed', 'too_late'])
  assert.equal(await stored(server, 'eli'), undefined)
})

onEitherDatabase(
  'a command on the server bypasses the rule, which is recorded and told to all admins',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server, mia } = await startWithRule(t, dialect, smtp.settings)
    await disableUser(server.operator(), { id: await idOf(mia) })
    assert.equal((await stored(server, 'mia'))?.disabled, true)
    const [bypassed] = await eventsOf(server, 'approval.bypassed')
    assert.deepEqual(
      [bypassed?.actor, bypassed?.details?.['change'], bypassed?.details?.['door']],
      [null, 'disable', 'cli'],
    )
    await deliverQueuedMails(server.doorward)
    for (const email of ['root@example.org', 'mia@example.org', 'noa@example.org']) {
      assert.match(smtp.to(email)[0]?.text ?? '', /made this change: Disable mia/)
    }
  },
)

onEitherDatabase(
  'a start with another rule or a shorter wait is recorded once, and told to all admins',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server } = await startWithRule(t, dialect, smtp.settings)
    const { databaseUrl, dataDir, clock } = server
    const startsWith = async (settings: Record<string, string>): Promise<void> => {
      const node = await start(t, { databaseUrl, dataDir, clock, settings: { ...settings, ...smtp.settings } })
      clock.pass(minutes(1))
      await noticeRuleChange(node.operator())
    }
    await startsWith({ two_person_rule: 'on' })
    await startsWith({ two_person_rule: 'on' })
    await startsWith({ two_person_rule: 'on', approval_wait: '1h' })
    await startsWith({ two_person_rule: 'off', approval_wait: '1h' })
    const recorded = (await eventsOf(server, 'approval.rule_changed')).map(({ details }) => [
      details?.['rule_before'],
      details?.['rule'],
      details?.['wait_seconds'],
    ])
    assert.deepEqual(recorded, [
      ['on', 'off', 3600],
      ['on', 'on', 3600],
      ['off', 'on', 86_400],
    ])
    await deliverQueuedMails(server.doorward)
    assert.equal(smtp.to('noa@example.org').length, 3)
    assert.ok(smtp.to('noa@example.org').some(({ text }) => /now: on, with a waiting time of 1 hour/.test(text)))
  },
)

onEitherDatabase(
  'a user who is created by request signs in only after the request was approved',
  async (t, dialect) => {
    const { server, root, noa } = await startWithRule(t, dialect)
    const wanted = { username: 'eve', role: 'admin', password: 'three calm words' }
    const id = waitingIn(await root.asks('POST', '/users', wanted))
    const attempt = () => ask(server, 'POST', '/attempts', { payload: { username: 'eve', password: wanted.password } })
    assert.deepEqual(refusalIn(await attempt()), [401, 'sign_in.incorrect'])
    assert.equal((await noa.asks('POST', `/approvals/${id}/decline`)).body['state'], 'declined')
    assert.deepEqual(refusalIn(await attempt()), [401, 'sign_in.incorrect'])
  },
)
