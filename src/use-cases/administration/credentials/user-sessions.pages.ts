import { redirectWithFlash } from '../../../foundation/web/pages/page.ts'
import { Type } from '../../../foundation/web/http/type.ts'

import { sessionName, toSession, authenticatedWith } from '../../../domain/sessions/device.pages.ts'
import type { Session } from '../../../domain/sessions/session.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { secondaryButton } from '../../../foundation/web/components/button.ts'
import { chip } from '../../../foundation/web/components/status.ts'
import { section } from '../../../foundation/web/components/section.ts'
import { dataTable, screenReaderColumn } from '../../../foundation/web/components/table.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { moment } from '../../../foundation/web/components/moments.ts'
import { listSessionsOf } from './credentials-summary.service.ts'
import { revokeSession } from './credentials.service.ts'
import { readUser } from '../access/access.service.ts'
import { actionForm, UserPageParameters, refIn, userPath } from '../access/user-reader.pages.ts'
import type { UserReader } from '../access/user-reader.pages.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const

/** Ends one session of a user. Idempotent, so a repeated submission needs no special case. */
export function userSessionsPages(app: App): void {
  const params = Type.Object({ ...UserPageParameters.properties, session: Type.String() })
  app.post(
    '/admin/users/:id/sessions/:session/end',
    { config, schema: { params } },
    async ({ ctx, params: { id, session } }, reply) => {
      const user = await readUser(ctx, refIn({ id }))
      // Only sessions of the user in the URL can be ended here.
      const running = await listSessionsOf(ctx, user)
      if (running.some((one) => one.id === session)) await revokeSession(ctx, session)
      return redirectWithFlash(reply, userPath(user, '?done=ended#sessions'))
    },
  )
}

/** The section that lists a user's sessions, the latest used first. */
export function userSessionsSection(reader: UserReader, sessions: readonly Session[]): Html {
  const { say } = reader
  const { sessions: words } = say.user
  const table = dataTable({
    caption: words.table,
    columns: [
      ...[words.browser, words.network, words.began, words.lastSeen].map((label) => ({ label })),
      screenReaderColumn(words.actions),
    ],
    rows: sessions.map((session) => ({ cells: userSessionCells(reader, session) })),
    empty: html`<p>${words.none}</p>`,
  })
  return section({
    id: 'sessions',
    title: words.title,
    lead: sessions.length > 0 && (reader.isOwn ? words.ownLead : words.lead),
    body: table,
  })
}

function userSessionCells(reader: UserReader, session: Session): (Html | string)[] {
  const { say, principal } = reader
  const { sessions: words } = say.user
  const isReading = session.id === principal.session.id
  const button = secondaryButton(toSession(say, words.end, session))
  const end = actionForm(reader, `/sessions/${encodeURIComponent(session.id)}/end`, button)
  return [
    html`${sessionName(say, session, isReading && chip('ok', words.yours))} ${authenticatedWith(say, session.methods)}`,
    html`<span class="address">${session.address}</span>`,
    moment(reader, session.startedAt),
    moment(reader, session.lastSeenAt),
    isReading ? '' : end,
  ]
}
