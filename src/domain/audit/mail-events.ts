// The actions about mails, with their sentences. Tested in audit.service.test.ts.
export const MAIL_EVENTS = {
  'mail.retried': { sentence: 'Mail sent again', refused: 'Sending a mail again refused' },
  'mail.all_retried': { sentence: 'Mails sent again', refused: 'Sending mails again refused' },
  'mail.dropped': { sentence: 'Mail dropped', refused: 'Dropping a mail refused' },
  'mail.revealed': { sentence: 'Link in a mail read' },
} as const
