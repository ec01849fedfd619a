// What an app learns of how its user was authenticated (OpenID Connect Core §2: acr, amr).
import { ASSURANCE_LEVELS, type AssuranceLevel, assuranceOf, meetsLevel } from '#foundation/kernel/assurance.ts'

const PREFIX = 'urn:doorward:'

/** The name of `phishing-resistant` in OpenID Connect Extended Authentication Profile (EAP) ACR Values 1.0 §2. */
const PHISHING_RESISTANT = 'phr'

/** The values of `acr` that an app may ask for, from weakest to strongest. */
export const ACR_VALUES = [...ASSURANCE_LEVELS.map((level) => PREFIX + level), PHISHING_RESISTANT]

/** Returns the assurance level that a value of `acr` names; undefined for an unknown one, which asks for nothing. */
export function levelOfAcr(acr: string): AssuranceLevel | undefined {
  if (acr === PHISHING_RESISTANT) return 'phishing-resistant'
  return ASSURANCE_LEVELS.find((level) => PREFIX + level === acr)
}

/**
 * Returns the values of `acr` that the parameter `claims` asks for (OpenID Connect Core §5.5.1.1). Whatever else stands there asks for nothing: the
 * protocol's library checks only that `claims` and its members are objects.
 */
export function acrsInClaims(claims: unknown): string[] {
  const { acr } = (claims as { readonly id_token?: { readonly acr?: AskedAcr | null } | null }).id_token ?? {}
  const values = Array.isArray(acr?.values) ? acr.values : []
  return [...values, acr?.value].filter((value) => typeof value === 'string')
}

interface AskedAcr {
  readonly value?: unknown
  readonly values?: unknown
}

/** Returns the least level among values of `acr`, any of which is enough; undefined if all are unknown. */
export function leastLevelOf(acrs: readonly string[]): AssuranceLevel | undefined {
  const levels = acrs.flatMap((acr) => levelOfAcr(acr) ?? [])
  return ASSURANCE_LEVELS.find((level) => levels.includes(level))
}

/**
 * Returns the `acr` of verified factors: among the values that were asked for the strongest that they reach, so that an app finds the very text
 * that it compares with; otherwise the level itself.
 */
export function acrOf(methods: readonly string[], asked: readonly string[] = []): string {
  const verified = assuranceOf(methods) ?? 'one-factor'
  const reached = asked.filter((acr) => {
    const level = levelOfAcr(acr)
    return level !== undefined && meetsLevel(verified, level)
  })
  const strength = (acr: string): number => ASSURANCE_LEVELS.indexOf(levelOfAcr(acr) ?? 'one-factor')
  return reached.toSorted((one, other) => strength(other) - strength(one))[0] ?? PREFIX + verified
}

const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['password', ['pwd']],
  ['totp', ['otp']],
  ['recovery-code', ['otp']],
  // The key of a passkey may be in hardware or in software, which is unknown without attestation.
  ['passkey', ['pop', 'user']],
])

/** Returns the authentication methods (RFC 8176) of verified factors. A remembered device is none, so it adds nothing. */
export function amrOf(methods: readonly string[]): string[] {
  const named = [...new Set(methods.flatMap((method) => METHODS.get(method) ?? []))]
  return meetsLevel(assuranceOf(methods), 'two-factors') ? [...named, 'mfa'] : named
}
