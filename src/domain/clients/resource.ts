// Resources: APIs for which apps get access tokens, each named by a URI (RFC 8707). Tokens for a resource are of no use anywhere else. Tested in
// resource-fields.test.ts.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { LONGEST_JWT } from '#foundation/kernel/stated-limits.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/**
 * How an access token for the resource looks. `opaque`: a random value, of which the resource learns by introspection whether it lives.
 * `jwt` (RFC 9068): signed, so that the resource verifies it by itself, and nothing ends it before its time but the stream of endings.
 */
export const TOKEN_FORMATS = ['opaque', 'jwt'] as const
export type TokenFormat = (typeof TOKEN_FORMATS)[number]

export const RESOURCES_MAXIMUM = 1000

/** What an admin says about a resource. */
export interface ResourceFields {
  /** As apps request it: compared character by character, and never changed. */
  readonly uri: string
  readonly name: string
  /** The id of the app that serves it, and introspects its tokens. Null only where the tokens are JWTs. */
  readonly servedBy: string | null
  readonly tokenFormat: TokenFormat
  /** How long a token lives, in seconds as in the protocol; null for the usual time. */
  readonly lifetime: number | null
  /** What can be allowed to an app, in the words of the API. */
  readonly scopes: readonly string[]
  /** The ids of the apps that may request tokens for it, or all of them. */
  readonly allowedClients: 'all' | readonly string[]
}

export interface Resource extends ResourceFields {
  readonly id: string
  readonly createdAt: Instant
  /** The subject of the admin who made it; null for the operator. */
  readonly createdBy: string | null
  readonly revision: number
}

/** What a new resource is, where nothing else is said: no app may request tokens for it. */
export const NEW_RESOURCE: ResourceFields = {
  uri: '',
  name: '',
  servedBy: null,
  tokenFormat: 'opaque',
  lifetime: null,
  scopes: [],
  allowedClients: [],
}

/** A resource with whether tokens for it may be used: not while the app that serves it is disabled, or deleted. */
export interface ServedResource extends Resource {
  readonly isServed: boolean
}

/** Whether an app may get and use tokens for the resource now. */
export function allowsClient({ isServed, allowedClients }: ServedResource, clientId: string): boolean {
  return isServed && (allowedClients === 'all' || allowedClients.includes(clientId))
}

/** In seconds. */
const LIMITS = { shortest: 60, opaque: 3600, jwt: LONGEST_JWT / 1000 }

/** Returns how long a token for the resource lives, in seconds, where an access token usually lives for `usual` seconds. */
export function tokenLifetime(
  { tokenFormat, lifetime }: Pick<Resource, 'tokenFormat' | 'lifetime'>,
  usual: number,
): number {
  return lifetime ?? (tokenFormat === 'jwt' ? Math.min(usual, LIMITS.jwt) : usual)
}

/** Whether a token of this form can live for so many seconds. */
export function isPossibleLifetime(tokenFormat: TokenFormat, lifetime: number): boolean {
  return Number.isInteger(lifetime) && lifetime >= LIMITS.shortest && lifetime <= LIMITS[tokenFormat]
}

/** Returns the error of a lifetime at `/lifetime`. */
export function errorsInLifetime({ tokenFormat, lifetime }: ResourceFields): FieldError[] {
  const [minimum, maximum] = [LIMITS.shortest, LIMITS[tokenFormat]]
  return lifetime === null || isPossibleLifetime(tokenFormat, lifetime)
    ? []
    : [{ pointer: '/lifetime', code: 'resource.lifetime', facts: { minimum, maximum } }]
}
