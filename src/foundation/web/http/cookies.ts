import type { FastifyReply, FastifyRequest } from 'fastify'

import { Secret } from '#foundation/kernel/secret.ts'
import { days, type Duration, minutes } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'

/** How long a browser keeps the choices of its pages. */
const CHOICE_COOKIE_LIFETIME = days(365)

export type CookieConfig = Pick<Config, 'secureCookies'>

/** The longest time for which browsers keep a cookie (RFC 6265bis §5.5). */
const DEVICE_COOKIE_LIFETIME = days(400)

/** Long enough to save the recovery codes that are shown between a form and its result page, or to re-authenticate. */
const PAGE_COOKIE_LIFETIME = minutes(15)

/** The longest encoded path in a cookie. A browser keeps cookies of up to 4,096 bytes, and all of them stand in each request. */
const LONGEST_PATH = 1024

/** `__Host-session`; browsers accept that prefix on https only, so on http the name is `session`. */
export function sessionCookieName(config: CookieConfig): string {
  return nameFor(config, 'session')
}

/**
 * The names of the device cookie, which gives a browser in which its user has signed in a separate budget of wrong guesses, and nothing
 * else. The second name is the former one; until 0.2 it is read, and replaced when the cookie is set.
 */
export function deviceCookieNames(config: CookieConfig): readonly [current: string, former: string] {
  return [nameFor(config, 'device'), nameFor(config, 'browser')]
}

/** Sets the session cookie. It has no `Max-Age`, so it ends with the browser; the server ends the session sooner. */
export function setSessionCookie(reply: FastifyReply, config: CookieConfig, token: Secret): void {
  setCookie(reply, config, 'session', token.reveal())
}

export function clearSessionCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, 'session', '', 0)
}

/** `lifetime` in milliseconds. */
export function setAttemptCookie(reply: FastifyReply, config: CookieConfig, token: Secret, lifetime: Duration): void {
  setCookie(reply, config, 'attempt', token.reveal(), Math.max(0, lifetime))
}

export function clearAttemptCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, 'attempt', '', 0)
}

/** The token of the sign-in attempt of this browser, if its cookie exists. */
export function readAttemptCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): Secret | undefined {
  const token = readCookie(headers.cookie, nameFor(ctx.config, 'attempt'))
  return token === undefined ? undefined : Secret.of(token)
}

/** Sets the device cookie. `value` is from `issueDeviceCookie`, so no browser has one before a finished sign-in. */
export function setDeviceCookie(reply: FastifyReply, config: CookieConfig, value: Secret): void {
  setCookie(reply, config, 'device', value.reveal(), DEVICE_COOKIE_LIFETIME)
  const [, former] = deviceCookieNames(config)
  if (readCookie(reply.request.headers.cookie, former)) setCookie(reply, config, 'browser', '', 0)
}

/** Sets the cookie of a remembered device, which is neither the session cookie nor the device cookie; `lifetime` in milliseconds. */
function setRememberedCookie(reply: FastifyReply, config: CookieConfig, { value, lifetime }: RememberedCookie): void {
  setCookie(reply, config, 'remembered', value.reveal(), lifetime)
}

interface RememberedCookie {
  readonly value: Secret
  readonly lifetime: Duration
}

/** The value of the cookie of a remembered device, if this browser has one. */
export function readRememberedCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): string | undefined {
  return readCookie(headers.cookie, nameFor(ctx.config, 'remembered'))
}

/**
 * What one page leaves for a later one: `done` is a word for what a form has done, perhaps with the name of whom it was about, which is no
 * secret from this browser; the others are sealed.
 */
type PageCookie = 'done' | 'draft' | 'unsaved' | 'made' | 'refused'

export function setPageCookie(
  reply: FastifyReply,
  name: PageCookie,
  value: string,
  lifetime: Duration = PAGE_COOKIE_LIFETIME,
): void {
  setCookie(reply, reply.request.ctx.config, name, value, lifetime)
}

export function clearPageCookie(reply: FastifyReply, name: PageCookie): void {
  setCookie(reply, reply.request.ctx.config, name, '', 0)
}

export function readPageCookie({ ctx, headers }: FastifyRequest, name: PageCookie): string | undefined {
  return readCookie(headers.cookie, nameFor(ctx.config, name))
}

