import type { RefusalEntry } from './refusal-entry.ts'

/** What is refused to somebody who is in: factors, tokens, sessions, users. */
export const REFUSALS_OF_ACCOUNTS = {
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
    title: 'Passkey did not check who you are',
    detail: 'This passkey did not check that it is you. Sign in with your password first.',
  },
  'audit_event.not_found': {
    kind: 'missing',
    title: 'Reference not known',
    detail: 'No refusal has this reference. Check that it is whole.',
  },
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
  'api_token.not_found': { kind: 'missing', title: 'No such API token', detail: 'There is no such API token.' },
  'api_token.too_many': {
    kind: 'conflict',
    title: 'Too many API tokens',
    detail: 'This account has as many API tokens as it may have. Revoke one first.',
  },
  'api_token.unusable': {
    kind: 'conflict',
    title: 'No API tokens for this account',
    detail: 'An API token of this account would open nothing: it is disabled, or lacks the second step it must have.',
  },
} as const satisfies Record<string, RefusalEntry>
