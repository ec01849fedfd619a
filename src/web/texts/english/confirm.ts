// Proving again who one is, before something sensitive.

export const confirm = {
  title: 'Confirm it’s you',
  lead: (minutes: string) => `This needs your password and a code once more. Afterwards you can go on for ${minutes}.`,
  nothingDone: 'What you sent was not done yet. Confirm, and you are back at its page to send it once more.',
  submit: 'Confirm',
  until: 'Confirmed until',
}
