import type { FastifyReply } from 'fastify'

import type { Secret } from '#foundation/kernel/secret.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import { setSessionCookie } from '#foundation/web/http/cookies.ts'
import { named } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { endOf, type SessionLifetimes, type SessionTimes } from './session.ts'

/** The two ends of a session, with the same names in each answer. */
export const SESSION_ENDS = {
  expires_at: Type.String({
    format: 'date-time',
    description: 'When it ends if it is not used again; each use extends it, up to `ends_at`.',
  }),
  ends_at: Type.String({ format: 'date-time', description: 'When it ends at the latest, even if it is used.' }),
}

/** Returns the values of `SESSION_ENDS` for a session. */
export function presentEnds(
  session: SessionTimes,
  lifetimes: SessionLifetimes,
): { expires_at: string; ends_at: string } {
  return {
    expires_at: toRfc3339(endOf(session, lifetimes)),
    ends_at: toRfc3339(session.startedAt + lifetimes.absolute),
  }
}

/** A session for a program, in the form of an OAuth 2.0 token response (RFC 6749 §5.1). */
export const TOKEN_FIELDS = {
  access_token: Type.String({ description: 'Opaque; send it as `Authorization: Bearer`. Shown once.' }),
  token_type: Type.Literal('bearer'),
  expires_in: Type.Integer({
    minimum: 0,
    description: 'Seconds until it ends if it is not used; each use extends it.',
  }),
}

const RenewedSession = Type.Object(TOKEN_FIELDS, {
  description: 'The session continues with this token; the token of the request is no longer valid.',
})
/** The answers of a JSON route that returns only the new token. */
export const RENEWED_RESPONSES = {
  200: named('RenewedSession', RenewedSession),
  204: Type.Null({ description: 'Done. A session of a browser has a new cookie if its token was replaced.' }),
}
/** The same fields as part of another answer; absent if the session keeps its token, and for the session of a browser. */
export const RENEWED_FIELDS = {
  access_token: Type.Optional(TOKEN_FIELDS.access_token),
  token_type: Type.Optional(TOKEN_FIELDS.token_type),
  expires_in: Type.Optional(TOKEN_FIELDS.expires_in),
}

/** Returns the values of `TOKEN_FIELDS`; `expires_in` is the rest of the lifetime in whole seconds. */
export function presentToken(
  token: Secret,
  session: SessionTimes,
  lifetimes: SessionLifetimes,
): Static<typeof RenewedSession> {
  const lasts = endOf(session, lifetimes) - session.lastSeenAt
  return { access_token: token.reveal(), token_type: 'bearer', expires_in: Math.floor(lasts / 1000) }
}

/**
 * Sends a session's new token by the transport of the old one: a browser gets a cookie, so that no script of a page can read the token;
 * a program gets the returned fields. For JSON routes; returns undefined for a browser.
 */
export function deliverToken(
  reply: FastifyReply,
  token: Secret,
  lifetimes: SessionLifetimes,
): Static<typeof RenewedSession> | undefined {
  const { principal, config, now } = signedIn(reply.request.ctx)
  if (principal.session.transport !== 'cookie') {
    return presentToken(token, { ...principal.session, lastSeenAt: now }, lifetimes)
  }
  setSessionCookie(reply, config, token)
  return undefined
}

/** Sends one of `RENEWED_RESPONSES`; `token` is undefined if the session keeps its token. */
export function sendRenewed(reply: FastifyReply, token: Secret | undefined, lifetimes: SessionLifetimes): FastifyReply {
  const renewed = token && deliverToken(reply, token, lifetimes)
  return renewed === undefined ? reply.code(204).send(null) : reply.send(renewed)
}
