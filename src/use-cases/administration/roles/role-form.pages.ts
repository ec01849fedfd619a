// The forms that make and change a role.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readRole } from '#domain/roles/role.service.ts'
import type { Role } from '#domain/roles/role.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { type Permission, PERMISSIONS } from '#foundation/kernel/principal.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, submitButton } from '#foundation/web/components/button.ts'
import { NEEDED_BOXES_MODULE } from '#foundation/web/components/choice.ts'
import { textField } from '#foundation/web/components/field.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type FormPart, partedForm } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  type SummaryField,
  typedField,
  typedText,
  seenField,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { permissionParts, tickedPermissions } from '../access/permissions.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { NEW_ROLE_PATH, rolePath, ROLES_PATH } from './roles.pages.ts'
import { RoleReference, roleTag } from './roles.schema.ts'
import { changeRole, createRole } from './roles.service.ts'

const config = { access: 'roles:write', authentication: 'recent', page: true, undocumented: true } as const
const navigation: NavigationEntry = { area: 'palette', order: 60, label: (say) => say.roles.form.newTitle }
const schema = { params: RoleReference }
const KEPT = ['name', 'description', 'seen'] as const

function linksOf({ roles }: Texts): Record<string, SummaryField> {
  return {
    name: { id: 'name', label: roles.form.name },
    description: { id: 'description', label: roles.description },
  }
}

/** What the boxes show: the permissions of the role, or what was ticked. */
interface RoleForm {
  readonly state: FormState
  readonly ticked: readonly Permission[]
}

/** Makes roles, and changes their description and permissions. */
export function roleFormPages(app: App): void {
  app.get(NEW_ROLE_PATH, { config: { ...config, navigation } }, (_request, reply) =>
    showNewRole(reply, { state: EMPTY_FORM, ticked: [] }),
  )

  app.post(NEW_ROLE_PATH, { config }, async ({ ctx, body }, reply) => {
    const [name, description] = [typedText(body, 'name').trim(), typedText(body, 'description').trim()]
    const ticked = tickedPermissions(body, adminReader(reply).permissions)
    const { answer, refusal } = await answerOf(createRole(ctx, { name, description, permissions: ticked }))
    if (refusal) return showNewRole(reply, { state: refusedForm(body, KEPT, refusal), ticked })
    return redirectWithFlash(reply, rolePath(answer.name, '?done=created'))
  })

  app.get(`${ROLES_PATH}/:name/change`, { config, schema }, async ({ ctx, params }, reply) => {
    const role = await readRole(ctx, params.name)
    const values = { description: role.description }
    return showChange(reply, role, { state: { ...EMPTY_FORM, values }, ticked: role.permissions })
  })

  app.post(`${ROLES_PATH}/:name/change`, { config, schema }, (request, reply) => changeByForm(request, reply))
}

async function changeByForm(
  { ctx, params, body }: FastifyRequest<{ Params: { name: string } }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { name } = params
  const permissions = tickedPermissions(body, adminReader(reply).permissions)
  const changes = { description: typedText(body, 'description').trim(), permissions }
  const seen = typedText(body, 'seen')
  const { refusal } = await answerOf(changeRole(ctx, name, changes, matchesForm(seen || undefined, roleTag)))
  if (refusal === undefined) return redirectWithFlash(reply, rolePath(name, '?done=saved'))
  const state = refusedForm(body, KEPT, refusal)
  return showChange(reply, await readRole(ctx, name), { state, ticked: changes.permissions })
}

function showNewRole(reply: FastifyReply, { state, ticked }: RoleForm): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { form, title } = say.roles
  return sendPage(reply, {
    title: [form.newTitle, title],
    notice: formSummary(say, state, linksOf(say)),
    refusal: state.refusal,
    modules: [NEEDED_BOXES_MODULE],
    body: html`<p class="lead">${form.newLead}</p>
      <form method="post" action="${NEW_ROLE_PATH}" autocomplete="off">
        ${formToken}
        ${partedForm(
          roleParts(reader, { state, ticked }, nameField(reader, state)),
          buttonRow(submitButton(form.create), linkButton(ROLES_PATH, say.words.cancel)),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'POST',
      path: '/roles',
      body: { name: 'help-desk', permissions: ['users:read', 'users:help'] },
      needsSession: true,
    }),
  })
}

function showChange(reply: FastifyReply, role: Role, { state, ticked }: RoleForm): FastifyReply {
  const reader = adminReader(reply)
  const { say, config: settings, formToken } = reader
  const { form, title } = say.roles
  const { name } = role
  return sendPage(reply, {
    title: [form.changeTitle(name), title],
    heading: withNames(form.changeTitle, name),
    notice: formSummary(say, state, linksOf(say)),
    refusal: state.refusal,
    modules: [NEEDED_BOXES_MODULE],
    body: html`<p class="lead">${form.changeLead}</p>
      <form method="post" action="${rolePath(name, '/change')}" autocomplete="off">
        ${formToken} ${seenField(state, roleTag(role))}
        ${partedForm(
          roleParts(reader, { state, ticked }),
          buttonRow(submitButton(say.words.save), linkButton(rolePath(name), say.words.cancel)),
        )}
      </form>`,
    api: apiEquivalent(say, settings, {
      method: 'PATCH',
      path: `/roles/${name}`,
      body: { permissions: [...role.permissions] },
      needsSession: true,
    }),
  })
}

function nameField({ say }: AdminReader, state: FormState): Html {
  const { form } = say.roles
  return textField({
    ...typedField(say, state, 'name'),
    label: form.name,
    hint: form.nameHint,
    autocomplete: 'off',
    required: true,
    autofocus: state.refusal === undefined,
  })
}

function roleParts({ say, permissions }: AdminReader, { state, ticked }: RoleForm, name?: Html): readonly FormPart[] {
  const description = textField({
    ...typedField(say, state, 'description'),
    label: say.roles.form.description,
    autocomplete: 'off',
  })
  const { form } = say.roles
  const areSome = permissions.length < PERMISSIONS.length
  return [
    { id: 'about', title: say.user.details.title, fields: html`${name} ${description}` },
    ...permissionParts(say, permissions, ticked).map((part, at) =>
      at === 0 && areSome ? { ...part, hint: form.permissionsHint } : part,
    ),
  ]
}
