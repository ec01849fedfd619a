import type { FastifyReply, FastifyRequest } from 'fastify'

import { howSessionEnded } from '../sessions/session.service.ts'
import { banner } from '../web/components/banner.ts'
import { readCookie, sessionCookieName } from '../web/cookies.ts'
import type { Html } from '../web/html.ts'
import { becauseOf } from '../web/next-path.ts'
import { localeOf } from '../web/page.ts'
import { texts } from '../web/texts.ts'
import { spanInWords } from '../web/texts/spans.ts'

/** Why a person is at the sign-in without having asked for it, where `?because=` says there is a reason. */
export async function endedBanner(request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined> {
  const because = becauseOf(request.query)
  const { signIn } = texts(localeOf(reply))
  if (because === 'ended') return banner('info', signIn.ended)
  return because === 'signed-out' ? banner('info', await howSignedOut(request, reply)) : undefined
}

/** The cookie of the session that is over is still there, and tells which session it was. */
async function howSignedOut({ ctx, headers }: FastifyRequest, reply: FastifyReply): Promise<string> {
  const { signIn, language } = texts(localeOf(reply))
  const token = readCookie(headers.cookie, sessionCookieName(ctx.config))
  const end = token === undefined ? 'otherwise' : await howSessionEnded(ctx, token, 'cookie')
  if (end !== 'idle' && end !== 'absolute') return signIn.over
  // A number stays with its unit.
  const span = spanInWords(language, ctx.config.sessions[end]).replaceAll(' ', '\u00A0')
  return end === 'idle' ? signIn.idle(span) : signIn.tooOld(span)
}
