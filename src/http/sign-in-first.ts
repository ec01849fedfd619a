import type { FastifyRequest } from 'fastify'

import type { Refusal } from '../kernel/refusal.ts'

/** Where a person looking at a page is sent instead of being refused; undefined for every other request. */
export function placeToGo(refusal: Refusal, request: FastifyRequest): string | undefined {
  if (!request.routeOptions.config.page) return undefined
  if (refusal.code === 'access.not_authenticated' || refusal.code === 'access.token_refused') {
    return withReturn('/sign-in', request)
  }
  const confirms = refusal.code === 'access.proof_needed' && request.server.hasRoute({ method: 'GET', url: '/confirm' })
  return confirms ? withReturn('/confirm', request) : undefined
}

// What was sent with a form is lost, so only a page that was merely opened is worth returning to.
function withReturn(place: string, { method, url }: FastifyRequest): string {
  return method === 'GET' ? `${place}?next=${encodeURIComponent(url)}` : place
}
