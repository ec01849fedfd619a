// The entity tag of a policy, by which a change of another admin is noticed (optimistic locking).
import type { IncomingHttpHeaders } from 'node:http'

import type { StoredPolicy } from '../../../domain/policies/stored-policy.service.ts'
import { Refusal } from '../../../foundation/kernel/refusal.ts'
import { etagOf, requireMatch } from '../../../foundation/web/http/etag.ts'

/** The entity tag of a policy: it changes with each change. */
export function policyTag({ id, revision }: Pick<StoredPolicy, 'id' | 'revision'>): string {
  return etagOf(JSON.stringify([id, revision]))
}

/** Returns the precondition of `If-Match` (RFC 9110 §13.1.1); undefined without it. */
export function policyPreconditionIn(request: { readonly headers: IncomingHttpHeaders }) {
  if (request.headers['if-match'] === undefined) return undefined
  return (policy: StoredPolicy) => {
    try {
      requireMatch(request, policyTag(policy))
    } catch {
      throw new Refusal('policy.stale')
    }
  }
}

/** Returns the precondition that the policy is still as a form showed it; undefined for a form without a tag. */
export function policyAsShown(tag: string | undefined) {
  if (tag === undefined) return undefined
  return (policy: StoredPolicy) => {
    if (policyTag(policy) !== tag) throw new Refusal('policy.stale')
  }
}
