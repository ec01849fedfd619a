// The paths of the pages of mails, and the marks of their states. Tested in test/stories/mail.test.ts.
import type { MailState } from '#domain/mail/outbox.ts'

export const OUTBOX_PATH = '/admin/mails'

export function mailPath(id: string, below = ''): string {
  return `${OUTBOX_PATH}/${encodeURIComponent(id)}${below}`
}

export const STATE_ICONS: Readonly<Record<MailState, 'info' | 'ok' | 'danger' | 'plain' | 'warn'>> = {
  queued: 'info',
  accepted: 'ok',
  failed: 'danger',
  dropped: 'plain',
  expired: 'warn',
}
