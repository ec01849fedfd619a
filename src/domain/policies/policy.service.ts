// The policies for users. Only this file reads them from the configuration; rules and lower layers get the values as arguments.
import type { SessionLifetimes } from '#domain/sessions/session.ts'
import type { With } from '#foundation/context.ts'
import type { SecondFactorPolicy } from '#foundation/kernel/assurance.ts'
import { type Duration, seconds } from '#foundation/kernel/time.ts'
import { ALLOWABLE_FACTORS, type ConfiguredPolicy } from './policy.ts'

/** Returns who needs a second factor: every user, or admins only. */
export function secondFactorPolicy({ config }: With<'config'>): SecondFactorPolicy {
  return config.policySettings.secondFactor
}

/** Returns how long a session lives, in milliseconds, and how exactly its last use is stored. */
export function sessionPolicy({ config }: With<'config'>): SessionLifetimes {
  const { sessionIdle: idle, sessionAbsolute: absolute } = config.policySettings
  return { idle, absolute, touchEvery: touchEvery(idle) }
}

/** Returns how exactly the last use of a session is stored: a minute, or half of its idle limit if that is less. */
export function touchEvery(idle: Duration): Duration {
  return Math.min(seconds(60), Math.floor(idle / 2))
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

/** Returns the configured minimum of characters (code points) of a password. */
export function passwordMinimum({ config }: With<'config'>): number {
  return config.policySettings.passwordMinimum
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
