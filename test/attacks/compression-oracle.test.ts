// Threat: an answer contains a secret beside text that the attacker chooses, and its compressed length reveals how alike the two are
// (BREACH). Pages contain form tokens and echo input, so no page is ever compressed.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'

test('no page and no data of a user is compressed, whatever the browser accepts', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const browser = await signedInBrowser(root)
  const routes = (await liveRoutes(server)).filter(({ method, url }) => method === 'GET' && url !== '/sign-out')
  const compressed: string[] = []
  let pages = 0
  for (const { url } of routes) {
    const path = url.replaceAll(/:\w+/g, '1')
    const { headers } = await browser.open(path, 'GET', { 'accept-encoding': 'br, gzip' })
    if (String(headers['content-type']).startsWith('text/html')) pages += 1
    if (headers['content-encoding'] !== undefined) compressed.push(url)
  }
  assert.ok(pages > 20, `${pages}`)
  assert.deepEqual(
    compressed.filter((url) => !url.startsWith('/assets/')),
    ['/openapi.json'],
  )
})
