import { SECOND_FACTOR_KINDS } from '#domain/factors/factor-kind.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { Notice } from './notice.ts'

/** A notice that was answered with "This wasn't me". */
export const ReportedEvent = named(
  'ReportedEvent',
  Type.Object(
    {
      notice: Type.String({ description: 'What it was about, such as `password-changed`.' }),
      at: Type.String({ format: 'date-time' }),
    },
    { description: 'A notice that was answered with “This wasn’t me”.' },
  ),
)

export function presentReport({ kind, createdAt }: Notice): Static<typeof ReportedEvent> {
  return { notice: kind, at: toRfc3339(createdAt) }
}

export const LiftedBy = choice(['user', 'admin', 'operator'], {
  description:
    'Who may end the review: the user at the next sign-in; an admin, because password or factors were changed from the oldest reported event on, and no unchanged second factor was verified; or, of the last active admin, a command on the server only.',
})

/** The second factors with which the user may end a review. */
export const UnchangedFactors = Type.Array(choice(SECOND_FACTOR_KINDS), {
  description:
    'The second factors of the user that no change from the oldest reported event on gave: a sign-in with one of them ends the review.',
})
