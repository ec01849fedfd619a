import { Type } from '../web/type.ts'

import type { Context } from '../context.ts'
import { Refusal } from '../kernel/refusal.ts'
import { CLOCK_TOLERANCE, isWithin, seconds } from '../kernel/time.ts'
import type { Instant } from '../kernel/time.ts'
import type { App } from '../web/app.ts'
import { named } from '../web/schema.ts'
import { failingChecks } from './readiness.ts'
import type { Check } from './readiness.ts'

const Health = named(
  'Health',
  Type.Object({ status: Type.Literal('ok') }, { description: 'It is.', examples: [{ status: 'ok' }] }),
)

/** The database is asked at most this often, however many ask us. */
const REMEMBERED = seconds(1)

/** What a supervisor or a load balancer asks. */
export function healthRoutes(app: App): void {
  const tags = ['Operations']
  const checks = rememberedChecks()
  app.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      schema: { operationId: 'getHealth', tags, summary: 'Is the process alive', response: { 200: Health } },
    },
    () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      config: { access: 'anyone', refusals: ['service.unavailable'] },
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Can it do its work',
        description:
          'Whether the database answers, its schema is current, its clock agrees with ours to 5 seconds, the clock of this ' +
          'machine has not jumped ahead within 30 seconds, and no event has waited more than a minute to be sealed into ' +
          'the audit chain.',
        response: { 200: Health },
      },
    },
    async ({ ctx }) => {
      const isHeld = (app.clock?.standing().ahead ?? 0) > CLOCK_TOLERANCE
      const failing: readonly Check[] = isHeld ? ['clock'] : await checks(ctx)
      if (failing.length === 0) return { status: 'ok' as const }
      ctx.log.warn({ failing }, 'not ready')
      throw new Refusal('service.unavailable', { retryAfter: 1 })
    },
  )
}

function rememberedChecks(): (ctx: Context) => Promise<Check[]> {
  let latest: { readonly at: Instant; readonly failing: Promise<Check[]> } | undefined
  return ({ db, now, hasher, log }) => {
    if (latest === undefined || !isWithin(REMEMBERED, latest.at, now))
      latest = { at: now, failing: failingChecks({ db, now, hasher, log }) }
    return latest.failing
  }
}
