// Creates and revokes the user’s own API tokens.
import { issueApiToken, type IssuedApiToken, revokeApiToken } from '#domain/api-tokens/api-token.service.ts'
import type { WantedToken } from '#domain/api-tokens/api-token.ts'
import { auditedChange } from '#domain/authorization/audited-change.service.ts'
import { hostForToken } from '#domain/hosts/host.service.ts'
import { notifyUser } from '#domain/notices/notice.service.ts'
import { mayHaveTokens } from '#domain/policies/evaluation/session-rules.service.ts'
import { updateUser } from '#domain/users/user.service.ts'
import type { WithSession } from '#foundation/context.ts'
import { withOwnAccount } from '../own-account/own-account.service.ts'

type Deps = WithSession<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal' | 'config'>

/** A wanted token, whose host is said by its name. */
export type WantedOwnToken = Omit<WantedToken, 'hostId'> & { readonly host?: string | undefined }

/** Makes an API token that acts as the user, or opens a protected host. Throws what `issueApiToken` throws, at `/host` too. */
export async function makeOwnToken(ctx: Deps, { host, ...given }: WantedOwnToken): Promise<IssuedApiToken> {
  const wanted = host === undefined ? given : { ...given, hostId: await hostForToken(ctx, host) }
  return withOwnAccount(ctx, 'api_token.created', async (tx, user) => {
    // Two concurrent requests conflict on the user's row; without this write both could make the last allowed token (write skew).
    const current = await updateUser(tx, user, {}, { bumpEpoch: false })
    const issued = await issueApiToken(tx, current, wanted, await mayHaveTokens(tx, current))
    await notifyUser(tx, current, 'token-created')
    return issued
  })
}

/** Revokes one of the user's tokens. Throws `api_token.not_found`. */
export function revokeOwnToken(ctx: Deps, id: string): Promise<void> {
  return auditedChange(ctx, { lock: 'none' }, (tx) => revokeApiToken(tx, { subject: tx.principal.user.subject, id }))
}
