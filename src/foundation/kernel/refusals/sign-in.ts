/** Refusals of guesses, of a sign-in from its beginning to its end, and of a re-authentication. */
export const SIGN_IN_REFUSALS = {
  'throttle.blocked': {
    kind: 'throttled',
    title: 'Too many attempts',
    detail: 'Too many attempts. Wait, then try again.',
  },
  'sign_in.incorrect': { kind: 'unauthenticated', title: 'Sign-in refused', detail: 'Incorrect username or password' },
  'sign_in.enrolment_needed': {
    kind: 'forbidden',
    title: 'Second step not set up',
    detail: 'The password is correct, but this account has no second step. Set one up at /sign-in or POST /attempts.',
  },
  'sign_in.second_factor_elsewhere': {
    kind: 'forbidden',
    title: 'Second step not possible here',
    detail:
      'The password is correct, but this route cannot take the second step of this account. Sign in at /sign-in or POST /attempts, or use an API token.',
  },
  'sign_in.factor_not_allowed': {
    kind: 'forbidden',
    title: 'Second step not allowed',
    detail: 'The policies for this account do not allow this second step. Use another one of the account.',
  },
  'sign_in.disabled': {
    kind: 'forbidden',
    title: 'Account disabled',
    detail: 'This account is disabled.',
  },
  'reauthentication.clock_drift': {
    kind: 'forbidden',
    title: 'Clock off',
    detail: 'The code is for a different time. Correct the clock of the device.',
  },
  'reauthentication.too_weak': {
    kind: 'forbidden',
    title: 'Stronger confirmation required',
    detail: 'A stronger method is required: passkey, or password and recovery code.',
  },
  'reauthentication.refused': {
    kind: 'forbidden',
    title: 'Confirmation refused',
    detail: 'The password or code is incorrect. Wait for the next code and try again.',
  },
  'reauthentication.passkey_refused': {
    kind: 'forbidden',
    title: 'Passkey not enough',
    detail: 'The passkey alone was not enough. Use it together with the password.',
  },
  'password_reset.off': {
    kind: 'conflict',
    title: 'No reset by email',
    detail: 'This server sends no email. Ask an admin to reset the password.',
  },
  'account.review_required': {
    kind: 'forbidden',
    title: 'Review required',
    detail:
      'This account was reported, so it must be reviewed before the next session. Sign in at /sign-in or POST /attempts.',
  },
  'account.review_by_admin': {
    kind: 'forbidden',
    title: 'Review by an admin required',
    detail:
      'This account was reported, and its password or second step may be in the wrong hands. Sign in with a second factor that has not changed since, or ask an admin to lift the review. On the server: doorward user lift-review.',
  },
  'account.no_review': {
    kind: 'conflict',
    title: 'No review due',
    detail: 'No review of this account is due.',
  },
  'attempt.ended': {
    kind: 'unauthenticated',
    title: 'Sign-in ended',
    detail: 'This sign-in has expired, was completed or never existed. Start again.',
  },
  'attempt.wrong_stage': {
    kind: 'conflict',
    title: 'Unexpected step',
    detail: 'This sign-in is at a different step.',
  },
  'attempt.code_wrong': {
    kind: 'unauthenticated',
    title: 'Incorrect code',
    detail: 'The code is incorrect. Wait for the next one and try again.',
  },
  'attempt.code_used': {
    kind: 'unauthenticated',
    title: 'Code already used',
    detail: 'This code was already used. Wait for the next one.',
  },
  'attempt.clock_drift': {
    kind: 'unauthenticated',
    title: 'Clock off',
    detail: 'The code is for a different time. Correct the clock of the device.',
  },
  'attempt.recovery_code_wrong': {
    kind: 'unauthenticated',
    title: 'Incorrect recovery code',
    detail: 'The recovery code is incorrect. Check it or use another.',
  },
  'attempt.recovery_code_used': {
    kind: 'unauthenticated',
    title: 'Recovery code already used',
    detail: 'This recovery code was already used. Each works once. Use another.',
  },
} as const
