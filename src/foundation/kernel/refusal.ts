import type { Scope } from './principal.ts'
import type { FieldError } from './field-error.ts'
import { REFUSALS } from './refusals.ts'
import type { RefusalCode, RefusalKind } from './refusals.ts'

export type { RefusalCode, RefusalKind } from './refusals.ts'

export interface RefusalFacts {
  /** Whole seconds to wait before another try; sent as `Retry-After`. */
  readonly retryAfter?: number
  /** The errors of the fields, for `request.validation_failed` and for conflicts over one field. */
  readonly faults?: readonly FieldError[]
  /** The methods of the path, for `request.method_not_allowed`. */
  readonly allow?: readonly string[]
  /** Whether the answer has the wording of the legacy app, which its clients may compare, for `request.method_not_allowed`. */
  readonly hasLegacyWording?: boolean
  /** How many minutes the clock of an authenticator app is ahead of the server's (negative: behind), for `attempt.clock_drift`. */
  readonly minutesAhead?: number
  /** Seconds for which an authentication counts as recent (RFC 9470 `max_age`). */
  readonly maxAge?: number
  /** The scope that an API token lacks (RFC 6750 §3.1 `scope`). */
  readonly scope?: Scope
}

export interface RefusalOptions extends ErrorOptions {
  /** The id of the audit event with the reason; the user gets it, so that an admin can look the event up. */
  readonly id?: string | undefined
}

/** Thrown by services when a use case is refused. Entry points translate its kind to a status, a page or an exit code. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly kind: RefusalKind
  readonly title: string
  readonly facts: RefusalFacts
  /** The id of the audit event with the reason. */
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

/** Returns the same refusal with the id of the audit event that contains the reason. */
export function withEventId(refusal: Refusal, id: string): Refusal {
  return new Refusal(refusal.code, refusal.facts, { id, cause: refusal.cause })
}

/** Throws `request.validation_failed` with these errors, unless there are none. */
export function requireNoFieldErrors(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw new Refusal('request.validation_failed', { faults })
}
