// Answers a change that waits for a second admin: with the request that was made for it, or with its page.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { presentApproval } from '../../../domain/approvals/approval.schema.ts'
import { nameApprovals, readApproval } from '../../../domain/approvals/approval.service.ts'
import { redirectWithFlash } from '../../../foundation/web/pages/page.ts'
import { approvalPath } from '../../../use-cases/administration/approvals/approval-list.pages.ts'

/** Answers 202 with the request and its URL (RFC 9110 §15.3.3); a form leads to the page of the request. */
export async function answerWaiting(id: string, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  if (request.routeOptions.config.page === true) return redirectWithFlash(reply, `${approvalPath(id)}?done=asked`)
  const { ctx } = request
  const named = await nameApprovals(ctx, [await readApproval(ctx, id)])
  const [view] = named.map((one) => presentApproval(one, ctx.now))
  return reply.code(202).header('location', `/approvals/${id}`).type(JSON_TYPE).serializer(JSON.stringify).send(view)
}

const JSON_TYPE = 'application/json; charset=utf-8'
