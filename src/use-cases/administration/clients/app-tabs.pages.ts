// What stands behind the entry for apps: apps, the APIs that they call, and programs that come without registration.
import type { Texts } from '#foundation/texts/texts.ts'
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { AGENTS_PATH, APPS_PATH, RESOURCES_PATH } from './app-path.ts'

export function tabsOfApps({ apps, resources, agents }: Texts): SideNavigation {
  return {
    label: apps.title,
    links: [
      { path: APPS_PATH, label: apps.title },
      { path: RESOURCES_PATH, label: resources.title },
      { path: AGENTS_PATH, label: agents.title },
    ],
  }
}
