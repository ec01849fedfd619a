// Commands about mail: the outbox, and a test of the SMTP server.
import { Option } from 'commander'

import { requireValidMailTemplates } from '#domain/mail/mail-looks.service.ts'
import { linkOf, messageOf } from '#domain/mail/message.service.ts'
import { listMails, readMail, recordReveal } from '#domain/mail/outbox.service.ts'
import {
  ATTEMPT_DEADLINE,
  MAIL_STATES,
  type MailState,
  messageIdOf,
  OPEN_STATES,
  type OpenState,
  type QueuedMail,
} from '#domain/mail/outbox.ts'
import { inTransaction } from '#foundation/context.ts'
import { isMailable } from '#foundation/kernel/mailable.ts'
import { newMailer, type SendResult } from '#foundation/platform/mailer/mailer.ts'
import { presentMail, presentMailDetails } from '#use-cases/administration/outbox/outbox.schema.ts'
import {
  dropQueuedMail,
  previewOf,
  sendMailAgain,
  sendMailsAgain,
} from '#use-cases/administration/outbox/outbox.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { EXIT } from '../terminal/exit-codes.ts'
import { CliFailure } from '../terminal/failure.ts'
import { wholeNumberFlag } from '../terminal/flag-values.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { type Cell, cellOr, type Column, counted, printFields, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'
import { confirmOr } from '../terminal/prompt.ts'

const COLUMNS: readonly Column<QueuedMail>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'mail', of: ({ template }) => template },
  { head: 'to', cut: true, of: ({ recipient }) => recipient },
  { head: 'state', of: ({ state }) => state },
  { head: 'attempts', of: ({ attempts }) => String(attempts) },
  { head: 'queued', of: ({ createdAt }) => ({ at: createdAt }) },
  { head: 'last answer', cut: true, of: ({ lastError }) => lastError ?? '' },
]

const ID = 'id of the email, from "mail list"'
const EXAMPLE_ID = '01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10'

export function addMail(program: CliCommand): void {
  const mail = program.command('mail').description('manage the email outbox')
  mail
    .command('list')
    .description('list the emails of the last week, newest first')
    .addOption(new Option('--state <state>', 'only emails in this state').choices(MAIL_STATES))
    .option('--limit <count>', 'at most this many', wholeNumberFlag(1, 1000), 50)
    .withExamples('mail list --state queued', 'mail list --state failed --json')
    .action(withContext(list))
  mail
    .command('show')
    .description('show an email; the link in it stays hidden')
    .argument('<id>', ID)
    .option('--reveal', 'show the link, too, which gives access to an account; recorded in the audit log')
    .withExamples(`mail show ${EXAMPLE_ID}`, `mail show ${EXAMPLE_ID} --reveal`)
    .action(withContext(show))
  mail
    .command('test')
    .description('send a test email now and print what the mail server answers. Exit code 8: not accepted')
    .argument('<address>', 'email address')
    .withExamples('mail test ada@example.org')
    .action(withContext(test))
  mail
    .command('retry')
    .description('send a waiting or refused email now, or all of them; a running server sends them')
    .argument('[id]', ID)
    .option('--all', 'every email that waits or was refused')
    .addOption(new Option('--state <state>', 'with --all: only emails in this state').choices(OPEN_STATES))
    .withExamples(`mail retry ${EXAMPLE_ID}`, 'mail retry --all', 'mail retry --all --state failed')
    .action(withContext(retry))
  mail
    .command('drop')
    .description('never send an email, and erase the link in it (asks for confirmation)')
    .argument('<id>', ID)
    .withExamples(`mail drop ${EXAMPLE_ID} --yes`)
    .action(withContext(drop))
}

interface ListFlags {
  readonly state?: MailState
  readonly limit: number
}

async function list({ ctx, out }: Working, { state, limit }: ListFlags): Promise<void> {
  const { items, next } = await listMails(ctx, { state, limit })
  if (out.form === 'json') return out.json({ items: items.map(presentMail), next_cursor: null })
  printTable(out, COLUMNS, items)
  out.say(next === null ? totalOf(items.length, 'email') : `the newest ${counted(items.length, 'email')}`)
  if (ctx.config.mail === null) out.warn('Email is off: set mail_host and mail_from.')
}

