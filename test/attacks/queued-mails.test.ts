// Threats: the link in a queued mail is a key to an account, so whoever reads the outbox could use it; an admin's stolen session silences a
// warning; a name or an email writes headers, links or recipients of its own.
import assert from 'node:assert/strict'

import { dumpOf } from '../support/databases/database-dump.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { queueMailOfNewerVersion, queueMailWithLink, queueTestMail } from '../support/mail/queued-mails.ts'
import { deliverQueuedMails, linksIn, startSmtpServer } from '../support/mail/smtp-server.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

async function anySubject({ doorward: { db } }: Server): Promise<string> {
  return (await db.selectFrom('users').select('subject').executeTakeFirstOrThrow()).subject
}

onEitherDatabase('no token of a link is in the database, on a page, in an answer or in the log', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  const admin = await (await firstAdmin(server)).signsIn()
  const { id, token } = await queueMailWithLink(server.operator(), await anySubject(server))
  const secret = token.reveal()
  const visitor = await signedInBrowser(admin)
  const answers = [
    (await admin.asks('GET', '/mails')).raw.body,
    (await admin.asks('GET', `/mails/${id}`)).raw.body,
    (await admin.asks('POST', `/mails/${id}/retry`)).raw.body,
    (await visitor.open('/admin/mails')).body,
    (await visitor.open(`/admin/mails/${id}`)).body,
    (await visitor.open(`/admin/mails/${id}/drop`)).body,
    server.logText(),
  ]
  const dump = JSON.stringify(await dumpOf(server.doorward.db))
  for (const answer of [...answers, dump]) assert.ok(!answer.includes(secret))
  assert.ok(answers[1]?.includes('/invitation/[secret]'))
  await deliverQueuedMails(server.doorward)
  const [mail] = smtp.mails
  assert.deepEqual(mail && linksIn(mail), [`/invitation/${secret}`])
  const rows = await server.doorward.db.selectFrom('outbox').select('sealed_link_token as sealed').execute()
  assert.deepEqual(rows, [{ sealed: null }])
})

leaveToTestAll()

onEitherDatabase('a dropped mail keeps no token', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const { id } = await queueMailWithLink(server.operator(), await anySubject(server))
  assert.equal((await admin.asks('POST', `/mails/${id}/drop`)).body['state'], 'dropped')
  const rows = await server.doorward.db.selectFrom('outbox').select('sealed_link_token as sealed').execute()
  assert.deepEqual(rows, [{ sealed: null }])
})

onEitherDatabase('a sealed token that is moved to another mail does not open', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings, expectedErrors: /a mail could not be made/ })
  await firstAdmin(server)
  const { db } = server.doorward
  const { id } = await queueMailWithLink(server.operator(), await anySubject(server))
  const stolen = await queueTestMail(server.operator(), { recipient: 'eve@example.org' })
  const { sealed, path } = await db
    .selectFrom('outbox')
    .select(['sealed_link_token as sealed', 'link_path as path'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  await db.updateTable('outbox').set({ sealed_link_token: sealed, link_path: path }).where('id', '=', stolen).execute()
  await deliverQueuedMails(server.doorward)
  assert.deepEqual(smtp.to('eve@example.org'), [])
  assert.equal(smtp.to('ada@example.org').length, 1)
})

onEitherDatabase(
  'a warning cannot be dropped with the session of an admin, and the attempt is recorded',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const admin = await (await firstAdmin(server)).signsIn()
    const id = await queueMailOfNewerVersion(server.operator())
    const refused = await admin.asks('POST', `/mails/${id}/drop`)
    assert.deepEqual([refused.status, refused.body['code']], [403, 'mail.warns'])
    const visitor = await signedInBrowser(admin)
    const page = await visitor.pageAfter(`/admin/mails/${id}/drop`, {}, 403)
    assert.match(page.text, /Only a command on the server can drop it/)
    const [row] = await server.doorward.db.selectFrom('outbox').select('state').execute()
    assert.equal(row?.state, 'queued')
    const { body } = await admin.asks('GET', '/audit-events?action=mail.dropped&result=refused')
    assert.equal((body['items'] as unknown[]).length, 2)
  },
)

onEitherDatabase('a name adds no header, no link and no element to a mail', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  const name = 'Eve\r\nBcc: eve@evil.example\r\n\r\n<a href="https://evil.example">https://evil.example</a>'
  await queueTestMail(server.operator(), { facts: { name } })
  await deliverQueuedMails(server.doorward)
  const [mail] = smtp.mails
  assert.ok(mail)
  assert.deepEqual(mail.to, ['ada@example.org'])
  assert.doesNotMatch(mail.raw, /^Bcc/im)
  assert.doesNotMatch(mail.html, /evil\.example|<a /)
  assert.doesNotMatch(mail.text, /evil\.example/)
})

onEitherDatabase('a recipient that names others gets nothing, and neither do they', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  for (const recipient of ['ada@example.org,eve@example.org', 'ada@example.org\r\nRCPT TO:<eve@example.org>'])
    await queueTestMail(server.operator(), { recipient })
  await deliverQueuedMails(server.doorward)
  assert.equal(smtp.mails.length, 0)
  const rows = await server.doorward.db.selectFrom('outbox').select('state').execute()
  assert.deepEqual(rows, [{ state: 'failed' }, { state: 'failed' }])
})

onEitherDatabase(
  'an SMTP server that quotes the mail in its answer does not bring its link to a page',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t, {
      onData(_stream, _session, done) {
        done(Object.assign(new Error(`Spam: http://localhost:8000/invitation/${quoted}`), { responseCode: 554 }))
      },
    })
    const server = await start(t, { dialect, settings: smtp.settings })
    const admin = await (await firstAdmin(server)).signsIn()
    const { id, token } = await queueMailWithLink(server.operator(), await anySubject(server))
    const quoted = token.reveal()
    await deliverQueuedMails(server.doorward)
    const { body, raw } = await admin.asks('GET', `/mails/${id}`)
    assert.equal(body['state'], 'failed')
    assert.match(String(body['last_error']), /554 Spam/)
    assert.ok(!raw.body.includes(quoted) && !server.logText().includes(quoted))
  },
)

onEitherDatabase('a mail that is dropped while it is sent counts as sent', async (t, dialect) => {
  const smtp = await startSmtpServer(t, {
    onRcptTo(_recipient, _session, done) {
      void admin.asks('POST', `/mails/${id}/drop`).then(({ status }) => {
        assert.equal(status, 200)
        done()
      })
    },
  })
  const server = await start(t, { dialect, settings: smtp.settings })
  const admin = await (await firstAdmin(server)).signsIn()
  const id = await queueTestMail(server.operator())
  await deliverQueuedMails(server.doorward)
  assert.equal((await admin.asks('GET', `/mails/${id}`)).body['state'], 'accepted')
  assert.equal(smtp.mails.length, 1)
})
