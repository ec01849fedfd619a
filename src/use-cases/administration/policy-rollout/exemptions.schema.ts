import { type Requirement, REQUIREMENTS } from '#domain/policies/policy.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

export const ExemptionParameters = Type.Object({ id: Type.String({ maxLength: 64 }), user_id: Type.Integer() })

export const NewExemptionForm = named(
  'NewExemption',
  Type.Object(
    {
      reason: Type.String({ minLength: 1, maxLength: 300, description: 'Recorded in the audit log.' }),
      ends_at: Type.String({ format: 'date-time', description: 'At most 366 days from now.' }),
    },
    { examples: [{ reason: 'On parental leave', ends_at: '2030-09-01T00:00:00Z' }] },
  ),
)

export const ExemptionView = named(
  'PolicyExemption',
  Type.Object(
    {
      user_id: Type.Integer(),
      username: Type.String(),
      reason: Type.String(),
      ends_at: Type.String({ format: 'date-time' }),
      created_at: Type.String({ format: 'date-time' }),
      has_ended: Type.Boolean(),
      by_help: Type.Boolean({
        description:
          'Whether the help desk gave it: it counts only while a version is in force that has `helpers_may_exempt`.',
      }),
      second_factor: choice(REQUIREMENTS, {
        description:
          'The most that all policies and the configuration together ask of the user until the exemption ends; once it has ended, what they ask now.',
      }),
    },
    { description: 'A user to whom a policy does not apply until the end.' },
  ),
)

export const ExemptionPage = pageOf('PolicyExemptionPage', ExemptionView)
export const ExemptionQuery = Type.Object(PAGE_PARAMETERS, { additionalProperties: false })

interface ShownExemption {
  readonly user: { readonly id: number; readonly username: string }
  readonly reason: string
  readonly endsAt: Instant
  readonly exemptSince: Instant
  readonly byHelp: boolean
  readonly asked: Requirement
}

export function presentExemption(shown: ShownExemption, now: Instant): Static<typeof ExemptionView> {
  const { user, reason, endsAt, exemptSince, byHelp, asked } = shown
  return {
    user_id: user.id,
    username: user.username,
    reason,
    ends_at: toRfc3339(endsAt),
    created_at: toRfc3339(exemptSince),
    has_ended: endsAt <= now,
    by_help: byHelp,
    second_factor: asked,
  }
}
