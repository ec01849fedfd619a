import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import { requireStillAuthorized } from '#domain/authorization/authorization.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preconditionIn } from '#foundation/web/http/etag.ts'
import { answerPage, pageIn } from '#foundation/web/http/pagination.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readUser } from '../access/access.service.ts'
import { HostCheckBody, HostCheckView, presentHostCheck } from './host-check.schema.ts'
import { requireMaySeeUsers, tryRequest } from './host-check.service.ts'
import {
  HostChange,
  hostChangesIn,
  HostPageView,
  HostParameters,
  HostPosition,
  HostQuery,
  hostTag,
  HostView,
  LONGEST_HOST,
  NewHostBody,
  presentHost,
} from './hosts.schema.ts'
import { changeHost, createHost, listNamedHosts, readHostByName, removeHost } from './hosts.service.ts'

const tags = ['Hosts']
const reads = { access: 'apps:write' } as const
const changes = { access: 'apps:write', authentication: 'recent' } as const
const ofHost = { tags, params: HostParameters }

/** Routes by which admins list, register and change the hosts whose requests this server lets pass or refuses. */
export function hostsRoutes(app: App): void {
  app.get(
    '/hosts',
    {
      config: reads,
      schema: {
        operationId: 'listHosts',
        tags,
        summary: 'List protected hosts',
        description: 'By name.',
        querystring: HostQuery,
        response: { 200: HostPageView },
      },
    },
    async ({ ctx, query }, reply) => {
      const page = await listNamedHosts(ctx, pageIn(HostPosition, query))
      return answerPage(reply, page, ({ host }) => presentHost(host))
    },
  )

  app.post(
    '/hosts',
    {
      bodyLimit: LONGEST_HOST,
      config: { ...changes, refusals: ['host.name_taken', 'host.too_many', 'approval.waiting'] },
      schema: {
        operationId: 'createHost',
        tags,
        summary: 'Protect a host',
        description: 'Without rules, all who are signed in may enter. The reverse proxy has to ask this server.',
        body: NewHostBody,
        response: { 200: HostView, 202: ApprovalView },
      },
    },
    async ({ ctx, body }, reply) => {
      const { name, ...given } = body
      const created = await createHost(ctx, { ...hostChangesIn(given), name })
      return sendHost(reply, ctx, created.name)
    },
  )

  app.get(
    '/hosts/:name',
    {
      config: { ...reads, refusals: ['host.not_found'] },
      schema: { ...ofHost, operationId: 'getHost', summary: 'Read a protected host', response: { 200: HostView } },
    },
    ({ ctx, params }, reply) => sendHost(reply, ctx, params.name),
  )

  changingRoutes(app)
  checkRoute(app)
}

function changingRoutes(app: App): void {
  app.patch(
    '/hosts/:name',
    {
      bodyLimit: LONGEST_HOST,
      config: { ...changes, refusals: ['host.not_found', 'resource.stale', 'approval.waiting'] },
      schema: {
        ...ofHost,
        operationId: 'changeHost',
        summary: 'Change a protected host',
        description: 'A merge patch (RFC 7396). It counts from the next request on.',
        body: HostChange,
        response: { 200: HostView, 202: ApprovalView },
      },
    },
    async (request, reply) => {
      const { ctx, params, body } = request
      await changeHost(ctx, params.name, hostChangesIn(body), preconditionIn(request, hostTag))
      return sendHost(reply, ctx, params.name)
    },
  )

  app.delete(
    '/hosts/:name',
    {
      config: { ...changes, refusals: ['host.not_found', 'resource.stale'] },
      schema: {
        ...ofHost,
        operationId: 'deleteHost',
        summary: 'Remove a protected host',
        description: 'Its requests are refused from then on, and API tokens that were made for it are revoked.',
        response: { 204: Type.Null({ description: 'Removed.' }) },
      },
    },
    (request) => removeHost(request.ctx, request.params.name, preconditionIn(request, hostTag)),
  )
}

function checkRoute(app: App): void {
  app.post(
    '/hosts/:name/check',
    {
      config: { ...reads, refusals: ['host.not_found', 'user.not_found'] },
      schema: {
        ...ofHost,
        operationId: 'checkHostRequest',
        summary: 'What would become of a request',
        description: 'Changes nothing, and asks no app.',
        body: HostCheckBody,
        response: { 200: HostCheckView },
      },
    },
    async ({ ctx, params, body }) => {
      // The right to it may have ended while the body was sent (TOCTOU).
      await requireStillAuthorized(ctx)
      const { method, path, user_id: id = null, assurance: level, age } = body
      const host = await readHostByName(ctx, params.name)
      if (id !== null) requireMaySeeUsers(ctx)
      const user = id === null ? undefined : await readUser(ctx, { id })
      return presentHostCheck(await tryRequest(ctx, host, { method, path, user, level, age: age && seconds(age) }))
    },
  )
}

async function sendHost(
  reply: { header(name: string, value: string): unknown },
  ctx: Parameters<typeof readHostByName>[0],
  name: string,
) {
  const host = await readHostByName(ctx, name)
  reply.header('etag', hostTag(host))
  return presentHost(host)
}
