// The paths of the pages of apps. Tested in test/stories/pages-apps.test.ts.

export const APPS_PATH = '/admin/apps'
export const NEW_APP_PATH = `${APPS_PATH}/new`
export const RESOURCES_PATH = '/admin/resources'

/** The path of an app’s page, or of a page below it. */
export function appPath({ id }: { readonly id: string }, below = ''): string {
  return `${APPS_PATH}/${encodeURIComponent(id)}${below}`
}
