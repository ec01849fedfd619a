// What a request of a protected host brings: an API token, and the cookies of the host.
import { foldName } from '#foundation/kernel/fold.ts'

export interface PresentedToken {
  readonly token: string
  /** The name beside a token that is sent as a password; undefined for a bearer token. */
  readonly username: string | undefined
}

/**
 * Returns what stands in `Authorization`, as a bearer token or as the password of Basic (RFC 7617); undefined if it is neither. `decide` verifies
 * only API tokens, since any other value belongs to the app.
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

/** The cookie by which a browser is signed in at a host. */
export const HOST_COOKIE = 'doorward'
/** The cookie that remembers where a browser arrived last. */
export const ARRIVED_COOKIE = 'doorward-arrived'
/** The beginning of the names of the cookies of those who left: each tab has its own, since several leave at once. */
export const LEAVING_COOKIE = 'doorward-leaving-'

/** The name of the cookie of one leaving, by the digest of its value. */
export function leavingCookieName(digest: string): string {
  return LEAVING_COOKIE + digest.slice(0, 12)
}

/** What a browser keeps while it is away to sign in. */
export interface Leaving {
  /** A random value that no one else knows. */
  readonly nonce: string
  readonly wanted: string
  /** Whether it is the second try: the first one came back without its cookie. */
  readonly again: boolean
}

/** Longer ones are shortened, so that a cookie stays below the 4,096 bytes that browsers keep (RFC 6265bis §5.7). */
const LONGEST_WANTED = 2000
/** Cookies of tabs that never came back stand in each request, and nginx reads no header line above 8 KB. */
const MOST_LEAVING = 12
const LARGEST_LEAVING = 3000

export function leavingValue({ nonce, wanted, again }: Leaving): string {
  const kept = wanted.length <= LONGEST_WANTED ? wanted : (wanted.split('?', 1)[0] ?? '')
  const path = kept.length <= LONGEST_WANTED ? kept : '/'
  return `${nonce}.${again ? '1' : '0'}.${Buffer.from(path).toString('base64url')}`
}

const LEAVING = /^(?<nonce>[\w-]{43})\.(?<again>[01])\.(?<path>[\w-]+)$/

/** A leaving with the name of its cookie. */
export interface KeptLeaving extends Leaving {
  readonly cookie: string
}

/** Returns each leaving of a browser. `prefix` is how the names of their cookies begin in a `Cookie` header. */
export function leavingsIn(prefix: string, cookies: string | undefined): KeptLeaving[] {
  return (cookies ?? '').split(';').flatMap((pair) => {
    const [name = '', value = ''] = pair.trim().split('=', 2)
    const groups = name.startsWith(prefix) ? LEAVING.exec(value)?.groups : undefined
    if (groups === undefined) return []
    const { nonce = '', again, path = '' } = groups
    const wanted = Buffer.from(path, 'base64url').toString('utf8')
    return [{ cookie: LEAVING_COOKIE + name.slice(prefix.length), nonce, again: again === '1', wanted }]
  })
}

/** Returns the names of the cookies that a browser should forget when it leaves once more: those of the tabs that left first. */
export function forgottenLeavings(leavings: readonly KeptLeaving[]): string[] {
  let room = LARGEST_LEAVING
  const kept = leavings.toReversed().filter((leaving, index) => {
    room -= leavingValue(leaving).length
    return room > 0 && index < MOST_LEAVING - 1
  })
  return leavings.filter((leaving) => !kept.includes(leaving)).map(({ cookie }) => cookie)
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
