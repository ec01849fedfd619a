/** The second factors that count. Recovery codes do not, because they only replace a lost factor. */
export interface SecondFactorsLeft {
  /** Confirmed authenticator apps. */
  readonly apps: number
  readonly passkeys: number
}

/** Whether at least one second factor is left. */
export function hasSecondFactor({ apps, passkeys }: SecondFactorsLeft): boolean {
  return apps + passkeys > 0
}

/** What the policies for a user say about the second factor. A user with permissions always needs one. */
export interface FactorTerms {
  readonly secondFactor: 'optional' | 'required' | 'phishing-resistant'
  /** The allowed second factors. */
  readonly factors: readonly ('totp' | 'passkey')[]
}

/** Whether a user may keep only these factors: where the policies require a second factor, one that they allow must be left. */
export function mayBeLeftWith({ apps, passkeys }: SecondFactorsLeft, { secondFactor, factors }: FactorTerms): boolean {
  if (secondFactor === 'optional') return true
  return (apps > 0 && factors.includes('totp')) || (passkeys > 0 && factors.includes('passkey'))
}
