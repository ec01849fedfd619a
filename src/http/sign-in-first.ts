import type { FastifyRequest } from 'fastify'

import type { Refusal, RefusalCode } from '../kernel/refusal.ts'
import { withBecause, withNext } from '../web/next-path.ts'
import { safePath } from '../web/redirect.ts'
import { isSafe } from '../web/safe-method.ts'

/** None that is recent, or one that is weaker than the account can give. */
const PROOF_NEEDED: readonly RefusalCode[] = [
  'access.reauthentication_required',
  'access.stronger_authentication_required',
]

/** Where a person looking at a page is sent instead of being refused; undefined for every other request. */
export function redirectTarget(refusal: Refusal, request: FastifyRequest): string | undefined {
  if (!request.routeOptions.config.page) return undefined
  const back = { next: pagePathOf(request) }
  if (refusal.code === 'access.not_authenticated') return withNext('/sign-in', back)
  if (refusal.code === 'access.invalid_token') return withBecause('/sign-in', 'signed-out', back)
  if (!PROOF_NEEDED.includes(refusal.code)) return undefined
  // The path alone: the query of the previous page may contain what was typed, such as a name.
  const next = back.next?.split('?', 1)[0]
  // What was sent with a form is lost, and the page says so.
  return isSafe(request) ? withNext('/confirm', { next }) : withBecause('/confirm', 'form', { next })
}

/** The page that was opened, or the one whose form was sent; undefined when nobody knows. */
export function pagePathOf(request: FastifyRequest): string | undefined {
  const { url, routeOptions, server, headers } = request
  if (isSafe(request)) return url
  return ownPath(headers.referer, request) ?? (server.canOpen?.(routeOptions.url ?? '') ? url : undefined)
}

/** The path of an address of ours. */
function ownPath(address: string | undefined, { host, ctx }: FastifyRequest): string | undefined {
  const url = address === undefined ? null : URL.parse(address)
  if (url === null || (url.origin !== ctx.config.publicUrl && url.host !== host)) return undefined
  return safePath(url.pathname + url.search)
}
