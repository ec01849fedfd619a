import type { FastifyRequest } from 'fastify'

import { recoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import type { Html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { becauseOf } from '#foundation/web/http/redirect.ts'
import { usedCodeBanner } from '#use-cases/page-sections/used-code.pages.ts'

/** Whether the page replaces a factor that was said to be lost at the sign-in. */
export function isAfterLoss({ query }: Pick<FastifyRequest, 'query'>): boolean {
  return becauseOf(query) === 'lost'
}

/** On such a page, how many recovery codes are left where the sign-in has used one. */
export async function lossBanner(
  request: Pick<FastifyRequest, 'ctx' | 'query'>,
  say: Texts,
): Promise<Html | undefined> {
  const ctx = signedIn(request.ctx)
  const { session, user } = ctx.principal
  if (!isAfterLoss(request) || !session.methods.includes('recovery-code')) return undefined
  return usedCodeBanner(say, (await recoveryCodesLeft(ctx, user.subject)).left)
}
