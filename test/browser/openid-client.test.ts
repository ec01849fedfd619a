// A page without a server of its own as an app: oidc-client-ts in a browser, which gets tokens and claims from another origin (CORS).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Library from 'oidc-client-ts'
import type { Page } from 'playwright-core'

import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, press, send } from '../support/browser/page-actions.ts'
import { startSite } from '../support/openid/app-site.ts'
import { registerApp } from '../support/openid/apps.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'

/** The name under which the library stands in a page. */
declare const oidc: typeof Library

const LIBRARY = join(createRequire(import.meta.url).resolve('oidc-client-ts'), '..', '..', 'browser')

leaveToTestAll()

test('a page signs in with oidc-client-ts, reads claims, refreshes and signs out, and no other origin reads its answers', async (t) => {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  const site = await startSite(t)
  const app = await registerApp(server, {
    kind: 'browser',
    authMethod: 'none',
    redirectUris: [`${site.origin}/callback`],
    logoutUris: [`${site.origin}/bye`],
  })
  site.serves('/library.js', readFileSync(join(LIBRARY, 'oidc-client-ts.min.js'), 'utf8'))
  for (const path of ['/', '/callback']) site.shows(path, '<script src="/library.js"></script>')
  const settings = {
    authority: `${baseUrl}/oidc`,
    client_id: app.client.id,
    redirect_uri: `${site.origin}/callback`,
    post_logout_redirect_uri: `${site.origin}/bye`,
    scope: 'openid profile email',
    loadUserInfo: true,
  }
  const page = await openBrowser(t)
  await page.goto(site.origin)
  await moveOn(page, () => page.evaluate((given) => void new oidc.UserManager(given).signinRedirect(), settings))
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: admin.username, 'current-password': admin.password })
  await send(page, { code: admin.code() })
  // The page is served by this device, so any program on it could be the one that asks.
  await press(page, 'Continue')
  await page.waitForURL(`${site.origin}/callback?**`)

  const got = await page.evaluate(async (given) => {
    const { profile, ...user } = await new oidc.UserManager(given).signinRedirectCallback()
    return { sub: profile.sub, username: profile.preferred_username, token: user.access_token }
  }, settings)
  const { subject } = await stored(server, admin.username)
  assert.deepEqual([got.sub, got.username], [subject, admin.username])
  const refreshed = await page.evaluate(async (given) => {
    const user = await new oidc.UserManager(given).signinSilent()
    return { sub: user?.profile.sub, token: user?.access_token ?? '' }
  }, settings)
  assert.equal(refreshed.sub, subject)
  assert.notEqual(refreshed.token, got.token)

  const other = await openBrowser(t)
  await other.goto(site.origin.replace('127.0.0.1', 'other.localhost'))
  for (const from of [page, other]) {
    assert.equal(await reads(from, `${baseUrl}/oidc/.well-known/openid-configuration`), 200)
    assert.equal(await reads(from, `${baseUrl}/oidc/jwks`), 200)
  }
  assert.equal(await reads(page, `${baseUrl}/oidc/me`, { token: refreshed.token }), 200)
  assert.equal(await reads(other, `${baseUrl}/oidc/me`, { token: refreshed.token }), 'refused')
  assert.equal(await reads(page, `${baseUrl}/account`), 'refused')
  const refresh = `grant_type=refresh_token&client_id=${app.client.id}&refresh_token=none`
  assert.equal(await reads(page, `${baseUrl}/oidc/token`, { form: refresh }), 400)
  assert.equal(await reads(other, `${baseUrl}/oidc/token`, { form: refresh }), 'refused')

  await moveOn(page, () => page.evaluate((given) => void new oidc.UserManager(given).signoutRedirect(), settings))
  assert.equal(page.url(), `${site.origin}/bye`)
  assert.equal(await reads(page, `${baseUrl}/oidc/me`, { token: refreshed.token }), 401)
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
})

/** The status of an answer that the page may read; `refused` where the browser does not let it. */
function reads(
  page: Page,
  url: string,
  { token, form }: { readonly token?: string; readonly form?: string } = {},
): Promise<number | string> {
  const type = 'application/x-www-form-urlencoded'
  const sent = {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
    ...(form !== undefined && { method: 'POST', body: form, headers: { 'content-type': type } }),
  }
  return page.evaluate(
    ([from, options]) =>
      fetch(from, options).then(
        ({ status }) => status,
        () => 'refused',
      ),
    [url, sent] as const,
  )
}
