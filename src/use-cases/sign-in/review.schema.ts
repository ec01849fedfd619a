import { AttemptToken, EXAMPLE_ATTEMPT } from '#domain/attempts/attempt.schema.ts'
import type { HeldSignIn } from '#domain/attempts/attempt.service.ts'
import { LiftedBy, presentReport, ReportedEvent, UnchangedFactors } from '#domain/notices/notice.schema.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { choice, named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { type AccountReview, RECOVERY_CODES } from './review.service.ts'

export const HeldSignInView = named(
  'HeldSignIn',
  Type.Object(
    {
      stage: Type.Literal('review'),
      attempt: AttemptToken,
      expires_at: Type.String({ format: 'date-time', description: 'When the attempt ends.' }),
    },
    { description: 'Every factor was right, but the account was reported and must be reviewed before the session.' },
  ),
)

/** Returns the answer of a sign-in that leads to the review. */
export function presentHeld({ stage, attempt, expiresAt }: HeldSignIn): Static<typeof HeldSignInView> {
  return { stage, attempt: attempt.reveal(), expires_at: toRfc3339(expiresAt) }
}

export const ReviewQuestion = named(
  'ReviewQuestion',
  Type.Object({ attempt: AttemptToken }, { examples: [{ attempt: EXAMPLE_ATTEMPT }] }),
)

const ReviewedFactor = named(
  'ReviewedFactor',
  Type.Object({
    id: Type.String({ description: `Of a factor; \`${RECOVERY_CODES}\` for the recovery codes.` }),
    kind: choice(['totp', 'passkey', 'recovery-codes']),
    name: Type.Optional(Type.String()),
    created_at: Type.Optional(Type.String({ format: 'date-time' })),
  }),
)

export const AccountReviewView = named(
  'AccountReview',
  Type.Object(
    {
      lifted_by: LiftedBy,
      reported: Type.Array(ReportedEvent),
      unchanged_factors: UnchangedFactors,
      factors: Type.Array(ReviewedFactor),
    },
    { description: 'What the review is about, and the factors of the account.' },
  ),
)

export function presentReview(review: AccountReview): Static<typeof AccountReviewView> {
  const { reports, unchanged, apps, passkeys, recoveryCodesLeft } = review
  return {
    lifted_by: liftedBy(review),
    reported: reports.map(presentReport),
    unchanged_factors: [...unchanged],
    factors: [
      ...apps.map(({ id, name, createdAt }) => ({ id, kind: 'totp' as const, name, created_at: toRfc3339(createdAt) })),
      ...passkeys.map(({ id, name, createdAt }) => ({
        id,
        kind: 'passkey' as const,
        name,
        created_at: toRfc3339(createdAt),
      })),
      ...(recoveryCodesLeft > 0 ? [{ id: RECOVERY_CODES, kind: 'recovery-codes' as const }] : []),
    ],
  }
}

function liftedBy({ isAdminNeeded, isLastAdmin }: AccountReview): 'user' | 'admin' | 'operator' {
  if (!isAdminNeeded) return 'user'
  return isLastAdmin ? 'operator' : 'admin'
}

export const ReviewForm = named(
  'ReviewInput',
  Type.Object(
    {
      attempt: AttemptToken,
      password: Type.String({ maxLength: 1024, description: 'The new password.' }),
      remove: Type.Optional(
        Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50, description: 'The ids of the factors to remove.' }),
      ),
    },
    { examples: [{ attempt: EXAMPLE_ATTEMPT, password: 'a kettle full of stars', remove: [RECOVERY_CODES] }] },
  ),
)
