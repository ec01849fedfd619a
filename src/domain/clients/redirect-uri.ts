// Where an app may send the browser of a user: which URIs may be registered, and which of them a request may name (RFC 9700 §2.1, RFC 8252 §7).
import { ipAddressKey, ipAddressRange } from '#foundation/kernel/ip-address-range.ts'
import { isLoopback } from '#foundation/kernel/loopback.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'

export const MOST_REDIRECT_URIS = 20
export const REDIRECT_URI_MAXIMUM = 500

/** The characters of a URI (RFC 3986 §2). Parsers of the web take others, and each reads them in its own way. */
export const PLAIN_URI = /^[a-z][a-z\d+.-]*:(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i
export const AUTHORITY = /^[^:]+:\/\/([^/?#]*)/

/** Schemes that run code, show a file or belong to something else than a program that was installed. */
const NO_PROGRAM: ReadonlySet<string> = new Set(
  'javascript data vbscript blob file about filesystem view-source ws wss ftp mailto tel sms urn intent'.split(' '),
)

/** Names that exist in a private network only (RFC 6762, RFC 8375; `internal` is reserved by ICANN, `lan` is a habit of routers). */
const PRIVATE_NAME = /\.(?:local|lan|internal|home\.arpa)$/
/** RFC 1918, RFC 3927, RFC 4193, RFC 4291 §2.5.6. */
const PRIVATE_NETWORKS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10']

/** A URI of an app on the device of its user, whose port is the operating system's choice of the moment (RFC 8252 §7.3). */
const LOOPBACK_WITH_PORT = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]|localhost))(?::\d{1,5})?(?=[/?]|$)/

export interface WantedUris {
  readonly uris: readonly string[]
  readonly allowHttp: boolean
}

/** Returns the first error in the URIs of an admin's form. The facts name the line, if there are several. */
export function fieldErrorsInRedirectUris({ uris, allowHttp }: WantedUris, pointer: string): FieldError[] {
  if (uris.length > MOST_REDIRECT_URIS) {
    return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_REDIRECT_URIS } }]
  }
  if (new Set(uris).size < uris.length) return [{ pointer, code: 'app.uri_repeated' }]
  return uris
    .flatMap((uri, index) => {
      const code = errorIn(uri, allowHttp)
      const facts = { maximum: REDIRECT_URI_MAXIMUM, ...(uris.length > 1 && { line: index + 1 }) }
      return code === undefined ? [] : [{ pointer, code, facts }]
    })
    .slice(0, 1)
}

function errorIn(uri: string, allowHttp: boolean): string | undefined {
  if (uri.length > REDIRECT_URI_MAXIMUM) return 'app.uri_too_long'
  if (uri.includes('*')) return 'app.uri_wildcard'
  if (uri.includes('#')) return 'app.uri_fragment'
  const url = PLAIN_URI.test(uri) ? URL.parse(uri) : null
  if (url === null) return 'app.uri_malformed'
  const scheme = url.protocol.slice(0, -1)
  if (NO_PROGRAM.has(scheme)) return 'app.uri_scheme'
  const [, authority] = AUTHORITY.exec(uri) ?? []
  if (authority?.includes('@') === true) return 'app.uri_user_info'
  if (scheme !== 'https' && scheme !== 'http') return undefined
  if (!authority) return 'app.uri_malformed'
  if (scheme === 'https' || isLoopback(url.hostname)) return undefined
  if (!allowHttp) return 'app.uri_http'
  return isPrivateHost(url.hostname) ? undefined : 'app.uri_http_public'
}

/** Whether the host is in a private network, so that a request to it does not leave that. */
function isPrivateHost(host: string): boolean {
  const key = ipAddressKey(host.replace(/^\[(.*)\]$/, '$1'))
  if (key === null) return PRIVATE_NAME.test(host)
  return PRIVATE_NETWORKS.map(ipAddressRange).some((range) => range && range.from <= key && key <= range.to)
}

/** Whether a URI was registered: character by character, but for the port of one on loopback. */
export function allowsRedirectUri(registered: readonly string[], uri: string): boolean {
  if (registered.includes(uri)) return true
  const portless = withoutLoopbackPort(uri)
  return portless !== undefined && registered.some((one) => withoutLoopbackPort(one) === portless)
}

/** Returns the URI without its port; undefined if it is none on loopback, or malformed. */
function withoutLoopbackPort(uri: string): string | undefined {
  return LOOPBACK_WITH_PORT.test(uri) && URL.canParse(uri) ? uri.replace(LOOPBACK_WITH_PORT, '$1') : undefined
}

/** Whether a program on the device of the user gets the answer, which can be any (RFC 8252 §8.6): by loopback or a private scheme. */
export function isOnDevice(uri: string): boolean {
  const url = URL.parse(uri)
  return url === null || !isOfWeb(url) || isLoopback(url.hostname)
}

/** Whether a page of this origin may read the answers for the app (CORS): it has one of its redirect URIs. */
export function allowsOrigin(registered: readonly string[], origin: string): boolean {
  const origins = registered.flatMap((uri) => {
    const url = URL.parse(uri)
    return url !== null && isOfWeb(url) ? [url.origin] : []
  })
  return allowsRedirectUri(origins, origin)
}

function isOfWeb({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}
