// What this provider offers (OpenID Connect Discovery 1.0; RFC 8414), made from the list by which its endpoints are mounted.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { readAgentSetting } from '#domain/agents/agent.service.ts'
import { AUTH_METHODS, CLIENT_SCOPES, ID_TOKEN_ALGORITHMS } from '#domain/clients/client.ts'
import { ACR_VALUES } from '#domain/grants/authentication-context.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { LANGUAGES } from '#foundation/texts/texts.ts'
import type { App } from '#foundation/web/http/app.ts'
import { CLAIMS_OF_SCOPE } from './claims.ts'
import { newExchange, sendAnswer } from './exchange.service.ts'
import { AUTHORIZATION_PATH, DEVICE_GRANT_TYPE, END_SESSION_PATH, OPENID_PATH } from './openid-path.ts'
import type { OpenId } from './openid.service.ts'
import { preflight, PROGRAM_ENDPOINTS } from './program.routes.ts'

const KEYS_PATH = '/jwks'
const config = { access: 'anyone', undocumented: true } as const
const FIVE_MINUTES = 'public, max-age=300'
const ONE_HOUR = 'public, max-age=3600'

/** The document at the path of OpenID Connect, and at the two paths that RFC 8414 §3.1 and §5 give an issuer with a path. */
const DOCUMENT_PATHS = [
  `${OPENID_PATH}/.well-known/openid-configuration`,
  `/.well-known/openid-configuration${OPENID_PATH}`,
  `/.well-known/oauth-authorization-server${OPENID_PATH}`,
]

export function discoveryRoutes(app: App, openid: OpenId): void {
  for (const path of DOCUMENT_PATHS) {
    app.get(path, { config }, async ({ ctx }, reply) => {
      await openid.requiredProvider(ctx)
      const { enabled } = await readAgentSetting(ctx)
      const document = discoveryDocument(ctx.config)
      return openToAll(reply, FIVE_MINUTES).send(enabled ? { ...document, ...FOR_AGENTS } : document)
    })
    app.options(path, { config }, async ({ ctx }, reply) => {
      await openid.requiredProvider(ctx)
      return openToAll(reply, FIVE_MINUTES).header('access-control-allow-methods', 'GET').code(204).send()
    })
  }
  app.get(OPENID_PATH + KEYS_PATH, { config }, (request, reply) => sendKeys(openid, request, reply))
  preflight(app, openid, KEYS_PATH)
}

/** No cookie is read at these routes, and everything they say is public. */
function openToAll(reply: FastifyReply, cacheControl: string): FastifyReply {
  return reply
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
    .header('cache-control', cacheControl)
}

async function sendKeys(openid: OpenId, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const provider = await openid.requiredProvider(request.ctx)
  const answer = await openid.answer(provider, newExchange(request, reply), KEYS_PATH)
  return sendAnswer(openToAll(reply, ONE_HOUR), {
    ...answer,
    headers: { 'content-type': answer.headers['content-type'] },
  })
}

/** Agents look for it before they come with the URL of a document. */
const FOR_AGENTS = { client_id_metadata_document_supported: true } as const

function discoveryDocument({ publicUrl }: Pick<Config, 'publicUrl'>): Readonly<Record<string, unknown>> {
  const issuer = publicUrl + OPENID_PATH
  const { pushedRequest, deviceAuthorization, token, userinfo, introspection, revocation } = PROGRAM_ENDPOINTS
  const secretMethods = AUTH_METHODS.filter((method) => method !== 'none')
  return {
    issuer,
    authorization_endpoint: publicUrl + AUTHORIZATION_PATH,
    pushed_authorization_request_endpoint: issuer + pushedRequest.path,
    device_authorization_endpoint: issuer + deviceAuthorization.path,
    token_endpoint: issuer + token.path,
    userinfo_endpoint: issuer + userinfo.path,
    jwks_uri: issuer + KEYS_PATH,
    end_session_endpoint: publicUrl + END_SESSION_PATH,
    introspection_endpoint: issuer + introspection.path,
    revocation_endpoint: issuer + revocation.path,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment'],
    grant_types_supported: ['authorization_code', 'refresh_token', DEVICE_GRANT_TYPE],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ID_TOKEN_ALGORITHMS,
    token_endpoint_auth_methods_supported: AUTH_METHODS,
    introspection_endpoint_auth_methods_supported: secretMethods,
    revocation_endpoint_auth_methods_supported: AUTH_METHODS,
    code_challenge_methods_supported: ['S256'],
    scopes_supported: CLIENT_SCOPES,
    claims_supported: [...new Set([...Object.values(CLAIMS_OF_SCOPE).flat(), 'iss'])],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    claims_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    acr_values_supported: ACR_VALUES,
    prompt_values_supported: ['none', 'login', 'consent', 'create'],
    ui_locales_supported: LANGUAGES,
  }
}
