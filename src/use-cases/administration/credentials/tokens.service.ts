import {
  issueApiToken,
  listApiTokens,
  readApiToken,
  revokeApiToken,
} from '../../../domain/api-tokens/api-token.service.ts'
import type { IssuedApiToken } from '../../../domain/api-tokens/api-token.service.ts'
import type { ApiToken, WantedToken } from '../../../domain/api-tokens/api-token.ts'
import { inAuthorizedTransaction } from '../../../domain/authorization/authorization.service.ts'
import type { With } from '../../../foundation/context.ts'
import { secondFactorPolicy } from '../../../domain/policies/policy.service.ts'
import { updateUser } from '../../../domain/users/user.service.ts'
import { withTargetUser, readUser } from '../access/access.service.ts'
import type { UserRef } from '../access/access.service.ts'

type Deps = With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** A user's API tokens that still count, the newest first. */
export async function listTokensOf(ctx: With<'db' | 'now'>, ref: UserRef): Promise<ApiToken[]> {
  const { subject } = await readUser(ctx, ref)
  return listApiTokens(ctx, subject)
}

/** One of them; refuses with `api_token.not_found`. */
export async function readTokenOf(ctx: With<'db' | 'now'>, ref: UserRef, id: string): Promise<ApiToken> {
  const { subject } = await readUser(ctx, ref)
  return readApiToken(ctx, { subject, id })
}

/** Ends one of them. Refuses with `api_token.not_found`. */
export function revokeTokenOf(ctx: Deps, ref: UserRef, id: string): Promise<void> {
  const revoke = async (tx: Deps): Promise<void> => {
    const { subject } = await readUser(tx, ref)
    await revokeApiToken(tx, { subject, id })
  }
  return inAuthorizedTransaction(ctx, revoke, { lock: 'share' })
}

/** Makes a token that acts as this user; for the operator, who could read whatever it opens anyway. */
export function makeTokenOf(ctx: Deps, ref: UserRef, wanted: WantedToken): Promise<IssuedApiToken> {
  return withTargetUser(ctx, ref, 'api_token.created', async (tx, user) => {
    // The write of the user is what two at once collide on; without it both could be the last that is allowed.
    const present = await updateUser(tx, user, {}, { bumpEpoch: false })
    return issueApiToken(tx, present, wanted, secondFactorPolicy(tx))
  })
}
