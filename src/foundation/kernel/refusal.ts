import type { Scope } from './principal.ts'
import type { FieldError } from './field-error.ts'
import { REFUSALS } from './refusals.ts'
import type { RefusalCode, RefusalKind } from './refusals.ts'

export type { RefusalCode, RefusalKind } from './refusals.ts'

export interface RefusalFacts {
  /** Whole seconds to wait before another try; sent as `Retry-After`. */
  readonly retryAfter?: number
  /** Which fields are wrong, for `request.validation_failed` and for conflicts over one field. */
  readonly faults?: readonly FieldError[]
  /** Methods a path knows, for `request.method_not_allowed`. */
  readonly allow?: readonly string[]
  /** Said in the words of the origin app, whose clients know them, for `request.method_not_allowed`. */
  readonly isOrigins?: boolean
  /** By how many minutes the clock of an authenticator app is ahead of ours (or behind, if negative), for `attempt.clock_drift`. */
  readonly minutesAhead?: number
  /** Seconds within which a proof counts as recent (RFC 9470 `max_age`). */
  readonly maxAge?: number
  /** The scope that an API token lacks (RFC 6750 §3.1 `scope`). */
  readonly scope?: Scope
}

export interface RefusalOptions extends ErrorOptions {
  /** The audit event that tells why; shown to whoever is refused, so that an admin can find it. */
  readonly id?: string | undefined
}

/** Thrown by services when a use case cannot go on; doors translate its kind. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly kind: RefusalKind
  readonly title: string
  readonly facts: RefusalFacts
  /** The audit event that tells why. */
  readonly id: string | undefined

  constructor(code: RefusalCode, facts: RefusalFacts = {}, options: RefusalOptions = {}) {
    super(REFUSALS[code].detail, options)
    this.name = 'Refusal'
    this.code = code
    this.kind = REFUSALS[code].kind
    this.title = REFUSALS[code].title
    this.facts = facts
    this.id = options.id
  }
}

/** The same refusal, with the audit event that tells why. */
export function withEventId(refusal: Refusal, id: string): Refusal {
  return new Refusal(refusal.code, refusal.facts, { id, cause: refusal.cause })
}

/** Refuses an input with the faults found, or returns when there are none. */
export function requireNoFieldErrors(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw new Refusal('request.validation_failed', { faults })
}
