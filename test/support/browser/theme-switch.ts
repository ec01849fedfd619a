// Whether somebody who chooses another look still has the page they were at.
import assert from 'node:assert/strict'

import type { Page } from 'playwright-core'

import { moveOn } from './page-actions.ts'

/** Where the page has the switch, it comes again behind it, and no form of it holds a link that is a secret. */
export async function assertStaysInAnotherLook(page: Page): Promise<void> {
  const dark = page.locator('.themes button[value="dark"]')
  if ((await dark.count()) === 0) return
  const before = await placeAndHeading(page)
  assert.doesNotMatch(String(await page.locator('.themes input[name="next"]').getAttribute('value')), /dwl_/)
  await moveOn(page, () => dark.click())
  assert.deepEqual(await placeAndHeading(page), before, 'the page is lost by choosing another look')
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
}

async function placeAndHeading(page: Page): Promise<(string | null)[]> {
  const { pathname, search } = new URL(page.url())
  return [pathname + search, await page.locator('h1').textContent()]
}
