// Apps as the API shows and takes them.
import { ApprovalView } from '#domain/approvals/approval.schema.ts'
import {
  CLAIM_PATTERN,
  MOST_ALLOWED,
  MOST_CLIENT_ATTRIBUTES,
  MOST_SHARED_GROUPS,
} from '#domain/clients/client-fields.ts'
import { iconPath } from '#domain/clients/client-icon.ts'
import {
  AUTH_METHODS,
  type Client,
  CLIENT_KINDS,
  CLIENT_SCOPES,
  type ClientFields,
  type ClientSecret,
  ID_TOKEN_ALGORITHMS,
  REQUIRED_LEVELS,
} from '#domain/clients/client.ts'
import { issuerOf } from '#domain/clients/issuer.ts'
import { MOST_REDIRECT_URIS, REDIRECT_URI_MAXIMUM } from '#domain/clients/redirect-uri.ts'
import { camelCase, snakeCase } from '#foundation/kernel/field-name.ts'
import { CLIENT_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339, toRfc3339OrNull } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { optionalFields, type Static, Type } from '#foundation/web/http/type.ts'
import type { AppChanges } from './app-request.ts'
import type { App, ListedApp } from './clients.service.ts'

const Id = Type.String({ maxLength: 64 })
export const AppParameters = Type.Object({ id: Id })
export const AppSecretParameters = Type.Object({ id: Id, secret_id: Id })

