import type { HashPolicy } from '#foundation/platform/config/types.ts'
import { newPasswordHasher, type PasswordHasher } from '#foundation/platform/passwords/password-hasher.ts'

/** The lowest costs that a hash may have. */
export const CHEAP: HashPolicy = { memory: 64, passes: 1, parallelism: 1, workers: 1, queue: 64 }

/** A hasher that costs little; it is closed when the test, or the test file for `{ after }` of the runner, has ended. */
export function cheapHasher(t: { after(end: () => unknown): void }, policy: Partial<HashPolicy> = {}): PasswordHasher {
  const hasher = newPasswordHasher({ ...CHEAP, ...policy })
  t.after(() => hasher.close())
  return hasher
}
