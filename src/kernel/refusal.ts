import type { Fault } from './fault.ts'
import { REFUSALS } from './refusals.ts'
import type { RefusalCode, RefusalKind } from './refusals.ts'

export type { RefusalCode, RefusalKind } from './refusals.ts'

export interface RefusalFacts {
  /** Whole seconds to wait before another try; sent as `Retry-After`. */
  readonly retryAfter?: number
  /** Which fields are wrong, for `request.faults` and for conflicts over one field. */
  readonly faults?: readonly Fault[]
  /** Methods a path knows, for `request.method_not_allowed`. */
  readonly allow?: readonly string[]
  /** Seconds within which a proof counts as recent (RFC 9470 `max_age`). */
  readonly maxAge?: number
}

/** Thrown by services when a use case cannot go on; doors translate its kind. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly kind: RefusalKind
  readonly title: string
  readonly facts: RefusalFacts

  constructor(code: RefusalCode, facts: RefusalFacts = {}, options?: ErrorOptions) {
    super(REFUSALS[code].detail, options)
    this.name = 'Refusal'
    this.code = code
    this.kind = REFUSALS[code].kind
    this.title = REFUSALS[code].title
    this.facts = facts
  }
}

/** Refuses an input with the faults found, or returns when there are none. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new Refusal('request.faults', { faults })
}
