// What a request of a protected host brings: an API token, and the cookies of the host.
import { foldName } from '#foundation/kernel/fold.ts'

export interface PresentedToken {
  readonly token: string
  /** The name beside a token that is sent as a password; undefined for a bearer token. */
  readonly username: string | undefined
}

/**
 * Returns what stands in `Authorization`, as a bearer token or as the password of Basic (RFC 7617); undefined if it is neither. Whether it is an API
 * token is asked elsewhere: any other value belongs to the app.
 */
export function presentedToken(authorization: string | undefined): PresentedToken | undefined {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? []
  if (/^bearer$/i.test(scheme)) return { token: value, username: undefined }
  if (!/^basic$/i.test(scheme)) return undefined
  const [, username = '', token] = /^([^:]*):(.*)$/su.exec(Buffer.from(value, 'base64').toString('utf8')) ?? []
  return token === undefined ? undefined : { token, username }
}

/** Whether the name beside a token is that of its user. A bearer token has none. */
export function namesUser({ username }: Pick<PresentedToken, 'username'>, name: string): boolean {
  return username === undefined || foldName(username) === foldName(name)
}

export type Scheme = 'https' | 'http'

/** Browsers accept the prefix on https only; without it, the names are those of this machine. */
const PREFIX: Readonly<Record<Scheme, string>> = { https: '__Host-', http: '' }

/** The name of the cookie by which a browser is signed in at a host. */
export function hostCookieName(scheme: Scheme): string {
  return `${PREFIX[scheme]}doorward`
}

/** The name of the cookie that remembers where a browser arrived last. */
export function arrivedCookieName(scheme: Scheme): string {
  return `${PREFIX[scheme]}doorward-arrived`
}

/** The name of the cookie of one leaving: each tab has its own, since several leave at once. */
export function leavingCookieName(scheme: Scheme, digest: string): string {
  return `${PREFIX[scheme]}doorward-leaving-${digest.slice(0, 12)}`
}

/** `lifetime` in seconds; without one the cookie ends with the browser. */
export function cookieFor(scheme: Scheme, name: string, value: string, lifetime?: number): string {
  const maxAge = lifetime === undefined ? '' : ` Max-Age=${lifetime};`
  return `${name}=${value};${maxAge} Path=/; HttpOnly; SameSite=Lax${scheme === 'https' ? '; Secure' : ''}`
}

/** What a browser keeps while it is away to sign in. */
export interface Leaving {
  /** A random value that no one else knows. */
  readonly nonce: string
  readonly wanted: string
  /** Whether it is the second try: the first one came back without its cookie. */
  readonly again: boolean
}

/** Above this, a browser would not keep the cookie (RFC 6265bis §5.7): 4,096 bytes with its name. */
const LONGEST_WANTED = 2800
/** Cookies of tabs that never came back are not sent with each request for long, but many at once could fill the header. */
export const MOST_LEAVING = 12

export function leavingValue({ nonce, wanted, again }: Leaving): string {
  const kept = wanted.length <= LONGEST_WANTED ? wanted : (wanted.split('?', 1)[0] ?? '')
  const path = kept.length <= LONGEST_WANTED ? kept : '/'
  return `${nonce}.${again ? '1' : '0'}.${Buffer.from(path).toString('base64url')}`
}

const LEAVING = /^(?<nonce>[\w-]{43})\.(?<again>[01])\.(?<path>[\w-]+)$/

/** Returns each leaving of a browser, with the name of its cookie. */
export function leavingsIn(scheme: Scheme, cookies: string | undefined): (Leaving & { readonly cookie: string })[] {
  const prefix = leavingCookieName(scheme, '')
  return (cookies ?? '').split(';').flatMap((pair) => {
    const [cookie = '', ...value] = pair.trim().split('=')
    const groups = cookie.startsWith(prefix) ? LEAVING.exec(value.join('='))?.groups : undefined
    if (groups === undefined) return []
    const { nonce = '', again, path = '' } = groups
    return [{ cookie, nonce, again: again === '1', wanted: Buffer.from(path, 'base64url').toString('utf8') }]
  })
}

/** Where a browser arrived, and when: in milliseconds, with the beginning of a digest of the path. */
export function arrivedValue(digest: string, at: number): string {
  return `${at}.${digest.slice(0, 16)}`
}

/** Returns when a browser arrived at the path with this digest; undefined if it arrived last at another one. */
export function arrivedAt(value: string | undefined, digest: string): number | undefined {
  const [, at, path] = /^(\d{1,15})\.([\da-f]{16})$/.exec(value ?? '') ?? []
  return path === digest.slice(0, 16) ? Number(at) : undefined
}
