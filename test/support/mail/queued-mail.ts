/** The settings of a server whose mails are queued, where people may register; a test that delivers mails starts an SMTP server instead. */
export const QUEUES_MAIL = {
  mail_host: '127.0.0.1',
  mail_tls: 'none',
  mail_from: 'doorward@example.org',
  registration: 'approval',
} as const
