// The one rule for what people call things of theirs: authenticator apps, passkeys, API tokens, and themselves.
import { turnsWriting } from './writing-direction.ts'

/** The longest name of a thing, in code points. */
export const GIVEN_NAME_MAXIMUM = 64

/** Whether a name can stand in a line of a page, a log or a terminal, and change nothing of what stands around it. */
export function isPlainName(name: string): boolean {
  return !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) && !turnsWriting(name)
}
