import { MAIL_STATES, OPEN_STATES, type QueuedMail } from '#domain/mail/outbox.ts'
import type { With } from '#foundation/context.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { previewOf } from './outbox.service.ts'

export const MailParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

const FIELDS = {
  id: Type.String(),
  template: Type.String(),
  recipient: Type.String(),
  user: nullable(Type.String({ description: 'The subject of the user whom it is about.' })),
  locale: nullable(Type.String()),
  state: choice(MAIL_STATES, { description: '`failed`: refused for good; only `retry` sends it again.' }),
  attempts: Type.Integer(),
  created_at: Type.String({ format: 'date-time' }),
  next_attempt_at: Type.String({ format: 'date-time' }),
  expires_at: Type.String({ format: 'date-time', description: 'From this time on it is not sent.' }),
  ended_at: nullable(Type.String({ format: 'date-time' })),
  last_error: nullable(Type.String()),
  message_id: Type.String(),
  has_link: Type.Boolean({ description: 'Whether it has a link. No answer contains the link’s token.' }),
}

export const MailView = named('Mail', Type.Object(FIELDS, { description: 'An email, without the token of its link.' }))

export const MailDetailsView = named(
  'MailDetails',
  Type.Object(
    {
      ...FIELDS,
      title: nullable(Type.String({ description: 'The subject line.' })),
      text: nullable(Type.String({ description: 'Its link is masked. Null for an email of a newer version.' })),
    },
    { description: 'An email with its text, without the token of its link.' },
  ),
)

export const MailPageView = pageOf('MailPage', MailView)

export const MailQuery = Type.Object(
  { ...PAGE_PARAMETERS, state: Type.Optional(choice(MAIL_STATES)) },
  { additionalProperties: false },
)

export const MailsToRetry = named(
  'MailsToRetry',
  Type.Object(
    { state: Type.Optional(choice(OPEN_STATES, { description: 'Only emails in this state; both if left out.' })) },
    { additionalProperties: false, description: 'Which emails are sent now.', examples: [{ state: 'failed' }] },
  ),
)

export const RetriedMailsView = named(
  'RetriedMails',
  Type.Object(
    {
      retried: Type.Integer({ description: 'Emails whose next attempt is made at once.' }),
      skipped: Type.Integer({ description: 'Emails about users with permissions beyond your own.' }),
    },
    { description: 'How many emails are sent now.' },
  ),
)

/** Of a list of mails in every state there is no state. */
export const MailsToRetryForm = Type.Object({ state: Type.Optional(choice(OPEN_STATES)) })

/** The query string of the page. */
export const OutboxQuery = Type.Object({
  state: Type.Optional(choice(MAIL_STATES)),
  cursor: Type.Optional(Type.String({ maxLength: 1024 })),
})

/** The id of the last mail of a page. */
export const MailPosition = Type.String({ maxLength: 64 })

/** A mail as the API returns it, without the token of its link. */
export function presentMail(mail: QueuedMail): Static<typeof MailView> {
  return {
    id: mail.id,
    template: mail.template,
    recipient: mail.recipient,
    user: mail.subject,
    locale: mail.locale,
    state: mail.state,
    attempts: mail.attempts,
    created_at: toRfc3339(mail.createdAt),
    next_attempt_at: toRfc3339(mail.nextAttemptAt),
    expires_at: toRfc3339(mail.expiresAt),
    ended_at: toRfc3339OrNull(mail.endedAt),
    last_error: mail.lastError,
    message_id: mail.messageId,
    has_link: mail.linkPath !== null,
  }
}

/** The same with its text. */
export function presentMailDetails(ctx: With<'config'>, mail: QueuedMail): Static<typeof MailDetailsView> {
  const preview = previewOf(ctx, mail)
  return { ...presentMail(mail), title: preview?.subject ?? null, text: preview?.text ?? null }
}
