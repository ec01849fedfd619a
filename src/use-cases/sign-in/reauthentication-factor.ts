import type { SecondFactorKind } from '#domain/factors/factor-kind.ts'
import {
  type AssuranceLevel,
  assuranceOf,
  type AssuranceTerms,
  type FactorDates,
  meetsAccountAssurance,
  meetsLevel,
} from '#foundation/kernel/assurance.ts'

/** The factor that re-authentication asks for: a second factor, or the password alone for a user without one. */
export type ReauthenticationFactor = SecondFactorKind | 'password'

export interface ReauthenticationChoice {
  /** Undefined if the account has no factor that reaches what is required. */
  readonly factor: ReauthenticationFactor | undefined
  readonly others: readonly SecondFactorKind[]
}

interface Account {
  readonly enrolled: FactorDates
  /** What the policies for the user say about passkeys. */
  readonly terms: AssuranceTerms
}

interface Wanted extends Account {
  readonly requested: SecondFactorKind | undefined
  /** The assurance level that is required beyond the policies. */
  readonly least?: AssuranceLevel | undefined
}

/**
 * Selects a factor that meets the assurance level of the account and the required one: the requested one, else the first.
 *
 * @param usable the user's second factors that the page can ask for, in the order in which they are offered
 */
export function selectReauthenticationFactor(
  usable: readonly SecondFactorKind[],
  { enrolled, terms, requested, least }: Wanted,
): ReauthenticationChoice {
  const sufficient = usable.filter((kind) => reaches(['password', kind], { enrolled, terms }, least))
  const factor = sufficient.find((kind) => kind === requested) ?? sufficient[0]
  const others = sufficient.filter((kind) => kind !== factor)
  return { factor: factor ?? (reachesLevel(['password'], terms, least) ? 'password' : undefined), others }
}

/** Whether factors that were verified together meet the assurance level of the account and the required one. */
export function reaches(methods: readonly string[], { enrolled, terms }: Account, least?: AssuranceLevel): boolean {
  return meetsAccountAssurance(methods, enrolled, terms) && reachesLevel(methods, terms, least)
}

/** A passkey that the policies do not allow reaches nothing that is required. */
function reachesLevel(
  methods: readonly string[],
  { isPasskeyAllowed }: AssuranceTerms,
  least?: AssuranceLevel,
): boolean {
  const counted = isPasskeyAllowed ? methods : methods.filter((method) => method !== 'passkey')
  return least === undefined || meetsLevel(assuranceOf(counted), least)
}
