// What each entry point makes of each state of a user under each policy, for policy-matrix.test.ts.

/**
 * By route and policies, each outcome with the states of users that have it. `-`: the user lacks the factor, or the link; `asks` lists the
 * offered factors; a session shows its methods and assurance level.
 */
export const POLICY_TABLE: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  'POST /token': {
    'optional, optional app, exempt, exempt after a roll-out': {
      'password: one-factor': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'sign_in.second_factor_elsewhere': 'passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'required, only app, exempt without one': {
      'sign_in.enrolment_needed': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'sign_in.second_factor_elsewhere': 'passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'phishing-resistant, only passkey': {
      'sign_in.enrolment_needed': 'none',
      'sign_in.second_factor_elsewhere': 'app, passkey, app passkey, app codes, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'optional passkey': {
      'password: one-factor': 'none',
      'sign_in.second_factor_elsewhere': 'app, passkey, app passkey, app codes, passkey codes',
      'sign_in.incorrect': 'invited',
    },
  },
  'POST /attempts': {
    'optional, exempt, exempt after a roll-out': {
      'password: one-factor': 'none',
      'asks totp': 'app',
      'asks passkey': 'passkey',
      'asks totp passkey': 'app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'required, exempt without one': {
      enrolment: 'none',
      'asks totp': 'app',
      'asks passkey': 'passkey',
      'asks totp passkey': 'app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'phishing-resistant, only passkey': {
      enrolment: 'none',
      'asks totp': 'app',
      'asks passkey': 'passkey, app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'only app': {
      enrolment: 'none',
      'asks totp': 'app, app passkey',
      'asks passkey': 'passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'optional app': {
      'password: one-factor': 'none',
      'asks totp': 'app, app passkey',
      'asks passkey': 'passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'optional passkey': {
      'password: one-factor': 'none',
      'asks totp': 'app',
      'asks passkey': 'passkey, app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
      'sign_in.incorrect': 'invited',
    },
  },
  'POST /attempts with a code': {
    'optional, optional app, exempt, exempt after a roll-out': {
      'password: one-factor': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'attempt.code_wrong': 'passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'required, only app, exempt without one': {
      enrolment: 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'attempt.code_wrong': 'passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'phishing-resistant, only passkey': {
      enrolment: 'none, app, app codes',
      'sign_in.factor_not_allowed': 'passkey, app passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
    'optional passkey': {
      'password: one-factor': 'none',
      enrolment: 'app, app codes',
      'sign_in.factor_not_allowed': 'passkey, app passkey, passkey codes',
      'sign_in.incorrect': 'invited',
    },
  },
  'POST /invitations/accept': {
    'optional, required, phishing-resistant, only app, only passkey, optional app, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, passkey, app passkey, app codes, passkey codes',
        enrolment: 'invited',
      },
  },
  'POST /password-resets/complete': {
    'optional, exempt, exempt after a roll-out': {
      'password: one-factor': 'none, invited',
      'asks totp': 'app',
      'asks passkey': 'passkey',
      'asks totp passkey': 'app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
    'required, exempt without one': {
      enrolment: 'none, invited',
      'asks totp': 'app',
      'asks passkey': 'passkey',
      'asks totp passkey': 'app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
    'phishing-resistant, only passkey': {
      enrolment: 'none, invited',
      'asks totp': 'app',
      'asks passkey': 'passkey, app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
    'only app': {
      enrolment: 'none, invited',
      'asks totp': 'app, app passkey',
      'asks passkey': 'passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
    'optional app': {
      'password: one-factor': 'none, invited',
      'asks totp': 'app, app passkey',
      'asks passkey': 'passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
    'optional passkey': {
      'password: one-factor': 'none, invited',
      'asks totp': 'app',
      'asks passkey': 'passkey, app passkey',
      'asks totp recovery-code': 'app codes',
      'asks passkey recovery-code': 'passkey codes',
    },
  },
  'POST /password-reset/:token': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'password: one-factor': 'none, invited',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
    },
    'required, phishing-resistant, only app, only passkey, exempt without one': {
      'to /enrolment': 'none, invited',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
    },
  },
  'POST /enrolment-links/accept': {
    'optional, required, phishing-resistant, only app, only passkey, optional app, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        enrolment: 'none',
        'link.used': 'app, passkey, app passkey, app codes, passkey codes',
        'password.wrong': 'invited',
      },
  },
  'POST /enrolment-link/:token': {
    'optional, required, phishing-resistant, only app, only passkey, optional app, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        'to /enrolment': 'none',
        'page 404': 'app, passkey, app passkey, app codes, passkey codes',
        'page 403': 'invited',
      },
  },
  'POST /attempts/second-factor by an app': {
    'optional, optional app, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'attempt.code_wrong': 'passkey, passkey codes',
      'attempt.wrong_stage': 'invited',
    },
    'required, only app, exempt without one': {
      'attempt.wrong_stage': 'none, invited',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'attempt.code_wrong': 'passkey, passkey codes',
    },
    'phishing-resistant, only passkey': {
      'attempt.wrong_stage': 'none, invited',
      enrolment: 'app, app codes',
      'sign_in.factor_not_allowed': 'passkey, app passkey, passkey codes',
    },
    'optional passkey': {
      'no attempt': 'none',
      enrolment: 'app, app codes',
      'sign_in.factor_not_allowed': 'passkey, app passkey, passkey codes',
      'attempt.wrong_stage': 'invited',
    },
  },
  'POST /attempts/second-factor by a recovery code': {
    'optional, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes, passkey codes',
      'attempt.wrong_stage': 'invited',
    },
    'required, exempt without one': {
      'attempt.wrong_stage': 'none, invited',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes, passkey codes',
    },
    'phishing-resistant': {
      'attempt.wrong_stage': 'none, invited',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      enrolment: 'app codes, passkey codes',
    },
    'only app': {
      'attempt.wrong_stage': 'none, invited',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes',
      enrolment: 'passkey codes',
    },
    'only passkey': {
      'attempt.wrong_stage': 'none, invited',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      enrolment: 'app codes',
      'password+recovery-code: two-factors': 'passkey codes',
    },
    'optional app': {
      'no attempt': 'none',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes',
      enrolment: 'passkey codes',
      'attempt.wrong_stage': 'invited',
    },
    'optional passkey': {
      'no attempt': 'none',
      'attempt.recovery_code_wrong': 'app, passkey, app passkey',
      enrolment: 'app codes',
      'password+recovery-code: two-factors': 'passkey codes',
      'attempt.wrong_stage': 'invited',
    },
  },
  'POST /attempts/passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        'passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      enrolment: 'passkey, passkey codes',
      'sign_in.factor_not_allowed': 'app passkey',
    },
  },
  'POST /attempts/passkey with an attempt': {
    'optional, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      '-': 'app, app codes, invited',
      'password+passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
    },
    'required, phishing-resistant, only passkey, exempt without one': {
      '-': 'none, app, app codes, invited',
      'password+passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
    },
    'only app': {
      '-': 'none, app, app codes, invited',
      enrolment: 'passkey, passkey codes',
      'sign_in.factor_not_allowed': 'app passkey',
    },
    'optional app': {
      'no attempt': 'none',
      '-': 'app, app codes, invited',
      enrolment: 'passkey, passkey codes',
      'sign_in.factor_not_allowed': 'app passkey',
    },
  },
  'POST /attempts/totp/confirm': {
    'optional, optional app, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
      'password+totp: two-factors': 'invited',
    },
    'required, only app, exempt without one': {
      'password+totp: two-factors': 'none, invited',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
    },
    'phishing-resistant, only passkey': {
      'factor.not_allowed': 'none, invited',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
    },
    'optional passkey': {
      'no attempt': 'none',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
      'factor.not_allowed': 'invited',
    },
  },
  'POST /attempts/passkeys': {
    'optional, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
      'password+passkey: phishing-resistant': 'invited',
    },
    'required, phishing-resistant, only passkey, exempt without one': {
      'password+passkey: phishing-resistant': 'none, invited',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
    },
    'only app': {
      'factor.not_allowed': 'none, invited',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
    },
    'optional app': {
      'no attempt': 'none',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes',
      'factor.not_allowed': 'invited',
    },
  },
  'POST /attempts/review': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'attempt.wrong_stage': 'app, passkey, app passkey, app codes, passkey codes, invited',
    },
    'required, phishing-resistant, only app, only passkey, exempt without one': {
      'attempt.wrong_stage': 'none, app, passkey, app passkey, app codes, passkey codes, invited',
    },
  },
  'POST /sign-in/review': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'required, phishing-resistant, only app, only passkey, exempt without one': {
      'to /sign-in/second-step': 'none, app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
  },
  'POST /sign-in': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'password: one-factor': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'page 401': 'invited',
    },
    'required, phishing-resistant, only app, only passkey, exempt without one': {
      'to /enrolment': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'page 401': 'invited',
    },
  },
  'POST /sign-in/passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        'passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      'to /enrolment': 'passkey, passkey codes',
      'page 403': 'app passkey',
    },
  },
  'POST /sign-in/second-step by an app': {
    'optional, optional app, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'page 401': 'passkey, passkey codes',
      'to /sign-in': 'invited',
    },
    'required, only app, exempt without one': {
      'to /enrolment': 'none',
      'password+totp: two-factors': 'app, app passkey, app codes',
      'page 401': 'passkey, passkey codes',
      'to /sign-in': 'invited',
    },
    'phishing-resistant, only passkey': {
      'to /enrolment': 'none, app, app codes',
      'page 403': 'passkey, app passkey, passkey codes',
      'to /sign-in': 'invited',
    },
    'optional passkey': {
      'no attempt': 'none',
      'to /enrolment': 'app, app codes',
      'page 403': 'passkey, app passkey, passkey codes',
      'to /sign-in': 'invited',
    },
  },
  'POST /sign-in/second-step by a recovery code': {
    'optional, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'page 401': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'required, exempt without one': {
      'to /enrolment': 'none',
      'page 401': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'phishing-resistant': {
      'to /enrolment': 'none, app codes, passkey codes',
      'page 401': 'app, passkey, app passkey',
      'to /sign-in': 'invited',
    },
    'only app': {
      'to /enrolment': 'none, passkey codes',
      'page 401': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes',
      'to /sign-in': 'invited',
    },
    'only passkey': {
      'to /enrolment': 'none, app codes',
      'page 401': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'passkey codes',
      'to /sign-in': 'invited',
    },
    'optional app': {
      'no attempt': 'none',
      'page 401': 'app, passkey, app passkey',
      'password+recovery-code: two-factors': 'app codes',
      'to /enrolment': 'passkey codes',
      'to /sign-in': 'invited',
    },
    'optional passkey': {
      'no attempt': 'none',
      'page 401': 'app, passkey, app passkey',
      'to /enrolment': 'app codes',
      'password+recovery-code: two-factors': 'passkey codes',
      'to /sign-in': 'invited',
    },
  },
  'POST /sign-in/second-step by a passkey': {
    'optional, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      '-': 'app, app codes, invited',
      'password+passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
    },
    'required, phishing-resistant, only passkey, exempt without one': {
      '-': 'none, app, app codes, invited',
      'password+passkey: phishing-resistant': 'passkey, app passkey, passkey codes',
    },
    'only app': {
      '-': 'none, app, app codes, invited',
      'to /enrolment': 'passkey, passkey codes',
      'page 401': 'app passkey',
    },
    'optional app': {
      'no attempt': 'none',
      '-': 'app, app codes, invited',
      'to /enrolment': 'passkey, passkey codes',
      'page 401': 'app passkey',
    },
  },
  'POST /enrolment/app': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'page 409': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'required, only app, exempt without one': {
      'password+totp: two-factors': 'none',
      'page 409': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'phishing-resistant, only passkey': {
      'to /enrolment/passkey': 'none',
      'page 409': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
  },
  'POST /enrolment/passkey': {
    'optional, optional app, optional passkey, exempt, exempt after a roll-out': {
      'no attempt': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'required, phishing-resistant, only passkey, exempt without one': {
      'password+passkey: phishing-resistant': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
    'only app': {
      'to /enrolment/app': 'none',
      'to /sign-in/second-step': 'app, passkey, app passkey, app codes, passkey codes',
      'to /sign-in': 'invited',
    },
  },
  'an API token': {
    'optional, exempt, exempt after a roll-out': {
      works: 'none, app, passkey, app passkey, app codes, passkey codes, invited',
    },
    'required, exempt without one': {
      'not made': 'none, invited',
      works: 'app, passkey, app passkey, app codes, passkey codes',
    },
    'phishing-resistant, only passkey': {
      'not made': 'none, app, app codes, invited',
      works: 'passkey, app passkey, passkey codes',
    },
    'only app': {
      'not made': 'none, passkey, passkey codes, invited',
      works: 'app, app passkey, app codes',
    },
    'optional app': {
      works: 'none, app, app passkey, app codes, invited',
      'not made': 'passkey, passkey codes',
    },
    'optional passkey': {
      works: 'none, passkey, app passkey, passkey codes, invited',
      'not made': 'app, app codes',
    },
  },
  'POST /session/proof by the password': {
    'optional, required, exempt, exempt after a roll-out, exempt without one': {
      're-authenticated: one-factor': 'none',
      'reauthentication.too_weak': 'app, passkey, app passkey, app codes, passkey codes',
      'reauthentication.refused': 'invited',
    },
    'phishing-resistant': {
      'access.invalid_token': 'none, app, app codes, invited',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
    },
    'only app, optional app': {
      're-authenticated: one-factor': 'none',
      'reauthentication.too_weak': 'app, app passkey, app codes',
      'access.invalid_token': 'passkey, passkey codes',
      'reauthentication.refused': 'invited',
    },
    'only passkey, optional passkey': {
      're-authenticated: one-factor': 'none',
      'access.invalid_token': 'app, app codes',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
      'reauthentication.refused': 'invited',
    },
  },
  'POST /session/proof by an app': {
    'optional, required, exempt, exempt after a roll-out, exempt without one': {
      'reauthentication.refused': 'none, invited',
      're-authenticated: two-factors': 'app, app codes',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
    },
    'phishing-resistant': {
      'access.invalid_token': 'none, app, app codes, invited',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
    },
    'only app, optional app': {
      'reauthentication.refused': 'none, invited',
      're-authenticated: two-factors': 'app, app passkey, app codes',
      'access.invalid_token': 'passkey, passkey codes',
    },
    'only passkey, optional passkey': {
      'reauthentication.refused': 'none, invited',
      'access.invalid_token': 'app, app codes',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
    },
  },
  'POST /session/proof by a recovery code': {
    'optional, required, exempt, exempt after a roll-out, exempt without one': {
      'reauthentication.refused': 'none, app, passkey, app passkey, invited',
      're-authenticated: two-factors': 'app codes, passkey codes',
    },
    'phishing-resistant': {
      'access.invalid_token': 'none, app, app codes, invited',
      'reauthentication.too_weak': 'passkey, app passkey, passkey codes',
    },
    'only app, optional app': {
      'reauthentication.refused': 'none, app, app passkey, invited',
      'access.invalid_token': 'passkey, passkey codes',
      're-authenticated: two-factors': 'app codes',
    },
    'only passkey, optional passkey': {
      'reauthentication.refused': 'none, passkey, app passkey, invited',
      'access.invalid_token': 'app, app codes',
      're-authenticated: two-factors': 'passkey codes',
    },
  },
  'POST /session/proof by a passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        're-authenticated: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      'access.invalid_token': 'passkey, passkey codes',
      'reauthentication.too_weak': 'app passkey',
    },
  },
  'POST /session/proof by password and passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        're-authenticated: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      'access.invalid_token': 'passkey, passkey codes',
      'reauthentication.too_weak': 'app passkey',
    },
  },
  'POST /confirm by an app': {
    'optional, required, exempt, exempt after a roll-out, exempt without one': {
      're-authenticated: one-factor': 'none',
      're-authenticated: two-factors': 'app, app codes',
      'not re-authenticated': 'passkey, app passkey, passkey codes, invited',
    },
    'phishing-resistant': {
      'not re-authenticated': 'none, app, passkey, app passkey, app codes, passkey codes, invited',
    },
    'only app, optional app': {
      're-authenticated: one-factor': 'none',
      're-authenticated: two-factors': 'app, app passkey, app codes',
      'not re-authenticated': 'passkey, passkey codes, invited',
    },
    'only passkey, optional passkey': {
      're-authenticated: one-factor': 'none',
      'not re-authenticated': 'app, passkey, app passkey, app codes, passkey codes, invited',
    },
  },
  'POST /confirm by a recovery code': {
    'optional, required, exempt, exempt after a roll-out, exempt without one': {
      're-authenticated: one-factor': 'none',
      'not re-authenticated': 'app, passkey, app passkey, invited',
      're-authenticated: two-factors': 'app codes, passkey codes',
    },
    'phishing-resistant': {
      'not re-authenticated': 'none, app, passkey, app passkey, app codes, passkey codes, invited',
    },
    'only app, optional app': {
      're-authenticated: one-factor': 'none',
      'not re-authenticated': 'app, passkey, app passkey, passkey codes, invited',
      're-authenticated: two-factors': 'app codes',
    },
    'only passkey, optional passkey': {
      're-authenticated: one-factor': 'none',
      'not re-authenticated': 'app, passkey, app passkey, app codes, invited',
      're-authenticated: two-factors': 'passkey codes',
    },
  },
  'POST /confirm by a passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        're-authenticated: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      'not re-authenticated': 'passkey, app passkey, passkey codes',
    },
  },
  'POST /confirm by password and passkey': {
    'optional, required, phishing-resistant, only passkey, optional passkey, exempt, exempt after a roll-out, exempt without one':
      {
        '-': 'none, app, app codes, invited',
        're-authenticated: phishing-resistant': 'passkey, app passkey, passkey codes',
      },
    'only app, optional app': {
      '-': 'none, app, app codes, invited',
      'not re-authenticated': 'passkey, app passkey, passkey codes',
    },
  },
}
