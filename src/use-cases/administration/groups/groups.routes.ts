import {
  GroupChange,
  GroupPageView,
  GroupParameters,
  GroupPosition,
  GroupQuery,
  groupTag,
  GroupView,
  NewGroup,
  presentGroup,
  presentListedGroup,
} from '#domain/groups/group.schema.ts'
import { listGroups, readGroup } from '#domain/groups/group.service.ts'
import type { Group } from '#domain/groups/group.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import type { With } from '#foundation/context.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { answerPage, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { changeGroup, createGroup, deleteGroup } from './groups.service.ts'

/** Routes by which admins list, read, create, change and delete groups. */
export function groupsRoutes(app: App): void {
  app.get(
    '/groups',
    {
      config: { access: 'users:read' },
      schema: {
        operationId: 'listGroups',
        summary: 'List and search groups',
        description: 'By name.',
        querystring: GroupQuery,
        response: { 200: GroupPageView },
      },
    },
    async ({ ctx, query }, reply) => {
      const search = { q: query.q, ...pageIn(GroupPosition, query) }
      return answerPage(reply, await listGroups(ctx, search), presentListedGroup)
    },
  )

  app.post(
    '/groups',
    {
      config: { access: 'groups:write', refusals: ['group.name_taken', 'group.too_many'] },
      schema: {
        operationId: 'createGroup',
        summary: 'Create a group',
        description: 'A group gives no permissions. It has no members yet.',
        body: NewGroup,
        response: { 200: GroupView },
      },
    },
    async ({ ctx, body }, reply) => {
      const group = await createGroup(ctx, body)
      reply.header('etag', groupTag(group))
      return shown(ctx, group)
    },
  )

  app.get(
    '/groups/:id',
    {
      config: { access: 'users:read', refusals: ['group.not_found'] },
      schema: {
        operationId: 'getGroup',
        summary: 'Read a group',
        params: GroupParameters,
        response: { 200: GroupView },
      },
    },
    async ({ ctx, params }, reply) => {
      const group = await readGroup(ctx, params.id)
      reply.header('etag', groupTag(group))
      return shown(ctx, group)
    },
  )

  app.patch(
    '/groups/:id',
    {
      config: { access: 'groups:write', refusals: ['group.not_found', 'group.name_taken', 'resource.stale'] },
      schema: {
        operationId: 'changeGroup',
        summary: 'Change a group',
        description: 'A merge patch (RFC 7396).',
        params: GroupParameters,
        body: GroupChange,
        response: { 200: GroupView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const group = await changeGroup(ctx, params.id, body, preconditionIn(request, groupTag))
      reply.header('etag', groupTag(group))
      return shown(ctx, group)
    },
  )

  app.delete(
    '/groups/:id',
    {
      config: {
        access: 'groups:write',
        refusals: [
          'group.not_found',
          'group.named_by_policy',
          'group.named_by_app',
          'group.named_by_host',
          'resource.stale',
        ],
      },
      schema: {
        operationId: 'deleteGroup',
        summary: 'Delete a group',
        description: 'Its members stay users. A group that a policy uses can’t be deleted.',
        params: GroupParameters,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => deleteGroup(request.ctx, request.params.id, preconditionIn(request, groupTag)),
  )
}

async function shown(ctx: With<'db' | 'now'>, group: Group) {
  return presentGroup(group, await policiesNaming(ctx, 'group', group.id))
}
