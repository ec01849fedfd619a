import type { FastifyReply, FastifyRequest } from 'fastify'

import type { ValuedAttribute } from '#domain/attributes/attribute-value.ts'
import { valuedAttributes } from '#domain/attributes/attribute-values.service.ts'
import { RoleName } from '#domain/roles/role.schema.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { OPTION_HINT_MODULE, PICK_MODULE } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { partedForm } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { fieldIn, withNext } from '#foundation/web/http/redirect.ts'
import { Type } from '#foundation/web/http/type.ts'
import { draftedForm, keepDraft, keepsFields } from '#foundation/web/pages/draft.ts'
import {
  answerOf,
  errorOf,
  type FormState,
  formSummary,
  readForm,
  refusedForm,
  type SummaryField,
  typedField,
  withLabels,
} from '#foundation/web/pages/form.ts'
import { localeOf, seeOther, sendPage } from '#foundation/web/pages/page.ts'
import {
  attributeFields,
  attributeLinks,
  attributeNames,
  typedAttributes,
} from '#use-cases/page-sections/attribute-fields.pages.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { chosenGroups, joinedGroupsField, namesOfGroupsField, withChosenGroups } from '../groups/groups-field.pages.ts'
import { offeredGroups } from '../groups/offered-groups.service.ts'
import { endOfLastDay, LastDay, lastDayField } from '../users/expiry-field.pages.ts'
import { grantableRoles, roleField } from '../users/role-field.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { INVITE_MANY_PATH } from './bulk-invitations.pages.ts'
import { DeliveryField } from './delivery-field.schema.ts'
import { deliveryChoice, showMailedInvitation } from './delivery.pages.ts'
import { chosenLifetime, expiryField } from './invitation.pages.ts'
import { leadToInvitation } from './invite-again.pages.ts'
import { languageField } from './language-field.pages.ts'
import { createUser } from './new-user.service.ts'

const PATH = `${USERS_PATH}/new`
/** The same form with the role of an admin chosen. */
export const NEW_ADMIN_PATH = `${PATH}?role=admin`

const NewUserForm = Type.Object({
  username: Type.Optional(Type.String()),
  full_name: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  role: Type.Optional(RoleName),
  expires_in: Type.Optional(Type.String()),
  delivery: DeliveryField,
  expires_on: LastDay,
  locale: Type.Optional(Type.String()),
  groups: Type.Optional(Type.String()),
})

const FIELDS = Object.keys(NewUserForm.properties)

const config = { access: 'users:write', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 10, label: (say) => say.users.new }

/** Creates a user; the answer to the form shows the invitation. */
export function newUserPages(app: App): void {
  // After re-authentication the form is filled with the values typed before it.
  app.get(PATH, { config: { ...config, navigation } }, (request, reply) => {
    const asked = fieldIn(request.query, 'role')
    const role = typeof asked === 'string' && asked !== '' ? asked : 'user'
    return showForm(request, reply, draftedForm(reply, PATH, { role }))
  })

  app.post(PATH, { config }, async (request, reply) => {
    const { ctx } = request
    const body = withChosenGroups(request.body, 'groups')
    const shown = await valuedAttributes(ctx, null, 'admin')
    const kept = [...FIELDS, ...attributeNames(shown)]
    const form = readForm(NewUserForm, body)
    if ('fieldErrors' in form) return showForm(request, reply, refusedForm(body, kept, form.fieldErrors))
    const { full_name: fullName, expires_in: typed, expires_on: lastDay, username = '', locale, ...rest } = form.value
    const { lifetime, fieldErrors } = chosenLifetime(ctx.config.invitationLifetime, typed)
    if (fieldErrors) return showForm(request, reply, refusedForm(body, kept, fieldErrors))
    const expiresAt = endOfLastDay(lastDay, signedIn(ctx).principal.user.timeZone)
    const wanted = {
      ...rest,
      username,
      fullName,
      locale: locale || null,
      groups: chosenGroups(body, 'groups'),
      lifetime,
      expiresAt,
      attributes: typedAttributes(shown, body, 'admin'),
    }
    const { answer, refusal } = await answerOf(createUser(ctx, wanted))
    if (answer?.mailed) return showMailedInvitation(reply, { user: answer.user, mailed: answer.mailed })
    if (refusal === undefined) return leadToInvitation(reply, answer)
    const state = refusedForm(body, kept, refusal)
    if (refusal.code !== 'access.reauthentication_required') return showForm(request, reply, state)
    keepDraft(reply, PATH, state.values)
    return seeOther(reply, withNext('/confirm', { next: PATH }))
  })
}

