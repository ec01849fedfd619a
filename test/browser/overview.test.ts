// The overview and the check-up on screens: how much of them fits, and what can be done without scripts.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { recordEvent } from '#domain/audit/audit.service.ts'
import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { days } from '#foundation/kernel/time.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, signsInAt } from '../support/browser/page-actions.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import type { Server } from '../support/server/start.ts'

/** Lower than the pages, which are at least as high as the window. */
const DESKTOP = { width: 1280, height: 600 }

interface Opened {
  readonly server: Server
  readonly baseUrl: string
  readonly page: Page
}

/** A server of three users, two of them admins, with the sign-ins of some days. */
async function threeUsers(t: TestContext, options: BrowserOptions = {}): Promise<Opened> {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada', { full_name: 'Ada Lovelace' })
  await root.asks('POST', '/users', { username: 'bob' })
  await root.asks('PATCH', `/users/${(await rowOf(ada)).id}`, { role: 'admin' })
  const page = await openBrowser(t, { viewport: DESKTOP, ...options })
  await signsInAt(page, baseUrl, root)
  return { server, baseUrl, page }
}

async function heightOf(page: Page, url: string): Promise<number> {
  await page.goto(url)
  return page.evaluate(() => document.documentElement.scrollHeight)
}

async function signInsOfDays(server: Server): Promise<void> {
  for (const ago of [1, 2, 3, 20]) {
    const ctx = { ...server.operator(), now: server.clock.now() - days(ago) }
    await recordEvent(ctx, { action: 'sign_in.succeeded' })
  }
  await chainPending(server.operator())
}

leaveToTestAll()

test('the overview of three users fits into 1,100 pixels, on a new server and later', async (t) => {
  for (const locale of ['en', 'de']) {
    const { server, baseUrl, page } = await threeUsers(t, { locale })
    const early = await heightOf(page, `${baseUrl}/admin`)
    assert.ok(early <= 1100, `${early} px on a new server in ${locale}`)
    await signInsOfDays(server)
    await moveOn(page, () => page.locator('#get-started form button').click())
    assert.equal(await page.locator('#sign-ins svg').count(), 1)
    assert.equal(await page.locator('#to-do li').count(), 1)
    const later = await heightOf(page, `${baseUrl}/admin`)
    assert.ok(later <= 1100, `${later} px later in ${locale}`)
    t.diagnostic(`overview in ${locale}: ${early} and ${later} px`)
  }
})

test('the check-up with one warning fits into 800 pixels, and what passed is folded', async (t) => {
  for (const locale of ['en', 'de']) {
    const { baseUrl, page } = await threeUsers(t, { locale })
    const height = await heightOf(page, `${baseUrl}/admin/checkup`)
    assert.equal(await page.locator('#problems li').count(), 1)
    assert.ok(height <= 800, `${height} px in ${locale}`)
    assert.equal(await page.locator('#checks li:visible').count(), 0)
    t.diagnostic(`check-up in ${locale}: ${height} px`)
  }
})

test('without scripts the checks unfold', async (t) => {
  const { baseUrl, page } = await threeUsers(t, { javaScript: false })
  await page.goto(`${baseUrl}/admin/checkup`)
  const passed = page.locator('#checks summary', { hasText: 'passed' })
  const count = Number(/\d+/.exec(await passed.innerText())?.[0])
  await passed.click()
  // The browser's clock is no check of the server, so it is not counted.
  assert.equal(await page.locator('#checks li:visible').count(), count + 1)
})

test('a part of the bar leads to its users, and tiles and parts are stops of the Tab key once each', async (t) => {
  const { baseUrl, page } = await threeUsers(t)
  await page.goto(`${baseUrl}/admin`)
  // One part has users; the invited and the admins have a link of their own.
  assert.equal(await page.locator('#second-steps a:not([tabindex])').count(), 1 + 2)
  // No list counts the sessions.
  assert.equal(await page.locator('.tiles a[href]').count(), 3)
  await moveOn(page, () => page.locator('#second-steps a[tabindex="-1"] .striped').click())
  assert.equal(pagePath(page), '/admin/users')
  assert.equal(new URL(page.url()).search, '?status=active&second_factor=app')
})
