// Reads the form of an app, whose fields are texts.
import {
  type AuthMethod,
  CLIENT_KINDS,
  CLIENT_SCOPES,
  type ClientFields,
  type ClientKind,
  type ClientScope,
  REQUIRED_LEVELS,
  signsUsersIn,
} from '#domain/clients/client.ts'
import { needsUrl, type Preset } from '#domain/clients/preset.ts'
import { GROUP_SEPARATOR, groupNamesIn } from '#domain/groups/group.ts'
import type { AppFields } from './app-request.ts'

/** The scopes that have a box of their own; that of groups follows from which groups the app gets. */
export const BOXED_SCOPES = ['profile', 'email', 'roles'] as const satisfies readonly ClientScope[]

/** Which of a user's groups the app gets. */
export const SHARED = ['none', 'some', 'all'] as const
type Shared = (typeof SHARED)[number]

/** The fields of the form that are kept when it is shown again, without those of attributes. */
const APP_FIELDS = [
  'preset',
  'url',
  'name',
  'kind',
  'redirect_uris',
  'logout_uris',
  'refresh_tokens',
  'offline_access',
  ...BOXED_SCOPES.map((scope) => `scopes-${scope}`),
  'shared',
  'groups',
  'rs256',
  'keeps_secret',
  'secret_in_body',
  'claims_in_id_token',
  'device_sign_in',
  'backchannel_uri',
  'backchannel_session_required',
  'no_pkce',
  'allow_http',
  'unconfirmed_email',
  'asks_consent',
  'allowed_groups',
  'least_assurance',
  'max_age',
  'start_url',
  'hidden',
  'seen',
] as const

/** The values of the form, as they were typed. */
export type AppValues = Readonly<Record<string, string>>

/** The field of the claim as which an app gets an attribute. */
export function claimField(key: string): string {
  return `claim-${key}`
}

export function attributeBox(key: string): string {
  return `attribute-${key}`
}

/** The box by which users with a role may use the app. */
export function roleBox(role: string): string {
  return `allowed_roles-${role}`
}

/** What the form offers: attributes by their keys, and roles by their names. */
export interface Offered {
  readonly keys: readonly string[]
  readonly roles: readonly string[]
}

export function appFieldNames({ keys, roles }: Offered): readonly string[] {
  return [...APP_FIELDS, ...roles.map(roleBox), ...keys.flatMap((key) => [attributeBox(key), claimField(key)])]
}

/** What the form says; its groups are names. */
export interface ReadAppForm {
  readonly fields: Omit<AppFields, 'sharedGroups' | 'allowedGroups' | 'preset'>
  readonly groups: 'all' | readonly string[]
  readonly allowedGroups: readonly string[]
}

/** Returns what the form says. An attribute gets its own key as its claim where nothing else was typed. */
export function readAppForm(values: AppValues, { keys, roles }: Offered): ReadAppForm {
  const isTicked = (field: string) => values[field] === 'yes'
  const kind = CLIENT_KINDS.find((one) => one === values['kind']) ?? 'web'
  const authMethod = authMethodIn(values, kind)
  const shared = SHARED.find((one) => one === values['shared']) ?? 'none'
  const scopes = CLIENT_SCOPES.filter((scope) => {
    if (scope === 'openid') return true
    if (scope === 'groups') return shared !== 'none'
    return isTicked(scope === 'offline_access' ? scope : `scopes-${scope}`)
  })
  // What the form does not show for an API is left out.
  const forPeople = signsUsersIn({ kind })
  return {
    groups: groupsIn(values, shared),
    allowedGroups: forPeople ? groupNamesIn(values['allowed_groups'] ?? '') : [],
    fields: {
      name: values['name'] ?? '',
      kind,
      redirectUris: forPeople ? linesIn(values['redirect_uris']) : [],
      logoutUris: forPeople ? linesIn(values['logout_uris']) : [],
      authMethod,
      idTokenAlg: isTicked('rs256') ? 'RS256' : 'ES256',
      scopes,
      refreshTokens: isTicked('refresh_tokens'),
      // Without a secret the challenge is the only protection of a code, so the box for doing without is not offered there.
      requirePkce: authMethod === 'none' || !isTicked('no_pkce'),
      allowHttp: isTicked('allow_http'),
      claimsInIdToken: isTicked('claims_in_id_token'),
      unconfirmedEmail: isTicked('unconfirmed_email'),
      deviceSignIn: isTicked('device_sign_in'),
      backchannelUri: (forPeople && values['backchannel_uri']) || null,
      backchannelSessionRequired: isTicked('backchannel_session_required'),
      trusted: !isTicked('asks_consent'),
      allowedRoles: forPeople ? roles.filter((role) => isTicked(roleBox(role))) : [],
      leastAssurance: (forPeople && REQUIRED_LEVELS.find((level) => level === values['least_assurance'])) || null,
      maxAge: (forPeople && Number(values['max_age'])) || null,
      startUrl: (forPeople && values['start_url']) || null,
      hidden: isTicked('hidden'),
      attributes: keys.filter((key) => isTicked(attributeBox(key))).map((key) => attributeIn(values, key)),
    },
  }
}

