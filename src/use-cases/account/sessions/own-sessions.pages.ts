import type { ListedSession } from '#domain/grants/idle-session.service.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietButton, secondaryButton } from '#foundation/web/components/button.ts'
import { icon } from '#foundation/web/components/icon.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { unlessGone } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import {
  authenticatedWith,
  deviceDrawing,
  idleNote,
  sessionLines,
  toSession,
} from '#use-cases/page-sections/device.pages.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { SessionParameters } from './own-sessions.schema.ts'
import { endOwnSession, signOutElsewhere } from './own-sessions.service.ts'

const OTHERS = '/account/security/sessions/end-others'

const config = { access: 'signed-in', page: true, undocumented: true } as const

/** The forms that end sessions, and the section that lists them. */
export function ownSessionsPages(app: App): void {
  app.post(OTHERS, { config }, async ({ ctx }, reply) => {
    await signOutElsewhere(signedIn(ctx))
    return redirectWithFlash(reply, '/account/security?done=others')
  })

  const schema = { params: Type.Object(SessionParameters.properties) }
  app.post('/account/security/sessions/:id/end', { config, schema }, async ({ ctx, params }, reply) => {
    await unlessGone('session.not_found', endOwnSession(signedIn(ctx), params.id))
    return redirectWithFlash(reply, '/account/security?done=ended')
  })
}

/** The section of the security page that lists the user's sessions, this one first. */
export function sessionsSection(
  reader: SecurityReader,
  { sessions, currentId }: { readonly sessions: readonly ListedSession[]; readonly currentId: string },
): Html {
  const { say, config: settings, formToken } = reader
  const { sessions: words } = say.security
  const inOrder = sessions.toSorted((a, b) => Number(b.id === currentId) - Number(a.id === currentId))
  const isAlone = sessions.length <= 1
  const table = dataTable({
    kind: 'compact',
    caption: words.table,
    columns: [
      ...[words.browser, words.ipAddress, words.began, words.lastSeen].map((label) => ({ label })),
      ...(isAlone ? [] : [screenReaderColumn(words.actions)]),
    ],
    rows: inOrder.map((session) => ({
      cells: sessionCells(reader, session, { isAlone, isCurrent: session.id === currentId }),
    })),
    empty: html`<p>${words.onlyThis}</p>`,
  })
  const endOthers = html`<form method="post" action="${OTHERS}">${formToken} ${secondaryButton(words.endOthers)}</form>`
  return section({
    id: 'sessions',
    title: words.title,
    lead: isAlone ? words.onlyThis : words.lead,
    action: !isAlone && endOthers,
    body: table,
    api: apiEquivalent(say, settings, { method: 'DELETE', path: '/users/me/sessions', needsSession: true }),
  })
}

interface Shown {
  readonly isCurrent: boolean
  /** There is no other session that could be ended. */
  readonly isAlone: boolean
}

function sessionCells(
  reader: SecurityReader,
  session: ListedSession,
  { isCurrent, isAlone }: Shown,
): (Html | string)[] {
  const { say } = reader
  const { sessions: words } = say.security
  return [
    html`<div class="item">
      ${icon(deviceDrawing(session.agent))}
      <div>
        ${sessionLines(say, session, isCurrent && chip('ok', words.current))} ${authenticatedWith(say, session.methods)}
        ${idleNote(say, session)}
      </div>
    </div>`,
    html`<span class="address">${session.address}</span>`,
    moment(reader, session.startedAt),
    moment(reader, session.lastSeenAt),
    ...(isAlone ? [] : [isCurrent ? '' : endForm(reader, session)]),
  ]
}

function endForm({ say, formToken }: SecurityReader, session: ListedSession): Html {
  return html`<form method="post" action="/account/security/sessions/${encodeURIComponent(session.id)}/end">
    ${formToken} ${quietButton(toSession(say, say.security.sessions.end, session))}
  </form>`
}
