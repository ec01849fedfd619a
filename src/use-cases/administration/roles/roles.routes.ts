import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { Type } from '#foundation/web/http/type.ts'
import { NewRoleBody, presentRole, RoleChange, RoleList, RoleReference, roleTag, RoleView } from './roles.schema.ts'
import { changeRole, createRole, deleteRole, listRoles, readRoleWithUsers } from './roles.service.ts'

const reads = { access: 'roles:write' } as const
const writes = { access: 'roles:write', authentication: 'recent' } as const

export function rolesRoutes(app: App): void {
  app.get(
    '/roles',
    {
      config: reads,
      schema: {
        operationId: 'listRoles',
        summary: 'List roles',
        description: 'All roles with what they permit: the built-in ones first, the others by name.',
        response: { 200: RoleList },
      },
    },
    async ({ ctx }) => ({ items: (await listRoles(ctx)).map(presentRole) }),
  )

  app.post(
    '/roles',
    {
      config: { ...writes, refusals: ['role.name_taken', 'role.beyond_own', 'approval.waiting'] },
      schema: {
        operationId: 'createRole',
        summary: 'Create a role',
        description: 'Its permissions must be among your own. Users with any permission always need a second step.',
        body: NewRoleBody,
        response: { 200: RoleView, 202: ApprovalView },
      },
    },
    async ({ ctx, body }, reply) => {
      const { name, description = '', permissions = [] } = body
      const role = await createRole(ctx, { name, description, permissions })
      reply.header('etag', roleTag(role))
      return presentRole(await readRoleWithUsers(ctx, role.name))
    },
  )

  app.get(
    '/roles/:name',
    {
      config: { ...reads, refusals: ['role.not_found'] },
      schema: {
        operationId: 'getRole',
        summary: 'One role',
        params: RoleReference,
        response: { 200: RoleView },
      },
    },
    async ({ ctx, params }, reply) => {
      const found = await readRoleWithUsers(ctx, params.name)
      reply.header('etag', roleTag(found.role))
      return presentRole(found)
    },
  )

  changingRoutes(app)
}

function changingRoutes(app: App): void {
  app.patch(
    '/roles/:name',
    {
      config: {
        ...writes,
        refusals: ['role.not_found', 'role.fixed', 'role.beyond_own', 'resource.stale', 'approval.waiting'],
      },
      schema: {
        operationId: 'changeRole',
        summary: 'Change a role',
        description:
          'A merge patch (RFC 7396). You need all permissions that the role has, before and after. What is taken away ends with the next request, and API tokens lose it for good.',
        params: RoleReference,
        body: RoleChange,
        response: { 200: RoleView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      const role = await changeRole(ctx, params.name, body, preconditionIn(request, roleTag))
      reply.header('etag', roleTag(role))
      return presentRole(await readRoleWithUsers(ctx, role.name))
    },
  )

  app.delete(
    '/roles/:name',
    {
      config: {
        ...writes,
        refusals: [
          'role.not_found',
          'role.fixed',
          'role.beyond_own',
          'role.in_use',
          'role.named_by_policy',
          'role.named_by_app',
          'role.named_by_host',
          'resource.stale',
        ],
      },
      schema: {
        operationId: 'deleteRole',
        summary: 'Delete a role',
        description: 'Only while no user has it and no policy uses it.',
        params: RoleReference,
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => deleteRole(request.ctx, request.params.name, preconditionIn(request, roleTag)),
  )
}
