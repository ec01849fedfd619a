// The outbox: the list of mails, one mail, and what is done with it.

export const outbox = {
  title: 'Outbox',
  lead: 'Emails this server is sending, or sent in the last week. Their links are hidden here.',
  off: 'Email is off, so nothing is sent. Set mail_host and mail_from to turn it on.',
  table: 'Emails',
  none: { title: 'No emails yet', text: 'Each email this server sends will stand here.' },
  noneHere: 'No emails in this state',
  filter: 'Filter by state',
  all: 'All',
  columns: { what: 'Email', state: 'State', when: 'Queued' },
  states: {
    queued: 'Waiting',
    accepted: 'Sent',
    failed: 'Rejected',
    dropped: 'Dropped',
    expired: 'Expired',
  },
  /** Below the state of a mail that waits, before the last answer of the mail server. */
  attempts: (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`),
  notTried: 'Not tried yet',
  /** The button above the list of mails that wait, or of those that were rejected. */
  retryAll: { queued: 'Send all now', failed: 'Send all again' },
  /** After that: how many are sent, and how many are about users whom the admin may not manage. */
  retriedAll: (count: number, skipped: number) =>
    `${count === 1 ? '1 email' : `${count} emails`} will be sent in a moment.${
      skipped === 0
        ? ''
        : ` ${skipped === 1 ? '1 was skipped because its user has' : `${skipped} were skipped because their users have`} permissions you don’t have.`
    }`,
  unknownTemplate: 'Email from a newer version',
  one: {
    to: 'To',
    about: 'About',
    delivery: 'Delivery',
    queued: 'Queued',
    next: 'Next attempt',
    due: 'Due now',
    until: 'Tried until',
    ended: 'Ended',
    attempts: 'Attempts',
    error: 'Last answer',
    messageId: 'Message ID',
    text: 'Text',
    textHint: 'What the recipient reads. The link is hidden because it gives access to an account.',
    retry: 'Send now',
    drop: 'Drop',
    warns:
      'This email warns someone of a change to their account, so you can’t drop it here. To drop it, run this on the server:',
  },
  drop: {
    title: 'Drop email',
    question: 'Drop this email?',
    consequences: ['It won’t be sent.', 'Its link is deleted. You can’t undo this.'],
    submit: 'Drop email',
    cancel: 'Cancel',
  },
  done: { retried: 'The email will be sent in a moment.', dropped: 'Email dropped.' },
}
