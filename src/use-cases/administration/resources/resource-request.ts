// What a request of the two-person rule keeps of a resource, and back. Tested in
// test/attacks/two-person-resources.test.ts.
import type { ApprovalValues } from '#domain/approvals/approval-change.ts'
import type { ResourceFields } from '#domain/clients/resource.ts'

/** What is left out, or undefined, stays. The URI never changes. */
export type ResourceChanges = {
  readonly [Field in Exclude<keyof ResourceFields, 'uri'>]?: ResourceFields[Field] | undefined
}

type Values = Omit<ApprovalValues['change-resource'], 'resourceId' | 'name'>

export function resourceValues(
  { servedBy, tokenFormat, lifetime, scopes, allowedClients }: ResourceChanges,
  names: Pick<Values, 'servedByName' | 'allowedClientNames'>,
): Values {
  return { ...names, servedBy, tokenFormat, tokenLifetime: lifetime, resourceScopes: scopes, allowedClients }
}

export function requestedResource({
  servedBy,
  tokenFormat,
  tokenLifetime: lifetime,
  resourceScopes: scopes,
  allowedClients,
}: Values): Omit<ResourceChanges, 'name'> {
  return { servedBy, tokenFormat, lifetime, scopes, allowedClients }
}
