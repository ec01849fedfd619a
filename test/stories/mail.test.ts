// Mail from the outbox to a real SMTP server, and what admins and operators see of it.
import assert from 'node:assert/strict'

import { queueMail } from '#domain/mail/mail.service.ts'
import { dropUnopenableMails } from '#domain/mail/outbox.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { namedDay } from '#foundation/texts/day-and-time.ts'
import { texts } from '#foundation/texts/texts.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { runJobsAtAnyTime } from '../support/jobs.ts'
import { queueMailOfNewerVersion, queueMailWithLink, queueTestMail } from '../support/mail/queued-mails.ts'
import { deliverQueuedMails, linksIn, smtpError, startSmtpServer } from '../support/mail/smtp-server.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { ask, firstAdmin } from '../support/people/people.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const TEST_MAIL = { template: 'test', recipient: 'ada@example.org', subject: null, locale: 'en', facts: {} } as const

async function rowsIn({ doorward: { db } }: Server) {
  return db
    .selectFrom('outbox')
    .select(['state', 'attempts', 'sealed_link_token as token', 'last_error as error', 'next_attempt_at as next'])
    .orderBy('id')
    .execute()
}

onEitherDatabase('a queued mail reaches the SMTP server once, in text and in HTML', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  const id = await inTransaction(server.operator(), (tx) => queueMail(tx, TEST_MAIL))
  await deliverQueuedMails(server.doorward)
  await deliverQueuedMails(server.doorward)
  const [mail, ...others] = smtp.to('ada@example.org')
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Test email from Doorward')
  assert.equal(mail.messageId, `<${id}@localhost>`)
  assert.match(mail.text, /can send email to this address/)
  assert.match(mail.html, /<html lang="en">/)
})

leaveToTestAll()

onEitherDatabase(
  'where mail is off nothing is queued, and a transaction that fails queues nothing',
  async (t, dialect) => {
    const off = await start(t, { dialect })
    assert.equal(await inTransaction(off.operator(), (tx) => queueMail(tx, TEST_MAIL)), null)
    assert.deepEqual(await rowsIn(off), [])
    const smtp = await startSmtpServer(t)
    const on = await start(t, { ...off, settings: smtp.settings })
    const failing = inTransaction(on.operator(), async (tx) => {
      await queueMail(tx, TEST_MAIL)
      throw new Error('undone')
    })
    await assert.rejects(failing, /undone/)
    await deliverQueuedMails(on.doorward)
    assert.equal(smtp.mails.length, 0)
  },
)

onEitherDatabase(
  'a greylisted mail waits 15 seconds, then twice as long, and is accepted in the end',
  async (t, dialect) => {
    let refusals = 2
    const smtp = await startSmtpServer(t, {
      onRcptTo(recipient, session, done) {
        if (refusals-- > 0) smtpError(451)(recipient, session, done)
        else done()
      },
    })
    const server = await start(t, { dialect, settings: smtp.settings })
    await queueTestMail(server.operator())
    for (const wait of [seconds(15), seconds(30)]) {
      const before = server.clock.now()
      await deliverQueuedMails(server.doorward)
      const [row] = await rowsIn(server)
      assert.deepEqual([row?.state, row?.next], ['queued', before + wait])
      assert.match(row?.error ?? '', /451/)
      server.clock.pass(wait - 1)
      await deliverQueuedMails(server.doorward)
      assert.equal(smtp.mails.length, 0)
      server.clock.pass(1)
    }
    await deliverQueuedMails(server.doorward)
    assert.deepEqual(
      (await rowsIn(server)).map(({ state, attempts }) => [state, attempts]),
      [['accepted', 3]],
    )
    assert.equal(smtp.mails.length, 1)
  },
)

