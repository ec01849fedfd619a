// Whom a policy concerns.
// Tested in test/stories/policies.test.ts.

/** Everyone, the users of one role, or the members of one group. */
export const POLICY_SCOPES = ['everyone', 'role', 'group'] as const
export type PolicyScope = (typeof POLICY_SCOPES)[number]

/** Scope and reference as one text, which is unique: at most one policy concerns everyone, each role and each group. */
export function scopeKey(scope: PolicyScope, scopeRef: string | null): string {
  return scopeRef === null ? scope : `${scope}:${scopeRef}`
}
