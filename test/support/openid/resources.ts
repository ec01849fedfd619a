// APIs for which apps get access tokens, as the operator registers them, and what such an API does with a token.
import * as jose from 'jose'
import * as oidc from 'openid-client'

import { storeResource } from '#domain/clients/resource.service.ts'
import { NEW_RESOURCE, type Resource, type ResourceFields } from '#domain/clients/resource.ts'
import { inTransaction } from '#foundation/context.ts'
import type { Server } from '../server/start.ts'
import { registerApp, type TestApp } from './apps.ts'

export const RESOURCE_URI = 'https://api.example/orders'

/** An API with the resource that it is. */
export interface TestApi {
  readonly resource: Resource
  /** The app by which it introspects. */
  readonly api: TestApp
}

/** Registers an API, for which all apps may get tokens. */
export async function registerApi(server: Server, wanted: Partial<ResourceFields> = {}): Promise<TestApi> {
  const { uri = RESOURCE_URI, name = 'Orders' } = wanted
  const api = await registerApp(server, { name: `API ${name}`, kind: 'api', redirectUris: [] })
  const fields = { ...USUAL, uri, name, servedBy: api.client.id, ...wanted }
  const ctx = server.operator()
  const resource = await inTransaction(ctx, (tx) => storeResource(tx, { id: tx.newId(), fields, createdBy: null }))
  return { resource, api }
}

const USUAL: ResourceFields = { ...NEW_RESOURCE, scopes: ['read', 'write'], allowedClients: 'all' }

/** What the API learns of a token by introspection. */
export function introspect({ api }: TestApi, token: string): Promise<oidc.IntrospectionResponse> {
  return oidc.tokenIntrospection(api.config, token)
}

/** Verifies a JWT as an API does: by the published keys, and for this resource alone. Rejects what is not for it. */
export async function verify(
  server: Server,
  token: string,
  uri = RESOURCE_URI,
): Promise<jose.JWTVerifyResult<jose.JWTPayload>> {
  const { body } = await server.app.inject({ method: 'GET', url: '/oidc/jwks' })
  const keys = jose.createLocalJWKSet(JSON.parse(body) as jose.JSONWebKeySet)
  const issuer = `${server.doorward.config.publicUrl}/oidc`
  return jose.jwtVerify(token, keys, { issuer, audience: uri, typ: 'at+jwt', algorithms: ['ES256'] })
}
