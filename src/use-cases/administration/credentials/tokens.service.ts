import {
  issueApiToken,
  type IssuedApiToken,
  listApiTokens,
  revokeApiToken,
} from '#domain/api-tokens/api-token.service.ts'
import type { ApiToken, WantedToken } from '#domain/api-tokens/api-token.ts'
import { auditedChange, type ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { mayHaveTokens } from '#domain/policies/session-rules.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { With } from '#foundation/context.ts'
import { readUser, type UserRef, withTargetUser } from '../access/access.service.ts'
import { requireMayManage } from '../access/role-grant.service.ts'

/** Returns a user's valid API tokens, the newest first. Throws `user.not_found`. */
export async function listTokensOf(ctx: With<'db' | 'now'>, ref: UserRef): Promise<ApiToken[]> {
  const { subject } = await readUser(ctx, ref)
  return listApiTokens(ctx, subject)
}

/** Revokes one API token of a user. Throws `user.not_found`, `api_token.not_found`, `role.beyond_own`. */
export function revokeTokenOf(ctx: ChangeDeps, ref: UserRef, id: string): Promise<void> {
  return auditedChange(ctx, {}, async (tx) => {
    const { subject, rolePermissions } = await readUser(tx, ref)
    requireMayManage(tx.principal, rolePermissions)
    await revokeApiToken(tx, { subject, id })
  })
}

/** Makes an API token that acts as this user, for the operator, who can read the database anyway. Throws what `issueApiToken` throws. */
export function makeTokenOf(ctx: ChangeDeps, ref: UserRef, wanted: WantedToken): Promise<IssuedApiToken> {
  return withTargetUser(ctx, ref, 'api_token.created', async (tx, user) => {
    // Two concurrent requests conflict on the user's row; without this write both could make the last allowed token (write skew).
    const current = await updateUser(tx, user, {}, { bumpEpoch: false })
    const issued = await issueApiToken(tx, current, wanted, await mayHaveTokens(tx, current))
    await notifyUser(tx, current, 'token-created')
    return issued
  })
}
