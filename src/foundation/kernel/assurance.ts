// Assurance levels: what a set of verified factors is worth, and which level an account can reach.

/**
 * From weakest to strongest. Two factors are AAL2 of NIST SP 800-63B-4 §2.2. A passkey is phishing-resistant, because it is bound to this
 * server's domain and works on no other site (§3.2.5).
 */
export const ASSURANCE_LEVELS = ['one-factor', 'two-factors', 'phishing-resistant'] as const
export type AssuranceLevel = (typeof ASSURANCE_LEVELS)[number]

/** The method of a session in which a remembered device stood in for the second factor. It is no factor, so no level counts it. */
export const REMEMBERED_METHOD = 'remembered-device'

/** The methods that are a second factor beside a password. Any other word verified nothing. */
const BESIDE_PASSWORD: readonly string[] = ['totp', 'recovery-code']

/**
 * The assurance level of factors that were verified together; undefined if they do not count alone, such as a code without its password. A
 * passkey without a password was used with user verification.
 */
export function assuranceOf(methods: readonly string[]): AssuranceLevel | undefined {
  if (methods.includes('passkey')) return 'phishing-resistant'
  if (!methods.includes('password')) return undefined
  return methods.some((method) => BESIDE_PASSWORD.includes(method)) ? 'two-factors' : 'one-factor'
}

/** Whether the second factor was skipped on a remembered device, and not verified since. */
export function isSecondFactorSkipped(methods: readonly string[]): boolean {
  return methods.includes(REMEMBERED_METHOD) && assuranceOf(methods) === 'one-factor'
}

/** Whether every user needs a second factor, or admins only. */
export type SecondFactorPolicy = 'required' | 'optional'

/** The facts of an account that decide its assurance level. */
export interface FactorDates {
  readonly secondFactorAt: number | null
  readonly passkeyAt: number | null
}

/** The highest assurance level that the account can reach, which its strongest factor decides. */
export function highestAssuranceOf({ secondFactorAt, passkeyAt }: FactorDates): AssuranceLevel {
  if (passkeyAt !== null) return 'phishing-resistant'
  return secondFactorAt === null ? 'one-factor' : 'two-factors'
}

/** Whether the first level is at least the second. */
export function meetsLevel(verified: AssuranceLevel | undefined, required: AssuranceLevel): boolean {
  return verified !== undefined && ASSURANCE_LEVELS.indexOf(verified) >= ASSURANCE_LEVELS.indexOf(required)
}

/** What the policies for a user say about passkeys. */
export interface AssuranceTerms {
  /** Whether only a passkey counts. */
  readonly isPhishingResistant: boolean
  /** Whether passkeys count at all. */
  readonly isPasskeyAllowed: boolean
}

/**
 * Whether an authentication reaches the highest level of its account that the policies allow. A recovery code with the password does unless
 * only a passkey counts: each code works once, and without it a user who lost the other factors could not remove a lost passkey.
 */
export function meetsAccountAssurance(
  methods: readonly string[],
  factors: FactorDates,
  { isPhishingResistant, isPasskeyAllowed }: AssuranceTerms,
): boolean {
  if (isPhishingResistant) return methods.includes('passkey')
  if (methods.includes('password') && methods.includes('recovery-code')) return true
  if (isPasskeyAllowed) return meetsLevel(assuranceOf(methods), highestAssuranceOf(factors))
  const counted = methods.filter((method) => method !== 'passkey')
  return meetsLevel(assuranceOf(counted), highestAssuranceOf({ ...factors, passkeyAt: null }))
}

/** Whether an authentication is enough to finish a sign-in: two factors for every account with a second factor, whichever they are. */
export function meetsSignInAssurance(methods: readonly string[], { secondFactorAt }: FactorDates): boolean {
  return meetsLevel(assuranceOf(methods), secondFactorAt === null ? 'one-factor' : 'two-factors')
}
