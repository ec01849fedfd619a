import { actionSentence, EVENT_ACTIONS } from '#domain/audit/event.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { EventDay } from '#use-cases/page-sections/event-filter.schema.ts'
import { EXPORT_FORMATS } from './event-export.service.ts'
import type { Named, NamedEvent } from './events.service.ts'

const WHO = 'A subject, an id, a username or an email.'

export const EventUserView = nullable(
  named(
    'EventPerson',
    Type.Object({ subject: Type.String(), id: nullable(Type.Integer()), username: nullable(Type.String()) }),
  ),
)

/** A user of an event as the API returns it. */
export function presentEventUser(user: Named | null): Static<typeof EventUserView> {
  return user && { subject: user.subject, id: user.id, username: user.username }
}

export const AuditEventView = named(
  'AuditEvent',
  Type.Object({
    id: Type.String(),
    at: Type.String({ format: 'date-time' }),
    action: Type.String(),
    sentence: Type.String({ description: 'The same in words.' }),
    actor: EventUserView,
    target: EventUserView,
    result: choice(['done', 'refused']),
    reason: nullable(Type.String()),
    details: nullable(
      Type.Object({}, { additionalProperties: true, description: 'Names, IP address, user agent; null once erased.' }),
    ),
    position: nullable(Type.Integer({ description: 'Its position in the audit chain; null for up to a second.' })),
  }),
)

/** An IP address or a network in CIDR notation; 64 characters hold the longest notation. */
const NetworkText = Type.String({
  format: 'ip-network',
  maxLength: 64,
  description: 'An IP address however it is spelled, or a network such as 192.0.2.0/24 or 2001:db8::/64.',
})

export const AuditEventPage = pageOf('AuditEventPage', AuditEventView)

export const AuditEventQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `The user who acted. ${WHO}` })),
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `The user concerned. ${WHO}` })),
    about: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `Actor or target. ${WHO}` })),
    action: Type.Optional(choice(EVENT_ACTIONS)),
    result: Type.Optional(choice(['done', 'refused'])),
    address: Type.Optional(NetworkText),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Inclusive.' })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Exclusive.' })),
  },
  { additionalProperties: false },
)

const FILTER = {
  about: Type.Optional(Type.String({ maxLength: 254 })),
  action: Type.Optional(choice(EVENT_ACTIONS)),
  result: Type.Optional(choice(['done', 'refused'])),
  address: Type.Optional(NetworkText),
  // Both included.
  from: Type.Optional(EventDay),
  to: Type.Optional(EventDay),
}

/** The filter alone, as the page of the export takes it. */
export const ActivityFilter = Type.Object(FILTER)

/** The query string of the page, as its form sends it. */
export const ActivityQuery = Type.Object({ ...FILTER, cursor: Type.Optional(Type.String({ maxLength: 1024 })) })

export const ActivityExport = Type.Object({ ...FILTER, format: choice(EXPORT_FORMATS) })

export function presentEvent({ event, actor, target }: NamedEvent): Static<typeof AuditEventView> {
  const { id, at, action, result, reason, details, position } = event
  return {
    id,
    at: toRfc3339(at),
    action,
    sentence: actionSentence(action, result),
    actor: presentEventUser(actor),
    target: presentEventUser(target),
    result,
    reason,
    details,
    position,
  }
}
