import { SCOPES } from '#foundation/kernel/principal.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { TOKEN_LIFETIMES } from '#foundation/kernel/stated-limits.ts'
import { days, type Instant, toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { choice, givenName, named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { IssuedApiToken } from './api-token.service.ts'
import { type ApiToken, STANDARD_LIFETIME } from './api-token.ts'

const Moment = Type.String({ format: 'date-time' })

const SHOWN = {
  id: Type.String(),
  name: Type.String(),
  scopes: Type.Array(choice(SCOPES)),
  created_at: Moment,
  expires_at: Type.String({ format: 'date-time', description: 'When it expires; use does not extend it.' }),
  last_used_at: nullable(Type.String({ format: 'date-time', description: 'To the minute.' })),
  host: nullable(Type.String({ description: 'The protected host that it opens, and nothing else; null for the API.' })),
}

export const ApiTokenView = named('ApiToken', Type.Object(SHOWN, { additionalProperties: false }))

export const ApiTokenList = named(
  'ApiTokenList',
  Type.Object(
    { items: Type.Array(ApiTokenView) },
    { description: 'The valid API tokens, without the tokens themselves.' },
  ),
)

export const CreatedApiToken = named(
  'CreatedApiToken',
  Type.Object(
    { ...SHOWN, token: Type.String({ description: 'For `Authorization: Bearer`. Shown once.' }) },
    { description: 'The API token, with the token itself, which is shown once.', additionalProperties: false },
  ),
)

export const NewApiToken = named(
  'NewApiToken',
  Type.Object(
    {
      name: givenName('The name of the token.'),
      scopes: Type.Optional(
        Type.Array(choice(SCOPES), {
          maxItems: SCOPES.length,
          description: 'What the token may do; only what you may do yourself. None for a token of a host.',
        }),
      ),
      host: Type.Optional(
        Type.String({
          maxLength: 506,
          description: 'The name of a protected host that takes tokens. The token opens that host, and nothing else.',
        }),
      ),
      expires_in_days: Type.Optional(
        Type.Integer({ minimum: 1, maximum: TOKEN_LIFETIMES.longest / days(1), description: '90 if omitted.' }),
      ),
      expires_at: Type.Optional(
        Type.String({ format: 'date-time', description: 'Instead of `expires_in_days`; at least an hour from now.' }),
      ),
    },
    { additionalProperties: false, examples: [{ name: 'Nightly report', scopes: ['self:read'], expires_in_days: 30 }] },
  ),
)

export const ApiTokenParameters = Type.Object({ id: Type.String({ maxLength: 64 }) })

type Expiry = Pick<Static<typeof NewApiToken>, 'expires_in_days' | 'expires_at'>

/** Returns when the requested token expires. Throws `request.validation_failed` if both fields are given. */
export function expiryIn({ expires_in_days: inDays, expires_at: at }: Expiry, now: Instant): Instant {
  if (at === undefined) return now + (inDays === undefined ? STANDARD_LIFETIME : days(inDays))
  if (inDays !== undefined) requireNoFieldErrors([{ pointer: '/expires_at', code: 'field.repeated' }])
  return Date.parse(at)
}

/** The names of protected hosts by their ids. */
type HostNames = ReadonlyMap<string, string>

/** Returns the JSON form of a token, without the token itself. */
export function presentApiToken(token: ApiToken, hosts: HostNames): Static<typeof ApiTokenView> {
  return {
    id: token.id,
    name: token.name,
    scopes: [...token.scopes],
    created_at: toRfc3339(token.createdAt),
    expires_at: toRfc3339(token.expiresAt),
    last_used_at: toRfc3339OrNull(token.lastUsedAt),
    host: token.hostId === null ? null : (hosts.get(token.hostId) ?? null),
  }
}

/** Returns the answer to the creation of a token, the only one that contains the token itself. */
export function presentIssued({ apiToken, token }: IssuedApiToken, hosts: HostNames): Static<typeof CreatedApiToken> {
  return { ...presentApiToken(apiToken, hosts), token: token.reveal() }
}
