// Notices: what a user is told about the own account, and who may end the review that "This wasn't me" asks for.
import type { FactorKind } from '../factors/factor-kind.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { days } from '../../foundation/kernel/time.ts'

interface NoticeRules {
  /** The factors that the change may have given to whoever made it: a review must not rest on one of them. */
  readonly grants: readonly FactorKind[]
  /** Whether password or factors were changed: after that, a reported earlier event is reviewed by an admin. */
  readonly changesCredentials: boolean
}

const NO_CREDENTIALS = { grants: [], changesCredentials: false } as const

/** Every notice, by its kind. The template of its mail is `notice-` and the kind. */
export const NOTICES = {
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

/** The only notice that a user can turn off: every other one tells of a change. */
export const OPTIONAL_NOTICE = 'new-device' satisfies NoticeKind

/** The kinds that change password or factors. */
export const CREDENTIAL_NOTICES = (Object.keys(NOTICES) as NoticeKind[]).filter(
  (kind) => NOTICES[kind].changesCredentials,
)

/** How long "This wasn't me" and the undo of a new email work. */
export const ANSWER_LIFETIME = days(7)

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
 * Returns who may end the review that these reports ask for. An admin only, if password or factors were changed after a reported event,
 * or if the sign-in used what a reported event gave: otherwise a thief could confirm the own takeover. A kind of a newer program counts
 * as such a change.
 * @param latestChanges the notices of the two latest changes of password or factors
 * @param methods the factors verified in the sign-in that leads to the review
 */
export function reviewedBy(
  reports: readonly Notice[],
  latestChanges: readonly Pick<Notice, 'id' | 'position'>[],
  methods: readonly FactorKind[],
): ReviewedBy {
  const isUnsafe = (report: Notice): boolean => {
    const rules: NoticeRules | undefined = isNoticeKind(report.kind) ? NOTICES[report.kind] : undefined
    if (rules === undefined || rules.grants.some((factor) => methods.includes(factor))) return true
    // The same position means at the same time, which counts as after.
    return latestChanges.some(({ id, position }) => id !== report.id && position >= report.position)
  }
  return reports.length === 0 || reports.some(isUnsafe) ? 'admin' : 'user'
}

/** Whether this program knows the kind. */
export function isNoticeKind(kind: string): kind is NoticeKind {
  return Object.hasOwn(NOTICES, kind)
}

/** The unique value of a notice that is sent at most once for each user, network and day (in UTC). */
export function onceADay(subject: string, network: string, now: Instant): string {
  return `${subject} ${network} ${Math.floor(now / days(1))}`
}
