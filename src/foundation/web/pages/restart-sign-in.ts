import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../kernel/refusal.ts'
import { clearAttemptCookie } from '../http/cookies.ts'
import { withBecause } from '../http/next-path.ts'
import { seeOther } from './page.ts'

/** Back to the first page of a sign-in because the attempt is over; any other refusal goes on to the error page. */
export function restartSignIn(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.code !== 'attempt.ended') throw refusal
  clearAttemptCookie(reply, reply.request.ctx.config)
  return seeOther(reply, withBecause('/sign-in', 'ended', reply.request.query))
}
