// Why a request was refused, for admins. The refused user sees only the reference, which reveals nothing (user enumeration).
import { findEvent } from '#domain/audit/audit.service.ts'
import { secondFactorPolicy } from '#domain/policies/policy.service.ts'
import { type BucketCount, countsIn } from '#domain/throttle/throttle-state.service.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { namesIn } from './events.service.ts'
import { bucketsIn, isRefusedEvent, meantIn, numberIn, textIn } from './refused-event.ts'

export type RefusedEvent = Awaited<ReturnType<typeof readRefusedEvent>>

/** Returns the refused event with this reference. Throws `audit_event.not_found`, also for an event that is not a refusal. */
export async function readRefusedEvent(ctx: With<'db' | 'now' | 'config'>, id: string) {
  const event = await findEvent(ctx, id)
  if (event === undefined || !isRefusedEvent(event)) throw new Refusal('audit_event.not_found')
  const { at, action, result, reason, details } = event
  const buckets = bucketsIn(event)
  const counts = await countsIn(
    ctx,
    buckets.map(({ key }) => key),
  )
  const named = await namesIn(ctx, [event])
  return {
    id: event.id,
    at,
    action,
    result,
    reason,
    meant: meantIn(event),
    person: named(event.target),
    /** The user of the session, if the request had one. */
    actor: named(event.actor),
    /** The kind of second factor that was verified. */
    factor: textIn(details, 'factor') ?? null,
    /** The current counts of the buckets in which this guess was counted. */
    buckets: buckets.map((bucket) => ({ ...bucket, ...(counts.get(bucket.key) as BucketCount) })),
    /** Minutes by which the clock of the app was ahead of the server's; negative if it was behind. */
    minutesAhead: numberIn(details, 'minutes_ahead'),
    /** The second-factor policy at that time; the current one if the event does not hold it. */
    secondFactor: textIn(details, 'second_factor') ?? secondFactorPolicy(ctx),
    address: textIn(details, 'address') ?? null,
    network: textIn(details, 'network') ?? null,
    agent: textIn(details, 'agent') ?? null,
  }
}
