// The groups of a user with their forms, and the apps to which the user is signed in.
import type { FastifyReply } from 'fastify'

import { GroupParameters, GroupPosition } from '#domain/groups/group.schema.ts'
import { findGroupByName, listGroups } from '#domain/groups/group.service.ts'
import type { ListedGroup } from '#domain/groups/group.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietButton, secondaryButton } from '#foundation/web/components/button.ts'
import { pager, pagesAround } from '#foundation/web/components/list-navigation.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { BLANK, dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  EMPTY_FORM,
  type FormState,
  formSummary,
  queryText,
  refusedForm,
  typedText,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { nameSignIns } from '#use-cases/page-sections/app-sign-ins.service.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { userAppsSection } from '../clients/user-apps.pages.ts'
import { listAppsOf } from '../clients/user-apps.service.ts'
import { groupPath } from '../groups/group-path.ts'
import { groupField } from '../groups/groups-field.pages.ts'
import { addGroupMember, removeGroupMember } from '../groups/groups.service.ts'
import { offeredGroups, type OfferedGroups } from '../groups/offered-groups.service.ts'
import { sendUserPage, userHead } from './user-head.pages.ts'

const PATH = '/admin/users/:id/groups'
/** How many groups the page shows at once. */
const SHOWN = 50

const config = { access: 'groups:write', besides: 'users:read', page: true, undocumented: true } as const

export function userGroupsPages(app: App): void {
  const schema = { params: UserPageParameters }
  const reads = { access: 'users:read', page: true, undocumented: true } as const
  app.get(PATH, { config: reads, schema }, ({ params }, reply) => showGroups(reply, refIn(params), EMPTY_FORM))

  app.post(PATH, { config, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const group = await findGroupByName(ctx, typedText(body, 'group'))
    if (group === undefined) return showGroups(reply, ref, refusedForm(body, ['group'], [unknown(body)]))
    await addGroupMember(ctx, group.id, ref)
    return redirectWithFlash(reply, userPath(ref, '/groups?done=group-added'))
  })

  const ofGroup = { params: Type.Object({ ...UserPageParameters.properties, group: GroupParameters.properties.id }) }
  app.post(`${PATH}/:group/remove`, { config, schema: ofGroup }, async ({ ctx, params }, reply) => {
    const ref = refIn(params)
    await removeGroupMember(ctx, params.group, ref)
    return redirectWithFlash(reply, userPath(ref, '/groups?done=group-removed'))
  })
}

function unknown(body: unknown) {
  return { pointer: '/group', code: typedText(body, 'group').trim() === '' ? 'field.missing' : 'group.unknown' }
}

async function showGroups(reply: FastifyReply, ref: UserRef, state: FormState): Promise<FastifyReply> {
  const { ctx, query } = reply.request
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  const { say, config: settings, permissions } = reader
  const { ofUser } = say.groups
  const cursor = queryText(query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(GroupPosition, cursor)
  const { items, next } = await listGroups(ctx, { member: user.subject, after, limit: SHOWN })
  const mayWrite = permissions.includes('groups:write')
  const { columns } = say.groups
  const table = dataTable({
    caption: ofUser.title,
    kind: 'compact loose',
    columns: [
      { label: columns.name },
      { label: columns.description, isPlain: true },
      ...(mayWrite ? [screenReaderColumn(say.groups.members.actions)] : []),
    ],
    rows: items.map((group) => ({
      cells: [
        html`<a href="${groupPath(group)}">${isolated(group.name)}</a>`,
        group.description === '' ? BLANK : isolated(group.description),
        ...(mayWrite ? [removal(reader, group)] : []),
      ],
    })),
    empty: html`<p>${ofUser.none}</p>`,
  })
  const offered = mayWrite ? await offeredGroups(ctx, new Set(items.map(({ id }) => id))) : []
  const here = userPath(user, '/groups')
  const signIns = permissions.includes('audit:read')
    ? await nameSignIns(ctx, user.subject, await listAppsOf(ctx, user))
    : []
  return sendUserPage(reply, reader, await userHead(ctx, user), {
    tab: 'groups',
    notice: formSummary(say, state, { group: { id: 'group', label: ofUser.label } }),
    refusal: state.refusal,
    body: html`${section({
      id: 'groups',
      title: ofUser.title,
      body: html`${offered?.length !== 0 && addition(reader, state, offered)} ${table}
      ${pager(say, pagesAround(here, { after, next }))}`,
    })}
    ${userAppsSection(reader, signIns)}`,
    api: apiEquivalent(say, settings, { method: 'GET', path: `/users/${user.id}/groups` }),
  })
}

function addition({ say, formToken, user }: UserReader, state: FormState, offered: OfferedGroups): Html {
  const { ofUser } = say.groups
  return html`<form class="beside" method="post" action="${userPath(user, '/groups')}">
    ${formToken} ${groupField(say, state, { id: 'group', label: ofUser.label, offered })} ${secondaryButton(ofUser.add)}
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
