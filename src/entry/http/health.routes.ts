import { chainLag } from '#domain/audit/chain-writer.service.ts'
import { WORST_CHAIN_LAG } from '#domain/audit/chain.ts'
import type { Context, With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { CLOCK_TOLERANCE, type Duration, type Instant, isWithin, seconds } from '#foundation/kernel/time.ts'
import { clockSkew } from '#foundation/platform/database/database-facts.ts'
import { isKnown, schemaStatus } from '#foundation/platform/database/schema-status.ts'
import type { App } from '#foundation/web/http/app.ts'
import { named } from '#foundation/web/http/schema.ts'
import { Type } from '#foundation/web/http/type.ts'
import { WARNING_SKEW, WORST_SKEW } from '#use-cases/administration/health/clock-findings.ts'

type Check = 'database' | 'schema' | 'clock' | 'audit' | 'hasher'

const Health = named(
  'Health',
  Type.Object({ status: Type.Literal('ok') }, { description: 'The check succeeded.', examples: [{ status: 'ok' }] }),
)

/** The checks query the database at most this often, whatever the number of requests. */
const REMEMBERED = seconds(1)
/** Probes time out after a few seconds; the database driver gives up on a silent database later than that. */
const ANSWERED_WITHIN: Duration = 1500

/** The answer is always the same, so it needs no compiled serializer, which the first health check after a start would wait for. */
const serializerCompiler = () => JSON.stringify

/** Liveness and readiness, as supervisors and load balancers query them. */
export function healthRoutes(app: App): void {
  const tags = ['Operations']
  const checks = rememberedChecks()
  app.get(
    '/healthz',
    {
      config: { access: 'anyone' },
      serializerCompiler,
      schema: {
        operationId: 'getHealth',
        tags,
        summary: 'Liveness: is the process running',
        response: { 200: Health },
      },
    },
    () => ({ status: 'ok' as const }),
  )
  app.get(
    '/readyz',
    {
      config: { access: 'anyone', refusals: ['service.unavailable'] },
      serializerCompiler,
      schema: {
        operationId: 'getReadiness',
        tags,
        summary: 'Readiness: can the server answer requests',
        description:
          'Whether the database answers and can be written, its schema is current, its clock agrees with the server’s to 5 seconds, ' +
          'the clock of this machine has not jumped ahead within 30 seconds, and no event has waited more than a minute to ' +
          'be added to the audit chain. Every ten seconds the server checks that it can write, every second while it cannot. ' +
          'Answers within two seconds, also where the database is silent.',
        response: { 200: Health },
      },
    },
    async ({ ctx }) => {
      const isClockDelayed = (app.clock?.standing().ahead ?? 0) > CLOCK_TOLERANCE
      const found: readonly Check[] = isClockDelayed ? ['clock'] : await checks(ctx)
      const failing = app.writeProbe?.isWritable === false ? [...found, 'writing'] : found
      if (failing.length === 0) return { status: 'ok' as const }
      ctx.log.warn({ failing }, 'readiness check failed; node is not ready')
      throw new Refusal('service.unavailable', { retryAfter: 1 })
    },
  )
}

/**
 * Runs one check at a time: while the database is silent, each further check would occupy one more connection. Other requests wait for
 * the same check; after `ANSWERED_WITHIN` they are answered as if the check of the database had failed.
 */
function rememberedChecks(): (ctx: Context) => Promise<readonly Check[]> {
  let latest: { readonly at: Instant; readonly failing: Promise<Check[]> } | undefined
  let isChecking = false
  return ({ db, now, hasher, log }) => {
    if (latest === undefined || (!isChecking && !isWithin(REMEMBERED, latest.at, now))) {
      isChecking = true
      const failing = failingChecks({ db, now, hasher, log }).finally(() => (isChecking = false))
      latest = { at: now, failing }
    }
    return inTime(latest.failing)
  }
}

async function inTime(failing: Promise<Check[]>): Promise<readonly Check[]> {
  const late = Promise.withResolvers<readonly Check[]>()
  const timer = setTimeout(() => late.resolve(['database']), ANSWERED_WITHIN)
  return Promise.race([failing, late.promise]).finally(() => clearTimeout(timer))
}

/** The checks that fail on this node; empty when the node is ready. */
async function failingChecks(ctx: With<'db' | 'now' | 'hasher' | 'log'>): Promise<Check[]> {
  const database = await databaseChecks(ctx)
  return (await canHash(ctx)) ? database : [...database, 'hasher']
}

/**
 * A hash worker that died is replaced when the next job comes. A node that is not ready gets no jobs, so the check itself starts workers.
 */
async function canHash({ hasher }: With<'hasher'>): Promise<boolean> {
  const isDead = (): boolean => hasher.stats().workers === 0 && hasher.stats().replaced > 0
  if (isDead()) await hasher.warm()
  return !isDead()
}

async function databaseChecks({ db, now, log }: With<'db' | 'now' | 'log'>): Promise<Check[]> {
  try {
    if (!isKnown(await schemaStatus(db))) return ['schema']
    const skew = await clockSkew(db, now)
    if (Math.abs(skew) > WARNING_SKEW) log.warn({ milliseconds: skew }, 'clock skew between database and this node')
    const isUnchained = (await chainLag({ db, now })) > WORST_CHAIN_LAG
    const failing: Check[] = []
    if (Math.abs(skew) > WORST_SKEW) failing.push('clock')
    if (isUnchained) failing.push('audit')
    return failing
  } catch (error) {
    log.warn({ err: error }, 'database query of the readiness check failed; node is not ready')
    return ['database']
  }
}
