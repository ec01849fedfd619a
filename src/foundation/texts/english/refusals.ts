import type { RefusalCode, RefusalFacts } from '../../kernel/refusal.ts'
import { minutes } from '../../kernel/time.ts'
import { spanInWords, waitInWords } from '../spans.ts'

const clockOff = ({ minutesAhead = 0 }: RefusalFacts): string =>
  `The clock of your authenticator app is about ${spanInWords('en', minutes(Math.abs(minutesAhead)))} ${minutesAhead > 0 ? 'ahead' : 'behind'}. Turn on automatic time on that device, then try again.`

/** What the pages say for each refusal: what happened, and what to do now. */
export const refusals: Record<RefusalCode, (facts: RefusalFacts) => string> = {
  'request.unreadable': () => 'The form did not arrive whole. Open the page again and send it once more.',
  'request.validation_failed': () => 'Check the highlighted fields.',
  'request.too_large': () => 'That is more than this server accepts. Shorten it and try again.',
  'request.unsupported_media_type': () => 'The form was sent in a way this page does not read. Open the page again.',
  'request.method_not_allowed': () =>
    'There is no page to open at this address; only forms are sent here. Begin at the start page.',
  'request.not_found': () => 'There is no page at this address. Check it, or go to the start page.',
  'request.form_outdated': () =>
    'This form is from an earlier session, so nothing was changed. Open its page again and repeat your change.',
  'request.cross_origin': () =>
    'This came from another site, so nothing was changed. Open the page here and try again.',
  'access.not_authenticated': () => 'Sign in to see this page.',
  'access.invalid_token': () => 'You are signed out. Sign in again.',
  'access.insufficient_permissions': () => 'Your account may not do this. An admin can.',
  'access.second_factor_missing': () => 'Set up a second step first; administration needs one.',
  'access.reauthentication_required': () => 'Confirm it’s you first, with your password and a code.',
  'access.session_required': () => 'An API token cannot do this. Sign in and confirm it’s you.',
  'access.insufficient_scope': ({ scope }) =>
    `This API token was not made for this${scope === undefined ? '' : `; it lacks the scope ${scope}`}. Make one that has it.`,
  'access.stronger_authentication_required': () => 'Confirm it’s you first, with your passkey or a recovery code.',
  'sign_in.incorrect': () => 'That username and password don’t match. Check both and try again.',
  'sign_in.enrolment_needed': () => 'The password is right, but this account has no second step yet. Set one up now.',
  'sign_in.second_factor_elsewhere': () => 'Your second step can’t be used here. Sign in on the sign-in page.',
  'sign_in.disabled': () => 'This account is turned off. Ask an admin.',
  'attempt.ended': () => 'This sign-in took too long or is already done. Start again.',
  'attempt.wrong_stage': () => 'This sign-in is at another step. Start again.',
  'attempt.code_wrong': () => 'That code didn’t match. Wait for the next one and try again.',
  'attempt.code_used': () => 'That code was used a moment ago. Wait for the next one (up to 30 seconds).',
  'attempt.clock_drift': clockOff,
  'attempt.recovery_code_wrong': () => 'That is not one of your recovery codes. Type it once more, or take another.',
  'attempt.recovery_code_used': () => 'That recovery code was used before; each works once. Try another one.',
  'reauthentication.clock_drift': clockOff,
  'reauthentication.too_weak': () =>
    'Your account can give a stronger proof. Use your passkey, or your password and a recovery code.',
  'reauthentication.refused': () =>
    'That password and code didn’t match. Check the password, wait for the next code and try again.',
  'reauthentication.passkey_refused': () =>
    'That wasn’t enough. Your passkey may not verify that it’s you: type your password too, then use the passkey again.',
  'password.wrong': () => 'That is not your current password. Try again.',
  'totp.code_wrong': () => 'That code didn’t match. Wait for the next one and try again.',
  'totp.code_used': () => 'That code was used a moment ago. Wait for the next one (up to 30 seconds).',
  'totp.not_found': () => 'There is no such authenticator app on this account.',
  'totp.last_one': () => 'This is your only second step. Replace it instead of removing it.',
  'totp.too_many': () => 'This account has as many authenticator apps as it may have. Remove one first.',
  'passkey.refused': () => 'That passkey was not accepted here. Try again, or use another way.',
  'passkey.challenge_ended': () => 'That took too long or was already used. Try again.',
  'passkey.already_registered': () =>
    'This passkey is registered already. Use another device or another password manager.',
  'passkey.too_many': () => 'This account has as many passkeys as it may have. Remove one first.',
  'passkey.last_one': () => 'This is your only second step. Add another one first.',
  'passkey.not_found': () => 'There is no such passkey on this account.',
  'passkey.not_verified': () => 'This passkey did not check that it is you. Sign in with your password first.',
  'link.unknown': () => 'This link is not known here. Check that it is whole, or ask for a new one.',
  'link.expired': () => 'This link ran out. Ask for a new one.',
  'link.used': () => 'This link was already used. Sign in.',
  'setup.finished': () => 'This server is already set up. Sign in.',
  'audit_event.not_found': () => 'No event has this reference. Check that you copied all of it.',
  'user.not_found': () => 'There is no such user.',
  'user.username_taken': () => 'Another user has this username. Choose another.',
  'user.email_taken': () => 'Another user has this email address. Use another.',
  'user.last_admin': () => 'This is the last active admin. Make another admin first.',
  'user.own_account': () =>
    'This cannot be done to your own account here. Use your own account page, or ask another admin.',
  'user.ambiguous': () =>
    'This is the id of one user and the username of another. Name the one you mean by email address.',
  'user.disabled': () => 'This account is disabled, so an invitation would open nothing. Enable it first.',
  'user.already_enrolled': () =>
    'This user already has a password and a second step, and needs no invitation. If the second step is lost, reset it first.',
  'user.stale': () => 'Someone changed this meanwhile. Open it again and repeat your change.',
  'session.not_found': () => 'There is no such session; it may have ended.',
  'api_token.not_found': () => 'There is no such API token; it may have been revoked, or run out.',
  'api_token.too_many': () => 'This account has as many API tokens as it may have. Revoke one first.',
  'api_token.unusable': () =>
    'An API token of this account would open nothing: it is turned off, or lacks the second step it must have.',
  'throttle.blocked': ({ retryAfter }) => {
    const wait = waitInWords('en', retryAfter)
    return `Too many tries. You can try again ${wait === undefined ? 'later' : `in ${wait}`}.`
  },
  'service.busy': () => 'The server is busy; nothing was changed. Try again in a moment.',
  'service.unavailable': () => 'The server cannot do this right now. Try again in a moment.',
}
