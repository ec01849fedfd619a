// The web page of an app, on an origin of its own: links and forms that lead to the provider, and the URLs to which it leads back.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { TestContext } from 'node:test'

import { freePort } from '../server/ports.ts'

export interface AppSite {
  /** The origin, at `127.0.0.1`, while test servers are at `localhost`: another site for every browser. */
  readonly origin: string
  /** Answers this path with the markup from now on, and returns its URL; every other path answers `Arrived`. */
  shows(path: string, markup: string): string
  /** Serves a script at this path. */
  serves(path: string, script: string): void
}

/** Starts the site; it is stopped with the test. */
export async function startSite(t: TestContext): Promise<AppSite> {
  const files = new Map<string, { readonly type: string; readonly text: string }>()
  const pageOf = (markup: string) => ({
    type: 'text/html',
    text: `<!doctype html><html lang="en"><title>App</title>${markup}</html>`,
  })
  const site = createServer(({ url = '/' }, response) => {
    const [path = '/'] = url.split('?', 1)
    const { type, text } = files.get(path) ?? pageOf('<p>Arrived</p>')
    response.setHeader('content-type', `${type}; charset=utf-8`).end(text)
  })
  const port = await freePort()
  site.listen(port, '127.0.0.1')
  await once(site, 'listening')
  t.after(() => {
    site.close()
    site.closeAllConnections()
  })
  const origin = `http://127.0.0.1:${port}`
  return {
    origin,
    shows: (path, markup) => (files.set(path, pageOf(markup)), origin + path),
    serves: (path, text) => void files.set(path, { type: 'text/javascript', text }),
  }
}
