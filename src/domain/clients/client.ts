// Apps that sign their users in here (OAuth 2.0, RFC 6749 §2: clients). Pages, the command line, the API and events call them apps.
// Tested in client-fields.test.ts.
import type { AssuranceLevel } from '#foundation/kernel/assurance.ts'
import { distinctNameKey } from '#foundation/kernel/distinct-name.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import type { Instant } from '#foundation/kernel/time.ts'

/**
 * `web`: a program on a server, which keeps a secret. `browser`: a page without a server. `native`: a program on the user's device. `api`: a program
 * on a server that checks the tokens of other apps, and has no sign-in.
 */
export const CLIENT_KINDS = ['web', 'browser', 'native', 'api'] as const
/** A kind of which admins register apps. */
export type RegisteredKind = (typeof CLIENT_KINDS)[number]
/** `agent`: a program that comes without registration, known by the document at the URL that is its id; its row says what the document said last. */
export type ClientKind = RegisteredKind | 'agent'

/** How an app authenticates at the token endpoint; `none` for a public app, which has no secret. */
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'none'] as const
export type AuthMethod = (typeof AUTH_METHODS)[number]

/** The algorithms of ID tokens. OpenID Connect requires RS256 of each server; a signature by ES256 costs a fortieth of one by RS256. */
export const ID_TOKEN_ALGORITHMS = ['ES256', 'RS256'] as const
export type IdTokenAlgorithm = (typeof ID_TOKEN_ALGORITHMS)[number]

/** The scopes that an app may be allowed to ask for. `openid` is always among them. */
export const CLIENT_SCOPES = ['openid', 'profile', 'email', 'roles', 'groups', 'offline_access'] as const
export type ClientScope = (typeof CLIENT_SCOPES)[number]

/** The assurance levels that an app can require: one factor is verified in every session. */
export const REQUIRED_LEVELS = ['two-factors', 'phishing-resistant'] as const satisfies readonly AssuranceLevel[]
export type RequiredLevel = (typeof REQUIRED_LEVELS)[number]

export const CLIENTS_MAXIMUM = 10_000
/** How many secrets of an app are valid at a time: two, while it changes. */
export const MOST_SECRETS = 2
/** A secret that an operator gives has so many characters at least. */
const SECRET_MINIMUM = 32

/** An attribute of users that an app gets, as a claim. */
export interface ClientAttribute {
  readonly key: string
  readonly claim: string
  /** The subject of the admin who allowed it; null for the operator. */
  readonly allowedBy: string | null
}

/** What an admin says about an app. */
export interface ClientFields {
  readonly name: string
  readonly kind: ClientKind
  readonly redirectUris: readonly string[]
  /** Where the browser may be sent after a sign-out (OpenID Connect RP-Initiated Logout 1.0). */
  readonly logoutUris: readonly string[]
  readonly authMethod: AuthMethod
  readonly idTokenAlg: IdTokenAlgorithm
  readonly scopes: readonly ClientScope[]
  readonly refreshTokens: boolean
  readonly requirePkce: boolean
  /** Whether redirect URIs may begin with `http` in private networks. */
  readonly allowHttp: boolean
  /** Whether claims that belong to the userinfo endpoint stand in the ID token too. */
  readonly claimsInIdToken: boolean
  /** Whether the app gets emails that are not confirmed. */
  readonly unconfirmedEmail: boolean
  /** The ids of the groups whose names the app gets, or all of them. */
  readonly sharedGroups: 'all' | readonly string[]
  readonly attributes: readonly ClientAttribute[]
  /** Whether it may let users sign in on another device than its own, by a code that they type (RFC 8628). */
  readonly deviceSignIn: boolean
  /** Where it is notified that a session has ended (OpenID Connect Back-Channel Logout 1.0); null where it is not. */
  readonly backchannelUri: string | null
  /** Whether it takes only logout tokens about one session. */
  readonly backchannelSessionRequired: boolean
  /** Whether its users are not asked for consent. */
  readonly trusted: boolean
  /** Who may use it: users with one of these roles, and members of one of the groups with these ids; everyone where both lists are empty. */
  readonly allowedRoles: readonly string[]
  readonly allowedGroups: readonly string[]
  /** What an authentication must reach beside the user's policies; null for nothing more. */
  readonly leastAssurance: RequiredLevel | null
  /** How long ago an authentication may be, in seconds as in the parameter of the protocol; null for no limit. */
  readonly maxAge: number | null
  /** Where users open it; null leaves it out of their start page, as `hidden` does. */
  readonly startUrl: string | null
  readonly hidden: boolean
  /** The preset by which it was registered; null for none. */
  readonly preset: string | null
}

