/** Refusals at the beginning of a sign-in, and of a re-authentication. */
export const SIGN_IN_REFUSALS = {
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
} as const
