/** Refusals about a factor of an account. */
export const FACTOR_REFUSALS = {
  'password.wrong': { kind: 'forbidden', title: 'Incorrect password', detail: 'The current password is incorrect.' },
  'totp.code_wrong': {
    kind: 'forbidden',
    title: 'Incorrect code',
    detail: 'The code is incorrect. Wait for the next one and try again.',
  },
  'totp.code_used': {
    kind: 'forbidden',
    title: 'Code already used',
    detail: 'This code was already used. Wait for the next one.',
  },
  'totp.not_found': {
    kind: 'missing',
    title: 'Authenticator app not found',
    detail: 'This account has no such authenticator app.',
  },
  'totp.last_one': {
    kind: 'conflict',
    title: 'Last second step',
    detail: 'This is the only allowed second step of the account. Replace it instead of removing it.',
  },
  'totp.too_many': {
    kind: 'conflict',
    title: 'Too many authenticator apps',
    detail: 'Authenticator app limit reached. Remove one first.',
  },
  'passkey.refused': {
    kind: 'unauthenticated',
    title: 'Passkey not accepted',
    detail: 'The passkey was not accepted. Try again or use another method.',
  },
  'passkey.challenge_ended': {
    kind: 'unauthenticated',
    title: 'Passkey request expired',
    detail: 'The passkey request expired or was already used. Get new options and retry.',
  },
  'passkey.already_registered': {
    kind: 'conflict',
    title: 'Passkey already added',
    detail: 'This passkey was already added. Use another device or password manager.',
  },
  'passkey.too_many': {
    kind: 'conflict',
    title: 'Too many passkeys',
    detail: 'Passkey limit reached. Remove one first.',
  },
  'passkey.not_found': {
    kind: 'missing',
    title: 'Passkey not found',
    detail: 'This account has no such passkey.',
  },
  'passkey.last_one': {
    kind: 'conflict',
    title: 'Last second step',
    detail: 'This is the only allowed second step of the account. Add another first.',
  },
  'passkey.not_verified': {
    kind: 'unauthenticated',
    title: 'Passkey not verified',
    detail: 'User verification is missing. Sign in with your password first.',
  },
} as const
