import { FEW_CODES } from '../../../domain/factors/recovery-codes/recovery-code.ts'

export type Health = 'noWay' | 'noPassword' | 'passwordAsked' | 'noCodes' | 'oneWay' | 'fewCodes' | 'good'

/** What about the protection of an account wants attention first. */
export function healthOf(about: {
  readonly hasPassword: boolean
  readonly passwordAsked: boolean
  /** Confirmed apps and passkeys. */
  readonly ways: number
  readonly recoveryCodes: number
}): Health {
  if (about.ways === 0) return 'noWay'
  if (!about.hasPassword) return 'noPassword'
  if (about.passwordAsked) return 'passwordAsked'
  if (about.recoveryCodes === 0) return 'noCodes'
  if (about.recoveryCodes <= FEW_CODES) return 'fewCodes'
  return about.ways === 1 ? 'oneWay' : 'good'
}
