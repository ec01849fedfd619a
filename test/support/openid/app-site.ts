// The web page of an app, on an origin of its own: links and forms that lead to the provider, and the addresses to which it leads back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export interface AppSite {
  /** The origin, at `127.0.0.1`, while test servers are at `localhost`: another site for every browser. */
  readonly origin: string
  /** Answers this path with the markup from now on; every other path answers `Arrived`. */
  shows(path: string, markup: string): string
}

/** Starts the site; it is stopped with the test. */
export async function startSite(t: TestContext): Promise<AppSite> {
  const pages = new Map<string, string>()
  const site = createServer(({ url = '/' }, response) => {
    const [path = '/'] = url.split('?', 1)
    const markup = pages.get(path) ?? '<p>Arrived</p>'
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><html lang="en"><title>App</title>${markup}</html>`)
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  t.after(() => {
    site.close()
    site.closeAllConnections()
  })
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  return { origin, shows: (path, markup) => (pages.set(path, markup), origin + path) }
}
