import type { FastifyReply, FastifyRequest } from 'fastify'

import { isPrivileged } from '#domain/roles/role.ts'
import type { User } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { texts } from '#foundation/texts/texts.ts'
import { apiEquivalent, type ApiRequest } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { keepMade, readMade } from '#foundation/web/pages/draft.ts'
import { answerOf, EMPTY_FORM, type FormState, formSummary, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import { readUser } from '../access/access.service.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { UserParameters } from '../users/users.schema.ts'
import { DeliveryField } from './delivery-field.schema.ts'
import { deliveryChoice, showMailedInvitation } from './delivery.pages.ts'
import { CARD_MODULES, chosenLifetime, expiryField, invitationCard } from './invitation.pages.ts'
import { inviteUser, mailInvitation } from './invitation.service.ts'
import type { CreatedUser } from './new-user.service.ts'

const PATH = `${USERS_PATH}/:id/invitation`
/** The parameter by which the page shows the invitation that was just made instead of the form for another one. */
const MADE = 'made'
const ExpiryForm = Type.Object({ expires_in: Type.Optional(Type.String()), delivery: DeliveryField })
const KEPT = Object.keys(ExpiryForm.properties)

const config = { access: 'users:write', page: true, undocumented: true } as const

/** Makes another invitation for a user whose invitation is missing or lost. */
export function inviteAgainPages(app: App): void {
  const schema = { params: UserParameters }

  app.get(PATH, { config, schema }, async (request, reply) => {
    const isAfterForm = fieldIn(request.query, MADE) !== undefined
    const made = isAfterForm ? readMade(reply, invitationPath(request.params)) : undefined
    if (made === undefined) return showInvitationForm(request, reply, EMPTY_FORM)
    const invitation = { token: Secret.of(made['token'] ?? ''), expiresAt: Number(made['expiresAt']) }
    return showInvitation(reply, { user: await readUser(request.ctx, request.params), invitation })
  })

  app.post(PATH, { config, schema }, async (request, reply) => {
    const { ctx, body, params } = request
    const form = readForm(ExpiryForm, body)
    if ('fieldErrors' in form) return showInvitationForm(request, reply, refusedForm(body, KEPT, form.fieldErrors))
    const { lifetime, fieldErrors } = chosenLifetime(ctx.config.invitationLifetime, form.value.expires_in)
    if (fieldErrors) return showInvitationForm(request, reply, refusedForm(body, KEPT, fieldErrors))
    if (form.value.delivery === 'mail') {
      const { answer, refusal } = await answerOf(mailInvitation(ctx, params, { lifetime, locale: localeOf(reply) }))
      return refusal ? showRefused(request, reply, refusal) : showMailedInvitation(reply, answer)
    }
    const { answer, refusal } = await answerOf(inviteUser(ctx, params, { lifetime }))
    return refusal ? showRefused(request, reply, refusal) : leadToInvitation(reply, answer)
  })
}

function showRefused(request: ForUser, reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> {
  // An unknown user and a required re-authentication are answered by the error handler with pages of their own.
  if (refusal.code === 'user.not_found' || refusal.kind === 'reauthentication') throw refusal
  return showInvitationForm(request, reply, refusedForm(request.body, KEPT, refusal))
}

type ForUser = FastifyRequest<{ Params: { id: number } }>

async function showInvitationForm(request: ForUser, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const { ctx, params } = request
  const say = texts(localeOf(reply))
  const { again, title } = say.users
  const user = await readUser(ctx, params)
  const { username, email } = user
  const { invitationLifetime } = ctx.config
  return sendPage(reply, {
    title: [again.title, title],
    notice: formSummary(say, state, {
      expires_in: { id: 'expires_in', label: say.users.expiryLabel },
      delivery: 'delivery',
    }),
    refusal: state.refusal,
    body: html`<p class="lead">${withNames(again.lead, username)}</p>
      <form method="post" action="${invitationPath(user)}">
        ${formToken(request)} ${deliveryChoice({ say, config: ctx.config }, state, email)}
        ${expiryField(say, invitationLifetime, state)}
        ${buttonRow(submitButton(again.submit), linkButton(USERS_PATH, say.words.cancel))}
      </form>`,
    api: apiEquivalent(say, ctx.config, apiRequest(user, invitationLifetime)),
  })
}

/** Leads from the form to the page of the new invitation, which this session can reload for five minutes: a reload of the answer itself would send the form again. */
export function leadToInvitation(reply: FastifyReply, created: CreatedUser): FastifyReply {
  const { user, invitation } = created
  if (!invitation) return showInvitation(reply, created)
  const path = invitationPath(user)
  keepMade(reply, path, { token: invitation.token.reveal(), expiresAt: String(invitation.expiresAt) })
  return seeOther(reply, `${path}?${MADE}=yes`)
}

function invitationPath({ id }: Pick<User, 'id'>): string {
  return `${USERS_PATH}/${id}/invitation`
}

/** Shows an invitation. Pages are sent with `no-store`, so no cache keeps its link. */
export function showInvitation(reply: FastifyReply, { user, invitation }: CreatedUser): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings } = reader
  const { card, title } = say.users
  return sendPage(reply, {
    title: [card.title(withoutTurns(user.username)), title],
    heading: withNames(card.title, user.username),
    up: { href: USERS_PATH, label: title },
    modules: CARD_MODULES,
    body: html`<p class="lead">${withNames(card.forWhom, user.fullName?.trim() || user.username)}</p>
      ${invitation && invitationCard(reader, { user, invitation })}
      <p>${linkButton(`${USERS_PATH}/new`, card.another)}</p>`,
    api: apiEquivalent(say, settings, apiRequest(user, settings.invitationLifetime)),
  })
}

function apiRequest(user: User, lifetime: number): ApiRequest {
  const path = `/users/${user.id}/invitation`
  return { method: 'POST', path, body: { expires_in: lifetime / 1000 }, needsSession: isPrivileged(user) }
}
