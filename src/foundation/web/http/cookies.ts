import type { FastifyReply, FastifyRequest } from 'fastify'

import { Secret } from '../../kernel/secret.ts'
import { days, minutes } from '../../kernel/time.ts'
import type { Duration } from '../../kernel/time.ts'
import type { Config } from '../../platform/config/types.ts'

type CookieConfig = Pick<Config, 'secureCookies'>

/** The longest time for which browsers keep a cookie (RFC 6265bis §5.5). */
const DEVICE_COOKIE_LIFETIME = days(400)

/** Long enough to save the recovery codes that are shown between a form and its result page, or to re-authenticate. */
const DONE_COOKIE_LIFETIME = minutes(15)

/** `__Host-session`; browsers accept that prefix on https only, so on http the name is `session`. */
export function sessionCookieName(config: CookieConfig): string {
  return nameFor(config, 'session')
}

/** The cookie that keeps a sign-in attempt from page to page. */
function attemptCookieName(config: CookieConfig): string {
  return nameFor(config, 'attempt')
}

/**
 * The names of the device cookie, which gives a browser in which its user has signed in a separate budget of wrong guesses, and nothing
 * else. The second name is the former one; until 0.2 it is read, and replaced when the cookie is set.
 */
export function deviceCookieNames(config: CookieConfig): readonly [present: string, former: string] {
  return [nameFor(config, 'device'), nameFor(config, 'browser')]
}

/** Sets the session cookie. It has no `Max-Age`, so it ends with the browser; the server ends the session sooner. */
export function setSessionCookie(reply: FastifyReply, config: CookieConfig, token: Secret): void {
  setCookie(reply, config, `${sessionCookieName(config)}=${token.reveal()}`)
}

export function clearSessionCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, `${sessionCookieName(config)}=; Max-Age=0`)
}

/** `lifetime` in milliseconds. */
export function setAttemptCookie(reply: FastifyReply, config: CookieConfig, token: Secret, lifetime: Duration): void {
  const maxAge = Math.max(0, Math.floor(lifetime / 1000))
  setCookie(reply, config, `${attemptCookieName(config)}=${token.reveal()}; Max-Age=${maxAge}`)
}

export function clearAttemptCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, `${attemptCookieName(config)}=; Max-Age=0`)
}

/** The token of the sign-in attempt of this browser, if its cookie exists. */
export function readAttemptCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): Secret | undefined {
  const token = readCookie(headers.cookie, attemptCookieName(ctx.config))
  return token === undefined ? undefined : Secret.of(token)
}

/** Sets the device cookie. `value` is from `issueDeviceCookie`, so no browser has one before a finished sign-in. */
export function setDeviceCookie(reply: FastifyReply, config: CookieConfig, value: Secret): void {
  const [present, former] = deviceCookieNames(config)
  setCookie(reply, config, `${present}=${value.reveal()}; Max-Age=${DEVICE_COOKIE_LIFETIME / 1000}`)
  if (readCookie(reply.request.headers.cookie, former)) setCookie(reply, config, `${former}=; Max-Age=0`)
}

/** Sets the flash cookie. `word` names what a form has done; it is no secret. */
export function setDoneCookie(reply: FastifyReply, config: CookieConfig, word: string): void {
  setCookie(reply, config, `${nameFor(config, 'done')}=${word}; Max-Age=${DONE_COOKIE_LIFETIME / 1000}`)
}

export function clearDoneCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, `${nameFor(config, 'done')}=; Max-Age=0`)
}

export function readDoneCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): string | undefined {
  return readCookie(headers.cookie, nameFor(ctx.config, 'done'))
}

/** `sealed` is from `keepDraft`. */
export function setDraftCookie(reply: FastifyReply, config: CookieConfig, sealed: string): void {
  setCookie(reply, config, `${nameFor(config, 'draft')}=${sealed}; Max-Age=${DONE_COOKIE_LIFETIME / 1000}`)
}

export function clearDraftCookie(reply: FastifyReply, config: CookieConfig): void {
  setCookie(reply, config, `${nameFor(config, 'draft')}=; Max-Age=0`)
}

export function readDraftCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): string | undefined {
  return readCookie(headers.cookie, nameFor(ctx.config, 'draft'))
}

/** Finishes a sign-in: removes the attempt's cookie and sets the session cookie and, if there is one, the device cookie. */
export function tradeAttemptForSession(
  reply: FastifyReply,
  config: CookieConfig,
  { token, browser }: { readonly token: Secret; readonly browser: Secret | null },
): void {
  clearAttemptCookie(reply, config)
  setSessionCookie(reply, config, token)
  if (browser !== null) setDeviceCookie(reply, config, browser)
}

/** The value of a cookie in a `Cookie` header (RFC 6265 §4.2); undefined if it is absent or empty. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';') ?? []
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1) || undefined
}

function nameFor({ secureCookies }: CookieConfig, name: string): string {
  return secureCookies ? `__Host-${name}` : name
}

function setCookie(reply: FastifyReply, { secureCookies }: CookieConfig, cookie: string): void {
  // Fastify appends a further `set-cookie` header instead of replacing the first one.
  reply.header('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Lax${secureCookies ? '; Secure' : ''}`)
}
