// Notices: what a user is notified of about the own account, and who may end the review that "This wasn't me" asks for.
import { FACTOR_KINDS, type FactorKind, SECOND_FACTOR_KINDS } from '#domain/factors/factor-kind.ts'
import { days, type Instant } from '#foundation/kernel/time.ts'

interface NoticeRules {
  /** The factors that the change may have given to the person who made it: a review must not rest on one of them. */
  readonly grants: readonly FactorKind[]
  /** Whether password or factors were changed: from then on, the password alone does not end the review of an earlier event. */
  readonly changesCredentials: boolean
}

const NO_CREDENTIALS = { grants: [], changesCredentials: false } as const

/** Every notice, by its kind. The template of its mail is `notice-` and the kind. */
export const NOTICES = {
  /** The notice instead of those of what happens inside an invitation, a registration or the set-up. */
  joined: { grants: FACTOR_KINDS, changesCredentials: true },
  'new-device': NO_CREDENTIALS,
  'password-changed': { grants: ['password'], changesCredentials: true },
  'password-set': { grants: ['password'], changesCredentials: true },
  'password-reset': { grants: ['password'], changesCredentials: true },
  'app-added': { grants: ['totp', 'recovery-code'], changesCredentials: true },
  'app-replaced': { grants: ['totp'], changesCredentials: true },
  'app-removed': { grants: [], changesCredentials: true },
  'passkey-added': { grants: ['passkey', 'recovery-code'], changesCredentials: true },
  'passkey-removed': { grants: [], changesCredentials: true },
  'recovery-codes-made': { grants: ['recovery-code'], changesCredentials: true },
  'recovery-code-used': NO_CREDENTIALS,
  'device-replayed': NO_CREDENTIALS,
  'factors-reset': { grants: [], changesCredentials: true },
  unlocked: NO_CREDENTIALS,
  'policy-exempted': NO_CREDENTIALS,
  'token-created': NO_CREDENTIALS,
  'username-changed': NO_CREDENTIALS,
  'email-changed': NO_CREDENTIALS,
} as const satisfies Record<string, NoticeRules>

export type NoticeKind = keyof typeof NOTICES

/** The only notice that a user can turn off: every other one is about a change. */
export const OPTIONAL_NOTICE = 'new-device' satisfies NoticeKind

/** The kinds that change neither password nor factors. Every other stored kind counts as such a change, one of a newer program too. */
export const HARMLESS_NOTICES = (Object.keys(NOTICES) as NoticeKind[]).filter(
  (kind) => !NOTICES[kind].changesCredentials,
)

/** How long after joining the first sign-in on another device is notified of in calm words. */
export const JOINING_PERIOD = days(1)

/** A notice as stored; its kind may be one that only a newer program knows. */
export interface Notice {
  readonly id: string
  readonly kind: string
  readonly position: number
  readonly createdAt: Instant
}

/** Who may end a review: the user by the review page, or an admin only. */
export type ReviewedBy = 'user' | 'admin'

/**
 * Returns the factors with which a sign-in ends a review: each one where password and factors are those of before the oldest reported
 * event. Otherwise the second factors that no change from that event on gave, its own included: a thief may know the password, and may have
 * added the others. None without a report, and none after a change that only a newer program knows.
 * @param changes the kinds of the changes of password or factors from the oldest reported event on
 */
export function passingFactors(reports: readonly Notice[], changes: readonly string[]): readonly FactorKind[] {
  if (reports.length === 0) return []
  if (changes.length === 0) return FACTOR_KINDS
  if (!changes.every(isNoticeKind)) return []
  const given = new Set<FactorKind>(changes.flatMap((kind) => NOTICES[kind].grants))
  return SECOND_FACTOR_KINDS.filter((kind) => !given.has(kind))
}

/** Returns who may end a review by a sign-in with these factors; `passing` as `passingFactors` returns them. */
export function reviewedBy(passing: readonly FactorKind[], methods: readonly FactorKind[]): ReviewedBy {
  return methods.some((method) => passing.includes(method)) ? 'user' : 'admin'
}

/** Whether this program knows the kind. */
export function isNoticeKind(kind: string): kind is NoticeKind {
  return Object.hasOwn(NOTICES, kind)
}

/** The unique value of a notice that is sent at most once for each user, network and day (in UTC). */
export function onceADay(subject: string, network: string, now: Instant): string {
  return `${subject} ${network} ${Math.floor(now / days(1))}`
}
