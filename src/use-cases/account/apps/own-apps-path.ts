// The paths of the pages about one's own apps. Tested in test/stories/start-page.test.ts.

export const OWN_APPS_PATH = '/account/apps'

/** The path of the page that asks before the user is signed out of an app. */
export function signOutPath({ id }: { readonly id: string }): string {
  return `${OWN_APPS_PATH}/${encodeURIComponent(id)}/sign-out`
}
