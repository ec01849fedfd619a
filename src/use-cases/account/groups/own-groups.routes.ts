import {
  AddedReport,
  GroupParameters,
  GroupPosition,
  GroupUserParameters,
  LONGEST_MEMBER_LIST,
  MemberPageView,
  MemberQuery,
  MembersToAdd,
  OwnGroupPageView,
  presentAdded,
  presentMember,
  presentOwnGroup,
} from '#domain/groups/group.schema.ts'
import { listOwnGroups } from '#domain/groups/group.service.ts'
import { listMembers } from '#domain/groups/membership.service.ts'
import { authenticated } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerPage, PAGE_PARAMETERS, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { addToManagedGroup, readManagedGroup, removeFromManagedGroup } from './own-groups.service.ts'

const managers = { access: 'signed-in', tokens: 'refused', refusals: ['group.not_found'] } as const

export function ownGroupsRoutes(app: App): void {
  app.get(
    '/users/me/groups',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'listMyGroups',
        summary: 'My groups',
        description: 'The groups that I am in or manage, by name.',
        querystring: Type.Object({ ...PAGE_PARAMETERS }, { additionalProperties: false }),
        response: { 200: OwnGroupPageView },
      },
    },
    async (request, reply) => {
      const ctx = authenticated(request.ctx)
      const page = pageIn(GroupPosition, request.query)
      return answerPage(reply, await listOwnGroups(ctx, ctx.principal.user.subject, page), presentOwnGroup)
    },
  )

  app.get(
    '/users/me/groups/:id/members',
    {
      config: managers,
      schema: {
        operationId: 'listMembersOfMyGroup',
        summary: 'Members of a group that I manage',
        description: 'By username. A group that I do not manage is answered like an unknown one.',
        params: GroupParameters,
        querystring: MemberQuery,
        response: { 200: MemberPageView },
      },
    },
    async (request, reply) => {
      const ctx = authenticated(request.ctx)
      const search = { q: request.query.q, ...pageIn(GroupPosition, request.query) }
      const { id } = await readManagedGroup(ctx, request.params.id)
      return answerPage(reply, await listMembers(ctx, id, search), presentMember)
    },
  )

  app.post(
    '/users/me/groups/:id/members',
    {
      bodyLimit: LONGEST_MEMBER_LIST,
      config: managers,
      schema: {
        operationId: 'addMembersToMyGroup',
        summary: 'Add members to a group that I manage',
        description:
          'By exact username or confirmed email address. Unknown names are counted: after twenty of them the next entry has to wait.',
        params: GroupParameters,
        body: MembersToAdd,
        response: { 200: AddedReport },
      },
    },
    async ({ ctx, params, body }) => presentAdded(await addToManagedGroup(authenticated(ctx), params.id, body.users)),
  )

  app.delete(
    '/users/me/groups/:id/members/:user_id',
    {
      config: {
        ...managers,
        refusals: ['group.not_found', 'group.policy_needed', 'access.reauthentication_required'],
      },
      schema: {
        operationId: 'removeMemberOfMyGroup',
        summary: 'Remove a member of a group that I manage',
        description:
          'Answers in the same way for a user who is not in the group. If a policy uses the group, it needs `policy:write` and recent authentication, since the user would be less protected.',
        params: GroupUserParameters,
        response: { 204: Type.Null({ description: 'Not in the group.' }) },
      },
    },
    ({ ctx, params }) => removeFromManagedGroup(authenticated(ctx), params.id, params.user_id),
  )
}
