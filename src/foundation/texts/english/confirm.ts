// Proving again who one is, before something sensitive.

export const confirm = {
  title: 'Confirm it’s you',
  leads: {
    password: 'This needs your password once more.',
    totp: 'This needs your password and a code once more.',
    'recovery-code': 'This needs your password and one of your recovery codes.',
    passkey: 'This needs your passkey once more.',
  },
  lasts: (minutes: string) => `You will not be asked again for ${minutes}.`,
  wrongPassword: 'That password didn’t match. Check it and try again.',
  wrongRecoveryCode:
    'That password and recovery code didn’t match. Check both; a code that was used does not work again.',
  nothingDone:
    'Nothing has been changed. Once you have confirmed, you are back on the page you came from and can send its form again.',
  submit: 'Confirm',
  until: 'You confirmed it’s you, and are not asked again until',
}
