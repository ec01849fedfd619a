import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import { Refusal } from '../kernel/refusal.ts'

/** A strong entity tag (RFC 9110 §8.8.3): 128 bits of the representation's SHA-256. */
export function etagOf(representation: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(representation)).digest()
  return `"${digest.subarray(0, 16).toString('base64url')}"`
}

/**
 * Honours `If-Match` (RFC 9110 §13.1.1): throws `user.stale` unless it is absent, `*`, or lists the present tag. Weak
 * tags never match.
 */
export function requireMatch(request: { readonly headers: IncomingHttpHeaders }, etag: string): void {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return
  const tags = wanted.split(',').map((tag) => tag.trim())
  if (!tags.includes(etag)) throw new Refusal('user.stale')
}
