// The scope of a policy: to which users it applies.
// Tested in test/stories/policies.test.ts.

/** Everyone, the users of one role, or the members of one group. */
export const POLICY_SCOPES = ['everyone', 'role', 'group'] as const
export type PolicyScope = (typeof POLICY_SCOPES)[number]

/** What has a scope, such as a policy. */
export interface Scoped {
  readonly scope: PolicyScope
  /** The name of the role or the id of the group; null for everyone. */
  readonly scopeRef: string | null
}

/** Scope and reference as one text, which is unique: there is at most one policy for everyone, each role and each group. */
export function scopeKey(scope: PolicyScope, scopeRef: string | null): string {
  return scopeRef === null ? scope : `${scope}:${scopeRef}`
}
