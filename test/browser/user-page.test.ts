// The page of one user as an admin sees it: how high it is, and how its tabs are reached.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'

import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { signsInAt } from '../support/browser/page-actions.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { givePasskey, giveRecoveryCodes, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

const DESKTOP = { width: 1280, height: 800 }

/** Opens the page of a user with a passkey, an app, recovery codes, a session and an API token. */
async function pageOfAda(t: TestContext, options: BrowserOptions): Promise<Page> {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada', { email: 'ada@example.org', full_name: 'Ada Lovelace' })
  await ada.signsIn()
  await apiTokenOf(ada)
  await givePasskey(ada)
  await giveRecoveryCodes(ada)
  const page = await openBrowser(t, options)
  await signsInAt(page, baseUrl, root)
  await page.goto(`${baseUrl}/admin/users/${(await rowOf(ada)).id}`)
  return page
}

function marked(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Pages of this user' }).locator('[aria-current]')
}

leaveToTestAll()

test('a user with one of each fits on 1,000 px, and the width of the frame is used', async (t) => {
  const page = await pageOfAda(t, { viewport: DESKTOP })
  const all = await page.evaluate(() => document.documentElement.scrollHeight)
  assert.ok(all <= 1000, `the page is ${all} px high`)
  const [frame, content] = [await page.locator('.columns').boundingBox(), await page.locator('main').boundingBox()]
  assert.ok(frame && content)
  const right = frame.x + frame.width - (content.x + content.width)
  assert.ok(right <= 0.15 * frame.width, `${right} px are empty beside the content`)
})

test('a tab leads to a page of its own, which marks it, with and without scripts', async (t) => {
  for (const javaScript of [true, false]) {
    const page = await pageOfAda(t, { viewport: DESKTOP, javaScript })
    assert.equal(await marked(page).textContent(), 'Overview')
    await page.getByRole('link', { name: 'Sign-in', exact: true }).click()
    await page.getByRole('heading', { name: 'Sessions' }).waitFor()
    assert.match(page.url(), /\/sign-in$/)
    assert.equal(await marked(page).textContent(), 'Sign-in')
    const all = await page.evaluate(() => document.documentElement.scrollHeight)
    assert.ok(all <= 1100, `the page is ${all} px high`)
  }
})

test('on a phone, the state stands below the name, and the acts below both', async (t) => {
  const page = await pageOfAda(t, { viewport: { width: 360, height: 780 } })
  const topOf = async (part: Locator): Promise<number> => (await part.boundingBox())?.y ?? Infinity
  const [name, state, act, tabs] = [
    page.getByRole('heading', { level: 1 }),
    page.locator('.standing'),
    page.getByRole('link', { name: 'Reset second step' }),
    page.getByRole('navigation', { name: 'Pages of this user' }),
  ]
  const tops = [await topOf(name), await topOf(state), await topOf(act), await topOf(tabs)]
  assert.deepEqual(
    tops,
    tops.toSorted((one, other) => one - other),
  )
})

test('on a phone, facts break before their dots, and no row repeats a label that its value explains', async (t) => {
  const page = await pageOfAda(t, { viewport: { width: 360, height: 780 } })
  const overview = page.url()
  await page.goto(`${overview}/sign-in`)
  const outside = await page
    .locator('main .small')
    .evaluateAll((all) => all.filter((one) => one.textContent.includes('·') && one.querySelector('.pieces') === null))
  assert.equal(outside.length, 0)
  assert.ok((await page.locator('main .small .pieces').count()) >= 3)
  await page.goto(`${overview}/requirements`)
  const labels = await page
    .locator('main td[data-label]')
    .evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content))
  assert.deepEqual(new Set(labels), new Set(['""']))
})
