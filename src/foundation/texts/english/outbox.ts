// The outbox: the list of mails, one mail, and what is done with it.

export const outbox = {
  title: 'Outbox',
  lead: 'Mails that this server sends or has sent in the last week. Links in them are hidden here.',
  off: 'Mail is off, so nothing is sent. Set mail_host and mail_from to turn it on.',
  table: 'Mails',
  none: 'No mails yet.',
  noneHere: 'No mails in this state.',
  filter: 'Filter by state',
  all: 'All',
  columns: { what: 'Mail', state: 'State', when: 'Queued' },
  /** By state. */
  states: { queued: 'Waiting', accepted: 'Sent', failed: 'Refused', dropped: 'Dropped', expired: 'Expired' },
  /** Below the state of a mail that waits. */
  attempts: (count: number) => (count === 1 ? '1 attempt' : `${count} attempts`),
  unknownTemplate: 'A mail of a newer version',
  one: {
    title: 'Mail',
    back: 'Back to the outbox',
    to: 'To',
    about: 'About',
    state: 'State',
    queued: 'Queued',
    next: 'Next attempt',
    until: 'Tried until',
    ended: 'Ended',
    attempts: 'Attempts',
    error: 'Last answer',
    messageId: 'Message ID',
    text: 'Text',
    textHint: 'As the recipient reads it. The link is hidden, because it gives access to an account.',
    retry: 'Send now',
    retryHint: 'Tries again at once instead of at the next attempt.',
    drop: 'Drop',
    dropHint: 'It’s never sent, and its link is erased.',
    warns:
      'This mail warns someone of a change to their account, so it can’t be dropped here. On the server, it can be dropped with this command:',
  },
  drop: {
    title: 'Drop mail',
    question: 'Drop this mail?',
    consequences: ['It’s never sent.', 'Its link is erased. The link can’t be brought back.'],
    submit: 'Drop mail',
    cancel: 'Cancel',
  },
  done: { retried: 'The mail is sent in a moment.', dropped: 'The mail was dropped.' },
}
