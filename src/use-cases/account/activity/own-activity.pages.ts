import type { FastifyReply, FastifyRequest } from 'fastify'

import { EventPosition } from '../../../domain/audit/event-position.schema.ts'
import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { pager } from '../../../foundation/web/components/list-navigation.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { html } from '../../../foundation/web/html.ts'
import { decodeCursor, encodeCursor } from '../../../foundation/web/http/pagination.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import { activityTable } from './activity-table.pages.ts'
import { listOwnActivity } from './own-activity.service.ts'

const PATH = '/account/activity'
const PER_PAGE = 50

/** The user's own audit events, paginated. */
export function ownActivityPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get(PATH, { config }, (request, reply) => showActivity(request, reply))
}

async function showActivity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { activity, title, back } = say.security
  const ctx = signedIn(request.ctx)
  const { subject, timeZone } = ctx.principal.user
  const cursor = cursorIn(request.query)
  const place = cursor === undefined ? null : decodeCursor(EventPosition, cursor)
  const { items, next } = await listOwnActivity(ctx, { limit: PER_PAGE, cursor: place })
  const reader = { say, now: ctx.now, timeZone }
  return sendPage(reply, {
    title: [activity.pageTitle, title],
    frame: 'account',
    body: html`<p class="lead">${activity.lead}</p>
      ${activityTable(reader, items, subject)}
      ${pager(say, { next: next === null ? undefined : `${PATH}?cursor=${encodeCursor(next)}` })}
      ${cursor !== undefined && html`<p><a href="${PATH}">${activity.newest}</a></p>`}
      <p><a href="/account/security">${back}</a></p>
      ${apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/activity' })}`,
  })
}

function cursorIn(query: unknown): string | undefined {
  const cursor = typeof query === 'object' && query !== null && 'cursor' in query ? query.cursor : undefined
  return typeof cursor === 'string' && cursor !== '' ? cursor : undefined
}
