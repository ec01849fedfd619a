// A browser leaves a protected host to sign in: where it wants to go stays in a cookie of the host, and only a digest travels.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { wantedPath } from '#domain/hosts/wanted-path.ts'
import type { AuthenticationRequirement } from '#domain/sessions/reauthentication.ts'
import { hashOf, newSecretToken } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { minutes, seconds } from '#foundation/kernel/time.ts'
import { cookieNameAt, readCookie, setCookieAt } from '#foundation/web/http/cookies.ts'
import {
  ARRIVED_COOKIE,
  arrivedAt,
  arrivedValue,
  forgottenLeavings,
  type KeptLeaving,
  LEAVING_COOKIE,
  leavingCookieName,
  leavingsIn,
  leavingValue,
} from './credentials.ts'
import { type ForwardedRequest, originOf } from './forwarded-request.ts'
import { forHostQuery } from './requested-return.ts'

const LEAVING_LIFETIME = minutes(10)
/** A circle of redirects takes less; a user who signs out and comes back takes more. */
const CIRCLE = seconds(10)

interface Departure {
  readonly wanted: string
  readonly again?: boolean
  readonly requirement?: AuthenticationRequirement
}

/** Sends a browser to the page for its host at this server. */
export function leave(
  request: FastifyRequest,
  reply: FastifyReply,
  forwarded: ForwardedRequest,
  { wanted, again = false, requirement = { since: undefined, least: undefined } }: Departure,
): FastifyReply {
  const { ctx } = request
  const { scheme } = forwarded
  const nonce = newSecretToken(ctx.random, '')
  const digest = hashOf(nonce)
  for (const cookie of forgottenLeavings(leavingsOf(request, forwarded))) forget(reply, scheme, cookie)
  const value = leavingValue({ nonce: nonce.reveal(), wanted, again })
  setCookieAt(reply, scheme, leavingCookieName(digest), value, LEAVING_LIFETIME)
  const query = forHostQuery(forwarded, digest, requirement)
  return reply.redirect(`${ctx.config.publicUrl}/auth/for-host?${query}`, 302)
}

/** Returns what a browser kept when it left, in the order in which it left. */
export function leavingsOf({ headers }: FastifyRequest, { scheme }: ForwardedRequest): KeptLeaving[] {
  return leavingsIn(cookieNameAt(scheme, LEAVING_COOKIE), headers.cookie)
}

export function forget(reply: FastifyReply, scheme: ForwardedRequest['scheme'], cookie: string): void {
  setCookieAt(reply, scheme, cookie, '', 0)
}

/** Sends a browser to a path of its host, and remembers that it arrived there. */
export function arrive(
  request: FastifyRequest,
  reply: FastifyReply,
  forwarded: ForwardedRequest,
  path: string,
): FastifyReply {
  const wanted = wantedPath(path)
  const { scheme } = forwarded
  const value = arrivedValue(hashOf(Secret.of(wanted)), request.ctx.now)
  setCookieAt(reply, scheme, ARRIVED_COOKIE, value)
  return reply.redirect(originOf(forwarded) + wanted, 302)
}

/** Whether a browser has just arrived at this path, so that leading it on once more would lead it in a circle. */
export function hasJustArrived(
  { ctx, headers }: FastifyRequest,
  { scheme }: ForwardedRequest,
  wanted: string,
): boolean {
  const value = readCookie(headers.cookie, cookieNameAt(scheme, ARRIVED_COOKIE))
  const at = arrivedAt(value, hashOf(Secret.of(wantedPath(wanted))))
  return at !== undefined && Math.abs(ctx.now - at) < CIRCLE
}
