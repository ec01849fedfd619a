/** Refusals of what is done with a queued mail by hand. */
export const MAIL_REFUSALS = {
  'mail.off': {
    kind: 'conflict',
    title: 'Email is off',
    detail: 'This server sends no email. Set mail_host in its configuration first.',
  },
  'mail.not_found': {
    kind: 'missing',
    title: 'Email not found',
    detail: 'No such email. Emails are deleted after a week.',
  },
  'mail.ended': {
    kind: 'conflict',
    title: 'Email already ended',
    detail: 'This email was accepted, dropped or has expired.',
  },
  'mail.warns': {
    kind: 'forbidden',
    title: 'Warning cannot be dropped here',
    detail: 'This email warns a user of a change to their account. Only the command line of the server can drop it.',
  },
} as const
