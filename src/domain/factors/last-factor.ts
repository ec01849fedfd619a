/** The second factors that count. Recovery codes do not, because they only replace a lost factor. */
export interface SecondFactorsLeft {
  /** Confirmed authenticator apps. */
  readonly apps: number
  readonly passkeys: number
}

export function hasSecondFactor({ apps, passkeys }: SecondFactorsLeft): boolean {
  return apps + passkeys > 0
}

/** What the policies for a user say about the second factor. A user with permissions always needs one. */
export interface FactorTerms {
  readonly secondFactor: 'optional' | 'required' | 'phishing-resistant'
  /** The allowed second factors. */
  readonly factors: readonly ('totp' | 'passkey')[]
}

/**
 * Whether a user may keep only these factors: one that the policies allow, or none where a second factor is optional. With none but one that
 * is not allowed, the user would be stopped at once.
 */
export function mayBeLeftWith(left: SecondFactorsLeft, { secondFactor, factors }: FactorTerms): boolean {
  if (!hasSecondFactor(left)) return secondFactor === 'optional'
  return (left.apps > 0 && factors.includes('totp')) || (left.passkeys > 0 && factors.includes('passkey'))
}
