// Resources as the API shows and takes them.
import { DOCUMENT_URL_MAXIMUM } from '#domain/agents/allowed-documents.ts'
import {
  MOST_RESOURCE_CLIENTS,
  MOST_RESOURCE_SCOPES,
  RESOURCE_SCOPE_MAXIMUM,
  RESOURCE_URI_MAXIMUM,
} from '#domain/clients/resource-fields.ts'
import { type Resource, type ServedResource, TOKEN_FORMATS } from '#domain/clients/resource.ts'
import { camelCase } from '#foundation/kernel/field-name.ts'
import { CLIENT_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { optionalFields, type Static, Type } from '#foundation/web/http/type.ts'
import type { ResourceChanges } from './resource-request.ts'

export const ResourceParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })
export const ResourceQuery = Type.Object(PAGE_PARAMETERS, { additionalProperties: false })
/** The URI after which a page begins. */
export const ResourcePosition = Type.String({ maxLength: RESOURCE_URI_MAXIMUM })

const ClientId = Type.String({ maxLength: DOCUMENT_URL_MAXIMUM })

/** One more than the rule allows, so that it and not the schema says what is wrong. */
const AllowedClients = Type.Unsafe<'all' | string[]>({
  anyOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', items: { type: 'string', maxLength: DOCUMENT_URL_MAXIMUM }, maxItems: MOST_RESOURCE_CLIENTS + 1 },
  ],
  description: 'The client ids of the apps that may request tokens for it, or `all`.',
})

const Name = Type.String({ description: `One to ${CLIENT_NAME_MAXIMUM} characters.` })
const Uri = Type.String({
  maxLength: RESOURCE_URI_MAXIMUM * 2,
  description:
    'As apps request it, and as tokens name it in `aud`; compared character by character, and never changed.',
})

const SETTINGS = {
  served_by: nullable(
    Type.String({
      ...ClientId,
      description:
        'The client id of the app that introspects its tokens. While that app is disabled, no token for the resource can be used. Null only for JWTs.',
    }),
  ),
  token_format: choice(TOKEN_FORMATS, {
    description:
      '`opaque`: the resource introspects each token. `jwt`: it verifies them by the key set, and such a token lives out its minutes also after its user is disabled.',
  }),
  lifetime: nullable(
    Type.Integer({
      description: 'How many seconds an access token lives: 60 to 3,600, a JWT 300 at most; null for the usual time.',
    }),
  ),
  scopes: Type.Array(Type.String({ maxLength: RESOURCE_SCOPE_MAXIMUM * 2 }), {
    maxItems: MOST_RESOURCE_SCOPES + 1,
    description: 'What apps may ask for at it (RFC 6749 §3.3).',
  }),
  allowed_clients: AllowedClients,
}

const GIVEN = optionalFields(SETTINGS)
const EXAMPLE = { uri: 'https://api.example.org/orders', name: 'Orders', token_format: 'jwt', scopes: ['orders:read'] }

export const NewResourceBody = named(
  'NewResource',
  Type.Object({ uri: Uri, name: Name, ...GIVEN }, { additionalProperties: false, examples: [EXAMPLE] }),
)

/** A merge patch (RFC 7396): a field left out stays. */
export const ResourceChange = named(
  'ResourceChange',
  Type.Object(
    { name: Type.Optional(Name), ...GIVEN },
    { additionalProperties: false, examples: [{ scopes: ['orders:read', 'orders:write'] }] },
  ),
)

const FIELDS = {
  id: Type.String(),
  uri: Type.String(),
  name: Type.String(),
  ...SETTINGS,
  is_served: Type.Boolean({ description: 'False while the app that serves it is disabled, or deleted.' }),
  created_at: Type.String({ format: 'date-time' }),
  created_by: nullable(Type.String({ description: 'The subject of the admin; null for the operator.' })),
}

const Fields = named(
  'Resource',
  Type.Object(FIELDS, { description: 'An API for which apps get access tokens (RFC 8707).' }),
)
export const ResourceView = sentWith(ETAG, Fields)
export const ResourcePageView = pageOf('ResourcePage', Fields)

export function presentResource(resource: ServedResource): Static<typeof Fields> {
  const { id, uri, name, servedBy, tokenFormat, lifetime, scopes, allowedClients, isServed } = resource
  return {
    id,
    uri,
    name,
    served_by: servedBy,
    token_format: tokenFormat,
    lifetime,
    scopes: [...scopes],
    allowed_clients: allowedClients === 'all' ? allowedClients : [...allowedClients],
    is_served: isServed,
    created_at: toRfc3339(resource.createdAt),
    created_by: resource.createdBy,
  }
}

/** The entity tag of a resource: it changes with each change of the row. */
export function resourceTag({ id, revision }: Pick<Resource, 'id' | 'revision'>): string {
  return etagOf(JSON.stringify([id, revision]))
}

export function resourceChangesIn(body: Static<typeof ResourceChange>): ResourceChanges {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value]))
}
