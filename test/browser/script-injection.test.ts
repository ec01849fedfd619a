// Whoever gets a script into a page takes the account of whoever looks at it. What strangers type ends as text; and were it once to
// end as markup, the browser would not run it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { Page } from 'playwright-core'

import { openBrowser } from '../support/browser/browser.ts'
import { listening } from '../support/server/listening.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import type { Screen } from '../support/browser/screen.ts'
import { SCREENS } from '../support/browser/screens.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { send } from '../support/browser/page-actions.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const SPITE = `"'></title></textarea><script>caught()</script><img src=x onerror=caught()><svg onload=caught()>`

/** Listens for a call of `caught` and for everything that the browser complains about. */
async function watched(page: Page): Promise<{ caught: string[]; complaints: string[] }> {
  const [caught, complaints]: [string[], string[]] = [[], []]
  await page.exposeFunction('caught', () => caught.push(page.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', ({ message }) => complaints.push(message))
  return { caught, complaints }
}

test('a script that got into a page all the same is not run, nor is markup made from text', async (t) => {
  const { server, address } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  const { caught, complaints } = await watched(page)
  await page.route('**/sign-in', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.text()).replace(
      '</main>',
      `<script>caught()</script><img src=x onerror=caught()></main>`,
    )
    await route.fulfill({ response: answer, body })
  })
  await page.goto(`${address}/sign-in`)
  assert.equal(await page.locator('main script').count(), 1, 'nothing was planted')
  assert.deepEqual(caught, [])
  assert.equal(complaints.filter((text) => /Content Security Policy/.test(text)).length, 2, complaints.join('\n'))
  const refused = await page.evaluate(`(() => {
    try { document.body.innerHTML = '<b>bold</b>' } catch (error) { return error.message }
    return 'it was taken'
  })()`)
  assert.match(String(refused), /TrustedHTML/)
  await assert.rejects(page.evaluate(`fetch('https://example.org/')`), /Failed to fetch/)
})

test('input of an anonymous client is shown as text', async (t) => {
  const { address, links, empty } = await seedWorld(t)
  const page = await openBrowser(t)
  const { caught } = await watched(page)
  const doors: readonly (readonly [url: string, fields: Record<string, string>])[] = [
    [`${address}/sign-in`, { username: SPITE, 'current-password': SPITE }],
    [`${address}/sign-in?next=${encodeURIComponent(SPITE)}&because=${encodeURIComponent(SPITE)}`, { username: SPITE }],
    [`${address}${links.invitation}`, { 'new-password': SPITE.repeat(9) }],
    [`${empty.address}/setup`, { setup_token: SPITE }],
    [`${empty.address}${links.setup}`, { username: SPITE, email: SPITE, full_name: SPITE, 'new-password': 'short' }],
  ]
  for (const [url, fields] of doors) {
    await page.goto(url)
    await page.locator('main form:not([data-passkey])').evaluate((form) => form.setAttribute('novalidate', ''))
    await send(page, fields)
    assert.equal(await page.locator('main form:not([data-passkey])').count(), 1, url)
    await assertNoneOfItIsMarkup(page)
  }
  for (const path of [`/${SPITE}`, `/problems/${encodeURIComponent(SPITE)}`, `/setup/${encodeURIComponent(SPITE)}`]) {
    await page.goto(address + path)
    await assertNoneOfItIsMarkup(page)
  }
  assert.deepEqual(caught, [])
})

/** Where names, user agents and typed texts of others are shown most. */
const MAIN_SCREENS = ['account', 'security', 'own-activity', 'overview', 'users', 'user-markup', 'activity', 'refusal']
const LEFT_BEHIND = 'what strangers left behind is text on the pages of those who look at it'

test(LEFT_BEHIND, (t) =>
  check(
    t,
    SCREENS.filter(({ name }) => MAIN_SCREENS.includes(name)),
  ),
)
exhaustive(`${LEFT_BEHIND}, on every page`, (t) => check(t, SCREENS))

async function check(t: TestContext, screens: readonly Screen[]): Promise<void> {
  const world = await seedWorld(t)
  for (const viewer of ['user', 'admin'] as const) {
    const page = await openAs(t, world, viewer)
    const { caught } = await watched(page)
    for (const screen of screens.filter(({ as, doing }) => as === viewer && doing === undefined)) {
      const path = typeof screen.at === 'string' ? screen.at : screen.at(world)
      await page.goto(world.address + path)
      await assertNoneOfItIsMarkup(page)
      // What was left behind would change the title of the page.
      assert.notEqual(await page.title(), 'caught')
    }
    assert.deepEqual(caught, [])
  }
}

/** Our own pages hold no image, and no script without an address. */
async function assertNoneOfItIsMarkup(page: Page): Promise<void> {
  const foreign = await page.locator('img, script:not([src]), [onerror], [onload], textarea > *').count()
  assert.equal(foreign, 0, `markup of somebody else on ${page.url()}`)
}
