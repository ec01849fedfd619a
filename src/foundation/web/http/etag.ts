import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import { Refusal } from '../../kernel/refusal.ts'
import type { AnswerHeader } from './schema.ts'

export const ETAG: AnswerHeader = {
  name: 'ETag',
  description: 'Goes into `If-Match` of a change, which is refused when something changed in between.',
  always: true,
}

/** The length of 126 bits in base64url. */
const TAG_LENGTH = 21

/** A strong entity tag (RFC 9110 §8.8.3): the first bits of the SHA-256 of a representation as it is sent. */
export function etagOf(representation: string): string {
  const digest = hash('sha256', representation, 'base64url')
  return `"${digest.slice(0, TAG_LENGTH)}"`
}

/** Evaluates `If-Match` (RFC 9110 §13.1.1): throws `user.stale` unless it is absent, `*` or lists the tag. Weak tags never match. */
export function requireMatch(request: { readonly headers: IncomingHttpHeaders }, etag: string): void {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return
  const tags = wanted.split(',').map((tag) => tag.trim())
  if (!tags.includes(etag)) throw new Refusal('user.stale')
}
