import { actionSentence, EVENT_ACTIONS } from '#domain/audit/event.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { EventDay } from '#use-cases/page-sections/event-filter.schema.ts'
import type { OwnEvent } from './own-activity.service.ts'

const OtherUser = named(
  'OtherPerson',
  Type.Object(
    {
      username: nullable(
        Type.String({ description: 'As stored in the event, else the present one; null if neither is known to you.' }),
      ),
    },
    { description: 'The user whom your action concerned; null if that is you, or there is none.' },
  ),
)

export const OwnEventView = named(
  'OwnEvent',
  Type.Object({
    id: Type.String(),
    at: Type.String({ format: 'date-time' }),
    action: Type.String(),
    sentence: Type.String({ description: 'The same in words.' }),
    result: choice(['done', 'refused']),
    reason: nullable(Type.String()),
    by: choice(['you', 'admin', 'nobody'], {
      description:
        '`admin` means another person: an admin, one with permissions, or a manager of a group. `nobody` means an anonymous request, or the server itself.',
    }),
    target: nullable(OtherUser),
    address: nullable(Type.String()),
    agent: nullable(Type.String()),
  }),
)

export const OwnEventPage = pageOf('OwnEventPage', OwnEventView)

export const OwnActivityQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    action: Type.Optional(choice(EVENT_ACTIONS)),
    since: Type.Optional(Type.String({ format: 'date-time', description: 'Inclusive.' })),
  },
  { additionalProperties: false },
)

/** The query string of the page, as its form sends it. */
export const OwnActivityForm = Type.Object({
  action: Type.Optional(choice(EVENT_ACTIONS)),
  from: Type.Optional(EventDay),
  cursor: Type.Optional(Type.String({ maxLength: 1024 })),
})

/** An event as its user may see it: without the IP address and user agent of another person. */
export function presentOwnEvent({ event, target }: OwnEvent, subject: string): Static<typeof OwnEventView> {
  const by = byWhom(event.actor, subject)
  const { address, agent } = by === 'admin' ? {} : (event.details ?? {})
  return {
    id: event.id,
    at: toRfc3339(event.at),
    action: event.action,
    sentence: actionSentence(event.action, event.result),
    result: event.result,
    reason: event.reason,
    by,
    target,
    address: typeof address === 'string' ? address : null,
    agent: typeof agent === 'string' ? agent : null,
  }
}

function byWhom(actor: string | null, subject: string): 'you' | 'admin' | 'nobody' {
  if (actor === null) return 'nobody'
  return actor === subject ? 'you' : 'admin'
}
