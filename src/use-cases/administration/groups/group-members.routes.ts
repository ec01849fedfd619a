import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import {
  AddedReport,
  GroupPageView,
  GroupParameters,
  GroupPosition,
  GroupUserParameters,
  LONGEST_MEMBER_LIST,
  ManagerList,
  MemberPageView,
  MemberQuery,
  MembersToAdd,
  presentAdded,
  presentListedGroup,
  presentMember,
} from '#domain/groups/group.schema.ts'
import { listGroups, readGroup } from '#domain/groups/group.service.ts'
import { listManagers, listMembers } from '#domain/groups/membership.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { answerPage, PAGE_PARAMETERS, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readUser } from '../access/access.service.ts'
import { UserParameters } from '../users/users.schema.ts'
import { addListedMembers } from './group-list.service.ts'
import { addGroupManager, addGroupMember, removeGroupManager, removeGroupMember } from './groups.service.ts'

const reads = { access: 'users:read', refusals: ['group.not_found'] } as const
/** Members are users, and a manager sees those of the group. */
const writes = {
  access: 'groups:write',
  besides: 'users:read',
  refusals: ['group.not_found', 'user.not_found'],
} as const
const params = GroupUserParameters

/** Routes for the members and managers of a group, and for the groups of a user. */
export function groupMembersRoutes(app: App): void {
  memberRoutes(app)
  managerRoutes(app)
  groupsOfUserRoute(app)
}

function memberRoutes(app: App): void {
  app.get(
    '/groups/:id/members',
    {
      config: reads,
      schema: {
        operationId: 'listGroupMembers',
        summary: 'List the members of a group',
        description: 'By username. `GET /users?group=` lists them with everything that is known of a user.',
        params: GroupParameters,
        querystring: MemberQuery,
        response: { 200: MemberPageView },
      },
    },
    async ({ ctx, params, query }, reply) => {
      const search = { q: query.q, ...pageIn(GroupPosition, query) }
      const { id } = await readGroup(ctx, params.id)
      return answerPage(reply, await listMembers(ctx, id, search), presentMember)
    },
  )

  app.post(
    '/groups/:id/members',
    {
      bodyLimit: LONGEST_MEMBER_LIST,
      config: { ...writes, refusals: ['group.not_found', 'approval.waiting'] },
      schema: {
        operationId: 'addGroupMembers',
        summary: 'Add several members to a group',
        description:
          'With a report for each entry. Each is a change of its own: one that is refused does not stop the others.',
        params: GroupParameters,
        body: MembersToAdd,
        response: { 200: AddedReport },
      },
    },
    async ({ ctx, params: { id }, body }) => presentAdded(await addListedMembers(ctx, id, body.users)),
  )

  app.put(
    '/groups/:id/members/:user_id',
    {
      config: { ...writes, refusals: [...writes.refusals, 'role.beyond_own', 'approval.waiting'] },
      schema: {
        operationId: 'addGroupMember',
        summary: 'Add a member to a group',
        params,
        response: { 202: ApprovalView, 204: Type.Null({ description: 'In the group.' }) },
      },
    },
    async ({ ctx, params: { id, user_id: userId } }) => {
      await addGroupMember(ctx, id, { id: userId })
    },
  )

  app.delete(
    '/groups/:id/members/:user_id',
    {
      config: {
        ...writes,
        refusals: [...writes.refusals, 'group.policy_needed', 'access.reauthentication_required'],
      },
      schema: {
        operationId: 'removeGroupMember',
        summary: 'Remove a member from a group',
        description:
          'If a policy uses the group, it needs `policy:write` and recent authentication too, since the user would be less protected.',
        params,
        response: { 204: Type.Null({ description: 'Not in the group.' }) },
      },
    },
    async ({ ctx, params: { id, user_id: userId } }) => {
      await removeGroupMember(ctx, id, { id: userId })
    },
  )
}

function managerRoutes(app: App): void {
  app.get(
    '/groups/:id/managers',
    {
      config: reads,
      schema: {
        operationId: 'listGroupManagers',
        summary: 'List the managers of a group',
        description: 'By username.',
        params: GroupParameters,
        response: { 200: ManagerList },
      },
    },
    async ({ ctx, params: { id } }) => {
      const group = await readGroup(ctx, id)
      return { items: (await listManagers(ctx, group.id)).map(presentMember) }
    },
  )

  app.put(
    '/groups/:id/managers/:user_id',
    {
      config: { ...writes, refusals: [...writes.refusals, 'group.too_many_managers'] },
      schema: {
        operationId: 'addGroupManager',
        summary: 'Let a user manage a group',
        description: 'Managers add and remove members. They need not be members, and get no permissions.',
        params,
        response: { 204: Type.Null({ description: 'Manages the group.' }) },
      },
    },
    async ({ ctx, params: { id, user_id: userId } }) => {
      await addGroupManager(ctx, id, { id: userId })
    },
  )

  app.delete(
    '/groups/:id/managers/:user_id',
    {
      config: writes,
      schema: {
        operationId: 'removeGroupManager',
        summary: 'End that a user manages a group',
        params,
        response: { 204: Type.Null({ description: 'Does not manage the group.' }) },
      },
    },
    async ({ ctx, params: { id, user_id: userId } }) => {
      await removeGroupManager(ctx, id, { id: userId })
    },
  )
}

function groupsOfUserRoute(app: App): void {
  app.get(
    '/users/:id/groups',
    {
      config: { access: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listGroupsOfUser',
        summary: 'List the groups of a user',
        description: 'Those the user is in, by name.',
        params: UserParameters,
        querystring: Type.Object({ ...PAGE_PARAMETERS }, { additionalProperties: false }),
        response: { 200: GroupPageView },
      },
    },
    async ({ ctx, params: ref, query }, reply) => {
      const { subject } = await readUser(ctx, ref)
      const page = await listGroups(ctx, { member: subject, ...pageIn(GroupPosition, query) })
      return answerPage(reply, page, presentListedGroup)
    },
  )
}
