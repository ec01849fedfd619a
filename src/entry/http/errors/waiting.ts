// Answers a change that waits for a second admin: with the request that was made for it, or with its page.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { presentApproval } from '#domain/approvals/approval.schema.ts'
import { nameApprovals, readApproval } from '#domain/approvals/approval.service.ts'
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { areaHome } from '#foundation/web/components/navigation-entries.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { approvalPath } from '#use-cases/administration/approvals/approval-list.pages.ts'

/** Answers 202 with the request and its URL (RFC 9110 §15.3.3); a form leads to the page of the request, or to one that its sender may open. */
export async function answerWaiting(id: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.route.config.page === true) return redirectWithFlash(reply, `${pageAfter(id, reply)}?done=asked`)
  const { ctx } = request
  const named = await nameApprovals(ctx, [await readApproval(ctx, id)])
  const [view] = named.map((one) => presentApproval(one, ctx.now))
  return reply.code(202).header('location', `/approvals/${id}`).type(JSON_TYPE).serializer(JSON.stringify).send(view)
}

function pageAfter(id: string, reply: FastifyReply): string {
  const { request, server } = reply
  const permissions = permissionsOf(request.ctx.principal)
  if (permissions.includes('users:read')) return approvalPath(id)
  return areaHome(server.navigation ?? [], 'admin', permissions) ?? '/account'
}

const JSON_TYPE = 'application/json; charset=utf-8'
