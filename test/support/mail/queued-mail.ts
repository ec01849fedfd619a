/** The settings of a server whose mails are queued; a test that delivers them starts an SMTP server instead. */
export const QUEUES_MAIL = {
  mail_host: '127.0.0.1',
  mail_tls: 'none',
  mail_from: 'doorward@example.org',
} as const