async function showForm(request: FastifyRequest, reply: FastifyReply, state: FormState): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const { config: settings } = request.ctx
  const reader = adminReader(reply)
  const shown: ValuedAttribute[] = await valuedAttributes(request.ctx, null, 'admin')
  const roles = await grantableRoles(request.ctx, reader)
  const { newUser, title } = say.users
  const groups = reader.permissions.includes('groups:write') ? await offeredGroups(request.ctx) : []
  const { username = 'grace', role = 'user' } = state.values
  return sendPage(reply, {
    title: [newUser.title, title],
    notice: formSummary(say, state, { ...summaryFields(say), ...attributeLinks(shown) }),
    refusal: state.refusal,
    modules: [OPTION_HINT_MODULE, PICK_MODULE],
    beside: linkButton(INVITE_MANY_PATH, say.joining.many.link),
    body: html`<p class="lead">${newUser.lead}</p>
      <form method="post" action="${PATH}" autocomplete="off">
        ${formToken(request)}
        ${keepsFields(reply, PATH, [...FIELDS, ...attributeNames(shown), ...namesOfGroupsField('groups', groups)])}
        ${partedForm(
          [
            {
              id: 'about',
              title: say.user.details.title,
              fields: html`${fieldsOf(say, state)} ${attributeFields(say, state, shown, { audience: 'admin' })}
              ${languageField(say, state, localeOf(reply))}`,
            },
            {
              id: 'access',
              title: newUser.access,
              fields: html`${roles.length > 1 && roleField(say, roles, { id: 'role', value: state.values['role'] ?? 'user', error: errorOf(say, state, 'role'), adminHint: newUser.adminHint })}
              ${joinedGroupsField(say, state, groups)} ${lastDayField(reader, state)}`,
            },
            {
              id: 'invitation',
              title: say.user.invitation.title,
              fields: html`${deliveryChoice({ ...reader, isTitled: true }, state)}
              ${expiryField(say, settings.invitationLifetime, state)}`,
            },
          ],
          buttonRow(submitButton(newUser.submit), linkButton(USERS_PATH, say.words.cancel)),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/users',
      body: { username, role, invitation_expires_in: settings.invitationLifetime / 1000 },
      needsSession: roles.some(({ name, permissions }) => name === role && permissions.length > 0),
    }),
  })
}

/** The fields by the names in their errors, with what the summary calls them. */
function summaryFields(say: Texts): Readonly<Record<string, SummaryField>> {
  const { newUser, expiryLabel } = say.users
  const { facts, role } = say.user.details
  const { delivery, expiry, language } = say.joining
  const lastDay = { id: 'expires_on', label: expiry.fact }
  return {
    ...withLabels({
      username: newUser.username,
      full_name: facts.fullName,
      email: facts.email,
      role,
      locale: language.label,
      groups: say.groups.title,
      delivery: delivery.label,
      expires_in: expiryLabel,
    }),
    expires_on: lastDay,
    expires_at: lastDay,
  }
}

function fieldsOf(say: Texts, state: FormState): Html {
  const { newUser } = say.users
  const field = (id: string) => ({
    ...typedField(say, state, id),
    autocomplete: 'off',
    enterkeyhint: 'next' as const,
  })
  return html`${textField({
    ...field('username'),
    label: newUser.username,
    hint: newUser.usernameHint,
    required: true,
    autofocus: state.refusal === undefined,
  })}
  ${textField({ ...field('full_name'), label: say.fields.fullName })}
  ${textField({ ...field('email'), label: say.fields.email, type: 'email' })}`
}
