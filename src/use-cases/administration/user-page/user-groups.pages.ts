// The section with the groups of a user, and its forms.
import type { FastifyReply } from 'fastify'

import { GroupParameters } from '../../../domain/groups/group.schema.ts'
import { findGroupByName, listGroups } from '../../../domain/groups/group.service.ts'
import type { GroupPage } from '../../../domain/groups/group.service.ts'
import type { ListedGroup } from '../../../domain/groups/group.ts'
import type { With } from '../../../foundation/context.ts'
import { permissionsOf } from '../../../foundation/kernel/principal.ts'
import { apiEquivalent } from '../../../foundation/web/components/api-equivalent.ts'
import { quietButton, secondaryButton } from '../../../foundation/web/components/button.ts'
import { textField } from '../../../foundation/web/components/field.ts'
import { name as isolated, withNames } from '../../../foundation/web/components/person-name.ts'
import { rowList, section } from '../../../foundation/web/components/section.ts'
import { html } from '../../../foundation/web/html.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { App } from '../../../foundation/web/http/app.ts'
import { Type } from '../../../foundation/web/http/type.ts'
import { errorOf, refusedForm, typedText } from '../../../foundation/web/pages/form.ts'
import type { FormState } from '../../../foundation/web/pages/form.ts'
import { redirectWithFlash } from '../../../foundation/web/pages/page.ts'
import type { UserRef } from '../access/access.service.ts'
import { refIn, UserPageParameters, userPath } from '../access/user-reader.pages.ts'
import type { UserReader } from '../access/user-reader.pages.ts'
import { groupPath } from '../groups/group-path.ts'
import { addGroupMember, removeGroupMember } from '../groups/groups.service.ts'
import type { User } from '../../../domain/users/user.ts'

/** How many groups the section shows. */
const SHOWN = 20

const config = { access: 'groups:write', page: true, undocumented: true } as const

/** The forms of the section; `show` shows the page of the user again. */
export function userGroupsPages(
  app: App,
  show: (reply: FastifyReply, ref: UserRef, state: FormState) => Promise<FastifyReply>,
): void {
  const schema = { params: UserPageParameters }
  app.post('/admin/users/:id/groups', { config, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const group = await findGroupByName(ctx, typedText(body, 'group'))
    if (group === undefined) return show(reply, ref, refusedForm(body, ['group'], [unknown(body)]))
    await addGroupMember(ctx, group.id, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=group-added'))
  })

  const ofGroup = { params: Type.Object({ ...UserPageParameters.properties, group: GroupParameters.properties.id }) }
  app.post('/admin/users/:id/groups/:group/remove', { config, schema: ofGroup }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await removeGroupMember(ctx, params.group, ref)
    return redirectWithFlash(reply, userPath(ref, '?done=group-removed'))
  })
}

function unknown(body: unknown) {
  return { pointer: '/group', code: typedText(body, 'group').trim() === '' ? 'field.missing' : 'group.unknown' }
}

/** Returns the first groups of a user. */
export function groupsOfUser(ctx: With<'db'>, { subject }: User): Promise<GroupPage> {
  return listGroups(ctx, { member: subject, limit: SHOWN })
}

/** The section of the user's page. */
export function userGroupsSection(reader: UserReader, { items, next }: GroupPage, state: FormState): Html {
  const { say, config: settings, principal, user } = reader
  const { ofUser } = say.groups
  const mayWrite = permissionsOf(principal).includes('groups:write')
  const rows = items.map((group) => ({
    name: html`<a href="${groupPath(group)}">${isolated(group.name)}</a>`,
    ...(mayWrite && { action: removal(reader, group) }),
  }))
  return section({
    id: 'groups',
    title: ofUser.title,
    body: html`${rows.length === 0 ? html`<p>${ofUser.none}</p>` : rowList(rows, 'tight')}
    ${next !== null && html`<p class="small">${ofUser.more}</p>`} ${mayWrite && addition(reader, state)}`,
    api: apiEquivalent(say, settings, { method: 'GET', path: `/users/${user.id}/groups` }),
  })
}

function addition({ say, formToken, user }: UserReader, state: FormState): Html {
  const { ofUser } = say.groups
  return html`<form method="post" action="${userPath(user, '/groups')}">
    ${formToken}
    ${textField({
      id: 'group',
      label: ofUser.label,
      value: state.values['group'],
      error: errorOf(say, state, 'group'),
      autocomplete: 'off',
      required: true,
    })}
    ${secondaryButton(ofUser.add)}
  </form>`
}

function removal({ say, formToken, user }: UserReader, { id, name }: ListedGroup): Html {
  const { ofUser } = say.groups
  const label = html`<span aria-hidden="true">${ofUser.remove}</span
    ><span class="unseen">${withNames(ofUser.removeFrom, name)}</span>`
  return html`<form method="post" action="${userPath(user, `/groups/${encodeURIComponent(id)}/remove`)}">
    ${formToken} ${quietButton(label)}
  </form>`
}
