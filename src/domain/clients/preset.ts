// Presets: how a known program is registered as an app, and the settings that it is given then. Each is a file of presets/.
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { type Client, CLIENT_KINDS, type ClientFields, type ClientKind } from './client.ts'
import { discoveryUrlOf, endpointUrls, issuerOf } from './issuer.ts'
import { fieldErrorsInRedirectUris } from './redirect-uri.ts'

/** A text in each language, by its ISO 639 code. */
export type Words = Readonly<Record<string, string>>

/** What is entered in the program at one spot: a text that is pasted as a whole, or values one by one. */
export interface PresetSettings {
  readonly where: Words
  readonly text?: string | undefined
  readonly values?: readonly (readonly [label: string, value: string])[] | undefined
}

/** The program with which a test has signed in to an app of the preset. */
export interface PresetRun {
  readonly program: string
  /** `YYYY-MM-DD` */
  readonly date: string
  readonly test: string
}

export interface Preset {
  /** That of its file. */
  readonly name: string
  /** A program has one name in every language; a preset for any app of a kind has words. */
  readonly title: string | Words
  readonly about: Words
  /** What an admin has to know before registering the app. */
  readonly note?: Words | undefined
  /** The URL of the program, as an example. */
  readonly example?: string | undefined
  /** The fields of the app, whose URIs are templates: `{url}` is the URL of the program. */
  readonly fields: PresetFields
  /** Undefined where no test has run the program. */
  readonly run?: PresetRun | undefined
  readonly settings: readonly PresetSettings[]
}

/** A preset names no groups and attributes, and weakens nothing that the program can do without: those belong to one server. */
export type PresetFields = Pick<
  ClientFields,
  | 'kind'
  | 'redirectUris'
  | 'logoutUris'
  | 'authMethod'
  | 'idTokenAlg'
  | 'scopes'
  | 'refreshTokens'
  | 'requirePkce'
  | 'claimsInIdToken'
>

/** The name of a file, without its ending. `other` in a URL is the form without a preset. */
export const PRESET_NAME = /^(?!other$)[a-z][a-z\d-]{0,39}$/

const URL_PLACEHOLDER = '{url}'

export function presetTitle({ title }: Pick<Preset, 'title'>, language: string): string {
  return typeof title === 'string' ? title : inLanguage(title, language)
}

/** Returns the text in that language; in English where there is none. */
export function inLanguage(words: Words, language: string): string {
  return words[language] ?? words['en'] ?? ''
}

/** Returns those for any app of a kind first, in the order of the kinds, and the programs by name. */
export function sortedPresets(presets: readonly Preset[]): Preset[] {
  const kinds: readonly ClientKind[] = CLIENT_KINDS
  const position = ({ title, fields }: Preset) => (isGeneric({ title }) ? kinds.indexOf(fields.kind) : Infinity)
  return presets.toSorted(
    (a, b) => compare(position(a), position(b)) || presetTitle(a, 'en').localeCompare(presetTitle(b, 'en'), 'en'),
  )
}

/** Whether the preset is for any app of a kind, and not for a program. */
export function isGeneric({ title }: Pick<Preset, 'title'>): boolean {
  return typeof title !== 'string'
}

// Infinity minus itself is not 0.
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Whether the URL of the program has to be known; otherwise its redirect URIs are known, or have to be entered. */
export function needsUrl({ fields: { redirectUris, logoutUris } }: Pick<Preset, 'fields'>): boolean {
  return [...redirectUris, ...logoutUris].some((uri) => uri.includes(URL_PLACEHOLDER))
}

/** Returns the fields of an app whose program has that URL. */
export function fieldsWithUrl<Fields extends Uris>(fields: Fields, url: string): Fields {
  return { ...fields, redirectUris: withUrl(fields.redirectUris, url), logoutUris: withUrl(fields.logoutUris, url) }
}
type Uris = Pick<PresetFields, 'redirectUris' | 'logoutUris'>

/** Returns the URIs with the URL of the program in them. */
function withUrl(templates: readonly string[], url: string): string[] {
  return templates.map((template) => template.replaceAll(URL_PLACEHOLDER, () => url))
}

