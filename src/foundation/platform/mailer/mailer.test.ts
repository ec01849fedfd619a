// Sends to SMTP servers that are slow, refuse, strip encryption or break off.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'

import { Secret } from '#foundation/kernel/secret.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { CERTIFICATE, CERTIFICATE_KEY, trustCertificate } from '#test/support/mail/certificate.ts'
import { startSmtpServer } from '#test/support/mail/smtp-server.ts'
import type { MailSettings } from '../config/types.ts'
import { type Mailer, newMailer } from './mailer.ts'

const MAIL = {
  fromName: 'Doorward',
  recipient: 'ada@example.org',
  messageId: '<1@localhost>',
  date: new Date(1_800_000_000_000),
  subject: 'Hello',
  text: 'Text',
  html: '<p>HTML</p>',
}
const PLAIN = { host: '127.0.0.1', tls: 'none', user: null, password: null, from: 'doorward@example.org' } as const
const WITH_TLS = { key: CERTIFICATE_KEY, cert: CERTIFICATE, disabledCommands: [] }

async function mailerFor(t: TestContext, settings: MailSettings, deadline = seconds(60)): Promise<Mailer> {
  const mailer = await newMailer(settings, deadline)
  t.after(() => mailer.close())
  return mailer
}

/** A server that answers each line with what `answer` returns, or nothing. */
async function scriptedServer(
  t: TestContext,
  answer: (line: string, socket: Socket) => string | undefined,
  greeting = '220 localhost ESMTP\r\n',
): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.write(greeting)
    socket.on('data', (data) => {
      for (const line of data.toString().split('\r\n').filter(Boolean)) {
        const reply = answer(line, socket)
        if (reply !== undefined && socket.writable) socket.write(`${reply}\r\n`)
      }
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** The answers of a server that accepts everything. */
function accepting(line: string): string {
  if (line.startsWith('EHLO')) return '250 localhost'
  return line === 'DATA' ? '354 go on' : '250 ok'
}

test('the mail that arrives has its recipient, its Message-ID, both forms, and says that a program wrote it', async (t) => {
  const smtp = await startSmtpServer(t)
  const mailer = await mailerFor(t, { ...PLAIN, port: smtp.port })
  assert.equal((await mailer.send(MAIL)).kind, 'accepted')
  const [mail] = smtp.mails
  assert.deepEqual([mail?.to, mail?.from], [['ada@example.org'], 'doorward@example.org'])
  assert.deepEqual([mail?.messageId, mail?.subject, mail?.text.trim()], ['<1@localhost>', 'Hello', 'Text'])
  assert.match(mail?.raw ?? '', /^Auto-Submitted: auto-generated\r$/m)
  assert.match(mail?.raw ?? '', /^From: Doorward <doorward@example\.org>\r$/m)
})

test('no value adds a header, a recipient or a line to the envelope', async (t) => {
  const smtp = await startSmtpServer(t)
  const mailer = await mailerFor(t, { ...PLAIN, port: smtp.port })
  const evil = 'x\r\nBcc: eve@example.org\r\n\r\nbody'
  await mailer.send({ ...MAIL, subject: evil, fromName: evil })
  assert.equal(smtp.mails.length, 1)
  assert.doesNotMatch(smtp.mails[0]?.raw ?? '', /^Bcc:/im)
  assert.deepEqual(smtp.mails[0]?.to, ['ada@example.org'])
  for (const recipient of ['ada@example.org>\r\nRCPT TO:<eve@example.org', 'ada@example.org, eve@example.org']) {
    assert.equal((await mailer.send({ ...MAIL, recipient })).kind, 'refused')
  }
})

test('with TLS the certificate is verified, from the first byte or after STARTTLS', async (t) => {
  const [implicit, starttls] = [
    await startSmtpServer(t, { ...WITH_TLS, secure: true }),
    await startSmtpServer(t, WITH_TLS),
  ]
  const settings = [
    { ...PLAIN, tls: 'implicit', port: implicit.port },
    { ...PLAIN, tls: 'starttls', port: starttls.port },
  ] as const
  for (const one of settings) {
    const result = await (await mailerFor(t, one)).send(MAIL)
    assert.equal(result.kind, 'failed', one.tls)
    assert.match('error' in result ? result.error : '', /self-signed certificate/)
  }
  trustCertificate()
  for (const one of settings) assert.equal((await (await mailerFor(t, one)).send(MAIL)).kind, 'accepted')
  const elsewhere = { ...PLAIN, host: '127.0.0.2', tls: 'starttls', port: starttls.port } as const
  const other = await startSmtpServer(t, WITH_TLS, '127.0.0.2')
  const result = await (await mailerFor(t, { ...elsewhere, port: other.port })).send(MAIL)
  assert.match('error' in result ? result.error : '', /does not match certificate/)
  assert.equal(implicit.mails.length + starttls.mails.length + other.mails.length, 2)
})

test('a server that does not offer STARTTLS, or refuses it, gets no mail and no password', async (t) => {
  const secret = { user: 'doorward', password: Secret.of('canary-1') }
  const stripped: string[] = []
  const port = await scriptedServer(t, (line) => {
    stripped.push(line)
    return accepting(line)
  })
  const refusing = await scriptedServer(t, (line) => {
    stripped.push(line)
    if (line.startsWith('EHLO')) return '250-localhost\r\n250 STARTTLS'
    return line === 'STARTTLS' ? '454 not available' : accepting(line)
  })
  for (const at of [port, refusing]) {
    const result = await (await mailerFor(t, { ...PLAIN, ...secret, tls: 'starttls', port: at })).send(MAIL)
    assert.equal(result.kind, 'failed')
  }
  assert.ok(stripped.length > 2)
  assert.deepEqual(
    stripped.filter((line) => /^(MAIL|RCPT|DATA|AUTH)|canary/i.test(line)),
    [],
  )
})

/** The step of a mail, the answer to it, and what it means. */
const ANSWERS: readonly (readonly [string, string, string])[] = [
  ['MAIL', '451 4.3.0 Later', 'failed'],
  ['MAIL', '550 5.1.1 Sender unknown', 'blocked'],
  ['MAIL', '553 5.7.1 Sender address rejected: not owned by user', 'blocked'],
  ['RCPT', '450 4.2.0 Greylisted', 'failed'],
  ['RCPT', '550 No such user', 'refused'],
  ['RCPT', '550 5.1.1 No such user', 'refused'],
  ['RCPT', '550 5.1.10 Null MX', 'refused'],
  ['RCPT', '550 5.1.7 Bad sender address', 'blocked'],
  ['RCPT', '550 5.1.8 Sender address rejected: domain not found', 'blocked'],
  ['RCPT', '554 5.7.1 Relay access denied', 'blocked'],
  ['RCPT', '503 5.5.1 Need MAIL first', 'failed'],
  ['DATA', '554 5.5.1 No valid recipients', 'refused'],
  ['DATA', '451 4.7.1 Later', 'failed'],
  ['.', '552 5.3.4 Too large', 'refused'],
  ['.', '554 Content rejected', 'refused'],
  ['.', '550 5.7.26 This mail has no SPF or DKIM', 'blocked'],
  ['.', '550-5.7.26 This mail has\r\n550 no SPF or DKIM', 'blocked'],
  ['.', '550 Quota 5.7.1 of this sender', 'refused'],
  ['.', '452 4.2.2 Mailbox full', 'failed'],
]

for (const pipelining of ['', '250-PIPELINING\r\n']) {
  const title = 'a permanent answer to the recipient or the content ends a mail, unless it is about the sender'
  test(`${title}${pipelining && ', with the envelope sent at once'}`, async (t) => {
    for (const [step, reply, kind] of ANSWERS) {
      const port = await scriptedServer(t, (line) => {
        if (line.startsWith('EHLO')) return `250-localhost\r\n${pipelining}250 OK`
        if (line.startsWith(step)) return reply
        return line === '.' || /^(MAIL|RCPT|DATA|RSET|QUIT)/.test(line) ? accepting(line) : undefined
      })
      const result = await (await mailerFor(t, { ...PLAIN, port })).send(MAIL)
      assert.equal(result.kind, kind, `${step} ${reply}`)
      assert.ok('error' in result && result.error.includes(reply.replaceAll('\r\n', ' ')), JSON.stringify(result))
    }
  })
}

test('a wrong password is about the settings and ends no mail', async (t) => {
  trustCertificate()
  const smtp = await startSmtpServer(t, {
    ...WITH_TLS,
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === 'right' ? done(null, { user: username }) : done(new Error('Wrong password')),
  })
  const settings = { ...PLAIN, tls: 'starttls', user: 'doorward', port: smtp.port } as const
  const wrong = await mailerFor(t, { ...settings, password: Secret.of('canary-2') })
  const result = await wrong.send(MAIL)
  assert.equal(result.kind, 'blocked')
  assert.ok(!JSON.stringify(result).includes('canary-2'))
  assert.match((await wrong.check()) ?? '', /EAUTH/)
  const right = await mailerFor(t, { ...settings, password: Secret.of('right') })
  assert.equal(await right.check(), undefined)
  assert.equal((await right.send(MAIL)).kind, 'accepted')
})

test('a connection that breaks in the middle of the mail is a failure, and the mail is not sent again by itself', async (t) => {
  let datas = 0
  const port = await scriptedServer(t, (line, socket) => {
    if (line === 'DATA') datas += 1
    if (!/^(EHLO|MAIL|RCPT|DATA|QUIT)/.test(line)) socket.destroy()
    return accepting(line)
  })
  const result = await (await mailerFor(t, { ...PLAIN, port })).send(MAIL)
  assert.equal(result.kind, 'failed')
  assert.equal(datas, 1)
})

test('a server that never greets, or trickles its answers, holds an attempt no longer than the deadline', async (t) => {
  const silent = await scriptedServer(t, () => undefined, '')
  const trickling = await scriptedServer(t, (line, socket) => {
    if (!line.startsWith('MAIL')) return accepting(line)
    const more = setInterval(() => void socket.write('250-still here\r\n'), 20)
    socket.on('close', () => clearInterval(more))
    return undefined
  })
  const holding = await scriptedServer(t, (line) => (line.startsWith('RCPT') ? undefined : accepting(line)))
  for (const port of [silent, trickling, holding]) {
    const mailer = await mailerFor(t, { ...PLAIN, port }, 600)
    assert.equal((await mailer.send(MAIL)).kind, 'timed-out')
  }
  const { port } = await startSmtpServer(t, {
    onRcptTo: ({ address }, _session, done) => address.startsWith('held') || done(),
  })
  const reused = await mailerFor(t, { ...PLAIN, port }, 3000)
  assert.equal((await reused.send(MAIL)).kind, 'accepted')
  assert.equal((await reused.send({ ...MAIL, recipient: 'held@example.org' })).kind, 'timed-out')
})

test('the end of an attempt at its deadline breaks off no other mail', async (t) => {
  const deadline = 3000
  const halfway = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const port = await scriptedServer(t, (line, socket) => {
    if (!line.startsWith('RCPT')) return accepting(line)
    const isHeld = line.includes('held@')
    let lines = 0
    const more = setInterval(() => {
      socket.write('250-still here\r\n')
      if (isHeld && (lines += 1) === 50) halfway.resolve()
    }, deadline / 100)
    socket.on('close', () => clearInterval(more))
    if (isHeld) socket.on('close', () => over.resolve())
    else
      void over.promise.then(() => {
        clearInterval(more)
        socket.write('250 ok\r\n')
      })
    return undefined
  })
  const mailer = await mailerFor(t, { ...PLAIN, port }, deadline)
  const held = mailer.send({ ...MAIL, recipient: 'held@example.org' })
  await halfway.promise
  assert.equal((await mailer.send(MAIL)).kind, 'accepted')
  assert.equal((await held).kind, 'timed-out')
})

test('nothing listens: the error says so', async (t) => {
  const smtp = await startSmtpServer(t)
  await smtp.close()
  const mailer = await mailerFor(t, { ...PLAIN, port: smtp.port })
  assert.match((await mailer.check()) ?? '', /ECONNREFUSED/)
})
