// What the server finds about mail.
import type { Duration } from '#foundation/kernel/time.ts'
import { ageInWords } from '../spans.ts'
import type { FindingWords } from './findings.ts'
import { counted } from './user-questions.ts'

const age = (span: Duration): string => ageInWords('en', span)

export const mailFindings = {
  'mail.on': { sentence: ({ count }) => `Email is on. ${counted(count, 'email is waiting', 'emails are waiting')}.` },
  'mail.off': {
    sentence: () => 'Email is off: the server sends no invitations, links or warnings.',
    fix: () => 'To turn it on, set mail_host and mail_from. See docs/mail.md.',
  },
  'mail.insecure': {
    sentence: () => 'Emails go to the mail server unencrypted. Anyone on the network can read the links in them.',
    fix: () => 'Set mail_tls to starttls or implicit, and remove mail_insecure.',
  },
  'mail.unreachable': {
    sentence: ({ error }) => `The mail server doesn’t accept emails: ${error}.`,
    fix: () => 'Check mail_host, mail_port, mail_tls, mail_user and mail_password. Emails wait until it works.',
  },
  'mail.blocked': {
    sentence: ({ count, error }) =>
      `The mail server rejects emails from this server, and ${counted(count, 'email is waiting', 'emails are waiting')}. It answered: ${error}.`,
    fix: () => 'Check mail_from and mail_user, and the SPF and DKIM records of your domain. Emails are tried again.',
  },
  'mail.waiting': {
    sentence: ({ count, span, error }) =>
      `${counted(count, 'email is waiting', 'emails are waiting')}, the oldest for ${age(span)}. ${error === '' ? 'No attempt has failed, so check that a server is running and its clock is right' : `Last answer of the mail server: ${error}`}.`,
    fix: () => 'The outbox shows the answer to each email.',
  },
  'mail.expired': {
    sentence: ({ count, ago }) =>
      `${counted(count, 'email', 'emails')} expired before being sent. Time since: ${age(ago)}.`,
    fix: ({ command }) =>
      `Send what’s still needed again, such as an invitation. To see which, run this on the server: ${command}`,
  },
  'mail.refused': {
    sentence: ({ count }) => `The mail server permanently rejected ${counted(count, 'email', 'emails')}.`,
    fix: ({ command }) => `Send them again or drop them. To see why, run this on the server: ${command}`,
  },
} satisfies Record<string, FindingWords>
