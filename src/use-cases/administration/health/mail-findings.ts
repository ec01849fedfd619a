// The findings of the check-up about mail.
import { minutes } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { finding } from './finding.ts'
import type { Finding } from './finding.ts'

/** A mail that waits longer than this needs attention: greylisting takes a few minutes. */
const LONG_WAIT = minutes(30)

/** What is known of mail. */
export interface MailFacts {
  readonly isOn: boolean
  /** Whether mails cross a network without TLS. */
  readonly isInsecure: boolean
  /** Mails that wait, and when the oldest of them was queued; null without one. */
  readonly waiting: { readonly count: number; readonly oldest: Instant | null }
  /** Mails that the SMTP server refused for good. */
  readonly failed: number
  /** What the SMTP server answered or why it did not; null where it accepted, or was not asked. */
  readonly error: string | null
}

interface Known {
  readonly mail: MailFacts
  /** Returns the text of a command for the server's shell. */
  readonly command: (words: string) => string
}

/** Each thing that is wrong with mail, or that it is on or off. */
export function findingsAboutMail(
  { mail: { isOn, isInsecure, waiting, failed, error }, command }: Known,
  now: Instant,
): Finding[] {
  if (!isOn) return [finding('note', 'mail.off')]
  const span = waiting.oldest === null ? 0 : now - waiting.oldest
  const wrong = [
    ...(error === null ? [] : [finding('failure', 'mail.unreachable', { error })]),
    ...(isInsecure ? [finding('warning', 'mail.insecure')] : []),
    ...(span > LONG_WAIT ? [finding('warning', 'mail.waiting', { count: waiting.count, span })] : []),
    ...(failed > 0
      ? [finding('warning', 'mail.refused', { count: failed, command: command('mail list --state failed') })]
      : []),
  ]
  return wrong.length > 0 ? wrong : [finding('ok', 'mail.on', { count: waiting.count })]
}
