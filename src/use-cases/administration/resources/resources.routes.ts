import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { readResource } from '#domain/clients/resource.service.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { answerPage, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import {
  NewResourceBody,
  presentResource,
  ResourceChange,
  resourceChangesIn,
  ResourcePageView,
  ResourceParameters,
  ResourcePosition,
  ResourceQuery,
  resourceTag,
  ResourceView,
} from './resources.schema.ts'
import { changeResource, createResource, listNamedResources, removeResource } from './resources.service.ts'

const tags = ['Apps']
const reads = { access: 'apps:write' } as const
const changes = { access: 'apps:write', authentication: 'recent' } as const
const ofResource = { tags, params: ResourceParameters }

/** Routes by which admins list, register and change the APIs for which apps get access tokens. */
export function resourcesRoutes(app: App): void {
  app.get(
    '/resources',
    {
      config: reads,
      schema: {
        operationId: 'listResources',
        tags,
        summary: 'List resources',
        description: 'By URI.',
        querystring: ResourceQuery,
        response: { 200: ResourcePageView },
      },
    },
    async ({ ctx, query }, reply) => {
      const page = await listNamedResources(ctx, pageIn(ResourcePosition, query))
      return answerPage(reply, page, ({ resource }) => presentResource(resource))
    },
  )

  app.post(
    '/resources',
    {
      config: { ...changes, refusals: ['resource.uri_taken', 'resource.too_many', 'approval.waiting'] },
      schema: {
        operationId: 'createResource',
        tags,
        summary: 'Register a resource',
        description: 'No app may request tokens for it unless `allowed_clients` says so.',
        body: NewResourceBody,
        response: { 200: ResourceView, 202: ApprovalView },
      },
    },
    async ({ ctx, body }, reply) => {
      const { uri, name, ...given } = body
      const { id } = await createResource(ctx, { ...resourceChangesIn(given), uri, name })
      return sendResource(reply, ctx, id)
    },
  )

  app.get(
    '/resources/:id',
    {
      config: { ...reads, refusals: ['resource.not_found'] },
      schema: {
        ...ofResource,
        operationId: 'getResource',
        summary: 'Read a resource',
        response: { 200: ResourceView },
      },
    },
    ({ ctx, params }, reply) => sendResource(reply, ctx, params.id),
  )

  changingRoutes(app)
}

function changingRoutes(app: App): void {
  app.patch(
    '/resources/:id',
    {
      config: { ...changes, refusals: ['resource.not_found', 'resource.stale', 'approval.waiting'] },
      schema: {
        ...ofResource,
        operationId: 'changeResource',
        summary: 'Change a resource',
        description: 'A merge patch (RFC 7396). It counts for opaque tokens at their next use.',
        body: ResourceChange,
        response: { 200: ResourceView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      await changeResource(ctx, params.id, resourceChangesIn(body), preconditionIn(request, resourceTag))
      return sendResource(reply, ctx, params.id)
    },
  )

  app.delete(
    '/resources/:id',
    {
      config: { ...changes, refusals: ['resource.not_found', 'resource.stale'] },
      schema: {
        ...ofResource,
        operationId: 'deleteResource',
        summary: 'Delete a resource',
        description: 'Opaque tokens for it end at once, and JWTs live out their minutes.',
        response: { 204: Type.Null({ description: 'Deleted.' }) },
      },
    },
    (request) => removeResource(request.ctx, request.params.id, preconditionIn(request, resourceTag)),
  )
}

async function sendResource(
  reply: { header(name: string, value: string): unknown },
  ctx: Parameters<typeof readResource>[0],
  id: string,
) {
  const resource = await readResource(ctx, id)
  reply.header('etag', resourceTag(resource))
  return presentResource(resource)
}