async function show({ ctx, out }: Working, id: string, { reveal = false }: { reveal?: boolean }): Promise<void> {
  const mail = await readMail(ctx, id)
  const link = reveal ? linkOf(ctx, mail) : null
  if (reveal) await inTransaction(ctx, (tx) => recordReveal(tx, mail))
  if (out.form === 'json') {
    return out.json({ ...presentMailDetails(ctx, mail), ...(reveal && { link: link?.reveal() ?? null }) })
  }
  const preview = previewOf(ctx, mail)
  const fields: (readonly [string, Cell])[] = [
    ['id', mail.id],
    ['mail', mail.template],
    ['to', mail.recipient],
    ['state', mail.state],
    ['attempts', String(mail.attempts)],
    ['queued', { at: mail.createdAt }],
    ['next attempt', mail.state === 'queued' ? { at: mail.nextAttemptAt } : '–'],
    ['tried until', { at: mail.expiresAt }],
    ['ended', cellOr(mail.endedAt, '–')],
    ['last answer', mail.lastError ?? '–'],
    ['message ID', mail.messageId],
    ['title', preview?.subject ?? '–'],
    ...(reveal ? [['link', link?.reveal() ?? 'none, or erased'] as const] : []),
  ]
  printFields(out, fields)
  if (out.form !== 'plain' && preview !== null) out.line(`\n${preview.text.split('\n').map(printable).join('\n')}`)
}

async function test({ ctx, out }: Working, recipient: string): Promise<void> {
  const { config } = ctx
  const { mail } = config
  if (mail === null) {
    const detail = 'Email is off. Turn it on: set mail_host and mail_from, as docs/mail.md shows.'
    throw new CliFailure({ exit: EXIT.conflict, code: 'mail.off', title: 'Email is off', detail })
  }
  if (!isMailable(recipient)) throw CliFailure.usage(`Email cannot be sent to ${JSON.stringify(recipient)}.`)
  requireValidMailTemplates(config)
  const message = messageOf(ctx, { template: 'test', locale: 'en', facts: {} }, null)
  const mailer = await newMailer(mail, ATTEMPT_DEADLINE)
  const messageId = messageIdOf(ctx.newId(), config.publicUrl)
  const result = await mailer
    .send({ ...message, fromName: config.instanceName, recipient, messageId, date: new Date(ctx.now) })
    .finally(() => mailer.close())
  if (result.kind !== 'accepted') throw notAccepted(result, `${mail.host}:${mail.port} (mail_tls ${mail.tls})`)
  const { answer } = result
  out.result(
    { accepted: true, message_id: messageId, answer },
    `${mail.host} accepted the email to ${printable(recipient)}: ${printable(answer)}`,
  )
}

function notAccepted({ error }: Exclude<SendResult, { kind: 'accepted' }>, server: string): CliFailure {
  const detail = `${server} did not accept the email: ${printable(error)}`
  return new CliFailure({ exit: EXIT.unreachable, code: 'mail.not_accepted', title: 'Email not accepted', detail })
}

interface RetryFlags {
  readonly all?: boolean
  readonly state?: OpenState
}

async function retry({ ctx, out }: Working, id: string | undefined, { all = false, state }: RetryFlags): Promise<void> {
  if (all === (id !== undefined)) throw CliFailure.usage('Name one email, or all with --all.')
  if (state !== undefined && !all) throw CliFailure.usage('--state needs --all.')
  if (id !== undefined) {
    const mail = await sendMailAgain(ctx, id)
    return out.result(presentMail(mail), 'Queued. The running server will send it now.')
  }
  const sent = await sendMailsAgain(ctx, state)
  const { retried } = sent
  const queued = `Queued ${counted(retried, 'email')}. The running server will send ${retried === 1 ? 'it' : 'them'} now.`
  out.result(sent, retried === 0 ? 'No email waits or was refused.' : queued)
}

async function drop(working: Working, id: string): Promise<void> {
  const { ctx, out } = working
  const mail = await readMail(ctx, id)
  await confirmOr(working, `Never send the email ${mail.template} to ${printable(mail.recipient)}?`)
  out.result(presentMail(await dropQueuedMail(ctx, id)), 'Dropped the email')
}
