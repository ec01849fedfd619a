// How far the help desk may exempt users from a policy that allows it.
// Tested in test/stories/help-desk.test.ts.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { HELP_EXEMPTION_EVERY, LONGEST_HELP_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { type PolicyVersion, versionInForce } from './policy.ts'

/**
 * Returns from when on an exemption of the help desk counts: now, or from the deadline of a planned version that lets it exempt users and begins
 * before the longest exemption would end; undefined if it never would.
 */
export function helpExemptionFrom(versions: readonly PolicyVersion[], now: Instant): Instant | undefined {
  const begins = versions
    .map(({ inForceFrom }) => inForceFrom)
    .filter((at) => at > now && at < now + LONGEST_HELP_EXEMPTION)
  return [now, ...begins.toSorted((one, other) => one - other)].find(
    (at) => versionInForce(versions, at)?.terms.helpersMayExempt === true,
  )
}

/** From when on the help desk may exempt a user again; null if it may now. */
export function nextHelpExemption(last: Instant | null, now: Instant): Instant | null {
  return last === null || last + HELP_EXEMPTION_EVERY <= now ? null : last + HELP_EXEMPTION_EVERY
}

/** Returns the error of an exemption by the help desk that is too long, at `/ends_at`. */
export function fieldErrorsInHelpExemption(endsAt: Instant, now: Instant): FieldError[] {
  return endsAt > now + LONGEST_HELP_EXEMPTION ? [{ pointer: '/ends_at', code: 'exemption.help_too_far' }] : []
}
