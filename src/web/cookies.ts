import type { FastifyReply, FastifyRequest } from 'fastify'

import { Secret } from '../kernel/secret.ts'
import type { Duration } from '../kernel/time.ts'
import type { Config } from '../platform/config.ts'

type CookieConfig = Pick<Config, 'secureCookies'>

/** `__Host-session`; the browser takes that prefix on https only, so on http it is plain `session`. */
export function sessionCookieName(config: CookieConfig): string {
  return nameFor(config, 'session')
}

/** The cookie that carries a sign-in under way from page to page. */
function attemptCookieName(config: CookieConfig): string {
  return nameFor(config, 'attempt')
}

/** Gives the browser its session. No `Max-Age`: it ends with the browser, and the server ends it sooner. */
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

/** The sign-in under way in this browser, if its cookie is still there. */
export function readAttemptCookie({ ctx, headers }: Pick<FastifyRequest, 'ctx' | 'headers'>): Secret | undefined {
  const token = readCookie(headers.cookie, attemptCookieName(ctx.config))
  return token === undefined ? undefined : Secret.of(token)
}

/** The end of a sign-in: the attempt's cookie goes, the session's comes. */
export function tradeAttemptForSession(reply: FastifyReply, config: CookieConfig, token: Secret): void {
  clearAttemptCookie(reply, config)
  setSessionCookie(reply, config, token)
}

/** The value of a cookie in a `Cookie` header (RFC 6265 §4.2), or undefined when it is absent or empty. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';') ?? []
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1) || undefined
}

function nameFor({ secureCookies }: CookieConfig, name: string): string {
  return secureCookies ? `__Host-${name}` : name
}

function setCookie(reply: FastifyReply, { secureCookies }: CookieConfig, cookie: string): void {
  // A second `set-cookie` is added to the first, not put in its place.
  reply.header('set-cookie', `${cookie}; Path=/; HttpOnly; SameSite=Lax${secureCookies ? '; Secure' : ''}`)
}
