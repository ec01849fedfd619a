import type { FastifyRequest } from 'fastify'

import { describeAttempt } from '../../domain/attempts/attempt.service.ts'
import { banner } from '../../foundation/web/components/status.ts'
import { readAttemptCookie } from '../../foundation/web/http/cookies.ts'
import { answerOf } from '../../foundation/web/pages/form.ts'
import { html } from '../../foundation/web/html.ts'
import type { Html } from '../../foundation/web/html.ts'
import type { Texts } from '../../foundation/texts/texts.ts'

/** A link to the enrolment for a browser that has finished the first step of the set-up; undefined for any other. */
export async function resumeBanner(request: FastifyRequest, { setup }: Texts): Promise<Html | undefined> {
  if (!(await isPastFirstStep(request))) return undefined
  return banner('info', html`${setup.resume} <a href="/enrolment">${setup.resumeLink}</a>`)
}

/** Whether the attempt in the cookie is a set-up, so that name and password of the first admin are chosen already. */
export async function isPastFirstStep(request: FastifyRequest): Promise<boolean> {
  const attempt = readAttemptCookie(request)
  if (attempt === undefined) return false
  const { answer } = await answerOf(describeAttempt(request.ctx, attempt))
  return answer?.purpose === 'set-up'
}
