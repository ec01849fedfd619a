// The page on which an admin sets the last day of an account, and what the user's page says about it.
import type { FastifyReply } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import { isPrivileged } from '#domain/roles/role.ts'
import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { isExpired } from '#domain/users/account-expiry.ts'
import type { User } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, type FormState, formSummary, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { mayDo, refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { changeUser } from '../users/change-user.service.ts'
import { endOfLastDay, LastDay, lastDayField, lastDayOf } from '../users/expiry-field.pages.ts'

const PATH = '/admin/users/:id/expiry'
const ExpiryForm = Type.Object({ expires_on: LastDay })

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: UserPageParameters }

/** Sets or removes the last day of an account. */
export function accountExpiryPages(app: App): void {
  app.get(PATH, { config, schema }, ({ params }, reply) => showExpiryForm(reply, refIn(params)))

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { body } = request
    const ref = refIn(request.params)
    const form = readForm(ExpiryForm, body)
    if ('fieldErrors' in form) return showExpiryForm(reply, ref, refusedForm(body, ['expires_on'], form.fieldErrors))
    const ctx = signedIn(request.ctx)
    const expiresAt = await chosenEnd(ctx, ref, form.value.expires_on, ctx.principal.user.timeZone)
    const { refusal } = await answerOf(changeUser(ctx, ref, { expiresAt }))
    // A required re-authentication is answered by the error handler with a page of its own.
    if (refusal?.kind === 'reauthentication') throw refusal
    if (refusal) return showExpiryForm(reply, ref, refusedForm(body, ['expires_on'], refusal))
    return redirectWithFlash(reply, userPath(ref, '?done=saved'))
  })
}

/** Returns the end of the chosen day; undefined if the form showed this day, so that an end within a day stays as it is. */
async function chosenEnd(
  ctx: With<'db'>,
  ref: UserRef,
  day: string | undefined,
  timeZone: string | null,
): Promise<Instant | null | undefined> {
  const { expiresAt } = await readUser(ctx, ref)
  return lastDayOf(expiresAt, timeZone) === (day ?? '') ? undefined : endOfLastDay(day, timeZone)
}

async function showExpiryForm(reply: FastifyReply, ref: UserRef, state?: FormState): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  const { say, config: settings, isOwn, uniqueName } = reader
  const { expiry } = say.joining
  const stored = { expires_on: lastDayOf(user.expiresAt, reader.timeZone ?? null) }
  const shown: FormState = state ?? { values: stored, fieldErrors: [] }
  return sendPage(reply, {
    title: [expiry.title, reader.name, say.users.title],
    heading: expiry.title,
    ...(isOwn && { up: { href: userPath(user), label: reader.name } }),
    notice: formSummary(say, shown, { expires_on: 'expires_on', expires_at: 'expires_on' }),
    refusal: shown.refusal,
    body: html`<p class="lead">${withNames(expiry.lead, uniqueName)}</p>
      <p>${isMailOn(settings) ? expiry.notices : expiry.noNotices} ${user.role === 'admin' && expiry.admin}</p>
      ${isOwn ? html`<p>${expiry.own}</p>` : expiryForm(reader, shown)}`,
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/users/${user.id}`,
      body: { expires_at: '2027-07-01T00:00:00Z' },
      needsSession: isPrivileged(user),
    }),
  })
}

function expiryForm(reader: UserReader, state: FormState): Html {
  const { say, formToken, user } = reader
  return html`<form method="post" action="${userPath(user, '/expiry')}">
    ${formToken} ${lastDayField(reader, state)}
    ${buttonRow(submitButton(say.joining.expiry.save), linkButton(userPath(user), say.words.cancel))}
  </form>`
}

/** What the page of a user says about the end of the account. */
export async function expiryFact(ctx: With<'db' | 'now'>, reader: UserReader): Promise<readonly [string, Html]> {
  const { say, user, isOwn } = reader
  const { expiry } = say.joining
  const change =
    isOwn || !mayDo(reader, 'users:write') ? '' : html` <a href="${userPath(user, '/expiry')}">${expiry.change}</a>`
  return [expiry.fact, html`${await endInWords(ctx, reader, user)}${change}`]
}

async function endInWords(ctx: With<'db' | 'now'>, reader: UserReader, user: User): Promise<Html | string> {
  const { expiry } = reader.say.joining
  if (user.expiresAt === null) return expiry.never
  if (!isExpired(user, ctx.now)) return moment(reader, user.expiresAt)
  return (await isShutOut(ctx, user)) ? html`${expiry.expired} ${moment(reader, user.expiresAt)}` : expiry.kept
}
