// The entity tag of a policy, by which a change of another admin is noticed (optimistic locking).

import type { StoredPolicy } from '#domain/policies/store/stored-policy.service.ts'
import { etagOf } from '#foundation/web/http/etag.ts'

/** The entity tag of a policy: it changes with each change. */
export function policyTag({ id, revision }: Pick<StoredPolicy, 'id' | 'revision'>): string {
  return etagOf(JSON.stringify([id, revision]))
}
