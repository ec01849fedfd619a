// The ends of sessions that have not reached an app, as the API shows them.
import type { DeliveryState } from '#domain/back-channel/app-deliveries.service.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

const Count = (description: string) => Type.Integer({ minimum: 0, description })
const MomentOrNull = (description: string) => nullable(Type.String({ format: 'date-time', description }))

export const AppDeliveriesView = named(
  'AppDeliveries',
  Type.Object(
    {
      waiting: Count('How many are tried again by themselves, or for the first time.'),
      given_up: Count('How many are sent again only by hand, after the last attempt failed.'),
      failing_since: MomentOrNull('When the oldest of them that failed was queued; null where none failed.'),
      last_answer: nullable(
        Type.String({ description: 'What the app answered last, or why there was no answer; null where none failed.' }),
      ),
      next_attempt_at: MomentOrNull('When the next of those that wait is due.'),
    },
    { description: 'Which ends of sessions have not reached the app yet.' },
  ),
)

export const RetriedDeliveriesView = named(
  'RetriedAppDeliveries',
  Type.Object(
    { retried: Count('How many are sent again.') },
    { description: 'The ends of sessions that an app is sent again.' },
  ),
)

export function presentDeliveries(state: DeliveryState): Static<typeof AppDeliveriesView> {
  return {
    waiting: state.waiting,
    given_up: state.givenUp,
    failing_since: toRfc3339OrNull(state.failingSince),
    last_answer: state.lastAnswer,
    next_attempt_at: toRfc3339OrNull(state.nextAttemptAt),
  }
}
