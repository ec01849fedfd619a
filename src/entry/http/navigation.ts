// Collects the entries of the navigation that the routes declare.
import type { Navigation } from '#foundation/web/components/navigation-entries.ts'
import type { App } from '#foundation/web/http/app.ts'

/** Collects the entries of every route that is added from now on, and keeps them in their order. */
export function registerNavigation(app: App): void {
  const entries: Navigation[number][] = []
  app.decorate('navigation', entries)
  app.addHook('onRoute', ({ url, config }) => {
    const { access, or, besides, navigation } = config ?? {}
    if (access === undefined || navigation === undefined) return
    const opens = { access, ...(or && { or }), ...(besides && { besides }) }
    for (const entry of [navigation].flat()) entries.push({ ...entry, url, access: opens })
    entries.sort((a, b) => a.order - b.order)
  })
}
