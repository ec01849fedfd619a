// The outbox: the list of mails, newest first, by state.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { isUnfinished, listMails, mailCounts, type MailPage } from '#domain/mail/outbox.service.ts'
import { MAIL_STATES, type MailState, OPEN_STATES, type QueuedMail } from '#domain/mail/outbox.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { secondaryButton } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { filterLinks, pager } from '#foundation/web/components/list-navigation.ts'
import { dayOf, momentOfDay } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { banner, chip } from '#foundation/web/components/status.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { readForm } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { mailPath, OUTBOX_PATH, STATE_ICONS } from './mail-path.ts'
import { mailPages } from './mail.pages.ts'
import { MailPosition, MailsToRetryForm, OutboxQuery } from './outbox.schema.ts'
import { previewOf, sendMailsAgain } from './outbox.service.ts'

const MAILS_A_PAGE = 50

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'system',
  order: 90,
  label: (say) => say.outbox.title,
  drawing: 'mail',
  key: 'm',
}

export function outboxPages(app: App): void {
  const write = { access: 'users:write', page: true, undocumented: true } as const
  app.get(
    OUTBOX_PATH,
    { config: { access: 'server:read', besides: 'users:read', page: true, undocumented: true, navigation } },
    showOutbox,
  )
  app.post(`${OUTBOX_PATH}/retry`, { config: write }, async ({ ctx, body }, reply) => {
    const form = readForm(MailsToRetryForm, body)
    if ('fieldErrors' in form) throw new Refusal('request.validation_failed', { fieldErrors: form.fieldErrors })
    const { state } = form.value
    const { retried, skipped } = await sendMailsAgain(ctx, state)
    return redirectWithFlash(reply, withQuery(OUTBOX_PATH, { state, done: `retried-${retried}-${skipped}` }))
  })
  mailPages(app)
}

/** The sentence after mails were sent again; undefined for another word. */
function retriedSentence({ outbox }: Texts, word: string | undefined): string | undefined {
  const [, retried, skipped] = /^retried-(\d+)-(\d+)$/.exec(word ?? '') ?? []
  return retried === undefined ? undefined : outbox.retriedAll(Number(retried), Number(skipped))
}

type Counts = ReadonlyMap<MailState, number>

/** Sends all mails of the list at once that can still be sent, where the reader may. */
function retryAll(
  { say, formToken, permissions }: AdminReader,
  counts: Counts,
  state: MailState | undefined,
): Html | undefined {
  const isOpen = state === undefined || state === 'queued' || state === 'failed'
  if (!isOpen || !permissions.includes('users:write')) return undefined
  const open = (state === undefined ? OPEN_STATES : [state]).some((one) => (counts.get(one) ?? 0) > 0)
  if (!open) return undefined
  return html`<form method="post" action="${OUTBOX_PATH}/retry">
    ${formToken} ${state && html`<input type="hidden" name="state" value="${state}" />`}
    ${secondaryButton(say.outbox.retryAll[state ?? 'queued'])}
  </form>`
}

async function showOutbox({ ctx, query }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const read = readForm(OutboxQuery, query)
  if ('fieldErrors' in read) throw new Refusal('request.validation_failed', { fieldErrors: read.fieldErrors })
  const { state, cursor } = read.value
  const before = cursor === undefined ? undefined : decodeCursor(MailPosition, cursor)
  const page = await listMails(ctx, { state, before, limit: MAILS_A_PAGE })
  const { say } = reader
  const counts = await mailCounts(ctx)
  const done = readFlash(reply)
  return sendPage(reply, {
    title: [say.outbox.title, say.overview.area],
    done: retriedSentence(say, done) ?? flashSentence(say.outbox.done, done),
    beside: retryAll(reader, counts, state),
    body: html`<p class="lead">${say.outbox.lead}</p>
      ${!isMailOn(ctx.config) && banner('info', say.outbox.off)} ${stateFilter(say, state, counts)}
      ${mailTable(reader, page, state)}
      ${pager(say, { next: page.next === null ? undefined : outboxHref(state, encodeCursor(page.next)) })}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: withQuery('/mails', { state }) }),
  })
}

function outboxHref(state: MailState | undefined, cursor?: string): string {
  return withQuery(OUTBOX_PATH, { state, cursor })
}

/** The states that mails have, and the one that is shown. */
function stateFilter({ outbox }: Texts, current: MailState | undefined, counts: Counts): Html {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return filterLinks(outbox.filter, [
    { href: OUTBOX_PATH, label: outbox.all, count: all, current: current === undefined },
    ...MAIL_STATES.filter((state) => state === current || counts.has(state)).map((state) => ({
      href: outboxHref(state),
      label: outbox.states[state],
      count: counts.get(state) ?? 0,
      current: current === state,
    })),
  ])
}

function mailTable(reader: AdminReader, { items }: MailPage, state: MailState | undefined): Html {
  const { columns, table, none, noneHere } = reader.say.outbox
  return dataTable({
    caption: table,
    kind: 'low mails',
    columns: [columns.what, columns.state, columns.when].map((label) => ({ label })),
    // Ids order the pages. Where the clock was set back, times decide within one.
    rows: items
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .map((mail) => ({ heading: dayOf(reader, mail.createdAt), cells: mailCells(reader, mail) })),
    empty: emptyState({ drawing: 'envelope', ...(state === undefined ? none : { title: noneHere }) }),
  })
}

function mailCells(reader: AdminReader, mail: QueuedMail): (Html | string)[] {
  const { say, config } = reader
  const title = previewOf({ config }, mail)?.subject ?? say.outbox.unknownTemplate
  return [
    html`<div class="person">
      <div class="one-line" title="${title}"><a href="${mailPath(mail.id)}">${title}</a></div>
      <div class="one-line small" title="${mail.recipient}"><bdi>${mail.recipient}</bdi></div>
    </div>`,
    html`${chip(STATE_ICONS[mail.state], say.outbox.states[mail.state])} ${reasonOf(reader, mail)}`,
    momentOfDay(reader, mail.createdAt),
  ]
}

/** Why a mail has not been sent: the last answer of the mail server, or that there was no attempt yet. */
function reasonOf({ say: { outbox } }: AdminReader, mail: QueuedMail): Html | false {
  if (!isUnfinished(mail)) return false
  const { state, attempts, lastError } = mail
  const tried = [state === 'queued' && attempts > 0 ? outbox.attempts(attempts) : null, lastError]
  const words = tried.filter((one) => one !== null).join(': ') || outbox.notTried
  return html`<div class="one-line small" title="${words}"><bdi>${words}</bdi></div>`
}
