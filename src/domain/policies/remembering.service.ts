// How long the devices of a user may be remembered now.
import type { With } from '../../foundation/context.ts'
import type { Duration } from '../../foundation/kernel/time.ts'
import { rememberedFor } from './enough.ts'
import { userPolicy } from './stored-policy.service.ts'
import type { Concerned } from './stored-policy.service.ts'

/** Returns how long the policies in force let a device of this user be remembered; 0 for never, as for every user with a permission. */
export async function rememberFor(ctx: With<'db' | 'now' | 'config'>, user: Concerned): Promise<Duration> {
  return rememberedFor(await userPolicy(ctx, user))
}
