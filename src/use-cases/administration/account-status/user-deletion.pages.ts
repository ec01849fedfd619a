import type { FastifyReply } from 'fastify'

import type { User } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { confirmDangerButton, linkButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerOf, EMPTY_FORM, type FormState, refusedForm, soleError } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { userQuestion } from '../access/question.pages.ts'
import { questionAbout } from '../access/second-admin.pages.ts'
import { refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { deleteUser } from './account-status.service.ts'

const config = { access: 'users:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: UserPageParameters }

/** Deletes a user after the admin has typed the username, so that no other user is deleted by mistake. */
export function userDeletionPages(app: App): void {
  app.get('/admin/users/:id/delete', { config, schema }, ({ params }, reply) =>
    askToDelete(reply, refIn(params), EMPTY_FORM),
  )

  app.post('/admin/users/:id/delete', { config, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const found = await answerOf(readUser(ctx, ref))
    // A repeated submission finds the user deleted, which is a success.
    if (found.refusal?.code === 'user.not_found') return redirectWithFlash(reply, '/admin/users?done=deleted')
    if (found.refusal) throw found.refusal
    const mismatch = mismatchIn(body, found.answer)
    if (mismatch) return askToDelete(reply, ref, mismatch)
    const { refusal } = await answerOf(deleteUser(ctx, ref))
    if (refusal && refusal.code !== 'user.not_found') {
      return askToDelete(reply, ref, refusedForm(body, ['username'], refusal))
    }
    return redirectWithFlash(reply, '/admin/users?done=deleted')
  })
}

/** Compares in NFC, without surrounding blanks, and as the page shows the name (`withoutTurns`), since the admin copies what is shown. */
function mismatchIn(body: unknown, { username }: User): FormState | undefined {
  const typed = typeof body === 'object' && body !== null && 'username' in body ? body.username : undefined
  const plain = (text: string): string => withoutTurns(text.normalize('NFC').trim())
  if (typeof typed === 'string' && plain(typed) === plain(username)) return undefined
  return refusedForm(body, ['username'], [{ pointer: '/username', code: 'field.missing' }])
}

async function askToDelete(reply: FastifyReply, ref: UserRef, state: FormState): Promise<FastifyReply> {
  const user = await readUser(reply.request.ctx, ref)
  const reader = userReader(reply, user)
  const { say, config: settings, name } = reader
  const { deletion } = say.user
  const asked = questionAbout(reader, deletion)
  return sendPage(reply, {
    title: [deletion.title, name, say.users.title],
    heading: withNames(asked.question, name),
    refusal: state.refusal,
    body: userQuestion(reader, {
      takesEffect: asked.takesEffect,
      facts: deletion.consequences,
      warning: html`${deletion.forGood}
      ${!user.disabled && html`${deletion.instead} <a href="${userPath(user, '/disable')}">${deletion.disable}</a>`}`,
      form: deletionForm(reader, state, asked.submit),
    }),
    api: apiEquivalent(say, settings, { method: 'DELETE', path: `/users/${user.id}`, needsSession: true }),
  })
}

function deletionForm({ say, formToken, user }: UserReader, state: FormState, submit: string): Html {
  const { deletion } = say.user
  return html`<form method="post" action="${userPath(user, '/delete')}">
    ${formToken}
    ${textField({
      id: 'username',
      label: withNames(deletion.typed, user.username),
      value: state.values['username'],
      error: state.fieldErrors.length > 0 ? deletion.mismatch : soleError(say, state, 'username'),
      autocomplete: 'off',
      required: true,
      autofocus: state.refusal !== undefined,
    })}
    <div class="actions">${confirmDangerButton(submit)} ${linkButton(userPath(user), deletion.cancel)}</div>
  </form>`
}
