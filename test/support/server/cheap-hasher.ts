import type { HashPolicy } from '../../../src/foundation/platform/config/types.ts'
import { newPasswordHasher } from '../../../src/foundation/platform/passwords/password-hasher.ts'
import type { PasswordHasher } from '../../../src/foundation/platform/passwords/password-hasher.ts'

/** The lowest costs that a hash may have. */
export const CHEAP: HashPolicy = { memory: 64, passes: 1, parallelism: 1, workers: 1, queue: 64 }

/** A hasher that costs little; it is closed when the test, or the test file for `{ after }` of the runner, has ended. */
export function cheapHasher(t: { after(end: () => unknown): void }, policy: Partial<HashPolicy> = {}): PasswordHasher {
  const hasher = newPasswordHasher({ ...CHEAP, ...policy })
  t.after(() => hasher.close())
  return hasher
}
