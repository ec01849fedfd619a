export type RefusalKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'proof'
  | 'forbidden'
  | 'missing'
  | 'method'
  | 'conflict'
  | 'stale'
  | 'too-large'
  | 'media-type'
  | 'throttled'
  | 'unavailable'

interface RefusalEntry {
  readonly kind: RefusalKind
  /** A short, stable headline: the `title` of a problem document. */
  readonly title: string
  /** What happened and what to do now, in English; pages say it from the catalogue of texts. */
  readonly detail: string
}

/** Every way Doorward says no. The true reason of a failed sign-in is in the audit log only. */
export const REFUSALS = {
  'request.unreadable': {
    kind: 'malformed',
    title: 'Unreadable request',
    detail: 'The body could not be read. Send well-formed content of the announced type.',
  },
  'request.faults': {
    kind: 'invalid',
    title: 'Some fields need another look',
    detail: 'Some fields are missing or not as wanted; `errors` names each.',
  },
  'request.too_large': {
    kind: 'too-large',
    title: 'Request too large',
    detail: 'The request is larger than this server accepts.',
  },
  'request.unsupported_media_type': {
    kind: 'media-type',
    title: 'Unsupported content type',
    detail: 'This route does not read that content type.',
  },
  'request.method_not_allowed': { kind: 'method', title: 'Method not allowed', detail: 'Method Not Allowed' },
  'request.not_found': { kind: 'missing', title: 'Not found', detail: 'Not Found' },
  'request.form_outdated': {
    kind: 'forbidden',
    title: 'Form of another session',
    detail:
      'This form belongs to an earlier session, so nothing was changed. Open its page again and repeat your change.',
  },
  'request.cross_origin': {
    kind: 'forbidden',
    title: 'Request from another site',
    detail: 'This request came from another site, so nothing was changed. Open the page here and try again.',
  },
  'access.not_authenticated': { kind: 'unauthenticated', title: 'Not signed in', detail: 'Not authenticated' },
  'access.token_refused': { kind: 'unauthenticated', title: 'Not signed in', detail: 'Could not validate credentials' },
  'access.insufficient_permissions': {
    kind: 'forbidden',
    title: 'Not permitted',
    detail: 'User has insufficient permissions',
  },
  'access.second_factor_missing': {
    kind: 'forbidden',
    title: 'Second step needed',
    detail: 'Set up a second step first; administration needs one.',
  },
  'access.proof_needed': {
    kind: 'proof',
    title: 'Confirm it is you',
    detail: 'This needs a recent proof: confirm your password and a code at POST /session/proof, then try again.',
  },
  'sign_in.incorrect': { kind: 'unauthenticated', title: 'Sign-in refused', detail: 'Incorrect username or password' },
  'sign_in.enrolment_needed': {
    kind: 'forbidden',
    title: 'Second step not set up',
    detail: 'The password is right, but this account has no second step yet. Set one up at /sign-in or POST /attempts.',
  },
  'sign_in.disabled': {
    kind: 'forbidden',
    title: 'Account turned off',
    detail: 'This account is turned off. Ask an admin.',
  },
  'attempt.ended': {
    kind: 'unauthenticated',
    title: 'Sign-in ended',
    detail: 'This sign-in is over: it took too long, was completed, or never existed. Start again.',
  },
  'attempt.wrong_stage': {
    kind: 'conflict',
    title: 'Not this step',
    detail: 'This sign-in is at another step.',
  },
  'attempt.code_wrong': {
    kind: 'unauthenticated',
    title: 'Code refused',
    detail: 'That code did not match. Wait for the next one and try again.',
  },
  'attempt.code_used': {
    kind: 'unauthenticated',
    title: 'Code already used',
    detail: 'That code was used a moment ago. Wait for the next one.',
  },
  'proof.refused': {
    kind: 'forbidden',
    title: 'Proof refused',
    detail: 'That password and code did not match. Wait for the next code and try again.',
  },
  'password.wrong': { kind: 'forbidden', title: 'Password refused', detail: 'That is not the current password.' },
  'totp.code_wrong': {
    kind: 'forbidden',
    title: 'Code refused',
    detail: 'That code did not match. Wait for the next one and try again.',
  },
  'totp.code_used': {
    kind: 'forbidden',
    title: 'Code already used',
    detail: 'That code was used a moment ago. Wait for the next one.',
  },
  'totp.not_found': {
    kind: 'missing',
    title: 'No such authenticator app',
    detail: 'There is no such authenticator app on this account.',
  },
  'totp.last_one': {
    kind: 'conflict',
    title: 'Last second step',
    detail: 'This is the only second step of the account. Replace it instead of removing it.',
  },
  'totp.too_many': {
    kind: 'conflict',
    title: 'Too many authenticator apps',
    detail: 'This account has as many authenticator apps as it may have. Remove one first.',
  },
  'link.unknown': {
    kind: 'missing',
    title: 'Link not known',
    detail: 'This link is not known here. Ask for a new one.',
  },
  'link.expired': { kind: 'missing', title: 'Link ran out', detail: 'This link ran out. Ask for a new one.' },
  'link.used': { kind: 'missing', title: 'Link already used', detail: 'This link was already used. Sign in.' },
  'setup.finished': { kind: 'conflict', title: 'Already set up', detail: 'This server already has its first admin.' },
  'user.not_found': { kind: 'missing', title: 'User not found', detail: 'There is no such user.' },
  'user.username_taken': { kind: 'conflict', title: 'Username taken', detail: 'Another user has this username.' },
  'user.email_taken': { kind: 'conflict', title: 'Address taken', detail: 'Another user has this email address.' },
  'user.last_admin': {
    kind: 'conflict',
    title: 'Last admin',
    detail: 'This is the last active admin. Make another admin first.',
  },
  'user.own_account': {
    kind: 'conflict',
    title: 'Your own account',
    detail: 'This cannot be done to your own account here. Use your own account page, or ask another admin.',
  },
  'user.ambiguous': {
    kind: 'conflict',
    title: 'More than one user',
    detail: 'This is the id of one user and the username of another. Name the one you mean by email address.',
  },
  'user.disabled': {
    kind: 'conflict',
    title: 'User is disabled',
    detail: 'This user is disabled, so an invitation would open nothing. Enable the user first.',
  },
  'user.already_enrolled': {
    kind: 'conflict',
    title: 'Already set up',
    detail:
      'This user already has a password and a second step; an invitation would replace nothing. Reset the second step first.',
  },
  'user.stale': {
    kind: 'stale',
    title: 'Changed meanwhile',
    detail: 'Someone changed this since you read it. Read it again and repeat your change.',
  },
  'session.not_found': { kind: 'missing', title: 'No such session', detail: 'There is no such session.' },
  'throttle.wait': { kind: 'throttled', title: 'Too many tries', detail: 'Too many tries. Wait, then try again.' },
  'service.busy': {
    kind: 'unavailable',
    title: 'Busy',
    detail: 'The server is busy; nothing was changed. Try again shortly.',
  },
  'service.unavailable': {
    kind: 'unavailable',
    title: 'Unavailable',
    detail: 'The server cannot do this right now; nothing was acknowledged. Try again shortly.',
  },
} as const satisfies Record<string, RefusalEntry>

export type RefusalCode = keyof typeof REFUSALS