onEitherDatabase('a refused mail stays until it is sent again by hand, with its link', async (t, dialect) => {
  let refused = true
  const smtp = await startSmtpServer(t, {
    onRcptTo(recipient, session, done) {
      if (refused) smtpError(550)(recipient, session, done)
      else done()
    },
  })
  const server = await start(t, { dialect, settings: smtp.settings })
  const admin = await (await firstAdmin(server)).signsIn()
  const { subject } = await server.doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
  const { id, token } = await queueMailWithLink(server.operator(), subject)
  await deliverQueuedMails(server.doorward)
  server.clock.pass(minutes(1))
  await deliverQueuedMails(server.doorward)
  const shown = await admin.asks('GET', `/mails/${id}`)
  assert.deepEqual([shown.body['state'], shown.body['attempts']], ['failed', 1])
  assert.match(String(shown.body['last_error']), /550/)
  refused = false
  const browser = await signedInBrowser(admin)
  assert.doesNotMatch((await browser.page(`/admin/mails/${id}`)).main.text, /Tried until/)
  assert.equal((await admin.asks('POST', `/mails/${id}/retry`)).body['state'], 'queued')
  assert.match((await browser.page(`/admin/mails/${id}`)).main.text, /Tried until/)
  await deliverQueuedMails(server.doorward)
  const [mail] = smtp.mails
  assert.deepEqual(mail && linksIn(mail), [`/invitation/${token.reveal()}`])
  const again = await admin.asks('POST', `/mails/${id}/retry`)
  assert.deepEqual([again.status, again.body['code']], [409, 'mail.ended'])
  assert.equal((await admin.asks('POST', '/mails/none/retry')).status, 404)
})

onEitherDatabase(
  'a mail whose link has expired is not sent, and mails are deleted a week after their end',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const server = await start(t, { dialect, settings: smtp.settings })
    const admin = await (await firstAdmin(server)).signsIn()
    const { subject } = await server.doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
    const { id } = await queueMailWithLink(server.operator(), subject)
    server.clock.pass(minutes(30))
    await deliverQueuedMails(server.doorward)
    assert.equal(smtp.mails.length, 0)
    await runJobsAtAnyTime(server.doorward)
    const [row] = await rowsIn(server)
    assert.deepEqual([row?.state, row?.token, row?.attempts], ['expired', null, 0])
    assert.match(server.logText(), /"count":1,"msg":"mails expired before they were sent/)
    assert.equal((await admin.asks('POST', `/mails/${id}/retry`)).body['code'], 'mail.ended')
    await queueMailWithLink(server.operator(), subject)
    server.clock.pass(hours(1))
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(
      (await rowsIn(server)).map(({ state }) => state),
      ['expired', 'expired'],
    )
    server.clock.pass(days(8))
    await runJobsAtAnyTime(server.doorward)
    assert.deepEqual(await rowsIn(server), [])
  },
)

onEitherDatabase('admins see mails by state, page by page, and drop one after a question', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const ids: string[] = []
  for (let count = 0; count < 3; count++) ids.push(await queueTestMail(server.operator()))
  const first = await admin.asks('GET', '/mails?limit=2&state=queued')
  const items = first.body['items'] as { id: string }[]
  assert.deepEqual(
    items.map(({ id }) => id),
    [ids[2], ids[1]],
  )
  const rest = await admin.asks('GET', `/mails?limit=2&cursor=${String(first.body['next_cursor'])}`)
  assert.deepEqual((rest.body['items'] as { id: string }[])[0]?.id, ids[0])
  assert.equal(rest.body['next_cursor'], null)

  const visitor = await signedInBrowser(admin)
  const outbox = await visitor.page('/admin/mails')
  assert.match(outbox.text, /Email is off, so nothing is sent/)
  assert.equal(outbox.table().rows.length, 3)
  const question = await visitor.page(`/admin/mails/${ids[0]}/drop`)
  assert.equal(question.heading, 'Drop this email?')
  await visitor.submit(`/admin/mails/${ids[0]}/drop`, {})
  const [dropped] = await rowsIn(server)
  assert.equal(dropped?.state, 'dropped')
  const gone = await visitor.page('/admin/mails/none', 404)
  assert.match(gone.text, /There’s no such email/)
})

test('the outbox shows mails by their times, under the names of days, also where the clock was set back', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const ids: string[] = []
  const now = server.clock.now()
  for (const createdAt of [now - days(1), now, now - days(2)]) {
    const id = await queueTestMail(server.operator())
    await server.doorward.db.updateTable('outbox').set({ created_at: createdAt }).where('id', '=', id).execute()
    ids.push(id)
  }
  const { main } = await (await signedInBrowser(admin)).page('/admin/mails')
  assert.deepEqual(
    main.targets('/admin/mails/'),
    [ids[1], ids[0], ids[2]].map((id) => `/admin/mails/${id}`),
  )
  const positions = [0, 1, 2].map((ago) => main.text.indexOf(namedDay({ say: texts('en') }, now - days(ago))))
  assert.ok(
    positions.every((at, index) => at > (positions[index - 1] ?? 0)),
    main.text,
  )
})

