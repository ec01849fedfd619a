import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'

import { EVENTS, actionSentence } from '../../../domain/audit/event.ts'
import type { EventAction, EventDetails, EventResult } from '../../../domain/audit/event.ts'
import { toRfc3339 } from '../../../foundation/kernel/time.ts'
import type { Instant } from '../../../foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '../../../foundation/web/http/pagination.ts'
import { choice, named, nullable } from '../../../foundation/web/http/schema.ts'

const WHO = 'A subject, an id, a username or an address.'
const ACTIONS = Object.keys(EVENTS) as EventAction[]

export const PersonView = nullable(
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
    actor: PersonView,
    target: PersonView,
    result: choice(['done', 'refused']),
    reason: nullable(Type.String()),
    details: nullable(
      Type.Object({}, { additionalProperties: true, description: 'Names, address, agent; null once erased.' }),
    ),
    position: nullable(Type.Integer({ description: 'Its position in the audit chain; null for up to a second.' })),
  }),
)

/** As long as an address can be written out, with its prefix. */
export const NetworkText = Type.String({
  format: 'ip-network',
  maxLength: 64,
  description: 'An IP address however it is spelled, or a network such as 192.0.2.0/24 or 2001:db8::/64.',
})

export const AuditEventPage = pageOf('AuditEventPage', AuditEventView)

export const AuditEventQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    actor: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `Who did it. ${WHO}` })),
    target: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `Whom it happened to. ${WHO}` })),
    about: Type.Optional(Type.String({ minLength: 1, maxLength: 254, description: `Either of both. ${WHO}` })),
    action: Type.Optional(choice(ACTIONS)),
    result: Type.Optional(choice(['done', 'refused'])),
    address: Type.Optional(NetworkText),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'This moment included.' })),
    until: Type.Optional(Type.String({ format: 'date-time', description: 'This moment left out.' })),
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
