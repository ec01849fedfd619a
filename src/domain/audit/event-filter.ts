// Which events are read: the filter of a list, and where its page begins.
// Tested in audit.service.test.ts.
import type { IpAddressRange } from '#foundation/kernel/ip-address-range.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { EventResult } from './event.ts'

/** The last event of a page. */
export interface EventCursor {
  readonly at: Instant
  readonly id: string
}

export interface EventFilter {
  readonly actor?: string | undefined
  readonly target?: string | undefined
  /** Actor or target. */
  readonly about?: string | undefined
  readonly action?: string | undefined
  readonly result?: EventResult | undefined
  /** The range of the request's IP address; excludes events without one. */
  readonly address?: IpAddressRange | undefined
  /** From this instant on. */
  readonly since?: Instant | undefined
  /** Before this instant. */
  readonly until?: Instant | undefined
  readonly limit: number
  readonly cursor?: EventCursor | null
}
