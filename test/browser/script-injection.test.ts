// Threat (XSS): a script in a page acts as the user who views the page. Input of other users is escaped; if markup did get into a
// page, the browser would not run it (Content Security Policy).
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { openBrowser } from '../support/browser/browser.ts'
import { send } from '../support/browser/page-actions.ts'
import type { Screen } from '../support/browser/screen.ts'
import { SCREENS } from '../support/browser/screens.ts'
import { openAs } from '../support/browser/visit-screen.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const SPITE = `"'></title></textarea><script>caught()</script><img src=x onerror=caught()><svg onload=caught()>`

/** Records calls of `caught` and every error of the page and the browser. */
async function watched(page: Page): Promise<{ caught: string[]; complaints: string[] }> {
  const [caught, complaints]: [string[], string[]] = [[], []]
  await page.exposeFunction('caught', () => caught.push(page.url()))
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', ({ message }) => complaints.push(message))
  return { caught, complaints }
}

leaveToTestAll()

test('a script that did get into a page is not run, nor is markup made from text', async (t) => {
  const { server, baseUrl } = await listening(t)
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
  await page.goto(`${baseUrl}/sign-in`)
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
  const { baseUrl, links, empty } = await seedWorld(t)
  const page = await openBrowser(t)
  const { caught } = await watched(page)
  const inputs: readonly (readonly [url: string, fields: Record<string, string>])[] = [
    [`${baseUrl}/sign-in`, { username: SPITE, 'current-password': SPITE }],
    [`${baseUrl}/sign-in?next=${encodeURIComponent(SPITE)}&because=${encodeURIComponent(SPITE)}`, { username: SPITE }],
    [`${baseUrl}${links.invitation}`, { 'new-password': SPITE.repeat(9) }],
    [`${empty.baseUrl}/setup`, { setup_token: SPITE }],
    [`${empty.baseUrl}${links.setup}`, { username: SPITE, email: SPITE, full_name: SPITE, 'new-password': 'short' }],
  ]
  for (const [url, fields] of inputs) {
    await page.goto(url)
    await page.locator('main form:not([data-passkey])').evaluate((form) => form.setAttribute('novalidate', ''))
    await send(page, fields)
    assert.equal(await page.locator('main form:not([data-passkey])').count(), 1, url)
    await assertNoneOfItIsMarkup(page)
  }
  for (const path of [`/${SPITE}`, `/problems/${encodeURIComponent(SPITE)}`, `/setup/${encodeURIComponent(SPITE)}`]) {
    await page.goto(baseUrl + path)
    await assertNoneOfItIsMarkup(page)
  }
  assert.deepEqual(caught, [])
})

/** The screens that show most names, user agents and other input of other users. */
const MAIN_SCREENS = ['account', 'security', 'own-activity', 'overview', 'users', 'user-markup', 'activity', 'refusal']
const CLAIM = 'input of anonymous clients is text on the pages that show it'

test(CLAIM, (t) =>
  check(
    t,
    SCREENS.filter(({ name }) => MAIN_SCREENS.includes(name)),
  ),
)
exhaustive(`${CLAIM}, on every page`, (t) => check(t, SCREENS))

async function check(t: TestContext, screens: readonly Screen[]): Promise<void> {
  const world = await seedWorld(t)
  for (const viewer of ['user', 'admin'] as const) {
    const page = await openAs(t, world, viewer)
    const { caught } = await watched(page)
    for (const screen of screens.filter(({ as, doing }) => as === viewer && doing === undefined)) {
      const path = typeof screen.at === 'string' ? screen.at : screen.at(world)
      await page.goto(world.baseUrl + path)
      await assertNoneOfItIsMarkup(page)
      // Markup in a name or user agent would change the title of the page.
      assert.notEqual(await page.title(), 'caught')
    }
    assert.deepEqual(caught, [])
  }
}

/** Asserts that the page contains no image but our own and the icons of apps, and no inline script, which our own pages never contain. */
async function assertNoneOfItIsMarkup(page: Page): Promise<void> {
  const foreign = await page
    .locator('img:not(.brand img, [src^="/apps/"]), script:not([src]), [onerror], [onload], textarea > *')
    .count()
  assert.equal(foreign, 0, `markup of another user on ${page.url()}`)
}
