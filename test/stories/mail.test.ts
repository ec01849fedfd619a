// Mail from the outbox to a real SMTP server.
import assert from 'node:assert/strict'

import { queueMail } from '../../src/domain/mail/mail.service.ts'
import { inTransaction } from '../../src/foundation/context.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { deliverQueuedMails, startSmtpServer } from '../support/mail/smtp-server.ts'
import { start } from '../support/server/start.ts'

const TEST_MAIL = { template: 'test', recipient: 'ada@example.org', subject: null, locale: 'en', facts: {} } as const

onEitherDatabase('a queued mail reaches the SMTP server once, in text and in HTML', async (t, dialect) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t, { dialect, settings: smtp.settings })
  const id = await inTransaction(server.operator(), (tx) => queueMail(tx, TEST_MAIL))
  await deliverQueuedMails(server.doorward)
  await deliverQueuedMails(server.doorward)
  const [mail, ...others] = smtp.to('ada@example.org')
  assert.deepEqual(others, [])
  assert.equal(mail?.subject, 'Test mail of Doorward')
  assert.equal(mail.messageId, `<${id}@localhost>`)
  assert.match(mail.text, /can send mail to this address/)
  assert.match(mail.html, /<html lang="en">/)
})
