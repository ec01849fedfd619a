/**
 * What can prove who somebody is. Tables about factors `satisfy Record<FactorKind, …>`, so that a new kind does not
 * compile until every place has answered.
 */
const FACTOR_KINDS = ['password', 'totp', 'passkey', 'recovery-code'] as const
export type FactorKind = (typeof FACTOR_KINDS)[number]

/** The kinds that count as a second step after a password. */
export const SECOND_FACTOR_KINDS = ['passkey', 'totp', 'recovery-code'] as const satisfies readonly FactorKind[]
export type SecondFactorKind = (typeof SECOND_FACTOR_KINDS)[number]
