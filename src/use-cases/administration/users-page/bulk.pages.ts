import type { FastifyReply, FastifyRequest } from 'fastify'

import { signedIn } from '../../../foundation/web/http/access.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { buttonRow, linkButton, submitButton, confirmDangerButton } from '../../../foundation/web/components/button.ts'
import { name } from '../../../foundation/web/components/person-name.ts'
import { rowList } from '../../../foundation/web/components/section.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { EMPTY_FORM, errorOf, formSummary, readForm, refusedForm } from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { formToken } from '../../../foundation/web/http/form-token.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import { localeOf, sendPage } from '../../../foundation/web/pages/page.ts'
import { texts } from '../../../foundation/texts/texts.ts'
import type { Texts } from '../../../foundation/texts/texts.ts'
import type { User } from '../../../domain/users/user.ts'
import { showReports } from './bulk-report.pages.ts'
import { BulkForm, chosenIds, fieldFor, listBehind } from './bulk.schema.ts'
import type { BulkTyped } from './bulk.schema.ts'
import { actOnUsers, selectedUsers } from './bulk.service.ts'
import { MOST_AT_ONCE, takesAway } from '../users/bulk.ts'
import type { BulkAction } from '../users/bulk.ts'
import { chosenLifetime, expiryField } from '../invitations/invitation-expiry.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { statusChip } from './users-table.pages.ts'

const PATH = `${USERS_PATH}/bulk`
const KEPT = ['expires_in']

const config = { access: 'users:write', page: true, undocumented: true } as const

/** Bulk action on the selected users: a confirmation page, then the result for each user. */
export function bulkPages(app: App): void {
  // The URL opened again by GET: the selection was in the body and is lost.
  app.get(PATH, { config }, (_request, reply) => refuse(reply, USERS_PATH, 'nobody', 200))

  app.post(PATH, { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const form = readForm(BulkForm, request.body)
    if ('faults' in form) return refuse(reply, USERS_PATH, 'nobody')
    const { action, confirmed } = form.value
    const typed = action === 'invite' ? form.value.expires_in : undefined
    const back = listBehind(form.value)
    const ids = chosenIds(request.body)
    if (ids.length > MOST_AT_ONCE) return refuse(reply, back, 'tooMany')
    const wish = { ...form.value, ids }
    const { lifetime, faults } = chosenLifetime(ctx.config.invitationLifetime, typed)
    if (faults) return showConfirmation(request, reply, { wish, state: refusedForm(request.body, KEPT, faults) })
    if (confirmed === undefined) return showConfirmation(request, reply, { wish, state: EMPTY_FORM })
    return showReports(reply, { action, back, reports: await actOnUsers(ctx, { action, ids, lifetime }) })
  })
}

/** The page for an empty or too large selection, with what to do instead. */
function refuse(reply: FastifyReply, back: string, why: 'nobody' | 'tooMany', status: 200 | 422 = 422): FastifyReply {
  const { bulk, title } = texts(localeOf(reply)).users
  return sendPage(reply, {
    status,
    title: [bulk[why], title],
    frame: 'admin',
    failed: status === 422,
    body: html`<p>${why === 'nobody' ? bulk.nobodyText : bulk.tooManyText(MOST_AT_ONCE)}</p>
      <p>${linkButton(back, bulk.back)}</p>`,
  })
}

interface Asked {
  readonly wish: BulkTyped & { readonly ids: readonly number[] }
  readonly state: FormState
}

async function showConfirmation(
  request: FastifyRequest,
  reply: FastifyReply,
  { wish, state }: Asked,
): Promise<FastifyReply> {
  const { ctx } = request
  const { action } = wish
  const say = texts(localeOf(reply))
  const back = listBehind(wish)
  const users = await selectedUsers(ctx, wish.ids)
  const [first] = users
  if (first === undefined) return refuse(reply, back, 'nobody')
  const { bulk, title } = say.users
  const expiry = { value: state.values['expires_in'], error: errorOf(say, state, 'expires_in') }
  return sendPage(reply, {
    title: [bulk.ask[action](users.length), title],
    frame: 'admin',
    notice: formSummary(say, state, { expires_in: 'expires_in' }),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<p>${bulk.about[action]}</p>
      ${rowList(users.map((user) => userRow(say, user)))}
      <form method="post" action="${PATH}">
        ${formToken(request)}
        <input type="hidden" name="action" value="${action}" />
        <input type="hidden" name="from" value="${back}" />
        <input type="hidden" name="confirmed" value="yes" />
        ${users.map(({ id }) => html`<input type="hidden" name="${fieldFor(id)}" value="yes" />`)}
        ${action === 'invite' && expiryField(say, ctx.config.invitationLifetime, expiry)}
        ${buttonRow(submitFor(say, action), linkButton(back, say.words.cancel))}
      </form>
      ${apiEquivalent(say, ctx.config, { method: 'POST', path: apiPath(action, first.id) })}`,
  })
}

function userRow(say: Texts, user: User): { readonly name: Html; readonly detail: Html; readonly action: Html } {
  const { username, fullName, email } = user
  // Each text is isolated, so that a name written from right to left does not reorder the email (Unicode bidi).
  const about = [fullName, email].flatMap((text) => (text ? [name(text)] : []))
  return {
    name: name(username),
    detail: html`<span class="about-them">${about.map((one) => html`<span>${one}</span>`)}</span>`,
    action: statusChip({ say }, user),
  }
}

function submitFor({ users: { bulk } }: Texts, action: BulkAction): Html {
  return (takesAway(action) ? confirmDangerButton : submitButton)(bulk.do[action])
}

function apiPath(action: BulkAction, id: number): string {
  return `/users/${id}/${action === 'invite' ? 'invitation' : action}`
}
