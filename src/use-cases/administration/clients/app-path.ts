// The paths of the pages of apps. Tested in test/stories/pages-apps.test.ts.

export const APPS_PATH = '/admin/apps'
/** Where it is chosen what is registered. */
export const NEW_APP_PATH = `${APPS_PATH}/new`
/** Instead of the name of a preset: the form in which every setting is entered. */
export const WITHOUT_PRESET = 'other'

/** The path of the form that registers an app by the preset of this name. */
export function newAppPath(preset: string): string {
  return `${NEW_APP_PATH}?preset=${encodeURIComponent(preset)}`
}
export const RESOURCES_PATH = '/admin/resources'
export const AGENTS_PATH = '/admin/agents'

/** The pages of one app, in the order of their tabs. */
export const APP_TABS = ['settings', 'access', 'sign-ins', 'secrets', 'details'] as const
export type AppTab = (typeof APP_TABS)[number]

/** The path of one of the pages of an app; the settings have the path of the app. */
export function appTabPath(app: { readonly id: string }, tab: AppTab, query = ''): string {
  return appPath(app, `${tab === 'settings' ? '' : `/${tab}`}${query}`)
}

export function appPath({ id }: { readonly id: string }, below = ''): string {
  return `${APPS_PATH}/${encodeURIComponent(id)}${below}`
}
