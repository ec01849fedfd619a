// Why a request was refused, for admins. The refused user sees only the reference, which reveals nothing (user enumeration).
import { findEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { secondFactorPolicy } from '../../../domain/policies/policy.service.ts'
import { countsIn } from '../../../domain/throttle/throttle-state.service.ts'
import type { BucketCount } from '../../../domain/throttle/throttle-state.service.ts'
import { namesIn } from './events.service.ts'
import type { Named } from './events.service.ts'
import { bucketsIn, isRefusedEvent, meantIn, numberIn, textIn } from './refused-event.ts'
import type { Meant, CountedBucket } from './refused-event.ts'

export interface RefusedEvent {
  readonly id: string
  readonly at: Instant
  /** The refused action, as the catalogue of events names it. */
  readonly action: string
  readonly result: 'done' | 'refused'
  readonly reason: string | null
  readonly meant: Meant
  /** The user concerned. */
  readonly person: Named | null
  /** The user of the session, if the request had one. */
  readonly actor: Named | null
  /** The kind of second factor that was verified. */
  readonly factor: string | null
  /** The present counts of the buckets in which this guess was counted. */
  readonly buckets: readonly (CountedBucket & BucketCount)[]
  /** Minutes by which the clock of the app was ahead of the server's; negative if it was behind. */
  readonly minutesAhead: number | null
  /** The second-factor policy at that time; the present one if the event does not hold it. */
  readonly secondFactor: string
  readonly address: string | null
  readonly network: string | null
  readonly agent: string | null
}

/** Returns the refused event with this reference. Throws `audit_event.not_found`, also for an event that is not a refusal. */
export async function readRefusedEvent(ctx: With<'db' | 'now' | 'config'>, id: string): Promise<RefusedEvent> {
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
    actor: named(event.actor),
    factor: textIn(details, 'factor') ?? null,
    buckets: buckets.map((bucket) => ({ ...bucket, ...(counts.get(bucket.key) as BucketCount) })),
    minutesAhead: numberIn(details, 'minutes_ahead'),
    secondFactor: textIn(details, 'second_factor') ?? secondFactorPolicy(ctx),
    address: textIn(details, 'address') ?? null,
    network: textIn(details, 'network') ?? null,
    agent: textIn(details, 'agent') ?? null,
  }
}
