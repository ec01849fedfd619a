// Asserts that switching the theme keeps the page that is open.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { moveOn } from './page-actions.ts'

/** Switches to the dark theme where the page offers it. The same page must follow, and the form must not contain a secret link. */
export async function assertThemeSwitchKeepsPage(page: Page): Promise<void> {
  const dark = page.locator('.themes button[value="dark"]')
  // Nothing behind an open dialog can be used.
  if ((await dark.count()) === 0 || (await page.locator('dialog[open]').count()) > 0) return
  const before = await urlAndHeading(page)
  assert.doesNotMatch(String(await page.locator('.themes input[name="next"]').getAttribute('value')), /dwl_/)
  await page.locator('.who > summary, .themes > summary').click()
  // With this module the theme changes in place: in the account menu, and where the URL shows something else when it is opened again.
  if ((await page.locator('script[src*="/modules/theme."]').count()) > 0) await dark.click()
  else await moveOn(page, () => dark.click())
  await page.locator('html[data-theme=dark]').waitFor()
  assert.deepEqual(await urlAndHeading(page), before, 'the page is lost by switching the theme')
  assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark')
}

async function urlAndHeading(page: Page): Promise<(string | null)[]> {
  const { pathname, search } = new URL(page.url())
  return [pathname + search, await page.locator('h1').textContent()]
}