/** The characters that neither a shell nor a configuration file takes for its own: admins copy the URL to both. */
const PLAIN_URL = /^https?:\/\/[\w.\-:[\]]+(?:\/[\w.~%-]+)*$/

/**
 * Returns the URL of a program as browsers write it, without a slash at its end: a program compares it character by character. `https` is
 * added where no scheme was typed. A text that is no URL is returned as it was typed.
 */
export function programUrl(typed: string): string {
  const text = typed.trim()
  if (text === '') return text
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  return url === null ? text : url.href.replace(/\/+$/, '')
}

/** Returns the first error in the URL of a program, which `programUrl` has returned. */
export function fieldErrorsInProgramUrl(url: string, allowHttp: boolean): FieldError[] {
  const pointer = '/url'
  if (url === '') return [{ pointer, code: 'field.missing' }]
  if (!PLAIN_URL.test(url)) return [{ pointer, code: 'app.url_malformed' }]
  return fieldErrorsInRedirectUris({ uris: [url], allowHttp }, pointer)
}

/** Returns the URL of the program from the redirect URIs of its app; undefined if none of them fits a template. */
function urlIn(preset: Preset, redirectUris: readonly string[]): string | undefined {
  const endings = preset.fields.redirectUris.flatMap((template) =>
    template.startsWith(URL_PLACEHOLDER) ? [template.slice(URL_PLACEHOLDER.length)] : [],
  )
  return redirectUris
    .flatMap((uri) =>
      endings.filter((ending) => uri.endsWith(ending)).map((ending) => uri.slice(0, -ending.length || undefined)),
    )
    .find((url) => fieldErrorsInProgramUrl(url, true).length === 0)
}

/** What the settings of a program are filled with. */
export interface SettingsOf {
  readonly client: Pick<Client, 'id' | 'redirectUris' | 'scopes'>
  /** Undefined where it is not shown any more. */
  readonly secret?: string | undefined
  readonly config: { readonly publicUrl: string }
}

/** The placeholders in settings. */
export const PLACEHOLDERS = [
  'url',
  'issuer',
  'discovery',
  'client_id',
  'client_secret',
  'redirect_uri',
  'scopes',
  'authorization_endpoint',
  'token_endpoint',
  'userinfo_endpoint',
  'end_session_endpoint',
  'introspection_endpoint',
] as const
type Placeholder = (typeof PLACEHOLDERS)[number]

/** What stands there for a value that is not known: it is replaced by hand. */
const SECRET_TO_ENTER = 'CLIENT_SECRET'
const URL_TO_ENTER = 'APP_URL'
const REDIRECT_URI_TO_ENTER = 'REDIRECT_URI'

/** Other braces belong to the program. */
const IN_BRACES = /\{([a-z_]+)\}/g

/** Returns the settings of the program for an app. */
export function filledSettings(preset: Preset, { client, secret, config }: SettingsOf): PresetSettings[] {
  const url = urlIn(preset, client.redirectUris)
  const [redirectUri = ''] = client.redirectUris
  const endpoints = endpointUrls(config)
  const values: Readonly<Record<Placeholder, string>> = {
    url: url ?? URL_TO_ENTER,
    issuer: issuerOf(config),
    discovery: discoveryUrlOf(config),
    client_id: client.id,
    client_secret: secret ?? SECRET_TO_ENTER,
    redirect_uri: PLAIN_URL.test(redirectUri) ? redirectUri : REDIRECT_URI_TO_ENTER,
    scopes: client.scopes.join(' '),
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    userinfo_endpoint: endpoints.userinfo,
    end_session_endpoint: endpoints.endSession,
    introspection_endpoint: endpoints.introspection,
  }
  const fill = (template: string) =>
    template.replaceAll(IN_BRACES, (whole, name: string) => (isPlaceholder(name) ? values[name] : whole))
  return preset.settings.map(({ where, text, values: list }) => ({
    where,
    text: text && fill(text),
    values: list?.map(([label, value]) => [label, fill(value)] as const),
  }))
}

function isPlaceholder(name: string): name is Placeholder {
  return PLACEHOLDERS.some((one) => one === name)
}

export function placeholdersIn(template: string): string[] {
  return [...template.matchAll(IN_BRACES)].map(([, name = '']) => name)
}
