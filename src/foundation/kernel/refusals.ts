// The error codes of all features in one table.
import { ACCESS_REFUSALS } from './refusals/access.ts'
import { API_TOKEN_REFUSALS } from './refusals/api-tokens.ts'
import { ATTEMPT_REFUSALS } from './refusals/attempts.ts'
import { AUDIT_REFUSALS } from './refusals/audit.ts'
import { FACTOR_REFUSALS } from './refusals/factors.ts'
import { LINK_REFUSALS } from './refusals/links.ts'
import { ONBOARDING_REFUSALS } from './refusals/onboarding.ts'
import { REQUEST_REFUSALS } from './refusals/requests.ts'
import { SESSION_REFUSALS } from './refusals/sessions.ts'
import { SIGN_IN_REFUSALS } from './refusals/sign-in.ts'
import { THROTTLE_REFUSALS } from './refusals/throttle.ts'
import { USER_REFUSALS } from './refusals/users.ts'

export type RefusalKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'reauthentication'
  | 'forbidden'
  | 'missing'
  | 'method'
  | 'conflict'
  | 'stale'
  | 'too-large'
  | 'media-type'
  | 'throttled'
  | 'unavailable'

/** What an error code stands for. */
interface RefusalEntry {
  readonly kind: RefusalKind
  /** A short, stable headline: the `title` of a problem document. */
  readonly title: string
  /** What happened and what to do now, in English; pages use the sentence in the catalogue of texts. */
  readonly detail: string
}

/**
 * Every error code, from the tables of the features. The actual reason of a refused sign-in is in the audit log only (user enumeration).
 */
export const REFUSALS = {
  ...REQUEST_REFUSALS,
  ...ACCESS_REFUSALS,
  ...THROTTLE_REFUSALS,
  ...SIGN_IN_REFUSALS,
  ...ATTEMPT_REFUSALS,
  ...LINK_REFUSALS,
  ...ONBOARDING_REFUSALS,
  ...FACTOR_REFUSALS,
  ...AUDIT_REFUSALS,
  ...USER_REFUSALS,
  ...SESSION_REFUSALS,
  ...API_TOKEN_REFUSALS,
} as const satisfies Record<string, RefusalEntry>

export type RefusalCode = keyof typeof REFUSALS