export const AppQuery = Type.Object(
  { ...PAGE_PARAMETERS, q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name.' })) },
  { additionalProperties: false },
)
/** The folded name after which a page begins: folding (NFKC) makes up to 18 characters of one. */
export const AppPosition = Type.String({ maxLength: 18 * CLIENT_NAME_MAXIMUM })

/** One more than the rule allows, so that it and not the schema says what is wrong. */
const UriList = (description: string) =>
  Type.Array(Type.String({ maxLength: REDIRECT_URI_MAXIMUM * 2 }), { maxItems: MOST_REDIRECT_URIS + 1, description })

const SharedGroups = Type.Unsafe<'all' | string[]>({
  anyOf: [
    { type: 'string', enum: ['all'] },
    { type: 'array', items: { type: 'string', maxLength: 64 }, maxItems: MOST_SHARED_GROUPS },
  ],
  description: 'The ids of the groups whose names the app gets with the scope `groups`, or `all`.',
})

const Allowed = (description: string) =>
  Type.Array(Type.String({ maxLength: 64 }), { maxItems: MOST_ALLOWED + 1, description })

const KEY = Type.String({ maxLength: 64, description: 'The key of the attribute.' })
const CLAIM = Type.String({ pattern: CLAIM_PATTERN, description: 'The claim as which the app gets its value.' })

/** What decides who can use an app. */
export const ACCESS_SETTINGS = {
  allowed_roles: Allowed('The names of the roles that may use it; everyone where this and `allowed_groups` are empty.'),
  allowed_groups: Allowed('The ids of the groups whose members may use it, beside those roles.'),
  least_assurance: nullable(
    choice(REQUIRED_LEVELS, { description: 'What an authentication must reach, beside the policies of the user.' }),
  ),
}

const SETTINGS = {
  kind: choice(CLIENT_KINDS, {
    description:
      '`web`: a program on a server. `browser`: a page without a server, which cannot keep a secret. `native`: a program on the user’s device. `api`: a program that checks the tokens of other apps, without a sign-in: it has no URIs.',
  }),
  redirect_uris: UriList('Where the browser is sent with the answer, compared character by character.'),
  logout_uris: UriList('Where the app may send the browser after a sign-out.'),
  auth_method: choice(AUTH_METHODS, {
    description: 'How the app authenticates at the token endpoint; `none` for an app without a secret.',
  }),
  id_token_alg: choice(ID_TOKEN_ALGORITHMS),
  scopes: Type.Array(choice(CLIENT_SCOPES), {
    uniqueItems: true,
    description: 'What the app may ask for; `openid` is always among them.',
  }),
  refresh_tokens: Type.Boolean({ description: 'Whether the app gets refresh tokens.' }),
  require_pkce: Type.Boolean({ description: 'Only an app with a secret can do without PKCE.' }),
  allow_http: Type.Boolean({ description: 'Whether its URIs may begin with `http` in a private network.' }),
  claims_in_id_token: Type.Boolean({ description: 'Whether all claims stand in the ID token too.' }),
  unconfirmed_email: Type.Boolean({ description: 'Whether the app gets emails that are not confirmed.' }),
  shared_groups: SharedGroups,
  device_sign_in: Type.Boolean({
    description: 'Whether it may let users sign in on a device by a code that they type in a browser (RFC 8628).',
  }),
  backchannel_uri: nullable(
    Type.String({
      maxLength: REDIRECT_URI_MAXIMUM * 2,
      description: 'Where the app is told that a session has ended (OpenID Connect Back-Channel Logout 1.0).',
    }),
  ),
  backchannel_session_required: Type.Boolean({
    description: 'Whether the app takes only logout tokens about one session, with `sid`.',
  }),
  trusted: Type.Boolean({ description: 'Whether its users are not asked for consent.' }),
  ...ACCESS_SETTINGS,
  max_age: nullable(
    Type.Integer({
      description: 'How many seconds ago an authentication may be; null for no limit beside the session’s.',
    }),
  ),
  start_url: nullable(
    Type.String({ maxLength: REDIRECT_URI_MAXIMUM * 2, description: 'Where users open it from their start page.' }),
  ),
  hidden: Type.Boolean({ description: 'Whether it is left out of the start page.' }),
  preset: nullable(Type.String({ maxLength: 64, description: 'The preset by which it was registered.' })),
}

const Attribute = named('NewAppAttribute', Type.Object({ key: KEY, claim: CLAIM }, { additionalProperties: false }))
const Attributes = Type.Array(Attribute, { maxItems: MOST_CLIENT_ATTRIBUTES })
/** The same, each of which may be left out. */
const GIVEN = optionalFields({ ...SETTINGS, attributes: Attributes })
const Name = Type.String({ description: `One to ${CLIENT_NAME_MAXIMUM} characters. Unique, ignoring case.` })

const EXAMPLE = { name: 'Wiki', redirect_uris: ['https://wiki.example.org/callback'] }

export const NewAppBody = named(
  'NewApp',
  Type.Object({ name: Name, ...GIVEN }, { additionalProperties: false, examples: [EXAMPLE] }),
)

/** A merge patch (RFC 7396): a field left out stays. */
export const AppChange = named(
  'AppChange',
  Type.Object(
    { name: Type.Optional(Name), ...GIVEN },
    { additionalProperties: false, examples: [{ redirect_uris: EXAMPLE.redirect_uris }] },
  ),
)

const Moment = Type.String({ format: 'date-time' })
const MomentOrNull = (description: string) => nullable(Type.String({ format: 'date-time', description }))
const AttributeView = named(
  'AppAttribute',
  Type.Object({
    key: KEY,
    claim: CLAIM,
    allowed_by: nullable(Type.String({ description: 'The subject of the admin; null for the operator.' })),
  }),
)
const ListedSettings = {
  id: Type.String({ description: 'The client id.' }),
  issuer: Type.String({ description: 'The issuer, from which an app discovers everything else.' }),
  name: Type.String(),
  ...SETTINGS,
  attributes: Type.Array(AttributeView),
  created_at: Moment,
  created_by: nullable(Type.String({ description: 'The subject of the admin; null for the operator.' })),
  disabled_at: MomentOrNull('Null for an app that users can sign in to.'),
}

const USE = {
  icon_url: nullable(Type.String({ description: 'The path of its icon, which changes with the icon.' })),
  sign_ins: Type.Integer({ minimum: 0, description: 'How many sign-ins to it have not ended.' }),
  last_used_at: MomentOrNull('When it last got tokens.'),
}

const SecretView = named(
  'AppSecret',
  Type.Object({
    id: Type.String(),
    created_at: Moment,
    expires_at: MomentOrNull('Since when it is no longer accepted; null for a valid one.'),
    last_used_at: MomentOrNull('Noted about once an hour.'),
  }),
)

export const ListedAppView = named('ListedApp', Type.Object({ ...ListedSettings, ...USE }))
export const AppPageView = pageOf('AppPage', ListedAppView)

const AppFieldsView = Type.Object(
  { ...ListedSettings, ...USE, secrets: Type.Array(SecretView) },
  { description: 'An app that signs its users in here.' },
)
export const AppView = sentWith(ETAG, named('App', AppFieldsView))

const Shown = nullable(Type.String({ description: 'Shown only now; null for an app without a secret.' }))
const WAITS = 'With the status 202, `approval` waits for a second admin, and the secret works after that.'
export const CreatedAppView = named(
  'CreatedApp',
  Type.Object(
    { ...ListedSettings, client_secret: Shown, approval: nullable(ApprovalView) },
    { description: `The new app. ${WAITS}` },
  ),
)

export const AddedSecretView = named(
  'AddedAppSecret',
  Type.Object(
    {
      id: Type.String(),
      client_secret: Type.String({ description: 'Shown only now.' }),
      approval: nullable(ApprovalView),
    },
    { description: `The new secret. ${WAITS}` },
  ),
)

export const EndedGrantsView = named(
  'EndedAppSignIns',
  Type.Object({ ended: Type.Integer({ minimum: 0 }) }, { description: 'How many sign-ins have ended.' }),
)

type Config = Parameters<typeof issuerOf>[0]

/** Returns what an admin says about an app as the API shows it. */
export function presentClient(config: Config, client: Client) {
  const { id, createdAt, createdBy, disabledAt, attributes, ...fields } = client
  return {
    id,
    issuer: issuerOf(config),
    ...settingsOf(fields),
    attributes: attributes.map(({ key, claim, allowedBy }) => ({ key, claim, allowed_by: allowedBy })),
    created_at: toRfc3339(createdAt),
    created_by: createdBy,
    disabled_at: toRfc3339OrNull(disabledAt),
  }
}

type Settings = Static<ReturnType<typeof Type.Object<typeof SETTINGS>>> & { readonly name: string }

/** Each field has the same value under its name in the API. */
function settingsOf({ revision: _, ...fields }: Omit<ClientFields, 'attributes'> & { readonly revision: number }) {
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [snakeCase(field), value])) as Settings
}

export function presentListedApp(config: Config, { client, use, icon }: ListedApp): Static<typeof ListedAppView> {
  const { living, lastUsedAt } = use
  return {
    ...presentClient(config, client),
    icon_url: icon === undefined ? null : iconPath(client.id, icon),
    sign_ins: living,
    last_used_at: toRfc3339OrNull(lastUsedAt),
  }
}

export function presentAppWithSecrets(config: Config, app: App): Static<typeof AppFieldsView> {
  return { ...presentListedApp(config, app), secrets: app.secrets.map(presentSecret) }
}

function presentSecret({ id, createdAt, expiresAt, lastUsedAt }: ClientSecret): Static<typeof SecretView> {
  return {
    id,
    created_at: toRfc3339(createdAt),
    expires_at: toRfc3339OrNull(expiresAt),
    last_used_at: toRfc3339OrNull(lastUsedAt),
  }
}

/** The entity tag of an app: it changes with each change of the app itself, and not with its secrets or its use. */
export function appTag({ id, revision }: Client): string {
  return etagOf(JSON.stringify([id, revision]))
}

export function fieldsInBody(body: Static<typeof AppChange>): AppChanges {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value]))
}
