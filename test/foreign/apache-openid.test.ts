// A web server as an app: Apache with mod_auth_openidc and the configuration of deploy/, in a browser.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { Page } from 'playwright-core'

import { seconds } from '#foundation/kernel/time.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { pagePath, send } from '../support/browser/page-actions.ts'
import { freePort } from '../support/databases/temporary.ts'
import { registerApp } from '../support/openid/apps.ts'
import { notifyApps } from '../support/openid/logout-receiver.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin, newcomer, type Person } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import type { Server } from '../support/server/start.ts'
import { startApache } from './apache.ts'

interface Stage {
  readonly server: Server
  readonly baseUrl: string
  /** The URL of the app behind Apache. */
  readonly app: string
  readonly admin: Person
  readonly page: Page
}

async function stageWith(t: TestContext): Promise<Stage> {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  const port = await freePort()
  const app = `https://127.0.0.1:${port}`
  const { client, secret } = await registerApp(server, {
    redirectUris: [`${app}/signed-in`],
    logoutUris: [`${app}/signed-out`],
    scopes: ['openid', 'profile', 'email', 'roles'],
    backchannelUri: `${app}/signed-in?logout=backchannel`,
  })
  const { ca } = await startApache(t, { provider: baseUrl, upstream: await echo(t), clientId: client.id, secret, port })
  trust(t, ca)
  return { server, baseUrl, app, admin, page: await openBrowser(t, { ignoreHTTPSErrors: true }) }
}

/** An app that answers with the headers that it gets. */
async function echo(t: TestContext): Promise<string> {
  const server = createServer(({ url, headers }, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8').end(JSON.stringify({ url, headers }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The server trusts this certificate until the end of the test. */
function trust(t: TestContext, ca: string): void {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, ca])
  t.after(() => setDefaultCACertificates(before))
}

async function signsInOn(page: Page, person: Person): Promise<void> {
  await send(page, { username: person.username, 'current-password': person.password })
  await send(page, { code: person.code() })
}

async function seenBy(page: Page): Promise<{ url: string; headers: Record<string, string> }> {
  return JSON.parse((await page.textContent('body')) ?? '') as { url: string; headers: Record<string, string> }
}

test('Apache lets users in who have signed in here, by their roles, and signs them out here too', async (t) => {
  const { baseUrl, app, admin, page } = await stageWith(t)
  await (await admin.signsIn()).asks('PATCH', '/users/me', { full_name: 'Zoë 山田' })
  await page.setExtraHTTPHeaders({ 'remote-user': 'somebody-else', 'oidc-claim-roles': 'admin' })
  await page.goto(`${app}/admin/page?x=1&y=2`)
  assert.equal(pagePath(page), '/sign-in')
  await signsInOn(page, admin)
  await page.waitForURL(`${app}/admin/page?x=1&y=2`)
  const { url, headers } = await seenBy(page)
  assert.equal(url, '/admin/page?x=1&y=2')
  assert.equal(headers['remote-user'], admin.username)
  assert.equal(headers['oidc_claim_roles'], 'admin')
  assert.equal(Buffer.from(headers['oidc_claim_name'] ?? '', 'latin1').toString('utf8'), 'Zoë 山田')
  await page.goto(`${app}/signed-in?logout=${encodeURIComponent(`${app}/signed-out`)}`)
  assert.equal(page.url(), `${app}/signed-out`)
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
  await page.goto(app)
  assert.equal(pagePath(page), '/sign-in')
})

test('Apache refuses what a role does not allow', async (t) => {
  const { app, admin, page } = await stageWith(t)
  const ada = await newcomer(await admin.signsIn(), 'ada')
  await page.goto(app)
  await signsInOn(page, ada)
  await page.waitForURL(`${app}/`)
  const refused = await page.goto(`${app}/admin/`)
  assert.equal(refused?.status(), 403)
})

test('Apache signs a user out by a logout token, and leaves another user signed in', async (t) => {
  const { server, app, admin, page } = await stageWith(t)
  const signedIn = await admin.signsIn()
  const ada = await newcomer(signedIn, 'ada')
  const pageOfAdmin = await openBrowser(t, { ignoreHTTPSErrors: true })
  for (const [on, person] of [
    [page, ada],
    [pageOfAdmin, admin],
  ] as const) {
    server.clock.pass(seconds(30))
    await on.goto(app)
    await signsInOn(on, person)
    await on.waitForURL(`${app}/`)
  }
  await notifyApps(server)
  assert.equal((await signedIn.asks('POST', `/users/${(await stored(server, 'ada')).id}/sign-out`)).status, 200)
  await page.goto(app)
  assert.equal((await seenBy(page)).headers['remote-user'], 'ada', 'Apache has a session of its own')
  await notifyApps(server)
  await page.goto(app)
  assert.equal(pagePath(page), '/sign-in')
  await pageOfAdmin.goto(app)
  assert.equal((await seenBy(pageOfAdmin)).headers['remote-user'], admin.username)
})
