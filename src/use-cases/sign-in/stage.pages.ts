import type { FastifyReply, FastifyRequest } from 'fastify'

import type { OpenedAttempt } from '#domain/attempts/attempt.service.ts'
import { type AttemptStage, STAGE_PATHS } from '#domain/attempts/attempt.ts'
import { setAttemptCookie } from '#foundation/web/http/cookies.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { seeOther } from '#foundation/web/pages/page.ts'

/** Gives the browser the attempt, and leads on to the page of its stage. */
export function nextStage(
  { ctx, query }: Pick<FastifyRequest, 'ctx' | 'query'>,
  reply: FastifyReply,
  { stage, attempt, expiresAt }: OpenedAttempt & { readonly stage: AttemptStage },
): FastifyReply {
  setAttemptCookie(reply, ctx.config, attempt, expiresAt - ctx.now)
  return seeOther(reply, withNext(STAGE_PATHS[stage], query))
}
