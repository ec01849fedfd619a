// The paths of the pages of policies. Tested in test/stories/policies.test.ts.

export const POLICIES_PATH = '/admin/policies'

export function policyPath(id: string, below = ''): string {
  return `${POLICIES_PATH}/${encodeURIComponent(id)}${below}`
}
