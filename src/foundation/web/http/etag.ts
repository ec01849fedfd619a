import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

import type { Precondition } from '#foundation/kernel/optimistic-locking.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
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

/** Returns a tag of the values that a form shows. It does not change with other fields, such as the last sign-in. */
export function formTagOf(shown: readonly (string | null)[]): string {
  return hash('sha256', JSON.stringify(shown), 'base64url')
}

/** Returns the precondition of `If-Match` (RFC 9110 §13.1.1): absent or `*` are none, and weak tags never match. */
export function preconditionIn<Resource>(
  request: { readonly headers: IncomingHttpHeaders },
  tag: (current: Resource) => string,
): Precondition<Resource> | undefined {
  const wanted = request.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return undefined
  const tags = wanted.split(',').map((tag) => tag.trim())
  return (current) => {
    if (!tags.includes(tag(current))) throw new Refusal('resource.stale')
  }
}
