// How strong a new password is, in one of four words. It advises only: the rules of password.ts decide what is accepted.
import { foldName } from '#foundation/kernel/fold.ts'
import { coreOf, fieldErrorInPassword, type PasswordStandard, runAtStart, SHORTEST_RUN } from './password.ts'

export type PasswordStrength = 'weak' | 'fair' | 'good' | 'strong'

/** The refusals of a password that is easy to guess; the others are about its form. */
const GUESSABLE: ReadonlySet<string> = new Set(
  ['too_short', 'own_name', 'site_name', 'common', 'pattern', 'breached'].map((reason) => `password.${reason}`),
)

/** From how many counted characters on; 15 are what NIST SP 800-63B-4 §3.1.1.2 requires of a password without a second factor. */
const BY_LENGTH: readonly (readonly [fewest: number, strength: PasswordStrength])[] = [
  [15, 'strong'],
  [12, 'good'],
  [8, 'fair'],
]

/** Whether a field error says that a password is easy to guess. */
export function isGuessable(code: string | undefined): boolean {
  return code !== undefined && GUESSABLE.has(code)
}

/** A guessable password is weak, and so is a common one with digits and punctuation around it; any other one is as strong as it is long. */
export function passwordStrength(typed: string, standard: PasswordStandard): PasswordStrength {
  if (isGuessable(fieldErrorInPassword(typed, standard)?.code)) return 'weak'
  const password = typed.normalize('NFC').slice(0, standard.policy.maximum)
  if (standard.common.has(coreOf(password))) return 'weak'
  const counted = countedLength(foldName(password))
  return BY_LENGTH.find(([fewest]) => counted >= fewest)?.[1] ?? 'weak'
}

/**
 * Returns how many characters an attacker has to guess: a run of neighbouring keys, letters or digits counts as one, so do three and more
 * equal characters, and in all each different character counts twice at most.
 */
export function countedLength(text: string): number {
  let counted = 0
  for (let rest = text; rest !== ''; counted += 1) {
    const [first = ''] = rest
    const equal = /^(.)\1{2,}/su.exec(rest)?.[0] ?? ''
    const run = Math.max(runAtStart(rest), equal.length)
    rest = rest.slice(run >= SHORTEST_RUN ? run : first.length)
  }
  return Math.min(counted, 2 * new Set(text).size)
}
