import { recordEvent } from '../../../domain/audit/audit.service.ts'
import type { With } from '../../../foundation/context.ts'
import { resetUserBuckets } from '../../../domain/throttle/throttle.service.ts'
import { withTargetUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** Resets the buckets of a user, so that the next guess is allowed at once; returns how many. Throws `user.not_found`. */
export function unlockUser(ctx: Deps, ref: UserRef): Promise<number> {
  return withTargetUser(ctx, ref, 'throttle.unblocked', async (tx, user) => {
    const opened = await resetUserBuckets(tx, user.subject)
    const details = { username: user.username, buckets: opened }
    if (opened > 0) await recordEvent(tx, { action: 'throttle.unblocked', target: user.subject, details })
    return opened
  })
}
