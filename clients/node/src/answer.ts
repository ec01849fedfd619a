// What is known of an answer beside its body.
import type { Approval } from './operation-types.ts'

interface Facts {
  readonly etag: string | undefined
  readonly status: number
}

const factsOf = new WeakMap<object, Facts>()

export function remember<Body>(body: Body, facts: Facts): Body {
  if (typeof body === 'object' && body !== null) factsOf.set(body, facts)
  return body
}

/** The entity tag with which an answer came (RFC 9110 §8.8.3), or undefined. */
export function etagOf(answer: object): string | undefined {
  return factsOf.get(answer)?.etag
}

/** Whether a change was not made yet, because a second admin must approve it: the answer of status 202 is then the approval. */
export function waits<Answer>(answer: Answer): answer is Extract<Answer, Approval> {
  return typeof answer === 'object' && answer !== null && factsOf.get(answer)?.status === 202
}
