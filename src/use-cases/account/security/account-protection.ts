import { FEW_CODES } from '#domain/factors/recovery-codes/recovery-code.ts'

export type Health = 'noWay' | 'noPassword' | 'passwordAsked' | 'noCodes' | 'oneWay' | 'fewCodes' | 'good'

export type ProtectionPart = 'password' | 'secondStep' | 'backup' | 'codes'

export interface Protection {
  /** Whether each part is as it should be. */
  readonly done: Readonly<Record<ProtectionPart, boolean>>
  /** The most urgent deficiency; `good` if every part is done. */
  readonly health: Health
}

export interface ProtectedAccount {
  readonly hasPassword: boolean
  readonly passwordAsked: boolean
  /** Confirmed apps and passkeys. */
  readonly factors: number
  readonly recoveryCodes: number
}

/** Returns which parts of an account's protection are in order, and what is most urgent. */
export function protectionOf(about: ProtectedAccount): Protection {
  return {
    done: {
      password: about.hasPassword && !about.passwordAsked,
      secondStep: about.factors > 0,
      backup: about.factors > 1,
      codes: about.recoveryCodes > FEW_CODES,
    },
    health: healthOf(about),
  }
}

function healthOf({ factors, hasPassword, passwordAsked, recoveryCodes }: ProtectedAccount): Health {
  if (factors === 0) return 'noWay'
  if (!hasPassword) return 'noPassword'
  if (passwordAsked) return 'passwordAsked'
  if (recoveryCodes === 0) return 'noCodes'
  if (recoveryCodes <= FEW_CODES) return 'fewCodes'
  return factors === 1 ? 'oneWay' : 'good'
}
