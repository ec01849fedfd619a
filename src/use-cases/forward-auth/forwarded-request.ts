// The request that a reverse proxy asks about, from the headers by which it says so.
import { isLoopback } from '#foundation/kernel/loopback.ts'

/** The request of a client at a protected host. */
export interface ForwardedRequest {
  /** The host name without a port, in lower case. */
  readonly host: string
  /** `:8443`, or empty for the port of the scheme. */
  readonly port: string
  readonly scheme: 'https' | 'http'
  readonly method: string
  /** Path and query as they were sent. */
  readonly uri: string
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Reads a host name with a port, as `Host` has them (RFC 9110 §7.2); undefined if it is malformed. */
export function hostAndPort(text: string): Pick<ForwardedRequest, 'host' | 'port'> | undefined {
  const { host, port = '' } = HOST.exec(text)?.groups ?? {}
  return host === undefined ? undefined : { host: host.toLowerCase(), port }
}

const HOST = /^(?<host>[a-z\d.-]{1,253})(?<port>:\d{1,5})?$/i

/**
 * Reads `X-Forwarded-Method`, `-Proto`, `-Host` and `-Uri`; undefined if one of them is absent, stands there twice or is malformed. The caller has
 * checked that a trusted proxy has sent them.
 */
export function forwardedRequestIn(headers: Headers): ForwardedRequest | undefined {
  const said = (name: string): string => {
    const value = headers[`x-forwarded-${name}`]
    return typeof value === 'string' ? value : ''
  }
  const named = hostAndPort(said('host'))
  const [scheme, method, uri] = [said('proto'), said('method'), said('uri')]
  if (named === undefined || (scheme !== 'https' && scheme !== 'http')) return undefined
  if (method === '' || !uri.startsWith('/')) return undefined
  const usual = scheme === 'https' ? ':443' : ':80'
  const { host, port } = named
  return { host, port: port === usual ? '' : port, scheme, method, uri }
}

/** The path of a request without its query. */
export function pathOf({ uri }: Pick<ForwardedRequest, 'uri'>): string {
  return uri.split('?', 1)[0] ?? ''
}

/** The origin of a host. Its name is that of a host that was found, never another one. */
export function originOf({ scheme, host, port }: Pick<ForwardedRequest, 'scheme' | 'host' | 'port'>): string {
  return `${scheme}://${host}${port}`
}

/** Whether cookies that only https carries can be set: everywhere on https, and nowhere else but on this machine. */
export function isSafeScheme({ scheme, host }: Pick<ForwardedRequest, 'scheme' | 'host'>): boolean {
  return scheme === 'https' || isLoopback(host)
}

/** Whether a browser asks before it sends a request to another origin (CORS), which never bears a cookie. */
export function isPreflight({ method }: Pick<ForwardedRequest, 'method'>, headers: Headers): boolean {
  return (
    method === 'OPTIONS' && headers['origin'] !== undefined && headers['access-control-request-method'] !== undefined
  )
}

/** Whether a browser shows the answer as a page. A redirect would lead a script or a program nowhere. */
export function isPageRequest(headers: Headers): boolean {
  const [mode, destination] = [headers['sec-fetch-mode'], headers['sec-fetch-dest']]
  if (mode === undefined && destination === undefined) return String(headers['accept'] ?? '').includes('text/html')
  return mode === 'navigate' && destination === 'document'
}

/** Whether a request comes from no browser of today, which says what it is for. A browser would ask for a password. */
export function isProgram(headers: Headers): boolean {
  return headers['sec-fetch-mode'] === undefined && headers['sec-fetch-dest'] === undefined
}

/** Whether a form or script of the same host sends a request. Another host of the same site is no less foreign than any other. */
export function isOfSameHost({ scheme, host, port }: ForwardedRequest, headers: Headers): boolean {
  const site = headers['sec-fetch-site']
  return site === undefined ? headers['origin'] === `${scheme}://${host}${port}` : site === 'same-origin'
}
