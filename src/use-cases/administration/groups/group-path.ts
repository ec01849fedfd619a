// The paths of the pages of groups. Tested in test/stories/pages-groups.test.ts.

export const GROUPS_PATH = '/admin/groups'

export function groupPath({ id }: { readonly id: string }, below = ''): string {
  return `${GROUPS_PATH}/${encodeURIComponent(id)}${below}`
}
