// The page of one mail, and the question before it is dropped.
import type { FastifyReply } from 'fastify'

import { isUnfinished, isWarning, readMail } from '#domain/mail/outbox.service.ts'
import type { QueuedMail } from '#domain/mail/outbox.ts'
import { mayManage } from '#domain/roles/role.ts'
import { findUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { commandFor } from '#foundation/platform/program-name.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import {
  buttonRow,
  confirmDangerButton,
  dangerLink,
  linkButton,
  secondaryButton,
} from '#foundation/web/components/button.ts'
import { commandBox } from '#foundation/web/components/copy.ts'
import { exactly, moment } from '#foundation/web/components/moments.ts'
import { cardGrid, factList, section, sectionColumn, panel, lineList } from '#foundation/web/components/section.ts'
import { banner, chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader, userPath } from '../access/user-reader.pages.ts'
import { mailPath, OUTBOX_PATH, STATE_ICONS } from './mail-path.ts'
import { MailParameters } from './outbox.schema.ts'
import { dropQueuedMail, previewOf, sendMailAgain } from './outbox.service.ts'

const schema = { params: MailParameters }
const read = { access: 'server:read', besides: 'users:read', page: true, undocumented: true } as const
const write = { access: 'users:write', page: true, undocumented: true } as const
const drop = { ...write, authentication: 'recent' } as const

export function mailPages(app: App): void {
  app.get(`${OUTBOX_PATH}/:id`, { config: read, schema }, ({ params }, reply) => showMail(reply, params.id))

  app.post(`${OUTBOX_PATH}/:id/retry`, { config: write, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(sendMailAgain(ctx, params.id))
    if (refusal) return showMail(reply, params.id, refusal)
    return redirectWithFlash(reply, mailPath(params.id, '?done=retried'))
  })

  app.get(`${OUTBOX_PATH}/:id/drop`, { config: drop, schema }, ({ params }, reply) => askToDrop(reply, params.id))

  app.post(`${OUTBOX_PATH}/:id/drop`, { config: drop, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(dropQueuedMail(ctx, params.id))
    if (refusal) return showMail(reply, params.id, refusal)
    return redirectWithFlash(reply, mailPath(params.id, '?done=dropped'))
  })
}

async function showMail(reply: FastifyReply, id: string, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const mail = await readMail(ctx, id)
  const reader = adminReader(reply)
  const { say, config } = reader
  const preview = previewOf(ctx, mail)
  const words = say.outbox.one
  const user = mail.subject === null ? undefined : await findUser(ctx, mail.subject)
  const mayAct = isUnfinished(mail) && mayManage(reader.permissions, ['users:write', ...(user?.rolePermissions ?? [])])
  return sendPage(reply, {
    title: [preview?.subject ?? say.outbox.unknownTemplate, say.outbox.title],
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    done: flashSentence(say.outbox.done, readFlash(reply)),
    refusal,
    up: { href: OUTBOX_PATH, label: say.outbox.title },
    ...(mayAct && { beside: actions(reader, mail) }),
    standing: html`${chip(STATE_ICONS[mail.state], say.outbox.states[mail.state])} <bdi>${mail.recipient}</bdi>`,
    body: cardGrid([
      sectionColumn(
        section({
          id: 'delivery',
          title: words.delivery,
          body: html`${factList(factsOf(reader, mail, user))}
          ${
            mayAct &&
            isWarning(mail) &&
            html`<p class="hint">${words.warns}</p>
              ${commandBox(commandFor(config, `mail drop ${mail.id}`))}`
          }`,
        }),
      ),
      ...(preview ? [sectionColumn(textSection(reader, mail, preview.text))] : []),
    ]),
    api: apiEquivalent(say, config, { method: 'GET', path: `/mails/${id}` }),
  })
}

/** What the recipient reads. */
function textSection({ say }: AdminReader, { linkPath }: QueuedMail, text: string): Html {
  const { one: words } = say.outbox
  return section({
    id: 'text',
    title: words.text,
    lead: linkPath !== null && words.textHint,
    body: html`<pre class="mail-text" tabindex="0"><bdi>${text}</bdi></pre>`,
  })
}

type Fact = readonly [label: string, value: Html | string]

function factsOf(reader: AdminReader, mail: QueuedMail, user: User | undefined): Fact[] {
  const { one: words } = reader.say.outbox
  const at = (instant: number): Html =>
    html`${moment(reader, instant)}
      <div class="small">${exactly(reader, instant)}</div>`
  const { endedAt, lastError, nextAttemptAt } = mail
  const next = nextAttemptAt > reader.now ? at(nextAttemptAt) : words.due
  return [
    ...(lastError === null ? [] : [[words.error, html`<bdi>${lastError}</bdi>`] as const]),
    [words.attempts, mail.attempts === 0 ? reader.say.outbox.notTried : String(mail.attempts)],
    ...(mail.state === 'queued'
      ? ([
          [words.next, next],
          [words.until, at(mail.expiresAt)],
        ] as const)
      : []),
    [words.queued, at(mail.createdAt)],
    ...(user ? [[words.about, html`<a href="${userPath(user)}"><bdi>${user.username}</bdi></a>`] as const] : []),
    ...(endedAt === null ? [] : [[words.ended, at(endedAt)] as const]),
    [words.messageId, html`<code>${mail.messageId}</code>`],
  ]
}

/** Sending it now, and dropping it unless it warns a user. */
function actions({ say, formToken }: AdminReader, mail: QueuedMail): Html {
  const { one: words } = say.outbox
  return html`<div class="acts">
    <form method="post" action="${mailPath(mail.id, '/retry')}">${formToken} ${secondaryButton(words.retry)}</form>
    ${!isWarning(mail) && dangerLink(mailPath(mail.id, '/drop'), words.drop)}
  </div>`
}

async function askToDrop(reply: FastifyReply, id: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const mail = await readMail(ctx, id)
  const { say, config, formToken } = adminReader(reply)
  const { drop: words, columns, one, unknownTemplate } = say.outbox
  if (isWarning(mail) || !isUnfinished(mail)) return showMail(reply, id)
  return sendPage(reply, {
    title: [words.title, say.outbox.title],
    heading: words.question,
    body: panel(
      html`${factList([
          [columns.what, previewOf(ctx, mail)?.subject ?? unknownTemplate],
          [one.to, html`<bdi>${mail.recipient}</bdi>`],
        ])}
        ${lineList(words.consequences)}
        <form method="post" action="${mailPath(id, '/drop')}">
          ${formToken} ${buttonRow(confirmDangerButton(words.submit), linkButton(mailPath(id), words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, config, { method: 'POST', path: `/mails/${id}/drop`, needsSession: true }),
  })
}
