import { FEW_CODES } from '#domain/factors/recovery-codes/recovery-code.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { banner } from '#foundation/web/components/status.ts'
import type { Html } from '#foundation/web/html.ts'

/** Says that the sign-in has used a recovery code, and how many are left. */
export function usedCodeBanner({ recovered }: Texts, left: number): Html {
  return banner(left > FEW_CODES ? 'info' : 'warn', recovered.used(left))
}
