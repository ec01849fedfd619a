// Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4), signed by the protocol's library as ID tokens are.
import type { Provider } from 'oidc-provider'

import type { Delivery } from '#domain/back-channel/delivery.ts'
import type { Client } from '#domain/clients/client.ts'
import { libraryClient } from './library-client.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Returns the logout token of an attempt: its `jti` is the same at each attempt, `iat` and `exp`, two minutes later, are new. It has no `nonce`, so
 * it cannot be taken for an ID token, and `typ` says what it is.
 */
export function logoutToken(
  provider: Provider,
  stored: Client,
  { subject, sid, jti }: Pick<Delivery, 'subject' | 'sid' | 'jti'>,
): Promise<string> {
  // The types do not show the constructors, nor the use by which the library makes its own logout tokens. To find a client it needs a request, which
  // a job does not have.
  const LibraryClient = provider.Client as unknown as new (metadata: object) => object
  const client = new LibraryClient(libraryClient(stored))
  const LogoutToken = provider.IdToken as unknown as new (claims: object, of: object) => Token
  const token = new LogoutToken({ sub: subject }, { client, ctx: undefined })
  token.mask = { sub: null }
  token.set('events', { [EVENT]: {} })
  token.set('jti', jti)
  if (sid !== null) token.set('sid', sid)
  return token.issue({ use: 'logout' })
}

interface Token {
  mask: object
  set(claim: string, value: unknown): void
  issue(of: { readonly use: 'logout' }): Promise<string>
}
