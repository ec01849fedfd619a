/** Refusals of guesses, of a sign-in from its beginning to its end, and of a re-authentication. */
export const SIGN_IN_REFUSALS = {
  'throttle.blocked': { kind: 'throttled', title: 'Too many tries', detail: 'Too many tries. Wait, then try again.' },
  'sign_in.incorrect': { kind: 'unauthenticated', title: 'Sign-in refused', detail: 'Incorrect username or password' },
  'sign_in.enrolment_needed': {
    kind: 'forbidden',
    title: 'Second step not set up',
    detail: 'The password is right, but this account has no second step yet. Set one up at /sign-in or POST /attempts.',
  },
  'sign_in.second_factor_elsewhere': {
    kind: 'forbidden',
    title: 'Second factor not possible here',
    detail:
      'The password is correct, but this route cannot take the second factor of this account. Sign in at /sign-in or POST /attempts, or use an API token.',
  },
  'sign_in.disabled': {
    kind: 'forbidden',
    title: 'Account turned off',
    detail: 'This account is turned off. Ask an admin.',
  },
  'reauthentication.clock_drift': {
    kind: 'forbidden',
    title: 'Clock off',
    detail: 'That code belongs to another time: the clock of your authenticator app is wrong. Set it, then try again.',
  },
  'reauthentication.too_weak': {
    kind: 'forbidden',
    title: 'Proof not strong enough',
    detail:
      'This account can give a stronger proof: confirm with your passkey, or with your password and a recovery code.',
  },
  'reauthentication.refused': {
    kind: 'forbidden',
    title: 'Proof refused',
    detail: 'That password and code did not match. Wait for the next code and try again.',
  },
  'reauthentication.passkey_refused': {
    kind: 'forbidden',
    title: 'Passkey not enough',
    detail:
      'The passkey did not confirm that it is you. It may not verify its user: use it again, together with the password.',
  },
  'attempt.ended': {
    kind: 'unauthenticated',
    title: 'Sign-in ended',
    detail: 'This sign-in is over: it took too long, was completed, or never existed. Start again.',
  },
  'attempt.wrong_stage': {
    kind: 'conflict',
    title: 'Unexpected step',
    detail: 'This sign-in is at a different step.',
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
  'attempt.clock_drift': {
    kind: 'unauthenticated',
    title: 'Clock off',
    detail: 'That code belongs to another time: the clock of your authenticator app is wrong. Set it, then try again.',
  },
  'attempt.recovery_code_wrong': {
    kind: 'unauthenticated',
    title: 'Recovery code refused',
    detail: 'That is not one of your recovery codes. Type it once more, or take another.',
  },
  'attempt.recovery_code_used': {
    kind: 'unauthenticated',
    title: 'Recovery code already used',
    detail: 'That recovery code was used before; each works once. Try another one.',
  },
} as const