/**
 * Keeps a path until the mailed link of a registration is opened in this browser; `lifetime` in milliseconds. Undefined, or a path that is
 * too long for a cookie, removes the former one.
 */
export function setRegistrationNextCookie(reply: FastifyReply, path: string | undefined, lifetime: Duration): void {
  const value = path === undefined ? '' : encodeURIComponent(path)
  const isKept = value !== '' && value.length <= LONGEST_PATH
  if (!isKept && readRegistrationNextCookie(reply.request) === undefined) return
  setCookie(reply, reply.request.ctx.config, 'registration-next', isKept ? value : '', isKept ? lifetime : 0)
}

/** The text of that cookie, which another program of this host may have written; undefined if it is absent or malformed. */
export function readRegistrationNextCookie({
  ctx,
  headers,
}: Pick<FastifyRequest, 'ctx' | 'headers'>): string | undefined {
  const value = readCookie(headers.cookie, nameFor(ctx.config, 'registration-next'))
  try {
    return value && decodeURIComponent(value)
  } catch {
    return undefined
  }
}

/** What this browser has chosen for its pages. */
type ChoiceCookie = 'theme' | 'single-keys' | 'sign-in'

/** Stores a choice for a year; undefined, for the default, removes it. */
export function setChoiceCookie(
  reply: FastifyReply,
  config: CookieConfig,
  name: ChoiceCookie,
  value: string | undefined,
): void {
  setCookie(reply, config, name, value ?? '', value === undefined ? 0 : CHOICE_COOKIE_LIFETIME)
}

/** The choice of this browser; undefined for the default. An unroutable request has no context, so the configuration is given. */
export function readChoiceCookie(
  { headers }: Pick<FastifyRequest, 'headers'>,
  config: CookieConfig,
  name: ChoiceCookie,
): string | undefined {
  return readCookie(headers.cookie, nameFor(config, name))
}

/** Finishes a sign-in: removes the attempt's cookie and sets the session cookie and, if there are any, the other cookies of the browser. */
export function tradeAttemptForSession(
  reply: FastifyReply,
  config: CookieConfig,
  { token, browser, remembered = null }: SignInCookies,
): void {
  clearAttemptCookie(reply, config)
  // The next user of this browser does not see what this one typed.
  if (readCookie(reply.request.headers.cookie, nameFor(config, 'refused'))) setCookie(reply, config, 'refused', '', 0)
  setSessionCookie(reply, config, token)
  if (browser !== null) setDeviceCookie(reply, config, browser)
  if (remembered !== null) setRememberedCookie(reply, config, remembered)
}

interface SignInCookies {
  readonly token: Secret
  readonly browser: Secret | null
  readonly remembered?: RememberedCookie | null
}

/** The value of a cookie in a `Cookie` header (RFC 6265 §4.2); undefined if it is absent or empty. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';') ?? []
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1) || undefined
}

/** The name of a cookie under the name of a protected host, whose scheme decides the prefix. */
export function cookieNameAt(scheme: 'https' | 'http', name: string): string {
  return nameFor({ secureCookies: scheme === 'https' }, name)
}

/** Sets a cookie there; `lifetime` in milliseconds. Without one it ends with the browser. */
export function setCookieAt(
  reply: FastifyReply,
  scheme: 'https' | 'http',
  name: string,
  value: string,
  lifetime?: Duration,
): void {
  setCookie(reply, { secureCookies: scheme === 'https' }, name, value, lifetime)
}

function nameFor({ secureCookies }: CookieConfig, name: string): string {
  return secureCookies ? `__Host-${name}` : name
}

/** Without a lifetime the cookie ends with the browser. */
function setCookie(reply: FastifyReply, config: CookieConfig, name: string, value: string, lifetime?: Duration): void {
  const maxAge = lifetime === undefined ? '' : ` Max-Age=${Math.floor(lifetime / 1000)};`
  const secure = config.secureCookies ? '; Secure' : ''
  // Fastify appends a further `set-cookie` header instead of replacing the first one.
  reply.header('set-cookie', `${nameFor(config, name)}=${value};${maxAge} Path=/; HttpOnly; SameSite=Lax${secure}`)
}