onEitherDatabase('a mail of a newer version waits for a node that knows it', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  await queueMailOfNewerVersion(server.operator())
  await deliverQueuedMails(server.doorward)
  const [row] = await rowsIn(server)
  assert.deepEqual([row?.state, row?.error], ['queued', 'This version does not know the template.'])
  assert.equal(smtp.mails.length, 0)
})

onEitherDatabase('a mail with a link that only a lost key could open is dropped, others stay', async (t, dialect) => {
  const server = await start(t, { dialect })
  await firstAdmin(server)
  const { subject } = await server.doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
  await queueMailWithLink(server.operator(), subject)
  await queueTestMail(server.operator())
  const lost = server.doorward.keyring.keys.filter(({ purpose }) => purpose === 'seal').map(({ id }) => id)
  assert.equal(await dropUnopenableMails(server.operator(), lost), 1)
  assert.deepEqual(
    (await rowsIn(server)).map(({ state, token }) => [state, token]),
    [
      ['dropped', null],
      ['queued', null],
    ],
  )
})

onEitherDatabase(
  'admins send all refused mails again at once, without those of users with more permissions',
  async (t, dialect) => {
    let refused = true
    const smtp = await startSmtpServer(t, {
      onRcptTo(recipient, session, done) {
        if (refused) smtpError(550)(recipient, session, done)
        else done()
      },
    })
    const server = await start(t, { dialect, settings: smtp.settings })
    const person = await firstAdmin(server)
    const admin = await person.signsIn()
    await createRole(server.operator(), { name: 'clerk', description: '', permissions: ['users:read', 'users:write'] })
    const clerk = await newSignedInUser(server, 'clerk')
    const asks = (payload: object) =>
      ask(server, 'POST', '/mails/retry', { headers: { authorization: `Bearer ${clerk.token}` }, payload })
    const { subject } = await server.doorward.db
      .selectFrom('users')
      .select('subject')
      .where('role', '=', 'admin')
      .executeTakeFirstOrThrow()
    await queueMailWithLink(server.operator(), subject)
    for (let count = 0; count < 2; count++) await queueTestMail(server.operator(), { subject: clerk.user.subject })
    await queueTestMail(server.operator())
    await deliverQueuedMails(server.doorward)
    assert.deepEqual((await asks({ state: 'queued' })).body, { retried: 0, skipped: 0 })
    assert.deepEqual((await asks({})).body, { retried: 3, skipped: 1 })
    const states = async () => (await rowsIn(server)).map(({ state }) => state)
    assert.deepEqual(await states(), ['failed', 'queued', 'queued', 'queued'])
    await deliverQueuedMails(server.doorward)

    const visitor = await signedInBrowser(admin)
    const all = await visitor.page('/admin/mails')
    assert.match(all.main.text, /Rejected .*550/)
    assert.ok(all.buttons().includes('Send all now'))
    assert.ok(!(await visitor.page('/admin/mails?state=queued')).buttons().includes('Send all now'))
    assert.ok((await visitor.page('/admin/mails?state=failed')).buttons().includes('Send all again'))
    const checkup = await visitor.page('/admin/checkup')
    assert.match(checkup.part('command-of-mail-refused').text, /^npm run -s doorward -- mail list --state failed/)
    assert.deepEqual(checkup.main.linksTo('/admin/mails?state=failed'), ['View outbox'])
    refused = false
    const { headers } = await visitor.submit('/admin/mails/retry', { state: 'failed' })
    const page = await visitor.page(String(headers['location']))
    assert.match(page.text, /4 emails will be sent in a moment\./)
    await deliverQueuedMails(server.doorward)
    assert.equal(smtp.mails.length, 4)
    const { body } = await admin.asks('GET', '/audit-events?action=mail.all_retried')
    const counts = (body['items'] as { details: { count: number } }[]).map(({ details }) => details.count)
    assert.deepEqual(counts, [4, 3])
    assert.equal((await asks({ state: 'accepted' })).status, 422)
  },
)
