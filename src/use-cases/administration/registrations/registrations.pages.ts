import type { FastifyReply } from 'fastify'

import type { WaitingRegistration } from '#domain/registrations/registration.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { face } from '#foundation/web/components/avatar.ts'
import { quietLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { pager } from '#foundation/web/components/list-navigation.ts'
import { moment } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { dataTable, type Row, screenReaderColumn } from '#foundation/web/components/table.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor, encodeCursor } from '#foundation/web/http/pagination.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { RegistrationPosition } from './registrations.schema.ts'
import { pageWaiting } from './waiting-list.service.ts'

/** The queue of those who wait. */
export const REGISTRATIONS_PATH = '/admin/registrations'
const PAGE_SIZE = 50

const config = { access: 'users:read', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 30, label: (say) => say.registrations.title }

/** The page that lists the registrations that wait, the oldest first. */
export function registrationsPages(app: App): void {
  app.get(REGISTRATIONS_PATH, { config: { ...config, navigation } }, ({ query }, reply) => {
    const cursor = fieldIn(query, 'cursor')
    return showQueue(reply, typeof cursor === 'string' ? decodeCursor(RegistrationPosition, cursor) : '')
  })
}

async function showQueue(reply: FastifyReply, after: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say } = reader
  const { registrations: words } = say
  const { items, next } = await pageWaiting(ctx, { after, limit: PAGE_SIZE })
  const isOff = ctx.config.registration.mode !== 'approval'
  return sendPage(reply, {
    title: [words.title, say.users.title],
    done: flashSentence(words.done, readFlash(reply)),
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/registrations' }),
    // Where registration is off and the list is empty, the card says so.
    body: html`${!(isOff && items.length === 0) && html`<p class="lead">${isOff ? words.off : words.lead}</p>`}
    ${dataTable({
      caption: words.caption,
      kind: 'compact loose',
      columns: [
        { label: words.username },
        { label: words.email, isPlain: true },
        { label: words.submitted, isPlain: true },
        screenReaderColumn(words.view),
      ],
      rows: items.map((registration) => queueRow(reader, registration)),
      empty: emptyState({ drawing: 'people', ...words.none, ...(isOff && { text: words.off }) }),
    })}
    ${pager(say, {
      previous: after === '' ? undefined : REGISTRATIONS_PATH,
      next: next === null ? undefined : `${REGISTRATIONS_PATH}?cursor=${encodeCursor(next)}`,
    })}`,
  })
}

function queueRow(reader: AdminReader, { id, username, fullName, email, submittedAt }: WaitingRegistration): Row {
  const { permissions, say } = reader
  const { registrations: words } = say
  const path = `${REGISTRATIONS_PATH}/${encodeURIComponent(id)}`
  const label = html`${words.view}<span class="unseen"> – ${name(username)}</span>`
  const mayDecide = permissions.includes('users:write')
  const called = mayDecide ? html`<a href="${path}">${name(username)}</a>` : name(username)
  return {
    cells: [
      face({ subject: id, username, fullName }, called, 'waits'),
      email,
      moment(reader, submittedAt),
      mayDecide ? quietLink(path, label) : html``,
    ],
  }
}
