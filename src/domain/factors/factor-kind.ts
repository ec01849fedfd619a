// The kinds of factors. Tested in test/attacks/sign-in-matrix.test.ts.

/** Tables by kind are of the type `Record<FactorKind, …>`, so that a new kind compiles only if each covers it. */
export const FACTOR_KINDS = ['password', 'totp', 'passkey', 'recovery-code'] as const
export type FactorKind = (typeof FACTOR_KINDS)[number]

export const SECOND_FACTOR_KINDS = ['passkey', 'totp', 'recovery-code'] as const satisfies readonly FactorKind[]
export type SecondFactorKind = (typeof SECOND_FACTOR_KINDS)[number]
