import type { RecoveryCodesLeft } from '#domain/factors/recovery-codes/recovery-code.service.ts'
import type { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'

export const RecoveryCodes = Type.Array(Type.String(), {
  description: 'Each works once in the place of the second factor. Shown this once.',
})

export const RecoveryCodesLeftView = named(
  'RecoveryCodesLeft',
  Type.Object(
    {
      left: Type.Integer({ minimum: 0, description: 'How many still work.' }),
      made_at: nullable(Type.String({ format: 'date-time', description: 'Null if you have no set.' })),
    },
    { description: 'How many recovery codes are left, and when they were generated.' },
  ),
)

export const NewRecoveryCodes = named(
  'NewRecoveryCodes',
  Type.Object({ recovery_codes: RecoveryCodes }, { description: 'The new codes. The old codes no longer work.' }),
)

export function presentCodesLeft({ left, madeAt }: RecoveryCodesLeft): Static<typeof RecoveryCodesLeftView> {
  return { left, made_at: toRfc3339OrNull(madeAt) }
}

/** The codes of a new set in plain text, for the one response that shows them. */
export function presentCodes(codes: readonly Secret[]): Static<typeof NewRecoveryCodes> {
  return { recovery_codes: codes.map((code) => code.reveal()) }
}

/** The set that was made with the first factor; empty for a user who had a set. */
export function presentFirstSet(codes: readonly Secret[]): Partial<Static<typeof NewRecoveryCodes>> {
  return codes.length === 0 ? {} : presentCodes(codes)
}
