// What the URL of the page for re-authentication requires beyond the policies: `since`, in milliseconds, and `least`.
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { ASSURANCE_LEVELS } from '#foundation/kernel/assurance.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'

/** The path of the page. */
export const CONFIRM_PATH = '/confirm'

const DIGITS = /^\d{1,15}$/

/** Reads the requirement; a part that is malformed requires nothing. An instant that has not come yet could never be fulfilled: it is now. */
export function requirementIn(query: unknown, now: Instant): AuthenticationRequirement {
  const since = fieldIn(query, 'since')
  const least = fieldIn(query, 'least')
  return {
    since: typeof since === 'string' && DIGITS.test(since) ? Math.min(Number(since), now) : undefined,
    least: ASSURANCE_LEVELS.find((level) => level === least),
  }
}

/** The path of the page with a requirement. */
export function confirmPath({ since, least }: AuthenticationRequirement): string {
  const required = [since !== undefined && `since=${since}`, least !== undefined && `least=${least}`].filter(Boolean)
  return required.length === 0 ? CONFIRM_PATH : `${CONFIRM_PATH}?${required.join('&')}`
}
