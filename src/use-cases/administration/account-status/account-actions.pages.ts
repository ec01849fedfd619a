import type { FastifyReply } from 'fastify'

import { isPrivileged } from '#domain/roles/role.ts'
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
import { type ListRow, rowList, section } from '#foundation/web/components/section.ts'
import { banner } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { userQuestion } from '../access/question.pages.ts'
import { questionAbout } from '../access/second-admin.pages.ts'
import { mayDo, refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { isInvited, summarizeCredentials } from '../credentials/credentials-summary.service.ts'
import { disableUser, enableUser, signOutUser } from './account-status.service.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: UserPageParameters }

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
    return redirectWithFlash(reply, userPath(ref, '/sign-in?done=signed-out'))
  })
}

/** The section that disables and deletes, for a reader who may; on the reader’s own page, why there is none. */
export function accountActionsSection(reader: UserReader): Html | undefined {
  if (!mayDo(reader, 'users:write')) return undefined
  const { say, isOwn } = reader
  const { danger } = say.user
  const own = html`<p>${danger.own}</p>
    <p>${linkButton('/account/security', danger.security)}</p>`
  return section({
    id: 'danger',
    title: danger.title,
    body: isOwn ? own : rowList(dangerRows(reader), 'tight'),
    tone: 'danger',
  })
}

function dangerRows({ say, user }: UserReader): readonly ListRow[] {
  const { danger } = say.user
  const disable = { detail: danger.disableDetail, action: linkButton(userPath(user, '/disable'), danger.disable) }
  return [
    ...(user.disabled ? [] : [disable]),
    { detail: danger.removeDetail, action: dangerLink(userPath(user, '/delete'), danger.remove) },
  ]
}

/** What a page offers first about a disabled user: the button that enables them, and what follows; undefined where the reader may not. */
export function enabling(reader: UserReader): { readonly form: Html; readonly hint: string } | undefined {
  const { say, user, formToken } = reader
  if (!user.disabled || !mayDo(reader, 'users:write')) return undefined
  const { danger } = say.user
  const canSignIn = user.hashedPassword !== null || user.passkeyAt !== null
  const form = html`<form method="post" action="${userPath(user, '/enable')}">
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
  return askFirst(reply, reader, { below: '/sign-out', back: '/sign-in', words, consequences })
}

interface Question {
  /** The path below the user’s page; the API has the same path below the user. */
  readonly below: '/disable' | '/sign-out'
  /** The page of the user from which the question is asked; the overview by default. */
  readonly back?: '' | '/sign-in'
  readonly words: Pick<Texts['user']['disable' | 'signOut'], 'title' | 'question' | 'submit' | 'cancel'>
  /** When it takes effect; immediately by default. */
  readonly takesEffect?: Html | undefined
  /** The consequences for this user. */
  readonly consequences: readonly string[]
  readonly refusal?: Refusal | undefined
}

function askFirst(
  reply: FastifyReply,
  reader: UserReader,
  { below, back = '', words, takesEffect, consequences, refusal }: Question,
): FastifyReply {
  const { say, config: settings, formToken, user, name, uniqueName } = reader
  return sendPage(reply, {
    title: [words.title, name, say.users.title],
    heading: withNames(words.question, uniqueName),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: userQuestion(reader, {
      takesEffect,
      facts: consequences,
      form: html`<form method="post" action="${userPath(user, below)}">
        ${formToken} ${buttonRow(confirmDangerButton(words.submit), linkButton(userPath(user, back), words.cancel))}
      </form>`,
    }),
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: `/users/${user.id}${below}`,
      needsSession: isPrivileged(user),
    }),
  })
}
