// How much a set of proven factors says, and how much an account can give.

/**
 * From weakest to strongest. Two factors are what NIST SP 800-63B-4 §2.2 calls AAL2; a passkey is also bound to this
 * server's address, so that no other site can ask for it (§3.2.5).
 */
export const ASSURANCE_LEVELS = ['one-factor', 'two-factors', 'phishing-resistant'] as const
export type Strength = (typeof ASSURANCE_LEVELS)[number]

/**
 * What factors proven together are worth; undefined for none that count alone, such as a code without its password. A
 * passkey that stands alone was used with user verification.
 */
export function assuranceOf(methods: readonly string[]): Strength | undefined {
  if (methods.includes('passkey')) return 'phishing-resistant'
  if (!methods.includes('password')) return undefined
  return methods.length > 1 ? 'two-factors' : 'one-factor'
}

/** Whether every user needs a second factor, or admins only. */
export type SecondFactorPolicy = 'required' | 'optional'

/** What somebody has, as far as strength goes. */
export interface FactorDates {
  readonly secondFactorAt: number | null
  readonly passkeyAt: number | null
}

/** The strongest proof that the account can give: that of its strongest factor. */
export function highestAssuranceOf({ secondFactorAt, passkeyAt }: FactorDates): Strength {
  if (passkeyAt !== null) return 'phishing-resistant'
  return secondFactorAt === null ? 'one-factor' : 'two-factors'
}

/** Whether the first is worth at least as much as the second. */
export function meetsLevel(proven: Strength | undefined, wanted: Strength): boolean {
  return proven !== undefined && ASSURANCE_LEVELS.indexOf(proven) >= ASSURANCE_LEVELS.indexOf(wanted)
}

/**
 * Whether a proof is as strong as the account can give. A recovery code with the password always is: it is what somebody
 * has left who lost the rest, each works once, and without it a lost passkey could not be taken off the account.
 */
export function meetsAccountAssurance(methods: readonly string[], held: FactorDates): boolean {
  if (methods.includes('password') && methods.includes('recovery-code')) return true
  return meetsLevel(assuranceOf(methods), highestAssuranceOf(held))
}

/** The same for the end of a sign-in: every account with a second factor needs two, whichever they are. */
export function meetsSignInAssurance(methods: readonly string[], { secondFactorAt }: FactorDates): boolean {
  return meetsLevel(assuranceOf(methods), secondFactorAt === null ? 'one-factor' : 'two-factors')
}
