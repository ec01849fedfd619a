// The error codes of all features in one table, and the error that carries one.
import type { Scope } from './principal.ts'
import { ACCESS_REFUSALS } from './refusals/access.ts'
import { APPROVAL_REFUSALS } from './refusals/approvals.ts'
import { APP_REFUSALS } from './refusals/apps.ts'
import { ATTRIBUTE_REFUSALS } from './refusals/attributes.ts'
import { FACTOR_REFUSALS } from './refusals/factors.ts'
import { GROUP_REFUSALS } from './refusals/groups.ts'
import { HELP_REFUSALS } from './refusals/help.ts'
import { HOST_REFUSALS } from './refusals/hosts.ts'
import { MAIL_REFUSALS } from './refusals/mail.ts'
import { ONBOARDING_REFUSALS } from './refusals/onboarding.ts'
import { POLICY_REFUSALS } from './refusals/policies.ts'
import { REQUEST_REFUSALS } from './refusals/requests.ts'
import { RESOURCE_REFUSALS } from './refusals/resources.ts'
import { ROLE_REFUSALS } from './refusals/roles.ts'
import { SIGN_IN_REFUSALS } from './refusals/sign-in.ts'
import { USER_REFUSALS } from './refusals/users.ts'

/**
 * Every error code, from the tables of the features: a short, stable headline (the `title` of a problem document), and what happened and what
 * to do now, in English (its `detail`; pages use the catalogue of texts). The actual reason of a refused sign-in is in the audit log only
 * (user enumeration).
 */
export const REFUSALS = {
  ...REQUEST_REFUSALS,
  ...ACCESS_REFUSALS,
  ...SIGN_IN_REFUSALS,
  ...ONBOARDING_REFUSALS,
  ...FACTOR_REFUSALS,
  ...USER_REFUSALS,
  ...APPROVAL_REFUSALS,
  ...ROLE_REFUSALS,
  ...ATTRIBUTE_REFUSALS,
  ...MAIL_REFUSALS,
  ...POLICY_REFUSALS,
  ...GROUP_REFUSALS,
  ...HELP_REFUSALS,
  ...APP_REFUSALS,
  ...RESOURCE_REFUSALS,
  ...HOST_REFUSALS,
} as const satisfies Record<string, Readonly<Record<'kind' | 'title' | 'detail', string>>>

export type RefusalCode = keyof typeof REFUSALS

export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(REFUSALS, text)
}

export type RefusalKind = (typeof REFUSALS)[RefusalCode]['kind']

/** One error in one field of an input. Entry points show it beside the field or print it under `errors`. */
export interface FieldError {
  /** JSON Pointer (RFC 6901) to the field, such as `/username`; empty for the whole input. */
  readonly pointer: string
  /** `<feature>.<snake_case>`, such as `password.too_short`. */
  readonly code: string
  /** Numbers and names that the sentence contains; never the submitted value. */
  readonly facts?: Readonly<Record<string, string | number>>
}

export interface RefusalFacts {
  /** Whole seconds to wait before another try; sent as `Retry-After`. */
  readonly retryAfter?: number
  /** The errors of the fields, for `request.validation_failed` and for conflicts over one field. */
  readonly fieldErrors?: readonly FieldError[]
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
  /** The id of the request that waits, for `approval.waiting`. */
  readonly approval?: string
  /** How many users are concerned, for `role.in_use`. */
  readonly users?: number
  /** What is asked of a user who is exempt from a policy, for `policy.exemption_useless`. */
  readonly secondFactor?: 'optional' | 'required' | 'phishing-resistant'
  /** The names of policies, for `role.named_by_policy`. */
  readonly policies?: readonly string[]
  /** The names of apps, for `role.named_by_app` and `group.named_by_app`. */
  readonly apps?: readonly string[]
  /** The names of protected hosts, for `role.named_by_host` and `group.named_by_host`. */
  readonly hosts?: readonly string[]
}

/** Thrown by services when a use case is refused. Entry points translate its kind to a status, a page or an exit code. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly kind: RefusalKind
  readonly title: string
  readonly facts: RefusalFacts
  /** The id of the audit event with the reason; the user gets it, so that an admin can look the event up. */
  readonly id: string | undefined

  constructor(
    code: RefusalCode,
    facts: RefusalFacts = {},
    options: ErrorOptions & { readonly id?: string | undefined } = {},
  ) {
    const { kind, title, detail } = REFUSALS[code]
    super(detail, options)
    this.name = 'Refusal'
    this.code = code
    this.kind = kind
    this.title = title
    this.facts = facts
    this.id = options.id
  }
}

/** Returns the same refusal with the id of the audit event that contains the reason. */
export function withEventId(refusal: Refusal, id: string): Refusal {
  return new Refusal(refusal.code, refusal.facts, { id, cause: refusal.cause })
}

/** Throws `request.validation_failed` with these errors, unless there are none. */
export function requireNoFieldErrors(fieldErrors: readonly FieldError[]): void {
  if (fieldErrors.length > 0) throw new Refusal('request.validation_failed', { fieldErrors })
}
