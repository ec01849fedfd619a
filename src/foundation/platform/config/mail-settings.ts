import { emailAddress, flag, hostName, oneOf, path, secretWords, wholeNumber, words } from './parse.ts'
import type { Setting } from './types.ts'

/** The SMTP server that takes mails, and how they look. */
export const MAIL_SETTINGS = {
  mail_host: {
    kind: hostName,
    standard: null,
    otherwise: 'email is off',
    sentence: 'Host of the SMTP server that takes the emails of this server.',
    example: 'smtp.example.org',
  },
  mail_port: {
    kind: wholeNumber(1, 65_535),
    standard: null,
    otherwise: '465, 587 or 25, as `mail_tls` says',
    sentence: 'TCP port of the SMTP server.',
    example: '2525',
  },
  mail_tls: {
    kind: oneOf(['implicit', 'starttls', 'none']),
    standard: 'starttls',
    sentence:
      'Encryption to the SMTP server, required and with a verified certificate: `starttls`, or `implicit` from the first byte. `none` is accepted for this machine, and with `mail_insecure`.',
    example: 'implicit',
  },
  mail_user: {
    kind: words,
    standard: null,
    otherwise: 'no authentication',
    sentence: 'Username at the SMTP server.',
    example: 'doorward@example.org',
  },
  mail_password: {
    kind: secretWords,
    standard: null,
    otherwise: 'no authentication',
    sentence: 'Password at the SMTP server.',
    secret: true,
    neverFlag: true,
    example: 'the password',
  },
  mail_from: {
    kind: emailAddress,
    standard: null,
    otherwise: 'required where `mail_host` is set',
    sentence: 'Sender address of emails. The sender name is the name of this server.',
    example: 'accounts@example.org',
  },
  mail_insecure: {
    kind: flag,
    standard: 'false',
    sentence:
      'Permission to send emails to another machine without TLS. Anyone on the network can then read the links in them, and each link gives access to an account.',
    example: 'true',
  },
  mail_templates: {
    kind: path,
    standard: null,
    otherwise: 'the shipped texts and look',
    sentence: 'Folder with texts and a look of emails that replace the shipped ones, checked at the start.',
    example: '/etc/doorward/mails',
  },
} as const satisfies Record<string, Setting<unknown>>
