// The paths of the pages of protected hosts. Tested in test/stories/pages-hosts.test.ts.

export const HOSTS_PATH = '/admin/hosts'
export const NEW_HOST_PATH = `${HOSTS_PATH}/new`

export function hostPath({ name }: { readonly name: string }, below = ''): string {
  return `${HOSTS_PATH}/${encodeURIComponent(name)}${below}`
}
