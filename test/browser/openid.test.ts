// The ways between an app and its user, in a browser: from a link or a form of the app through pages of the server back to the app.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import * as oidc from 'openid-client'
import type { Page } from 'playwright-core'

import type { ClientFields } from '#domain/clients/client.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, press, send, signsInAt } from '../support/browser/page-actions.ts'
import { type AppSite, startSite } from '../support/openid/app-site.ts'
import { type Authorization, authorizationOf, exchange, registerApp, type TestApp } from '../support/openid/apps.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin, newcomer, type Person } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import type { Server } from '../support/server/start.ts'

interface Stage {
  readonly server: Server
  readonly baseUrl: string
  readonly admin: Person
  readonly site: AppSite
  readonly app: TestApp
  readonly page: Page
}

/** An app with a page of its own, and a browser. The protocol's libraries read the machine's clock, so the server's begins there. */
async function staged(
  t: TestContext,
  fields: Partial<ClientFields> = {},
  options: BrowserOptions = {},
): Promise<Stage> {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const site = await startSite(t)
  const uris = { redirectUris: [`${site.origin}/callback`], logoutUris: [`${site.origin}/bye`] }
  const app = await registerApp(server, { ...uris, ...fields })
  return { server, baseUrl, admin: await firstAdmin(server), site, app, page: await openBrowser(t, options) }
}

/** Presses the link of the app that asks for an authorization. */
async function pressesLink(
  { site, app, page }: Stage,
  parameters: Record<string, string> = {},
): Promise<Authorization> {
  const asked = await authorizationOf(app, parameters)
  await page.goto(site.shows('/', `<a href="${asked.url.href.replaceAll('&', '&amp;')}">Sign in with Doorward</a>`))
  await moveOn(page, () => page.click('a'))
  return asked
}

/** Waits until the app has its answer, and exchanges the code. */
async function tokensAt({ site, app, page }: Stage, asked: Authorization) {
  await page.waitForURL(`${site.origin}/callback?**`)
  assert.equal(await page.textContent('body'), 'Arrived')
  return exchange(app, new URL(page.url()), asked)
}

leaveToTestAll()

for (const javaScript of [true, false]) {
  test(`a link of an app leads through sign-in and second step to the app, ${javaScript ? 'with' : 'without'} scripts`, async (t) => {
    const stage = await staged(t, {}, { javaScript })
    const { admin, page } = stage
    const asked = await pressesLink(stage, { login_hint: admin.username })
    assert.equal(pagePath(page), '/sign-in')
    assert.equal(await page.inputValue('#username'), admin.username)
    await send(page, { 'current-password': admin.password })
    await send(page, { code: admin.code() })
    const tokens = await tokensAt(stage, asked)
    assert.equal(tokens.claims()?.['acr'], 'urn:doorward:two-factors')
  })
}

test('an app that asks for a new authentication gets one, by a form of its own too', async (t) => {
  const stage = await staged(t)
  const { baseUrl, server, admin, site, app, page } = stage
  await signsInAt(page, baseUrl, admin)
  server.clock.pass(minutes(1))
  const asked = await authorizationOf(app, { prompt: 'login' })
  await page.goto(site.shows('/', formTo(asked.url)))
  await moveOn(page, () => page.click('button'))
  assert.equal(pagePath(page), '/confirm')
  await send(page, { 'current-password': admin.password, code: admin.code() })
  const tokens = await tokensAt(stage, asked)
  assert.equal(tokens.claims()?.auth_time, Math.floor(server.clock.now() / 1000))
  // The next one is answered without a page.
  await tokensAt(stage, await pressesLink(stage))
})

test('the question whether to sign out leads back to the app, signed out or not', async (t) => {
  const stage = await staged(t)
  const { baseUrl, admin, site, app, page } = stage
  await signsInAt(page, baseUrl, admin)
  const query = { client_id: app.client.id, post_logout_redirect_uri: `${site.origin}/bye`, state: 'x1' }
  const url = oidc.buildEndSessionUrl(app.config, query)
  await page.goto(site.shows('/', formTo(url)))
  await moveOn(page, () => page.click('button'))
  assert.equal(pagePath(page), '/oidc/session/end')
  await page.getByRole('main').getByRole('link', { name: 'Stay signed in' }).click()
  await page.waitForURL(`${site.origin}/bye?state=x1`)
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/account')
  await page.goto(url.href)
  await press(page, 'Sign out')
  await page.waitForURL(`${site.origin}/bye?state=x1`)
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
})

test('a program on the device gets an answer only after the user has agreed', async (t) => {
  const stage = await staged(t, { kind: 'native', authMethod: 'none' })
  const { baseUrl, admin, site, page } = stage
  await signsInAt(page, baseUrl, admin)
  await pressesLink(stage)
  await press(page, 'Cancel')
  await page.waitForURL(`${site.origin}/callback?error=access_denied**`)
  const asked = await pressesLink(stage)
  await press(page, 'Continue')
  await tokensAt(stage, asked)
})

test('an app that is not trusted gets an answer only after the user has allowed it, and the next one without a page', async (t) => {
  const stage = await staged(t, { trusted: false }, { javaScript: false })
  const { baseUrl, admin, site, page } = stage
  await signsInAt(page, baseUrl, admin)
  await pressesLink(stage)
  assert.ok(await page.getByRole('heading', { name: 'Sign in to Wiki?' }).isVisible())
  await press(page, 'Cancel')
  await page.waitForURL(`${site.origin}/callback?error=access_denied**`)
  const asked = await pressesLink(stage)
  await press(page, 'Allow')
  await tokensAt(stage, asked)
  await tokensAt(stage, await pressesLink(stage))
})

test('an app that asks for somebody else gets them after a sign-in', async (t) => {
  const stage = await staged(t)
  const { server, baseUrl, admin, page } = stage
  await signsInAt(page, baseUrl, admin)
  const { id_token: hint = '' } = await tokensAt(stage, await pressesLink(stage))
  const ada = await newcomer(await admin.signsIn(), 'ada')
  await page.context().clearCookies()
  // Nobody is signed in: whom the app expects signs in, and arrives.
  const first = await pressesLink(stage, { id_token_hint: hint })
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  await tokensAt(stage, first)
  // Somebody else is signed in.
  await page.context().clearCookies()
  await signsInAt(page, baseUrl, ada)
  const second = await pressesLink(stage, { id_token_hint: hint })
  await press(page, 'Use another account')
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  const tokens = await tokensAt(stage, second)
  assert.equal(tokens.claims()?.sub, (await stored(server, admin.username)).subject)
})

test('an app that demands a passkey is told that the user has none, and the user how to add one', async (t) => {
  const stage = await staged(t)
  const { baseUrl, admin, site, page } = stage
  await signsInAt(page, baseUrl, admin)
  await pressesLink(stage, { acr_values: 'urn:doorward:phishing-resistant' })
  assert.ok(await page.getByRole('link', { name: 'Add a passkey' }).isVisible())
  await page.getByRole('main').getByRole('button', { name: 'Back to Wiki' }).click()
  await page.waitForURL(`${site.origin}/callback?error=unmet_authentication_requirements**`)
})

/** A form that sends the query of a URL, as some apps do instead of a redirect. */
function formTo({ origin, pathname, searchParams }: URL): string {
  const fields = [...searchParams].map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
  return `<form method="post" action="${origin}${pathname}">${fields.join('')}<button>Go</button></form>`
}
