// The rule for names that users give: to authenticator apps, passkeys, API tokens, and themselves.
import { turnsWriting } from './writing-direction.ts'

/** Maximum length in code points. */
export const GIVEN_NAME_MAXIMUM = 64

/** Whether a name can be shown in a line of a page, a log or a terminal without changing the text around it. */
export function isPlainName(name: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) && !turnsWriting(name)
}
