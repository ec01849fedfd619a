// The findings of the check-up about mail.
// Tested in health.test.ts.
import type { OutboxState } from '#domain/mail/outbox.service.ts'
import { days, type Instant, minutes } from '#foundation/kernel/time.ts'
import { type Finding, finding } from './finding.ts'

/** A mail that waits longer than this needs attention: greylisting takes a few minutes. */
const LONG_WAIT = minutes(30)
/** How long expired mails are a warning; afterwards they are a note, until their rows are deleted. */
const EXPIRY_WARNING = days(1)

export interface MailFacts {
  readonly isOn: boolean
  /** Whether mails cross a network without TLS. */
  readonly isInsecure: boolean
  readonly waiting: OutboxState['waiting']
  readonly blocked: OutboxState['blocked']
  readonly expired: OutboxState['expired']
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
  { mail: { isOn, isInsecure, waiting, blocked, expired, failed, error }, command }: Known,
  now: Instant,
): Finding[] {
  if (!isOn) return [finding('note', 'mail.off')]
  const span = waiting.oldest === null ? 0 : now - waiting.oldest
  const wrong = [
    ...(error === null ? [] : [finding('failure', 'mail.unreachable', { error })]),
    ...(isInsecure ? [finding('warning', 'mail.insecure')] : []),
    ...(blocked.count > 0
      ? [finding('warning', 'mail.blocked', { count: blocked.count, error: quoted(blocked.error) })]
      : []),
    ...(span > LONG_WAIT
      ? [finding('warning', 'mail.waiting', { count: waiting.count, span, error: quoted(waiting.error) })]
      : []),
    ...expiredFinding(expired, command, now),
    ...(failed > 0
      ? [finding('warning', 'mail.refused', { count: failed, command: command('mail list --state failed') })]
      : []),
  ]
  return wrong.length > 0 ? wrong : [finding('ok', 'mail.on', { count: waiting.count })]
}

function expiredFinding({ count, latest }: MailFacts['expired'], command: Known['command'], now: Instant): Finding[] {
  if (latest === null) return []
  const ago = Math.max(minutes(1), now - latest)
  const facts = { count, ago, command: command('mail list --state expired') }
  return [finding(ago < EXPIRY_WARNING ? 'warning' : 'note', 'mail.expired', facts)]
}

/** An answer without the names in email addresses, which may be those of users. */
function quoted(answer: string | null): string {
  return (answer ?? '').replaceAll(/[^\s<>@"']+@(?=[^\s<>@]+)/g, '…@')
}
