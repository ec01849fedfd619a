// The groups of a signed-in user: those the user is in, and those the user manages.
import type { FastifyReply } from 'fastify'

import { GroupParameters, GroupPosition, LONGEST_MEMBER_LIST } from '#domain/groups/group.schema.ts'
import { listOwnGroups } from '#domain/groups/group.service.ts'
import type { OwnGroup } from '#domain/groups/group.ts'
import { listMembers } from '#domain/groups/membership.service.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import { userIdIn } from '#domain/users/user.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { quietLink } from '#foundation/web/components/button.ts'
import { emptyState } from '#foundation/web/components/empty-state.ts'
import { pager, pagesAround } from '#foundation/web/components/list-navigation.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { name as isolated, withNames } from '#foundation/web/components/person-name.ts'
import { section } from '#foundation/web/components/section.ts'
import { chip } from '#foundation/web/components/status.ts'
import { BLANK, dataTable, screenReaderColumn } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { decodeCursor } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { EMPTY_FORM, type FormState, formSummary, queryText, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import {
  addMembersForm,
  groupFlash,
  MEMBERS_A_PAGE,
  membersTable,
  redirectAfterAdding,
  showAdded,
  wordsInForm,
} from '#use-cases/page-sections/members.pages.ts'
import { addToManagedGroup, readManagedGroup, removeFromManagedGroup } from './own-groups.service.ts'

const PATH = '/account/groups'
const GROUPS_A_PAGE = 50

const config = { access: 'signed-in', page: true, undocumented: true } as const
const navigation: NavigationEntry = {
  area: 'account',
  order: 40,
  label: (say) => say.groups.own.title,
  drawing: 'groups',
}
const schema = { params: GroupParameters }

export function ownGroupsPages(app: App): void {
  app.get(PATH, { config: { ...config, navigation } }, (_request, reply) => showOwnGroups(reply))

  app.get(`${PATH}/:id`, { config, schema }, ({ params }, reply) => showManaged(reply, params.id, EMPTY_FORM))

  app.post(`${PATH}/:id/members`, { config, schema, bodyLimit: LONGEST_MEMBER_LIST }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const group = await readManagedGroup(ctx, request.params.id)
    const form = wordsInForm(request.body)
    if ('fieldErrors' in form)
      return showManaged(reply, group.id, refusedForm(request.body, ['users'], form.fieldErrors))
    const lines = await addToManagedGroup(ctx, group.id, form.words)
    const path = ownGroupPath(group)
    if (lines.every(({ result }) => result === 'added')) return redirectAfterAdding(reply, path, lines)
    return showAdded(reply, lines, { frame: 'account', path, name: group.name })
  })

  const ofUser = { params: Type.Object({ ...GroupParameters.properties, user: Type.String() }) }
  app.post(`${PATH}/:id/members/:user/remove`, { config, schema: ofUser }, async (request, reply) => {
    const { params } = request
    await removeFromManagedGroup(signedIn(request.ctx), params.id, userIdIn(params.user) ?? Number.NaN)
    return redirectWithFlash(reply, `${ownGroupPath(params)}?done=removed`)
  })
}

function ownGroupPath({ id }: { readonly id: string }): string {
  return `${PATH}/${encodeURIComponent(id)}`
}

async function showOwnGroups(reply: FastifyReply): Promise<FastifyReply> {
  const ctx = signedIn(reply.request.ctx)
  const say = texts(localeOf(reply))
  const { own } = say.groups
  const cursor = queryText(reply.request.query, 'cursor')
  const after = cursor === undefined ? undefined : decodeCursor(GroupPosition, cursor)
  const { items, next } = await listOwnGroups(ctx, ctx.principal.user.subject, { after, limit: GROUPS_A_PAGE })
  return sendPage(reply, {
    title: [own.title, say.account.title],
    body: html`<p class="lead">${own.lead}</p>
      ${dataTable({
        caption: own.table,
        kind: 'compact loose',
        columns: [
          { label: own.columns.name },
          ...[own.columns.description, own.columns.role].map((label) => ({ label, isPlain: true })),
          screenReaderColumn(own.manage),
        ],
        rows: items.map((group) => ({ cells: ownGroupCells(say, group) })),
        empty: emptyState({ drawing: 'people', ...own.none }),
      })}
      ${pager(say, pagesAround(PATH, { after, next }))}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/groups' }),
  })
}

function ownGroupCells({ groups: { own } }: Texts, group: OwnGroup): (Html | string)[] {
  const label = html`<span class="unseen">${withNames(own.manageWho, group.name)}</span
    ><span aria-hidden="true">${own.manage}</span>`
  return [
    isolated(group.name),
    group.description === '' ? BLANK : isolated(group.description),
    html`<div class="who-line">
      ${group.isMember && chip('plain', own.member)} ${group.isManager && chip('person', own.manager)}
    </div>`,
    group.isManager ? quietLink(ownGroupPath(group), label) : html``,
  ]
}

/** The page of a group for its managers. */
async function showManaged(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const ctx = signedIn(reply.request.ctx)
  const say = texts(localeOf(reply))
  const group = await readManagedGroup(ctx, id)
  const { query } = reply.request
  const [q, cursor] = [queryText(query, 'q'), queryText(query, 'cursor')]
  const after = cursor === undefined ? undefined : decodeCursor(GroupPosition, cursor)
  const page = await listMembers(ctx, group.id, { q, after, limit: MEMBERS_A_PAGE })
  const isNamed = (await policiesNaming(ctx, 'group', group.id)).length > 0
  const mayRemove = !isNamed || permissionsOf(ctx.principal).includes('policy:write')
  const { members: words, own } = say.groups
  const reader = { say, formToken: formToken(reply.request), self: ctx.principal.user.subject }
  const path = ownGroupPath(group)
  return sendPage(reply, {
    title: [group.name, own.title],
    up: { href: PATH, label: own.title },
    heading: isolated(group.name),
    notice: formSummary(say, state, { users: { id: 'users', label: words.addLabel } }),
    refusal: state.refusal,
    done: groupFlash(say, reply, group.name),
    body: html`${group.description !== '' && html`<p class="lead" dir="auto">${withoutTurns(group.description)}</p>`}
    ${section({
      id: 'members',
      title: words.title,
      lead: mayRemove ? own.managed : own.named,
      action: addMembersForm(reader, path, words.addHintOfManager, state),
      body: membersTable(reader, { page, q, path, mayRemove, isFirstPage: after === undefined }),
    })}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/users/me/groups' }),
  })
}
