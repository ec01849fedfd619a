// Converts a row of the outbox to a mail. Tested in test/attacks/mail-delivery.test.ts.
import type { Selectable } from 'kysely'

import type { OutboxTable } from '#foundation/platform/database/schema.ts'
import type { QueuedMail } from './outbox.ts'

/** A row of the outbox as the rest of the program sees it. */
export function toMail(row: Selectable<OutboxTable>): QueuedMail {
  return {
    id: row.id,
    template: row.template,
    recipient: row.recipient,
    subject: row.subject,
    locale: row.locale,
    facts: JSON.parse(row.facts) as Record<string, string>,
    linkId: row.link_id,
    linkPath: row.link_path,
    sealedLinkToken: row.sealed_link_token,
    messageId: row.message_id,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    leaseOwner: row.lease_owner,
    leaseUntil: row.lease_until,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    endedAt: row.ended_at,
    lastError: row.last_error,
  }
}
