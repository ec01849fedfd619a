import { FEW_CODES } from '../../../domain/factors/recovery-codes/recovery-code.ts'

export type Health = 'noWay' | 'noPassword' | 'passwordAsked' | 'noCodes' | 'oneWay' | 'fewCodes' | 'good'

/** The most urgent deficiency in an account's protection; `good` if there is none. */
export function healthOf(about: {
  readonly hasPassword: boolean
  readonly passwordAsked: boolean
  /** Confirmed apps and passkeys. */
  readonly factors: number
  readonly recoveryCodes: number
}): Health {
  if (about.factors === 0) return 'noWay'
  if (!about.hasPassword) return 'noPassword'
  if (about.passwordAsked) return 'passwordAsked'
  if (about.recoveryCodes === 0) return 'noCodes'
  if (about.recoveryCodes <= FEW_CODES) return 'fewCodes'
  return about.factors === 1 ? 'oneWay' : 'good'
}
