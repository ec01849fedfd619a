import { isShutOut } from '#domain/users/account-expiry.service.ts'
import { isDisabled } from '#domain/users/user.ts'
import type { With } from '#foundation/context.ts'
import type { Transport } from '#foundation/kernel/principal.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import type { Duration } from '#foundation/kernel/time.ts'
import { versionsInRow } from '#foundation/platform/database/user-policies.ts'
import { selectSessionWithUser } from './session-user.queries.ts'
import { principalUserOf } from './session-user.ts'
import { limitReached, type RulesFor } from './session.ts'

/** Returns why the session of this token has ended: by a limit, by a policy, or otherwise, such as by a revocation; undefined if it has not. */
export async function howSessionEnded(
  ctx: With<'db' | 'now'>,
  { token, transport }: { readonly token: string; readonly transport: Transport },
  rulesFor: RulesFor,
): Promise<HowEnded | undefined> {
  const row = await selectSessionWithUser(ctx.db, hashOf(Secret.of(token)), transport)
  if (row === undefined || isDisabled(row.disabled)) return 'otherwise'
  const user = principalUserOf(row)
  if (await isShutOut(ctx, user)) return 'otherwise'
  const rules = await rulesFor(user, versionsInRow(row))
  const limit = limitReached(row, ctx.now, rules)
  if (limit !== undefined) return { by: limit, after: rules[limit] }
  return rules.satisfiesPolicy(row.methods.split(' ')) ? undefined : 'policy'
}

/** Why a session has ended: by a limit, after so many milliseconds; because its factors no longer satisfy the policies; or otherwise. */
type HowEnded = { readonly by: 'idle' | 'absolute'; readonly after: Duration } | 'policy' | 'otherwise'
