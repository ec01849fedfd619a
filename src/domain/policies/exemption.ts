// Exemptions: users to whom a policy does not apply until an end date, each with a reason.
// Tested in test/stories/policy-rollout.test.ts.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { LONGEST_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

const EXEMPTION_REASON_MAXIMUM = 300

export interface NewExemption {
  readonly reason: string
  readonly endsAt: Instant
}

export interface Exemption extends NewExemption {
  readonly policyId: string
  readonly subject: string
  /** Whether the help desk gave it: it counts only while a version of the policy is in force that lets the help desk exempt users. */
  readonly byHelp: boolean
  readonly createdAt: Instant
  /** The subject of the user who gave it; null for the operator. */
  readonly createdBy: string | null
}

/** Returns the errors of an exemption that is given now, at `/reason` and `/ends_at`. The length is in code points. */
export function fieldErrorsInExemption({ reason, endsAt }: NewExemption, now: Instant): FieldError[] {
  const length = Array.from(reason.trim()).length
  const maximum = EXEMPTION_REASON_MAXIMUM
  return [
    ...(length === 0 ? [{ pointer: '/reason', code: 'field.missing' }] : []),
    ...(length > maximum ? [{ pointer: '/reason', code: 'field.too_long', facts: { maximum } }] : []),
    ...(endsAt <= now ? [{ pointer: '/ends_at', code: 'exemption.end_past' }] : []),
    ...(endsAt > now + LONGEST_EXEMPTION ? [{ pointer: '/ends_at', code: 'exemption.end_too_far' }] : []),
  ]
}
