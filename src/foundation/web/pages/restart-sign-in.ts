import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../kernel/refusal.ts'
import { clearAttemptCookie } from '../http/cookies.ts'
import { withBecause } from '../http/next-path.ts'
import { seeOther } from './page.ts'

/** Redirects to the first page of a sign-in if the attempt has ended; throws any other refusal, which leads to the error page. */
export function restartSignIn(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.code !== 'attempt.ended') throw refusal
  clearAttemptCookie(reply, reply.request.ctx.config)
  return seeOther(reply, withBecause('/sign-in', 'ended', reply.request.query))
}
