// The policies for users. Only this file reads them from the configuration; rules and lower layers get the values as arguments.
import type { With } from '../../foundation/context.ts'
import type { PasswordPolicy } from '../factors/password/password.ts'
import type { SecondFactorPolicy } from '../../foundation/kernel/assurance.ts'
import { seconds } from '../../foundation/kernel/time.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import type { SessionLifetimes } from '../sessions/session.ts'
import { ALLOWABLE_FACTORS } from './policy.ts'
import type { ConfiguredPolicy } from './user-policy.ts'

const LONGEST_PASSWORD = 256
/** NIST SP 800-63B-4 §3.1.1.2: fewest characters beside a second factor, and of a password that stands alone. */
const SHORTEST_PASSWORD: Readonly<Record<SecondFactorPolicy, number>> = { required: 8, optional: 15 }

/** Returns who needs a second factor: every user, or admins only. */
export function secondFactorPolicy({ config }: With<'config'>): SecondFactorPolicy {
  return config.policySettings.secondFactor
}

/** Returns how long a session lives, in milliseconds, and how exactly its last use is stored. */
export function sessionPolicy({ config }: With<'config'>): SessionLifetimes {
  const { sessionIdle: idle, sessionAbsolute: absolute } = config.policySettings
  return { idle, absolute, touchEvery: Math.min(seconds(60), Math.floor(idle / 2)) }
}

/** Returns what the configuration asks of every user, and which terms it sets explicitly. It allows every second factor and remembers no device. */
export function configuredPolicy({ config }: With<'config'>): ConfiguredPolicy {
  const { secondFactor, sessionIdle, sessionAbsolute, setExplicitly } = config.policySettings
  const { reauthenticationLifetime: reauthentication } = config
  return {
    terms: { secondFactor, factors: ALLOWABLE_FACTORS, sessionIdle, sessionAbsolute, reauthentication, rememberFor: 0 },
    locked: setExplicitly,
  }
}

/** Returns how long a new password must and may be, in code points. The setting can only raise the minimum of NIST. */
export function passwordPolicy({ config }: With<'config'>): PasswordPolicy {
  const { secondFactor, passwordMinimum } = config.policySettings
  return { minimum: Math.max(passwordMinimum, SHORTEST_PASSWORD[secondFactor]), maximum: LONGEST_PASSWORD }
}

export interface TwoPersonRule {
  readonly isOn: boolean
  /** How long a request waits for a second admin before it is carried out without one, in milliseconds. */
  readonly wait: Duration
}

/** Returns whether changes of admin accounts need a second admin, and how long they wait for one. */
export function twoPersonRule({ config }: With<'config'>): TwoPersonRule {
  const { twoPersonRule: isOn, approvalWait: wait } = config.policySettings
  return { isOn, wait }
}
