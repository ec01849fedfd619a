// The rules of a sign-in: its next stage after the password.
//
//              ┌─▶ refused        unknown user, wrong password, or shut out and without a second factor
//   password ──┼─▶ second-factor  ──▶ complete, or refused (also for a user who is shut out)
//              ├─▶ enrolment      ──▶ complete, once a new second factor is confirmed
//              └─▶ complete       the user has no second factor and needs none
import { digitsOf } from '#domain/factors/totp/totp.ts'
import type { ShutOutReason } from '#domain/users/account-expiry.ts'
import { Secret } from '#foundation/kernel/secret.ts'

/** What decides the next step once a password was compared. */
export interface PasswordFacts {
  readonly known: boolean
  readonly matched: boolean
  readonly shutOut: ShutOutReason | undefined
  readonly hasSecondFactor: boolean
  /** Whether this account must have one before it gets a session. */
  readonly needsSecondFactor: boolean
}

export type PasswordVerdict =
  | { readonly stage: 'refused'; readonly reason: 'unknown_user' | 'wrong_password' | ShutOutReason }
  | { readonly stage: 'second-factor' | 'enrolment' | 'complete' }

/**
 * The step that follows the password. A reason such as `disabled` is returned only once every factor of the user was verified, so that a
 * password alone does not reveal it: a user with a second factor is refused after that one (`proveSecondFactor`).
 */
export function nextSignInStep(facts: PasswordFacts): PasswordVerdict {
  const { known, matched, shutOut, hasSecondFactor, needsSecondFactor } = facts
  if (!known) return { stage: 'refused', reason: 'unknown_user' }
  if (!matched) return { stage: 'refused', reason: 'wrong_password' }
  if (hasSecondFactor) return { stage: 'second-factor' }
  if (shutOut !== undefined) return { stage: 'refused', reason: shutOut }
  return { stage: needsSecondFactor ? 'enrolment' : 'complete' }
}

const APPENDED_DIGITS = 6

/**
 * Splits a password with six digits appended, as clients of the legacy app send it. The code is exactly the last six code
 * points, each a decimal digit after NFKC. Returns undefined if the text does not end so.
 */
export function splitAppendedCode(typed: Secret): { readonly password: Secret; readonly code: string } | undefined {
  const characters = Array.from(typed.reveal())
  const tail = characters.slice(-APPENDED_DIGITS)
  const code = tail.length === APPENDED_DIGITS ? digitsOf(tail.join('')) : undefined
  if (code?.length !== APPENDED_DIGITS) return undefined
  return { password: Secret.of(characters.slice(0, -APPENDED_DIGITS).join('')), code }
}
