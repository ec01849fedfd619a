import type { FastifyReply, FastifyRequest } from 'fastify'

import { linkButton, primaryLink } from '#foundation/web/components/button.ts'
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { state } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { seeOther } from '#foundation/web/pages/page.ts'
import type { AdminReader } from '../access/user-reader.pages.ts'
import { NEW_ADMIN_PATH } from '../invitations/new-user.pages.ts'
import { CONNECT_PATH } from './connect.pages.ts'
import { closeGetStarted } from './get-started.service.ts'
import type { GetStarted } from './get-started.ts'

const CLOSE = '/admin/get-started/close'

/** Closes the list for a new server. */
export function getStartedPages(app: App): void {
  const config = { access: 'users:write', page: true, undocumented: true } as const
  app.post(CLOSE, { config }, async ({ ctx }: FastifyRequest, reply: FastifyReply) => {
    await closeGetStarted(ctx)
    return seeOther(reply, '/admin')
  })
}

/** What to do after the set-up: each thing in a line with its state and a button; the first open one is the next step of the view. */
export function getStartedSection({ say, formToken }: AdminReader, { hasSecondAdmin, hasApiToken }: GetStarted): Html {
  const { getStarted: words } = say.overview
  const row = (isDone: boolean, label: string, why = '', action?: Html): ListRow => ({
    name: isDone
      ? state('ok', html`${label} <span class="unseen">(${words.done})</span>`)
      : state('open', html`${label}<br /><span class="small">${why}</span>`),
    action: isDone ? undefined : action,
  })
  const connect = hasSecondAdmin ? primaryLink : linkButton
  return section({
    id: 'get-started',
    title: words.title,
    body: html`${rowList([
        row(true, words.server),
        row(hasSecondAdmin, words.admin, words.adminWhy, primaryLink(NEW_ADMIN_PATH, words.inviteAdmin)),
        row(hasApiToken, words.app, words.appWhy, connect(CONNECT_PATH, words.connect)),
      ])}
      <form method="post" action="${CLOSE}">
        ${formToken} <button class="button quiet" type="submit">${words.close}</button>
      </form>`,
  })
}
