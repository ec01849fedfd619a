// The paths of the pages of groups. Tested in test/stories/pages-groups.test.ts.

export const GROUPS_PATH = '/admin/groups'

/** The path of a group’s page, or of a page below it. */
export function groupPath({ id }: { readonly id: string }, below = ''): string {
  return `${GROUPS_PATH}/${encodeURIComponent(id)}${below}`
}
