// Whether a page can be read by everyone: in every theme and width, by whoever sees it and whoever hears it.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'

import type { Page } from 'playwright-core'

import { openBrowser } from './browser.ts'

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const APPEARANCES = [
  { colorScheme: 'light', forcedColors: 'none', width: 900 },
  { colorScheme: 'dark', forcedColors: 'none', width: 320 },
  { colorScheme: 'light', forcedColors: 'active', width: 320 },
] as const

/** Looks at copies of the visited page in a second browser, which runs the checks that the first one must not run. */
export async function reader(t: TestContext, address: string): Promise<(page: Page) => Promise<void>> {
  const copy = await openBrowser(t, { bypassCSP: true, reducedMotion: 'reduce' })
  return async (page) => {
    const markup = await page.content()
    // The stylesheet is given to pages of its own server only.
    await copy.goto(`${address}/healthz`)
    for (const { width, ...media } of APPEARANCES) {
      await copy.setViewportSize({ width, height: 700 })
      await copy.emulateMedia(media)
      await copy.setContent(markup, { waitUntil: 'load' })
      await copy.evaluate(AXE)
      const { violations } = await copy.evaluate<AxeReport>(`axe.run({ runOnly: ${JSON.stringify(RULES)} })`)
      const where = `${page.url()} ${JSON.stringify({ width, ...media })}`
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]),
        [],
        where,
      )
      assert.equal(
        await copy.evaluate('getComputedStyle(document.querySelector("main")).display'),
        'grid',
        `${where}: not styled`,
      )
      assert.equal(
        await copy.evaluate('document.documentElement.scrollWidth > innerWidth'),
        false,
        `${where}: too wide`,
      )
    }
  }
}

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}
