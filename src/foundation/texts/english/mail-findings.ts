// What the server finds about mail.
import { ageInWords } from '../spans.ts'
import type { FindingWords } from './findings.ts'
import { counted } from './user-questions.ts'
import type { Duration } from '../../kernel/time.ts'

const age = (span: Duration): string => ageInWords('en', span)

export const mailFindings = {
  'mail.on': { sentence: ({ count }) => `Mail is on. ${counted(count, 'mail is waiting', 'mails are waiting')}.` },
  'mail.off': {
    sentence: () => 'Mail is off: the server sends no invitations, links or warnings.',
    fix: () => 'To turn it on, set mail_host and mail_from. See docs/mail.md.',
  },
  'mail.insecure': {
    sentence: () => 'Mails go to the mail server without encryption. Anyone on the network can read the links in them.',
    fix: () => 'Set mail_tls to starttls or implicit, and remove mail_insecure.',
  },
  'mail.unreachable': {
    sentence: ({ error }) => `The mail server isn’t accepting mail: ${error}.`,
    fix: () => 'Check mail_host, mail_port, mail_tls, mail_user and mail_password. Mails wait until it works.',
  },
  'mail.waiting': {
    sentence: ({ count, span }) =>
      `${counted(count, 'mail is waiting', 'mails are waiting')}, the oldest for ${age(span)}. The mail server isn’t accepting them.`,
    fix: () => 'See the last answer of the mail server in the outbox.',
  },
  'mail.refused': {
    sentence: ({ count }) => `The mail server refused ${counted(count, 'mail', 'mails')} for good.`,
    fix: ({ command }) => `See why with ${command}, then send them again or drop them.`,
  },
} satisfies Record<string, FindingWords>
