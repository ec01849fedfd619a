import type { FastifyReply } from 'fastify'

import { findGroupByName } from '#domain/groups/group.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import { refusalSentence, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent, type ApiRequest } from '#foundation/web/components/api-equivalent.ts'
import { faceWithLine } from '#foundation/web/components/avatar.ts'
import {
  buttonRow,
  confirmDangerButton,
  linkButton,
  primaryLink,
  submitButton,
} from '#foundation/web/components/button.ts'
import type { MomentReader } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { type ListRow, rowList, panel } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { safePath } from '#foundation/web/http/redirect.ts'
import { EMPTY_FORM, type FormState, formSummary, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { groupField } from '../groups/groups-field.pages.ts'
import { offeredGroups } from '../groups/offered-groups.service.ts'
import { deliveryChoice } from '../invitations/delivery.pages.ts'
import { chosenLifetime, expiryField } from '../invitations/invitation.pages.ts'
import { backToUsers, USERS_PATH } from '../users/user-list-query.ts'
import { showReports } from './bulk-report.pages.ts'
import { BulkForm, chosenIds, fieldFor } from './bulk.schema.ts'
import {
  actOnUsers,
  type BulkAction,
  type BulkWish,
  foreseeOnUsers,
  MOST_AT_ONCE,
  type Report,
  takesAway,
} from './bulk.service.ts'
import { statusChip } from './users-table.pages.ts'

const PATH = `${USERS_PATH}/bulk`
const KEPT = ['expires_in', 'delivery', 'group']

const config = { access: 'users:write', page: true, undocumented: true } as const

/** Bulk action on the selected users: a confirmation page, then the result for each user. */
export function bulkPages(app: App): void {
  // The URL opened again by GET: the selection was in the body and is lost.
  app.get(PATH, { config }, (_request, reply) => refuse(reply, USERS_PATH, 'noUser', 200))

  app.post(PATH, { config }, async ({ ctx, body }, reply) => {
    const form = readForm(BulkForm, body)
    if ('fieldErrors' in form) return refuse(reply, USERS_PATH, 'noUser')
    const { action, confirmed, from, expires_in: expiresIn, delivery, group: name = '' } = form.value
    const back = backToUsers(safePath(from))
    const ids = chosenIds(body)
    if (ids.length > MOST_AT_ONCE) return refuse(reply, back, 'tooMany')
    const asked = { action, ids, back }
    const typed = action === 'invite' ? expiresIn : undefined
    const { lifetime, fieldErrors } = chosenLifetime(ctx.config.invitationLifetime, typed)
    if (fieldErrors) return showConfirmation(reply, asked, refusedForm(body, KEPT, fieldErrors))
    if (confirmed === undefined) return showConfirmation(reply, asked, EMPTY_FORM)
    const group = action === 'add-to-group' ? await findGroupByName(ctx, name) : undefined
    if (action === 'add-to-group' && group === undefined)
      return showConfirmation(reply, asked, refusedForm(body, KEPT, [unknownGroup(name)]))
    const wish = { action, ids, lifetime, delivery, locale: localeOf(reply), group: group?.id }
    return showReports(reply, { action, back, reports: await actOnUsers(ctx, wish) })
  })
}

function unknownGroup(name: string) {
  return { pointer: '/group', code: name.trim() === '' ? 'field.missing' : 'group.unknown' }
}

/** The page for an empty or too large selection, with what to do instead. */
function refuse(reply: FastifyReply, back: string, why: 'noUser' | 'tooMany', status: 200 | 422 = 422): FastifyReply {
  const { bulk, title } = texts(localeOf(reply)).users
  return sendPage(reply, {
    status,
    title: [bulk[why], title],
    up: { href: back, label: title },
    failed: status === 422,
    body: panel(
      html`<p>${why === 'noUser' ? bulk.noUserText : bulk.tooManyText(MOST_AT_ONCE)}</p>
        ${buttonRow(primaryLink(back, bulk.choose))}`,
    ),
  })
}

type Asked = Omit<BulkWish, 'lifetime' | 'delivery'> & { readonly back: string }

async function showConfirmation(
  reply: FastifyReply,
  { action, ids, back }: Asked,
  state: FormState,
): Promise<FastifyReply> {
  const { request } = reply
  const { ctx } = request
  const say = texts(localeOf(reply))
  const reports = await foreseeOnUsers(ctx, { action, ids })
  const changing = reports.filter(({ outcome }) => outcome === 'done')
  const [first = reports[0]] = changing
  if (first === undefined) return refuse(reply, back, 'noUser')
  const { bulk, title } = say.users
  const hasEffect = changing.length > 0
  const submit = takesAway(action) ? confirmDangerButton : submitButton
  const form = html`<form method="post" action="${PATH}">
    ${formToken(request)}
    <input type="hidden" name="action" value="${action}" />
    <input type="hidden" name="from" value="${back}" />
    <input type="hidden" name="confirmed" value="yes" />
    ${reports.map(({ user: { id } }) => html`<input type="hidden" name="${fieldFor(id)}" value="yes" />`)}
    ${action === 'add-to-group' && groupField(say, state, { id: 'group', ...say.groups.bulk, offered: await offeredGroups(ctx) })}
    ${action === 'invite' && deliveryChoice({ say, config: ctx.config }, state)}
    ${action === 'invite' && expiryField(say, ctx.config.invitationLifetime, state)}
    ${buttonRow(submit(bulk.do[action](changing.length)), linkButton(back, say.words.cancel))}
  </form>`
  return sendPage(reply, {
    title: [bulk.ask[action](changing.length), title],
    ...(!hasEffect && { up: { href: back, label: title } }),
    notice: formSummary(say, state, {
      expires_in: { id: 'expires_in', label: say.users.expiryLabel },
      group: { id: 'group', label: say.groups.bulk.label },
    }),
    refusal: state.refusal,
    body: panel(
      html`${hasEffect && html`<p>${bulk.about[action]}</p>`}
      ${rowList(reports.map((report) => userRow({ say, now: ctx.now }, action, report)))} ${hasEffect && form}`,
    ),
    api: apiEquivalent(say, ctx.config, requestFor(action, first.user)),
  })
}

/** The same for one of the users; a name in capitals stands for the id of a group. */
function requestFor(action: BulkAction, user: User): ApiRequest {
  if (action === 'add-to-group') return { method: 'PUT', path: `/groups/GROUP/members/${user.id}` }
  const path = `/users/${user.id}/${action === 'invite' ? 'invitation' : action}`
  return { method: 'POST', path, needsSession: isPrivileged(user) }
}

/** The user as the list shows them, or why the action will change nothing about them. */
function userRow(reader: Pick<MomentReader, 'say' | 'now'>, action: BulkAction, report: Report): ListRow {
  const { say } = reader
  const { bulk } = say.users
  const { user, outcome } = report
  const { username, fullName, email } = user
  // Each text is isolated, so that a name written from right to left does not reorder the email (Unicode bidi).
  const about = [fullName, email].flatMap((text) => (text ? [name(text)] : []))
  const them = html`<span class="about-them">${about.map((one) => html`<span>${one}</span>`)}</span>`
  if (outcome === 'refused') {
    const why = html`<div>${refusalSentence(say, report.refusal)}</div>`
    return { name: faceWithLine(user, name(username), html`${them} ${why}`), action: chip('warn', bulk.willSkip) }
  }
  const status = outcome === 'done' ? statusChip(reader, user) : chip('plain', bulk.unchanged[action])
  return { name: faceWithLine(user, name(username), them), action: status }
}
