// The page of one group: its details, members and managers.
import type { FastifyReply } from 'fastify'

import { GroupParameters, GroupPosition } from '#domain/groups/group.schema.ts'
import { countMembers, readGroup } from '#domain/groups/group.service.ts'
import type { Group, Member } from '#domain/groups/group.ts'
import { listManagers, listMembers, type MemberPage } from '#domain/groups/membership.service.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { dangerLink, linkButton, quietButton, secondaryButton } from '#foundation/web/components/button.ts'
import { textField } from '#foundation/web/components/field.ts'
import { moment } from '#foundation/web/components/moments.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { cardGrid, factList, rowList, section, lineList } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { EMPTY_FORM, errorOf, type FormState, formSummary, queryText } from '#foundation/web/pages/form.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { addMembersForm, groupFlash, MEMBERS_A_PAGE, membersTable } from '#use-cases/page-sections/members.pages.ts'
import { userFace, userFaceWithLine } from '../access/face.pages.ts'
import { type AdminReader, adminReader, userPath } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { groupPath, GROUPS_PATH } from './group-path.ts'

const schema = { params: GroupParameters }

export function groupPages(app: App): void {
  const config = { access: 'users:read', page: true, undocumented: true } as const
  app.get(`${GROUPS_PATH}/:id`, { config: { ...config, compressible: true }, schema }, ({ params }, reply) =>
    showGroup(reply, params.id, EMPTY_FORM),
  )
}

/** Shows the page, with a form that was refused. */
export async function showGroup(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const { ctx, query } = reply.request
  const group = await readGroup(ctx, id)
  const reader = adminReader(reply)
  const { say } = reader
  const [q, cursor] = [queryText(query, 'q'), queryText(query, 'cursor')]
  const after = cursor === undefined ? undefined : decodeCursor(GroupPosition, cursor)
  const page = await listMembers(ctx, group.id, { q, after, limit: MEMBERS_A_PAGE })
  const mayWrite = permissionsOf(reader.principal).includes('groups:write')
  const policies = await policiesNaming(ctx, 'group', group.id)
  const view = { group, mayWrite, policies }
  const managers = await listManagers(ctx, group.id)
  const members = { page, q, isFirstPage: after === undefined, count: await countMembers(ctx, group.id) }
  return sendPage(reply, {
    title: [group.name, say.groups.title],
    heading: isolated(group.name),
    up: { href: GROUPS_PATH, label: say.groups.title },
    notice: formSummary(say, state, {
      users: { id: 'users', label: say.groups.members.addLabel },
      manager: { id: 'manager', label: say.groups.managers.label },
    }),
    refusal: state.refusal,
    done: groupFlash(say, reply, group.name),
    ...(mayWrite && { beside: linkButton(groupPath(group, '/edit'), say.groups.one.edit) }),
    body: html`${group.description !== '' && html`<p class="lead" dir="auto">${withoutTurns(group.description)}</p>`}
    ${membersSection(reader, view, { ...members, state })}
    ${cardGrid([
      managersSection(reader, { group, mayWrite, managers, members: page.items, state }),
      detailsSection(reader, view),
    ])}
    ${mayWrite && deletionSection(reader, group)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/groups/${group.id}` }),
  })
}

interface GroupViewed {
  readonly group: Group
  readonly mayWrite: boolean
  /** The names of the policies that name the group. */
  readonly policies: readonly string[]
}

interface MembersViewed {
  readonly page: MemberPage
  readonly q: string | undefined
  readonly isFirstPage: boolean
  readonly count: number
  readonly state: FormState
}

function membersSection(reader: AdminReader, { group, mayWrite, policies }: GroupViewed, members: MembersViewed): Html {
  const { say, config, principal } = reader
  const { members: words } = say.groups
  const { page, q, isFirstPage, count, state } = members
  const mayRemove = mayWrite && (policies.length === 0 || permissionsOf(principal).includes('policy:write'))
  const table = membersTable(reader, {
    page,
    q,
    isFirstPage,
    mayRemove,
    path: groupPath(group),
    href: (member) => userPath(member),
  })
  return section({
    id: 'members',
    title: words.heading(count.toLocaleString(say.language)),
    action: mayWrite && addMembersForm(reader, groupPath(group), words.addHint, state),
    body: html`${table}
    ${count > 0 && html`<p class="small"><a href="${withQuery(USERS_PATH, { group: group.name })}">${words.inList}</a></p>`}`,
    api: apiEquivalent(say, config, {
      method: mayWrite ? 'POST' : 'GET',
      path: `/groups/${group.id}/members`,
      ...(mayWrite && { body: { users: ['ada'] } }),
    }),
  })
}

function detailsSection(reader: AdminReader, { group, policies }: GroupViewed): Html {
  const { say, config } = reader
  const { one } = say.groups
  return section({
    id: 'details',
    title: one.details,
    body: html`${factList([
      [one.created, moment(reader, group.createdAt)],
      [one.policies, policies.length === 0 ? one.noPolicies : lineList(policies.map(isolated))],
    ])}
    ${policies.length > 0 && html`<p class="small">${one.policiesHint}</p>`}`,
    api: apiEquivalent(say, config, {
      method: 'PATCH',
      path: `/groups/${group.id}`,
      body: { description: group.description },
    }),
  })
}

function deletionSection({ say }: AdminReader, group: Group): Html {
  const { one } = say.groups
  return section({
    id: 'danger',
    title: one.delete,
    tone: 'danger',
    body: rowList([{ detail: one.deleteLead, action: dangerLink(groupPath(group, '/delete'), one.delete) }]),
  })
}

interface ManagersViewed {
  readonly group: Group
  readonly mayWrite: boolean
  readonly managers: readonly Member[]
  /** The members that the page lists, whom the field suggests. */
  readonly members: readonly Member[]
  readonly state: FormState
}

function managersSection(reader: AdminReader, { group, mayWrite, managers, members, state }: ManagersViewed): Html {
  const { say, config, formToken } = reader
  const { managers: words } = say.groups
  const rows = managers.map((manager) => ({
    name: manager.fullName ? userFaceWithLine(manager, isolated(manager.fullName)) : userFace(manager),
    ...(mayWrite && { action: managerRemoval(reader, group, manager) }),
  }))
  const appointed = new Set(managers.map(({ id }) => id))
  const add = html`<form class="beside" method="post" action="${groupPath(group, '/managers')}">
    ${formToken}
    ${textField({
      id: 'manager',
      label: words.label,
      value: state.values['manager'],
      error: errorOf(say, state, 'manager'),
      autocomplete: 'off',
      required: true,
      suggested: members.filter(({ id }) => !appointed.has(id)).map(({ username }) => username),
    })}
    ${secondaryButton(words.add)}
  </form>`
  return section({
    id: 'managers',
    title: words.title,
    lead: words.lead,
    body: html`${rows.length === 0 ? html`<p>${words.none}</p>` : rowList(rows, 'tight')} ${mayWrite && add}`,
    api: apiEquivalent(say, config, { method: 'GET', path: `/groups/${group.id}/managers` }),
  })
}

function managerRemoval({ say, formToken }: AdminReader, group: Group, { id, username }: Member): Html {
  const { managers: words } = say.groups
  const label = html`<span aria-hidden="true">${words.remove}</span
    ><span class="unseen">${withNames(words.removeWho, username)}</span>`
  return html`<form method="post" action="${groupPath(group, `/managers/${id}/remove`)}">
    ${formToken} ${quietButton(label)}
  </form>`
}
