// Pictures show the pages as a browser shows them that was here before: with the typeface of headings, which a first visit does not wait for.
import type { Page } from 'playwright-core'

/** Lets the pages of the browser's profile wait for the typeface. */
export async function waitForTypeface(page: Page): Promise<void> {
  await page.context().route('**/assets/doorward.*.css', async (route) => {
    const response = await route.fetch()
    const body = (await response.text()).replace('font-display: optional', 'font-display: block')
    await route.fulfill({ response, body })
  })
}
