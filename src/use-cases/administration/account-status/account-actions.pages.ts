import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { User } from '../../../domain/users/user.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { dangerLink, linkButton, secondaryButton } from '../../../foundation/web/components/button.ts'
import { rowList, section } from '../../../foundation/web/components/section.ts'
import type { ListRow } from '../../../foundation/web/components/section.ts'
import { redirectWithFlash } from '../../../foundation/web/pages/page.ts'
import { answerOf } from '../../../foundation/web/pages/form.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { countsOf } from '../credentials/enrolled-factors.service.ts'
import { summarizeCredentials, isInvited } from '../credentials/credentials-summary.service.ts'
import type { CredentialsSummary } from '../credentials/credentials-summary.service.ts'
import { disableUser, enableUser, signOutUser } from './account-status.service.ts'
import { readUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'
import { askFirst } from '../access/user-question.pages.ts'
import { actionForm, UserPageParameters, readerFor, refIn, userPath } from '../access/user-reader.pages.ts'
import type { PageRequest, UserReader } from '../access/user-reader.pages.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: UserPageParameters }

/** The id of the row with the button that enables the user. */
export const ENABLE_ID = 'enable'

/** Pages that disable, enable and sign out a user. Disabling and signing out ask first. */
export function accountActionsPages(app: App): void {
  app.get('/admin/users/:id/disable', { config, schema }, (request, reply) =>
    askToDisable(request, reply, refIn(request.params)),
  )

  app.post('/admin/users/:id/disable', { config, schema }, async (request, reply) => {
    const ref = refIn(request.params)
    const { refusal } = await answerOf(disableUser(request.ctx, ref))
    if (refusal) return askToDisable(request, reply, ref, refusal)
    return redirectWithFlash(reply, userPath(ref, '?done=disabled'))
  })

  app.post('/admin/users/:id/enable', { config, schema }, async (request, reply) => {
    const ref = refIn(request.params)
    await enableUser(request.ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=enabled'))
  })

  app.get('/admin/users/:id/sign-out', { config, schema }, (request, reply) =>
    askToSignOut(request, reply, refIn(request.params)),
  )

  // Idempotent, so a repeated submission needs no special case.
  app.post('/admin/users/:id/sign-out', { config, schema }, async (request, reply) => {
    const ref = refIn(request.params)
    await signOutUser(request.ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=signed-out#sessions'))
  })
}

/**
 * The section with destructive actions, as far as there is something to remove. On the reader’s own page it says only why there are
 * none.
 */
export function accountActionsSection(reader: UserReader, credentials: CredentialsSummary): Html {
  const { say, isOwn } = reader
  const { danger } = say.user
  const own = html`<p>${danger.own}</p>
    <p>${linkButton('/account/security', danger.security)}</p>`
  return section({
    id: 'danger',
    title: danger.title,
    body: isOwn ? own : dangerRows(reader, credentials),
    tone: 'danger',
  })
}

function dangerRows(reader: UserReader, credentials: CredentialsSummary): Html {
  const { say, user } = reader
  const { danger, signOut } = say.user
  const row = (label: string, detail: string, below: string): ListRow => ({
    name: label,
    detail,
    action: dangerLink(userPath(user, below), label),
  })
  const isIn = credentials.sessions.length > 0 || credentials.tokens.length > 0
  return rowList([
    ...(hasSecondFactor(user, credentials) ? [row(danger.reset, danger.resetDetail, '/reset-second-step')] : []),
    ...(isIn ? [row(signOut.title, danger.signOutDetail, '/sign-out')] : []),
    user.disabled ? enableRow(reader) : row(danger.disable, danger.disableDetail, '/disable'),
    row(danger.remove, danger.removeDetail, '/delete'),
  ])
}

/** An externally inserted row counts as well: it may hold a TOTP secret that is not sealed yet. */
function hasSecondFactor({ secondFactorAt, insertedExternally }: User, { factors }: CredentialsSummary): boolean {
  const { apps, passkeys, recoveryCodes } = countsOf(factors)
  return secondFactorAt !== null || insertedExternally || apps + passkeys + recoveryCodes > 0
}

function enableRow(reader: UserReader): ListRow {
  const { say, user } = reader
  const { danger } = say.user
  const canSignIn = user.hashedPassword !== null || user.passkeyAt !== null
  return {
    id: ENABLE_ID,
    name: danger.enable,
    detail: canSignIn ? danger.enableDetail : danger.enableInvited,
    action: actionForm(reader, '/enable', secondaryButton(danger.enable)),
  }
}

async function askToDisable(
  request: PageRequest,
  reply: FastifyReply,
  ref: UserRef,
  refusal?: Refusal,
): Promise<FastifyReply> {
  const user = await readUser(request.ctx, ref)
  const reader = readerFor(request, reply, user)
  const { disable: words } = reader.say.user
  const credentials = await summarizeCredentials(request.ctx, user)
  const { out, tokens, invitation, kept } = words.consequences
  const consequences = [
    out,
    ...(credentials.tokens.length > 0 ? [tokens] : []),
    ...(isInvited(credentials, reader.now) ? [invitation] : []),
    kept,
  ]
  return askFirst(reply, reader, { below: '/disable', words, consequences, refusal })
}

async function askToSignOut(request: PageRequest, reply: FastifyReply, ref: UserRef): Promise<FastifyReply> {
  const user = await readUser(request.ctx, ref)
  const reader = readerFor(request, reply, user)
  const { signOut: words } = reader.say.user
  const { sessions, tokens } = await summarizeCredentials(request.ctx, user)
  const consequences = [
    words.consequences.sessions(sessions.length),
    ...(tokens.length > 0 ? [words.consequences.tokens(tokens.length)] : []),
    words.consequences.again,
  ]
  return askFirst(reply, reader, { below: '/sign-out', words, consequences })
}
