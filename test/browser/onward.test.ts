// Where a form leads to a path that redirects to another site: `form-action 'self'` forbids browsers to follow such a redirect.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import type { App } from '#foundation/web/http/app.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { send } from '../support/browser/page-actions.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

/** A server with a page `/leave` that redirects to another site, in a browser. */
async function withOtherSite(t: TestContext) {
  const other = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('Arrived'))
  other.listen(0, 'localhost')
  await once(other, 'listening')
  t.after(() => other.close())
  const url = `http://localhost:${(other.address() as AddressInfo).port}/callback`
  const leaving = (app: App): void => {
    const config = { access: 'signed-in', page: true, undocumented: true, leavesSite: true } as const
    app.get('/leave', { config }, (_request, reply) => reply.redirect(url))
  }
  const { server, baseUrl } = await listening(t, { routes: [leaving] })
  return { server, baseUrl, url, admin: await firstAdmin(server), page: await openBrowser(t) }
}

leaveToTestAll()

test('a sign-in that leads to another site arrives there', async (t) => {
  const { baseUrl, url, admin, page } = await withOtherSite(t)
  await page.goto(`${baseUrl}/sign-in?next=%2Fleave`)
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  await page.waitForURL(url)
  assert.equal(await page.textContent('body'), 'Arrived')
})

test('a re-authentication that leads to another site arrives there', async (t) => {
  const { server, baseUrl, url, admin, page } = await withOtherSite(t)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  server.clock.pass(minutes(11))
  await page.goto(`${baseUrl}/confirm?next=%2Fleave`)
  await send(page, { 'current-password': admin.password, code: admin.code() })
  await page.waitForURL(url)
})
