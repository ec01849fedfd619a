import { toRfc3339, toRfc3339OrNull } from '../../../foundation/kernel/time.ts'
import { named, nullable } from '../../../foundation/web/http/schema.ts'
import { Type } from '../../../foundation/web/http/type.ts'
import type { Static } from '../../../foundation/web/http/type.ts'
import type { FactorCounts, EnrolledFactors } from './enrolled-factors.service.ts'

const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = nullable(Type.String({ format: 'date-time' }))
const Count = Type.Integer({ minimum: 0 })

export const EnrolledFactorsView = named(
  'UserFactors',
  Type.Object(
    {
      totp: Type.Array(Type.Object({ created_at: Moment, last_used_at: MomentOrNull })),
      passkeys: Type.Array(Type.Object({ name: Type.String(), created_at: Moment, last_used_at: MomentOrNull })),
      recovery_codes: Type.Object({
        left: Type.Integer({ minimum: 0, description: 'How many are unused.' }),
        made_at: MomentOrNull,
      }),
    },
    { description: 'The user’s second factors: kinds, dates and numbers.' },
  ),
)

export const FactorCountsView = named(
  'FactorCounts',
  Type.Object({ totp: Count, passkeys: Count, recovery_codes: Count }),
)

/** The factors as the API returns them: without the names and ids of apps. */
export function presentEnrolledFactors({
  apps,
  passkeys,
  recoveryCodes,
}: EnrolledFactors): Static<typeof EnrolledFactorsView> {
  return {
    totp: apps.map(({ createdAt, lastUsedAt }) => ({
      created_at: toRfc3339(createdAt),
      last_used_at: toRfc3339OrNull(lastUsedAt),
    })),
    passkeys: passkeys.map(({ name, createdAt, lastUsedAt }) => ({
      name,
      created_at: toRfc3339(createdAt),
      last_used_at: toRfc3339OrNull(lastUsedAt),
    })),
    recovery_codes: { left: recoveryCodes.left, made_at: toRfc3339OrNull(recoveryCodes.madeAt) },
  }
}

/** The counts as the API returns them. */
export function presentFactorCounts(counts: FactorCounts): Static<typeof FactorCountsView> {
  return { totp: counts.apps, passkeys: counts.passkeys, recovery_codes: counts.recoveryCodes }
}
