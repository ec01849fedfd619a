import { actionSentence } from '#domain/audit/event.ts'
import { GUESSED_FACTORS } from '#domain/throttle/throttle.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { eventReason, texts } from '#foundation/texts/texts.ts'
import { choice, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { EventUserView, presentEventUser } from './events.schema.ts'
import type { RefusedEvent } from './refused-event.service.ts'

export const RefusedEventParameters = Type.Object({
  id: Type.String({ description: 'The reference that the user was shown; `refusal` of a problem document.' }),
})

const Bucket = Type.Object({
  kind: choice([...GUESSED_FACTORS, 'network']),
  client_class: choice(['untrusted', 'device-cookie-client', 'session'], {
    description: 'The clients whose guesses are counted there.',
  }),
  failures: Type.Integer({ minimum: 0 }),
  waits_until: nullable(
    Type.String({ format: 'date-time', description: 'Null if the next guess is allowed now, or locked out.' }),
  ),
  shut: Type.Boolean({ description: 'Locked out until an admin allows further guesses.' }),
})

export const RefusedEventView = named(
  'RefusalTrace',
  Type.Object(
    {
      id: Type.String(),
      at: Type.String({ format: 'date-time' }),
      action: Type.String({ description: 'The refused action, as the audit log names it.' }),
      sentence: Type.String({ description: 'The same in words.' }),
      reason: nullable(Type.String()),
      explanation: nullable(Type.String({ description: 'The reason in words.' })),
      meant: choice(['user', 'no-user', 'not-said'], {
        description: 'Whether the request named a user, an unknown user, or none.',
      }),
      person: EventUserView,
      actor: EventUserView,
      factor: nullable(Type.String({ description: 'The kind of second factor that was verified.' })),
      buckets: Type.Array(Bucket, {
        description: 'The present counts of the buckets in which this guess was counted.',
      }),
      minutes_ahead: nullable(
        Type.Integer({ description: 'How far the clock of the app was ahead; negative when it was behind.' }),
      ),
      policy: Type.Object({ second_factor: Type.String() }),
      address: nullable(Type.String()),
      network: nullable(Type.String()),
      agent: nullable(Type.String()),
    },
    { description: 'A refused request: action, user, reason, and the failures counted now.' },
  ),
)

/** The API and the command line answer in English. */
const ENGLISH = texts('en')

/** A refused event as the API returns it, with English sentences. */
export function presentRefusedEvent(event: RefusedEvent): Static<typeof RefusedEventView> {
  const { at, buckets, minutesAhead, secondFactor, result, person, actor, ...same } = event
  return {
    ...same,
    person: presentEventUser(person),
    actor: presentEventUser(actor),
    at: toRfc3339(at),
    sentence: actionSentence(event.action, result),
    explanation: eventReason(ENGLISH, event.reason) ?? null,
    buckets: buckets.map(({ kind, clientClass, failures, blockedUntil, isLockedOut }) => ({
      kind,
      client_class: clientClass,
      failures,
      waits_until: toRfc3339OrNull(isLockedOut ? null : blockedUntil),
      shut: isLockedOut,
    })),
    minutes_ahead: minutesAhead,
    policy: { second_factor: secondFactor },
  }
}
