// Proving again who one is, before something sensitive.

export const confirm = {
  title: 'Confirm it’s you',
  leads: {
    password: 'This needs your password once more.',
    totp: 'This needs your password and a code once more.',
    'recovery-code': 'This needs your password and one of your recovery codes.',
    passkey: 'This needs your passkey once more.',
  },
  lasts: (minutes: string) => `Afterwards you can go on for ${minutes}.`,
  wrongPassword: 'That password didn’t match. Check it and try again.',
  wrongRecoveryCode:
    'That password and recovery code didn’t match. Check both; a code that was used does not work again.',
  passkeyNotEnough:
    'That was not enough. Your passkey may not check who holds it: type your password too, then use it once more.',
  nothingDone: 'Nothing was changed yet. Once you have confirmed, you are back on that page and can send it again.',
  submit: 'Confirm',
  until: 'Confirmed until',
}