function groupsIn(values: AppValues, shared: Shared): ReadAppForm['groups'] {
  if (shared === 'all') return shared
  return shared === 'some' ? groupNamesIn(values['groups'] ?? '') : []
}

/** A page in the browser has no secret, and a program on a device only where that was ticked. */
function authMethodIn(values: AppValues, kind: ClientKind): AuthMethod {
  if (kind === 'browser' || (kind === 'native' && values['keeps_secret'] !== 'yes')) return 'none'
  return values['secret_in_body'] === 'yes' ? 'client_secret_post' : 'client_secret_basic'
}

function attributeIn(values: AppValues, key: string): AppFields['attributes'][number] {
  return { key, claim: values[claimField(key)]?.trim() || key }
}

function linesIn(text = ''): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** The names of the groups that an app sees, and of those that may use it. */
export interface AppGroupNames {
  readonly groupNames: readonly string[]
  readonly allowedNames: readonly string[]
}

export function valuesOfApp(fields: ClientFields, { groupNames, allowedNames }: AppGroupNames): AppValues {
  const { kind, authMethod, scopes, attributes } = fields
  const ticked: Readonly<Record<string, boolean>> = {
    ...Object.fromEntries(BOXED_SCOPES.map((scope) => [`scopes-${scope}`, scopes.includes(scope)])),
    offline_access: scopes.includes('offline_access'),
    refresh_tokens: fields.refreshTokens,
    rs256: fields.idTokenAlg === 'RS256',
    keeps_secret: kind === 'native' && authMethod !== 'none',
    secret_in_body: authMethod === 'client_secret_post',
    claims_in_id_token: fields.claimsInIdToken,
    device_sign_in: fields.deviceSignIn,
    backchannel_session_required: fields.backchannelSessionRequired,
    no_pkce: !fields.requirePkce,
    allow_http: fields.allowHttp,
    unconfirmed_email: fields.unconfirmedEmail,
    asks_consent: !fields.trusted,
    hidden: fields.hidden,
    ...Object.fromEntries(fields.allowedRoles.map((role) => [roleBox(role), true])),
  }
  return {
    name: fields.name,
    kind,
    redirect_uris: fields.redirectUris.join('\n'),
    logout_uris: fields.logoutUris.join('\n'),
    shared: sharedOf(fields),
    groups: groupNames.join(`${GROUP_SEPARATOR} `),
    allowed_groups: allowedNames.join(`${GROUP_SEPARATOR} `),
    least_assurance: fields.leastAssurance ?? '',
    max_age: String(fields.maxAge ?? ''),
    start_url: fields.startUrl ?? '',
    backchannel_uri: fields.backchannelUri ?? '',
    ...Object.fromEntries(
      attributes.flatMap(({ key, claim }) => [
        [attributeBox(key), 'yes'],
        [claimField(key), claim],
      ]),
    ),
    ...Object.fromEntries(Object.entries(ticked).flatMap(([field, isOn]) => (isOn ? [[field, 'yes']] : []))),
  }
}

function sharedOf({ scopes, sharedGroups }: ClientFields): Shared {
  if (!scopes.includes('groups')) return 'none'
  return sharedGroups === 'all' ? sharedGroups : 'some'
}

/** The field of the form for each field of the API, where they differ. */
const FORM_POINTERS: Readonly<Record<string, string>> = {
  '/require_pkce': '/no_pkce',
  '/auth_method': '/kind',
  '/shared_groups': '/groups',
  '/refresh_tokens': '/offline_access',
  '/scopes': '/offline_access',
}

export function formPointer(pointer: string): string {
  return FORM_POINTERS[pointer] ?? pointer
}

/** The fields that are not folded; by a preset all others are known. */
export function mainFieldsOf(preset: Preset | undefined): readonly MainField[] {
  if (preset === undefined) return ['name', 'kind', 'redirect_uris']
  if (needsUrl(preset)) return ['name', 'url']
  return preset.fields.redirectUris.length > 0 ? ['name'] : ['name', 'redirect_uris']
}
export type MainField = 'name' | 'kind' | 'redirect_uris' | 'url'

/** Whether one of these errors is in a field behind "More settings", which are then shown. */
export function concernsMore(pointers: readonly string[], shown: readonly MainField[]): boolean {
  return pointers.some((pointer) => !shown.some((field) => pointer === `/${field}`))
}
