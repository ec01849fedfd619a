// Creates and revokes the user’s own API tokens.
import { issueApiToken, type IssuedApiToken, revokeApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { WantedToken } from '#domain/api-tokens/api-token.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { findHostByName } from '#domain/hosts/host.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { mayHaveTokens } from '#domain/policies/evaluation/session-rules.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { With, WithSession } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** A wanted token, whose host is said by its name. */
export type WantedOwnToken = Omit<WantedToken, 'hostId'> & { readonly host?: string | undefined }

/** Makes an API token that acts as the user, or opens a protected host. Throws what `issueApiToken` throws, at `/host` too. */
export async function makeOwnToken(ctx: Deps, { host, ...given }: WantedOwnToken): Promise<IssuedApiToken> {
  const wanted = host === undefined ? given : { ...given, hostId: await hostWithTokens(ctx, host) }
  return withOwnAccount(ctx, 'api_token.created', async (tx, user) => {
    // Two concurrent requests conflict on the user's row; without this write both could make the last allowed token (write skew).
    const current = await updateUser(tx, user, {}, { bumpEpoch: false })
    const issued = await issueApiToken(tx, current, wanted, await mayHaveTokens(tx, current))
    await notifyUser(tx, current, 'token-created')
    return issued
  })
}

/** Throws the same error for a host that takes no tokens as for one that does not exist, so that a user cannot find out which hosts exist. */
async function hostWithTokens(ctx: With<'db'>, name: string): Promise<string> {
  const host = await findHostByName(ctx, name.trim().toLowerCase())
  if (host?.apiTokens !== true)
    throw new Refusal('request.validation_failed', {
      fieldErrors: [{ pointer: '/host', code: 'api_token.host_unknown' }],
    })
  return host.id
}

/** Revokes one of the user's tokens. Throws `api_token.not_found`. */
export function revokeOwnToken(ctx: Deps, id: string): Promise<void> {
  return auditedChange(ctx, { lock: 'none' }, (tx) => revokeApiToken(tx, { subject: tx.principal.user.subject, id }))
}
