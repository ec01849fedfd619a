import type { ListedSession } from '#domain/grants/idle-session.service.ts'
import { isSecondFactorSkipped } from '#foundation/kernel/assurance.ts'
import { linkButton, secondaryButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { foldedRows, type ListRow, pieces, section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { idleNote, methodsInWords, sessionName, toSession } from '#use-cases/page-sections/device.pages.ts'
import { readUser } from '../access/access.service.ts'
import { actionForm, mayDo, refIn, UserPageParameters, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { listSessionsOf } from './credentials-summary.service.ts'
import { revokeSession } from './credentials.service.ts'

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
      return redirectWithFlash(reply, userPath(user, '/sign-in?done=ended'))
    },
  )
}

/** The section that lists a user's sessions, the latest used first. */
export function userSessionsSection(
  reader: UserReader,
  sessions: readonly ListedSession[],
  { hasTokens }: { readonly hasTokens: boolean },
): Html {
  const { say, user, isOwn } = reader
  const { sessions: words, signOut } = say.user
  // Signing out everywhere revokes the tokens too.
  const ends = !isOwn && mayDo(reader, 'users:write') && (sessions.length > 0 || hasTokens)
  const rows = sessions.map((session) => userSessionRow(reader, session))
  return section({
    id: 'sessions',
    title: words.title,
    action: ends && linkButton(userPath(user, '/sign-out'), signOut.title),
    body: sessions.length === 0 ? html`<p class="small">${words.none}</p>` : foldedRows(say, rows),
  })
}

function userSessionRow(reader: UserReader, session: ListedSession): ListRow {
  const { say, principal } = reader
  const { sessions: words } = say.user
  const isReading = session.id === principal.session.id
  const button = secondaryButton(toSession(say, words.end, session))
  return {
    name: sessionName(say, session, isReading && chip('ok', words.yours)),
    detail: html`<div>${pieces([session.address, html`${words.lastSeen} ${moment(reader, session.lastSeenAt)}`])}</div>
      <div>${words.began} ${moment(reader, session.startedAt)}, ${methodsInWords(say, session.methods)}</div>
      ${isSecondFactorSkipped(session.methods) && html`<div>${say.rememberedDevices.skipped}</div>`}
      ${idleNote(say, session)}`,
    action:
      isReading || !mayDo(reader, 'users:write')
        ? undefined
        : actionForm(reader, `/sessions/${encodeURIComponent(session.id)}/end`, button),
  }
}