export interface Client extends ClientFields {
  readonly id: string
  readonly createdAt: Instant
  /** The subject of the admin who made it; null for the operator. */
  readonly createdBy: string | null
  readonly disabledAt: Instant | null
  readonly revision: number
}

/** A secret of an app; two may be valid while it changes. */
export interface ClientSecret {
  readonly id: string
  /** SHA-256 of the secret, as hexadecimal digits. */
  readonly hash: string
  readonly createdAt: Instant
  /** Null without an end. */
  readonly expiresAt: Instant | null
  readonly lastUsedAt: Instant | null
}

/** What a new app is, where nothing else is said. */
export const NEW_CLIENT: ClientFields = {
  name: '',
  kind: 'web',
  redirectUris: [],
  logoutUris: [],
  authMethod: 'client_secret_basic',
  idTokenAlg: 'ES256',
  scopes: ['openid', 'profile', 'email'],
  refreshTokens: true,
  requirePkce: true,
  allowHttp: false,
  claimsInIdToken: false,
  unconfirmedEmail: false,
  sharedGroups: [],
  attributes: [],
  deviceSignIn: false,
  backchannelUri: null,
  backchannelSessionRequired: false,
  trusted: true,
  allowedRoles: [],
  allowedGroups: [],
  leastAssurance: null,
  maxAge: null,
  startUrl: null,
  hidden: false,
  preset: null,
}

/** Returns how a new app of this kind authenticates, where nothing else is said: what runs with its user cannot keep a secret. */
export function defaultAuthMethod(kind: ClientKind): AuthMethod {
  return kind === 'web' || kind === 'api' ? NEW_CLIENT.authMethod : 'none'
}

/** Whether users can sign in to it. */
export function signsUsersIn({ kind }: Pick<ClientFields, 'kind'>): boolean {
  return kind !== 'api'
}

/** Returns the text by which names are compared: two apps cannot have names that differ only by case, Unicode form or joiners. */
export function clientKey(name: string): string {
  return distinctNameKey(name)
}

/** The names of apps whose rows let them do with less protection. */
export interface WeakenedClients {
  readonly withoutPkce: readonly string[]
  readonly overHttp: readonly string[]
}

/** Whether the app has no secret: a stranger can send requests in its name, so its users are protected by the redirect URI and PKCE alone. */
export function isPublic({ authMethod }: Pick<ClientFields, 'authMethod'>): boolean {
  return authMethod === 'none'
}

export function isSecretValid({ expiresAt }: Pick<ClientSecret, 'expiresAt'>, now: Instant): boolean {
  return expiresAt === null || now < expiresAt
}

const CLIENT_ID = /^[A-Za-z\d][\w.-]{0,63}$/
/** Whether an app can have this id: one that is made here, or one that an operator gives. */
export function isClientId(text: string): boolean {
  return CLIENT_ID.test(text)
}

/** Printable ASCII without spaces, which `Authorization: Basic` carries as it is. */
const GIVEN_SECRET = /^[\x21-\x7E]{1,256}$/

/** Returns the errors of an id and a secret that an operator gives. */
export function fieldErrorsInGiven({
  id,
  secret,
}: {
  readonly id?: string | undefined
  readonly secret?: string | undefined
}): FieldError[] {
  return [
    ...(id === undefined || isClientId(id) ? [] : [{ pointer: '/id', code: 'app.id_characters' }]),
    ...(secret === undefined ? [] : errorsInSecret(secret)),
  ]
}

function errorsInSecret(secret: string): FieldError[] {
  const pointer = '/secret'
  if (secret.length < SECRET_MINIMUM)
    return [{ pointer, code: 'app.secret_too_short', facts: { minimum: SECRET_MINIMUM } }]
  return GIVEN_SECRET.test(secret) ? [] : [{ pointer, code: 'field.characters' }]
}
