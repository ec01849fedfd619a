// Collects the entries of the navigation that the routes declare.
import { permissionsOf } from '#foundation/kernel/principal.ts'
import { areaOf, type Navigation, openEntries } from '#foundation/web/components/navigation-entries.ts'
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

/** Counts what waits on the pages of administration before one of them is shown. */
export function registerWaitingCounts(app: App): void {
  app.decorateRequest('waiting', undefined)
  app.addHook('preHandler', async (request) => {
    const { url = '', config } = request.route
    const { navigation = [] } = app
    if (config.page !== true || areaOf(navigation, url) !== 'admin') return
    const waiting = new Map<string, number>()
    for (const entry of openEntries(navigation, 'admin', permissionsOf(request.ctx.principal)))
      if (entry.waiting) waiting.set(entry.url, await entry.waiting(request.ctx))
    request.waiting = waiting
  })
}
