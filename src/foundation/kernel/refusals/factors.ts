/** Refusals about a factor of an account. */
export const FACTOR_REFUSALS = {
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
  'passkey.refused': {
    kind: 'unauthenticated',
    title: 'Passkey refused',
    detail: 'That passkey was not accepted here. Try again, or use another way.',
  },
  'passkey.challenge_ended': {
    kind: 'unauthenticated',
    title: 'Passkey came too late',
    detail: 'That took too long or was already used. Ask for new options and try again.',
  },
  'passkey.already_registered': {
    kind: 'conflict',
    title: 'Passkey already registered',
    detail: 'This passkey is registered already. Use another device or password manager.',
  },
  'passkey.too_many': {
    kind: 'conflict',
    title: 'Too many passkeys',
    detail: 'This account has as many passkeys as it may have. Remove one first.',
  },
  'passkey.not_found': {
    kind: 'missing',
    title: 'No such passkey',
    detail: 'There is no such passkey on this account.',
  },
  'passkey.last_one': {
    kind: 'conflict',
    title: 'Last second step',
    detail: 'This is the only second step of the account. Add another one first.',
  },
  'passkey.not_verified': {
    kind: 'unauthenticated',
    title: 'Passkey not verified',
    detail: 'User verification is missing. Sign in with your password first.',
  },
} as const
