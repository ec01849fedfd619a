/** Refusals of what is done with a queued mail by hand. */
export const MAIL_REFUSALS = {
  'mail.off': {
    kind: 'conflict',
    title: 'Mail is off',
    detail: 'This server sends no mail. Set mail_host in its configuration first.',
  },
  'mail.not_found': {
    kind: 'missing',
    title: 'Mail not found',
    detail: 'No such mail. Mails are deleted after a week.',
  },
  'mail.ended': {
    kind: 'conflict',
    title: 'Mail already ended',
    detail: 'This mail was accepted, dropped or has expired.',
  },
  'mail.warns': {
    kind: 'forbidden',
    title: 'Warning cannot be dropped here',
    detail: 'This mail warns a user of a change to their account. Only the command line of the server can drop it.',
  },
} as const
