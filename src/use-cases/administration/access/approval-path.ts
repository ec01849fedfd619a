// The paths of the pages of requests for a second admin. Tested in test/stories/pages-approvals.test.ts.

export const APPROVALS_PATH = '/admin/approvals'

/** The path of a request's page, or of a form on it. */
export function approvalPath(id: string, below = ''): string {
  return `${APPROVALS_PATH}/${encodeURIComponent(id)}${below}`
}
