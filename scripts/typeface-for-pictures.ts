// Pictures show the pages as a browser shows them that was here before: with the typeface of headings, which a first visit does not wait for.
import type { Page } from 'playwright-core'

/** Lets the pages of the browser's profile wait for the typeface. */
export async function waitForTypeface(page: Page): Promise<void> {
  await page.context().route('**/assets/doorward.*.css', async (route) => {
    // Node does not know every name below `localhost` that the browser knows.
    const url = new URL(route.request().url())
    url.hostname = '127.0.0.1'
    const response = await route.fetch({ url: url.href })
    const body = (await response.text()).replace('font-display: optional', 'font-display: block')
    await route.fulfill({ response, body })
  })
}
