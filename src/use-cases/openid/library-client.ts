// An app in the words of the protocol's library. Tested in test/stories/openid.test.ts.
import type { ClientMetadata } from 'oidc-provider'

import { type Client, isPublic } from '#domain/clients/client.ts'
import { isOnDevice } from '#domain/clients/redirect-uri.ts'
import { DEVICE_GRANT_TYPE } from './openid-path.ts'

/** The library asks for a secret where a client has one; ours are stored as hashes, and `compareClientSecret` is replaced. */
const NOT_STORED = 'stored as a hash'

/** Where no redirect URI of an app is one of the web. The library requires one; which of them a request may name is decided by our rule. */
const NO_WEB_URI = 'https://redirect-uris.invalid/'

/** Returns what the library takes of the document of an agent. The port of the moment is refused where the kind is not `native`. */
export function agentMetadata(client: Client): ClientMetadata {
  const metadata = libraryClient(client)
  const kind = client.redirectUris.some(isOnDevice) ? { application_type: 'native' as const } : {}
  return { ...metadata, ...kind, ...(client.startUrl !== null && { client_uri: client.startUrl }) }
}

/** Returns the metadata of a client (RFC 7591 §2) for the library. */
export function libraryClient(client: Client): ClientMetadata {
  const web = client.redirectUris.filter((uri) => /^https?:/i.test(uri))
  return {
    client_id: client.id,
    client_name: client.name,
    application_type: 'web',
    response_types: ['code'],
    grant_types: [
      'authorization_code',
      ...(client.refreshTokens ? ['refresh_token'] : []),
      ...(client.deviceSignIn ? [DEVICE_GRANT_TYPE] : []),
    ],
    redirect_uris: web.length > 0 ? web : [NO_WEB_URI],
    post_logout_redirect_uris: [],
    scope: client.scopes.join(' '),
    token_endpoint_auth_method: client.authMethod,
    id_token_signed_response_alg: client.idTokenAlg,
    ...(isPublic(client) ? {} : { client_secret: NOT_STORED }),
  }
}
