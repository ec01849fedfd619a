// Whether a remembered device can stand in for the second factor of a sign-in, and whether the browser of one is remembered.
import type { FactorKind } from '#domain/factors/factor-kind.ts'
import { rememberedFor } from '#domain/policies/evaluation/sufficient-factors.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import { type DeviceGrant, rememberDevice } from '#domain/remembered-devices/remembered-device.service.ts'
import type { User } from '#domain/users/user.ts'
import type { InTransaction, With } from '#foundation/context.ts'
import { meetsSignInAssurance } from '#foundation/kernel/assurance.ts'
import type { Transport } from '#foundation/kernel/principal.ts'

interface VerifiedSignIn {
  readonly user: User
  readonly methods: readonly FactorKind[]
  readonly transport: Transport
}

const NO_FACTORS = { secondFactorAt: null, passkeyAt: null }

/**
 * Whether a remembered device can stand in for the second factor: in a browser, beside the password, and where no review is due. Whether the
 * policy allows it is evaluated with the other factors (`satisfiesPolicy`).
 */
export function maySkipSecondFactor({
  user,
  methods,
  transport,
  remembered,
}: VerifiedSignIn & { readonly remembered?: DeviceGrant | undefined }): boolean {
  if (remembered === undefined || transport !== 'cookie' || user.reviewRequiredAt !== null) return false
  return meetsSignInAssurance(methods, NO_FACTORS)
}

/**
 * Remembers the browser of a finished sign-in if the user asked for it and the policy allows it; null otherwise. A recovery code stands in for
 * a factor that was lost, perhaps with the device, so no device is remembered after one.
 */
export async function rememberIfAllowed(
  ctx: InTransaction<With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>>,
  policy: UserPolicy,
  { user, methods, transport, remember = false }: VerifiedSignIn & { readonly remember?: boolean | undefined },
): Promise<DeviceGrant | null> {
  if (!remember || transport !== 'cookie' || methods.length < 2 || methods.includes('recovery-code')) return null
  const lifetime = rememberedFor(policy)
  return lifetime > 0 ? rememberDevice(ctx, user, lifetime) : null
}
