import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'

import { EVENTS, actionSentence } from '../../../domain/audit/event.ts'
import type { EventAction, EventDetails, EventResult } from '../../../domain/audit/event.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '../../../foundation/web/http/pagination.ts'
import { choice, named, nullable } from '../../../foundation/web/http/schema.ts'

const WHO = 'A subject, an id, a username or an email.'
const ACTIONS = Object.keys(EVENTS) as EventAction[]

export const EventUserView = nullable(
  named(
    'EventPerson',
    Type.Object({ subject: Type.String(), id: nullable(Type.Integer()), username: nullable(Type.String()) }),
  ),
)

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
export const NetworkText = Type.String({
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
    action: Type.Optional(choice(ACTIONS)),
    result: Type.Optional(choice(['done', 'refused'])),
    address: Type.Optional(NetworkText),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Inclusive.' })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'Exclusive.' })),
  },
  { additionalProperties: false },
)

interface ShownPerson {
  readonly subject: string
  readonly id: number | null
  readonly username: string | null
}

interface ShownEvent {
  readonly event: {
    readonly id: string
    readonly at: Instant
    readonly action: string
    readonly result: EventResult
    readonly reason: string | null
    readonly details: EventDetails | null
    readonly position: number | null
  }
  readonly actor: ShownPerson | null
  readonly target: ShownPerson | null
}

/** An event as the API and the export return it. */
export function presentEvent({ event, actor, target }: ShownEvent): Static<typeof AuditEventView> {
  const { id, at, action, result, reason, details, position } = event
  return {
    id,
    at: toRfc3339(at),
    action,
    sentence: actionSentence(action, result),
    actor,
    target,
    result,
    reason,
    details,
    position,
  }
}
