import type { FastifyReply } from 'fastify'

import { isPrivileged } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence, type Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import {
  buttonRow,
  confirmDangerButton,
  dangerLink,
  linkButton,
  submitButton,
} from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type ListRow, rowList, section, panel, lineList } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { questionAbout } from '../access/second-admin.pages.ts'
import {
  mayDo,
  mayDoOrHelp,
  refIn,
  UserPageParameters,
  userPath,
  type UserReader,
  userReader,
} from '../access/user-reader.pages.ts'
import {
  countsOf,
  type CredentialsSummary,
  isInvited,
  summarizeCredentials,
} from '../credentials/credentials-summary.service.ts'
import { disableUser, enableUser, signOutUser } from './account-status.service.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: UserPageParameters }

/** The id of the form that enables the user. */
export const ENABLE_ID = 'enable'

/** Pages that disable, enable and sign out a user. Disabling and signing out ask first. */
export function accountActionsPages(app: App): void {
  app.get('/admin/users/:id/disable', { config, schema }, ({ params }, reply) => askToDisable(reply, refIn(params)))

  app.post('/admin/users/:id/disable', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    const { refusal } = await answerOf(disableUser(ctx, ref))
    if (refusal) return askToDisable(reply, ref, refusal)
    return redirectWithFlash(reply, userPath(ref, '?done=disabled'))
  })

  app.post('/admin/users/:id/enable', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await enableUser(ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=enabled'))
  })

  app.get('/admin/users/:id/sign-out', { config, schema }, ({ params }, reply) => askToSignOut(reply, refIn(params)))

  // Idempotent, so a repeated submission needs no special case.
  app.post('/admin/users/:id/sign-out', { config, schema }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await signOutUser(ctx, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=signed-out#sessions'))
  })
}

export function hasAccountActions(reader: UserReader): boolean {
  return mayDo(reader, 'users:write') || mayDoOrHelp(reader, 'users:reset-factors')
}

/**
 * The section with destructive actions, as far as the reader may do them and there is something to remove; on the reader’s own page, why
 * there are none.
 */
export function accountActionsSection(reader: UserReader, credentials: CredentialsSummary): Html | undefined {
  if (!hasAccountActions(reader)) return undefined
  const { say, isOwn } = reader
  const { danger } = say.user
  const own = html`<p>${danger.own}</p>
    <p>${linkButton('/account/security', danger.security)}</p>`
  const rows = dangerRows(reader, credentials)
  const others = rows.length > 0 ? rowList(rows, 'tight') : html`<p>${danger.nothing}</p>`
  return section({
    id: 'danger',
    title: danger.title,
    body: isOwn ? own : others,
    tone: 'danger',
  })
}

function dangerRows(reader: UserReader, credentials: CredentialsSummary): readonly ListRow[] {
  const { say, user } = reader
  const { danger, signOut } = say.user
  const row = (label: string, detail: string, below: string): ListRow => ({
    detail,
    action: linkButton(userPath(user, below), label),
  })
  const mayWrite = mayDo(reader, 'users:write')
  const mayReset = mayDoOrHelp(reader, 'users:reset-factors')
  const isIn = credentials.sessions.length > 0 || credentials.tokens.length > 0
  return [
    ...(mayReset && hasSecondFactor(user, credentials)
      ? [row(danger.reset, danger.resetDetail, '/reset-second-step')]
      : []),
    ...(mayWrite && isIn ? [row(signOut.title, danger.signOutDetail, '/sign-out')] : []),
    ...(mayWrite
      ? [
          ...(user.disabled ? [] : [row(danger.disable, danger.disableDetail, '/disable')]),
          {
            ...row(danger.remove, danger.removeDetail, '/delete'),
            action: dangerLink(userPath(user, '/delete'), danger.remove),
          },
        ]
      : []),
  ]
}

/** An externally inserted row counts as well: it may hold a TOTP secret that is not sealed yet. */
function hasSecondFactor({ secondFactorAt, insertedExternally }: User, { factors }: CredentialsSummary): boolean {
  const { apps, passkeys, recoveryCodes } = countsOf(factors)
  return secondFactorAt !== null || insertedExternally || apps + passkeys + recoveryCodes > 0
}

/** What a page offers first about a disabled user: the button that enables them, and what follows; undefined where the reader may not. */
export function enabling(reader: UserReader): { readonly form: Html; readonly hint: string } | undefined {
  const { say, user, formToken } = reader
  if (!user.disabled || !mayDo(reader, 'users:write')) return undefined
  const { danger } = say.user
  const canSignIn = user.hashedPassword !== null || user.passkeyAt !== null
  const form = html`<form method="post" id="${ENABLE_ID}" action="${userPath(user, '/enable')}">
    ${formToken} ${submitButton(danger.enable)}
  </form>`
  return { form, hint: canSignIn ? danger.enableDetail : danger.enableInvited }
}

async function askToDisable(reply: FastifyReply, ref: UserRef, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  const { disable: words } = reader.say.user
  const credentials = await summarizeCredentials(ctx, user)
  const { out, tokens, invitation, kept } = words.consequences
  const asked = questionAbout(reader, words)
  const consequences = [
    out,
    ...(credentials.tokens.length > 0 ? [tokens] : []),
    ...(isInvited(credentials, reader.now) ? [invitation] : []),
    kept,
  ]
  return askFirst(reply, reader, {
    below: '/disable',
    words: { ...words, ...asked },
    takesEffect: asked.takesEffect,
    consequences,
    refusal,
  })
}

async function askToSignOut(reply: FastifyReply, ref: UserRef): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  const { signOut: words } = reader.say.user
  const { sessions, tokens } = await summarizeCredentials(ctx, user)
  const consequences = [
    words.consequences.sessions(sessions.length),
    ...(tokens.length > 0 ? [words.consequences.tokens(tokens.length)] : []),
    words.consequences.again,
  ]
  return askFirst(reply, reader, { below: '/sign-out', words, consequences })
}

interface Question {
  /** The path below the user’s page; the API has the same path below the user. */
  readonly below: '/disable' | '/sign-out'
  readonly words: Pick<Texts['user']['disable' | 'signOut'], 'title' | 'question' | 'submit' | 'cancel'>
  /** When it takes effect; immediately by default. */
  readonly takesEffect?: Html | undefined
  /** The consequences for this user. */
  readonly consequences: readonly string[]
  readonly refusal?: Refusal | undefined
}

function askFirst(
  reply: FastifyReply,
  { say, config: settings, formToken, user, name, uniqueName }: UserReader,
  { below, words, takesEffect, consequences, refusal }: Question,
): FastifyReply {
  return sendPage(reply, {
    title: [words.title, name, say.users.title],
    heading: withNames(words.question, uniqueName),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: panel(
      html`${takesEffect} ${lineList(consequences)}
        <form method="post" action="${userPath(user, below)}">
          ${formToken} ${buttonRow(confirmDangerButton(words.submit), linkButton(userPath(user), words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: `/users/${user.id}${below}`,
      needsSession: isPrivileged(user),
    }),
  })
}
