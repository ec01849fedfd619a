// Where the refusal of a page leads instead of an error page: to the sign-in or to the re-authentication.
import type { FastifyRequest } from 'fastify'

import type { Refusal, RefusalCode } from '#foundation/kernel/refusal.ts'
import { isSafe } from '#foundation/web/http/access.ts'
import { safePath, withBecause, withNext } from '#foundation/web/http/redirect.ts'

/** The re-authentication is missing, too old, or weaker than the account requires. */
const REAUTHENTICATION_CODES: readonly RefusalCode[] = [
  'access.reauthentication_required',
  'access.stronger_authentication_required',
]

/** The URL to which the request of a page is redirected instead of an error page; undefined for every other request. */
export function redirectTarget(refusal: Refusal, request: FastifyRequest): string | undefined {
  if (!request.route.config.page) return undefined
  if (refusal.code === 'attempt.ended') return withBecause('/sign-in', 'ended', request.query)
  const back = { next: requestedPage(request) }
  if (refusal.code === 'access.not_authenticated') return withNext('/sign-in', back)
  if (refusal.code === 'access.invalid_token') return withBecause('/sign-in', 'signed-out', back)
  if (!REAUTHENTICATION_CODES.includes(refusal.code)) return undefined
  // Only the path is kept: the query of the previous page may contain what the user typed, such as a name.
  const next = back.next?.split('?', 1)[0]
  // The fields of a submitted form are lost by the redirect, and the page says so.
  return isSafe(request) ? withNext('/confirm', { next }) : withBecause('/confirm', 'form', { next })
}

/** The page that was requested, or the one whose form was submitted; undefined if it is unknown. */
export function requestedPage(request: FastifyRequest): string | undefined {
  const { url, route, server, headers } = request
  if (isSafe(request)) return url
  return ownPath(headers.referer, request) ?? (server.canOpen?.(route.url ?? '') ? url : undefined)
}

/** Path and query of a URL of this server; undefined for any other URL. */
function ownPath(text: string | undefined, { host, ctx }: FastifyRequest): string | undefined {
  const url = text === undefined ? null : URL.parse(text)
  if (url === null || (url.origin !== ctx.config.publicUrl && url.host !== host)) return undefined
  return safePath(url.pathname + url.search)
}
