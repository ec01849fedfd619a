// What the operator does with mails on the command line, and what doctor says about mail.
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { endMail } from '#domain/mail/outbox.queries.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { queueMailOfNewerVersion, queueMailWithLink, queueTestMail } from '../support/mail/queued-mails.ts'
import { startSmtpServer } from '../support/mail/smtp-server.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { command, failureIn, outputIn, runner } from '../support/server/command-line.ts'
import { runCommand } from '../support/server/processes.ts'
import { start } from '../support/server/start.ts'

leaveToTestAll()

onEitherDatabase('the operator lists mails, shows one without its link, and reveals the link', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const { subject } = await server.doorward.db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
  const { id, token } = await queueMailWithLink(server.operator(), subject)
  const listed = outputIn(await run('mail', 'list', '--state', 'queued', '--json'))['items'] as { id: string }[]
  assert.deepEqual(
    listed.map((mail) => mail.id),
    [id],
  )
  for (const form of ['--json', '--plain', '--no-color']) {
    const shown = await run('mail', 'show', id, form)
    assert.equal(shown.code, 0, shown.stderr)
    assert.ok(!shown.stdout.includes(token.reveal()), form)
  }
  const revealed = outputIn(await run('mail', 'show', id, '--reveal', '--json'))
  assert.equal(revealed['link'], `http://127.0.0.1:8000/invitation/${token.reveal()}`)
  const { body } = await root.asks('GET', '/audit-events?action=mail.revealed')
  const [event] = body['items'] as { target: { subject: string }; details: { mail: string; operator?: unknown } }[]
  assert.deepEqual([event?.target.subject, event?.details.mail], [subject, id])
  assert.deepEqual(failureIn(await run('mail', 'show', 'none', '--json')), [3, 'mail.not_found'])
})

onEitherDatabase('the operator sends a mail again, and drops also one that warns', async (t, dialect) => {
  const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const run = runner(t, server)
  const [plain, warning] = [await queueTestMail(server.operator()), await queueMailOfNewerVersion(server.operator())]
  assert.equal(outputIn(await run('mail', 'retry', plain, '--json'))['state'], 'queued')
  assert.equal((await run('mail', 'drop', plain)).code, 2)
  for (const id of [plain, warning])
    assert.equal(outputIn(await run('mail', 'drop', id, '--yes', '--json'))['state'], 'dropped')
  assert.deepEqual(failureIn(await run('mail', 'retry', plain, '--json')), [4, 'mail.ended'])
})

onEitherDatabase(
  'the operator sends all mails again at once, and the job sends every one of them',
  async (t, dialect) => {
    const smtp = await startSmtpServer(t)
    const { server } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
    const run = runner(t, { ...server, settings: smtp.settings })
    const ctx = server.operator()
    const ids: string[] = []
    for (let count = 0; count < 6; count++) ids.push(await queueTestMail(ctx))
    for (const id of ids.slice(0, 3)) await endMail(ctx.db, id, { from: ['queued'], to: 'failed', now: ctx.now })
    await ctx.db
      .updateTable('outbox')
      .set({ next_attempt_at: ctx.now + hours(1) })
      .where('state', '=', 'queued')
      .execute()
    for (const wrong of [[], [String(ids[0]), '--all'], [String(ids[0]), '--state', 'failed']])
      assert.equal((await run('mail', 'retry', ...wrong)).code, 2)
    const failed = await run('mail', 'retry', '--all', '--state', 'failed', '--json')
    assert.deepEqual(outputIn(failed), { retried: 3, skipped: 0 })
    assert.deepEqual(outputIn(await run('mail', 'retry', '--all', '--json')), { retried: 3, skipped: 0 })
    assert.equal((await run('jobs', 'run', 'mail-delivery')).code, 0)
    assert.equal(smtp.mails.length, 6)
  },
)

test('doctor quotes an answer that is about the sender, and counts mails that expired', async (t) => {
  const smtp = await startSmtpServer(t, {
    onRcptTo: (_recipient, _session, done) =>
      done(Object.assign(new Error('5.1.8 <ada@example.org>: Sender refused'), { responseCode: 550 })),
  })
  const { server } = await startWithAdmin(t, { clock: new TestClock(Date.now()) })
  const run = runner(t, { ...server, settings: smtp.settings })
  for (const ago of [0, days(8)]) await queueTestMail({ ...server.operator(), now: Date.now() - ago })
  for (const job of ['mail-delivery', 'expired-mails']) assert.equal((await run('jobs', 'run', job)).code, 0)
  const { stdout } = await run('doctor', '--plain')
  assert.match(
    stdout,
    /^warning\tmail\t\tThe mail server rejects emails .*1 email is waiting.*550 5\.1\.8 <…@example\.org>/m,
  )
  assert.match(stdout, /^warning\tmail\t\t1 email expired before being sent/m)
  assert.doesNotMatch(stdout, /permanently rejected/)
})

test('mail test prints what the SMTP server answers', async (t) => {
  const smtp = await startSmtpServer(t)
  const server = await start(t)
  const off = runner(t, server)
  assert.deepEqual(failureIn(await off('mail', 'test', 'ada@example.org', '--json')), [4, 'mail.off'])
  const run = runner(t, { ...server, settings: smtp.settings })
  const accepted = await run('mail', 'test', 'ada@example.org')
  assert.equal(accepted.code, 0, accepted.stderr)
  assert.match(accepted.stderr, /accepted the email to ada@example\.org: 250 \S/)
  assert.equal(smtp.to('ada@example.org').length, 1)
  assert.equal((await run('mail', 'test', 'ada@example.org,eve@example.org')).code, 2)
  await smtp.close()
  const refused = await run('mail', 'test', 'ada@example.org', '--json')
  assert.deepEqual(failureIn(refused), [8, 'mail.not_accepted'])
  assert.match(refused.stderr, /\(mail_tls none\) did not accept the email: .*ECONNREFUSED/)
})

test('doctor says that mail is off, that it works, and that the SMTP server does not answer', async (t) => {
  const smtp = await startSmtpServer(t)
  const { server } = await startWithAdmin(t, { clock: new TestClock(Date.now()) })
  const found = async (settings = {}): Promise<string> => {
    const { stdout } = await command(t, ['doctor', '--plain'], { ...server, settings })
    return stdout.split('\n').find((line) => line.split('\t')[1] === 'mail') ?? ''
  }
  assert.match(await found(), /^note\tmail\t\tEmail is off/)
  assert.match(await found(smtp.settings), /^ok\tmail\t\tEmail is on/)
  await smtp.close()
  assert.match(await found(smtp.settings), /^failure\tmail\t\tThe mail server does not accept emails: .*ECONNREFUSED/)
})

test('a broken file of the operator stops the start with its name and line', async (t) => {
  const smtp = await startSmtpServer(t)
  const { databaseUrl, dataDir } = await start(t)
  const folder = join(dataDir, 'mails')
  await mkdir(folder)
  const settings = { ...smtp.settings, mail_templates: folder }
  for (const text of ['heading = "a"\nsubject = "b', 'heading = "a"\nsubject = "{nothing}"']) {
    await writeFile(join(folder, 'test.en.toml'), text)
    const ended = await runCommand(t, ['serve', '--port', '0'], { databaseUrl, dataDir, settings })
    assert.equal(ended.code, 2, ended.stderr)
    assert.match(ended.stderr, /mail_templates \(\S+test\.en\.toml line 2\)/)
  }
})
