// How the protocol's library is set up. Everything that is not used is off by name.
import type { AccessToken, ClientAuthMethod, Configuration, JWKS, KoaContextWithOIDC } from 'oidc-provider'

import { AUTH_METHODS, CLIENT_SCOPES, ID_TOKEN_ALGORITHMS, isPublic } from '#domain/clients/client.ts'
import { allowsOrigin } from '#domain/clients/redirect-uri.ts'
import { ACR_VALUES, acrOf } from '#domain/grants/authentication-context.ts'
import { INTERACTION_LIFETIME } from '#domain/grants/grant.ts'
import { ID_TOKEN_LIFETIME } from '#domain/signing-keys/signing-key.ts'
import { DEVICE_CODE_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { texts } from '#foundation/texts/texts.ts'
import { adapterOf, type AdapterHost } from './adapter.service.ts'
import { agentDocuments, agentFetch } from './agent-documents.service.ts'
import { interactionCookieNames } from './browser.service.ts'
import { accountOf } from './claims.service.ts'
import { CLAIMS_OF_SCOPE } from './claims.ts'
import { askedAcrs, interactionPolicy } from './interaction-policy.service.ts'
import type { Library } from './library.service.ts'
import { interactionPath } from './openid-path.ts'
import {
  accessTokenSeconds,
  addClaims,
  mayIntrospect,
  requireGrantedResource,
  resourceIndicators,
} from './resource-indicators.service.ts'

const CODE_LIFETIME = 60

export function libraryConfiguration(
  { publicUrl, accessTokenLifetime, refreshTokenLifetime }: Config,
  { library, host, jwks }: { readonly library: Library; readonly host: AdapterHost; readonly jwks: JWKS },
): Configuration {
  const { errors } = library
  const off = { enabled: false } as const
  const on = { enabled: true } as const
  const rowOf = (ctx: KoaContextWithOIDC) => host.exchange().clients.get(ctx.oidc.client?.clientId ?? '')?.client
  return {
    adapter: adapterOf(host),
    jwks,
    acrValues: ACR_VALUES,
    scopes: [...CLIENT_SCOPES],
    claims: CLAIMS_OF_SCOPE,
    responseTypes: ['code'],
    subjectTypes: ['public'],
    clientAuthMethods: [...AUTH_METHODS] as ClientAuthMethod[],
    enabledJWA: { idTokenSigningAlgValues: [...ID_TOKEN_ALGORITHMS] },
    allowOmittingSingleRegisteredRedirectUri: false,
    enableHttpPostMethods: false,
    rotateRefreshToken: (ctx) => {
      requireGrantedResource(ctx, library)
      return true
    },
    formats: {
      customizers: { jwt: (_ctx, token, { payload }) => addClaims(host.exchange(), token as AccessToken, payload) },
    },
    features: {
      backchannelLogout: off,
      claimsParameter: on,
      clientIdMetadataDocument: agentDocuments(host),
      devInteractions: off,
      // Codes that no word can be (RFC 8628 §6.1). The pages are ours, so nothing of the request is noted for them here.
      deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****', deviceInfo: () => ({}) },
      dPoP: off,
      encryption: off,
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => mayIntrospect(host.exchange(), client, token),
      },
      jwtUserinfo: off,
      pushedAuthorizationRequests: on,
      registration: off,
      requestObjects: off,
      resourceIndicators: resourceIndicators({ library, host, config: { accessTokenLifetime } }),
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: off,
    },
    pkce: {
      required: (ctx) => {
        const row = rowOf(ctx)
        const isConfidential = row !== undefined && !isPublic(row)
        if (isConfidential && !row.requirePkce) return false
        // What the hook throws is answered like the library's own error, whose words don't say what to do.
        throw new errors.InvalidRequest(challengeMissing(isConfidential))
      },
    },
    cookies: {
      names: interactionCookieNames({ publicUrl }),
      short: { httpOnly: true, sameSite: 'lax', signed: false },
      long: { httpOnly: true, sameSite: 'lax', signed: false },
    },
    ttl: {
      AccessToken: (_ctx, token) => accessTokenSeconds(host.exchange(), token, accessTokenLifetime / 1000),
      AuthorizationCode: () => CODE_LIFETIME,
      DeviceCode: () => DEVICE_CODE_LIFETIME / 1000,
      IdToken: () => ID_TOKEN_LIFETIME / 1000,
      Interaction: () => INTERACTION_LIFETIME / 1000,
      RefreshToken: () => refreshTokenLifetime / 1000,
    },
    clientBasedCORS: (ctx, origin) => allowsOrigin(rowOf(ctx)?.redirectUris ?? [], origin),
    expiresWithSession: () => false,
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    revokeGrantPolicy: () => true,
    findAccount: (_ctx, subject) => accountOf(host.exchange(), subject),
    // What was asked for is granted: the operator trusts the app, or its user has agreed. The grant is stored with the code.
    loadExistingGrant: async (ctx) => {
      const { oidc } = ctx
      const { provider, client, session, requestParamClaims, requestParamOIDCScopes, requestParamScopes } = oidc
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: client?.clientId })
      grant.addOIDCScope([...requestParamOIDCScopes].join(' '))
      grant.addOIDCClaims([...requestParamClaims])
      for (const [uri, { scopes }] of Object.entries(oidc.resourceServers ?? {}))
        grant.addResourceScope(
          uri,
          [...requestParamScopes].filter((scope) => scopes.has(scope)),
        )
      const { principal } = host.exchange().ctx
      if (session && principal.kind === 'session')
        session.acr = acrOf(principal.session.authenticationMethods, askedAcrs(ctx))
      return grant
    },
    interactions: {
      policy: interactionPolicy(library, host),
      url: (_ctx, interaction) => interactionPath(interaction.uid),
    },
    renderError: (ctx, out, error) => {
      // The library calls an authorization that has expired, or began in another browser, an invalid request of the app.
      const name = error instanceof errors.SessionNotFound ? 'session_not_found' : out.error
      host.exchange().shown = { error: name, description: out.error_description }
      ctx.body = ''
    },
    fetch: agentFetch(host),
  }
}

/**
 * Returns the description of the error for a request without a code challenge. It goes to the app, and many apps show it to the user. It is
 * English, since it can contain only printable ASCII without double quotes and backslashes (RFC 6749 §4.1.2.1).
 */
function challengeMissing(isConfidential: boolean): string {
  const exception = isConfidential
    ? `If the app can't do that, an admin can choose '${texts('en').appForm.noPkce}' for it in Doorward.`
    : 'An app without a secret always needs it.'
  return `PKCE is required, but the app sent no code_challenge. Turn PKCE on in the app. ${exception}`
}
