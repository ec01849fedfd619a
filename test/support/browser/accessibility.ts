// Whether a page can be read by everyone: in every theme and width, by whoever sees it and whoever hears it.
import { readFileSync } from 'node:fs'

import type { Page } from 'playwright-core'

const AXE = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** All that can come out otherwise where markup and layout are the same. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block']

interface Appearance {
  readonly colorScheme: 'light' | 'dark'
  readonly forcedColors?: 'active'
  readonly contrast?: 'more'
}

const APPEARANCES: readonly Appearance[] = [
  { colorScheme: 'light' },
  { colorScheme: 'dark' },
  { colorScheme: 'light', forcedColors: 'active' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
]

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** How much of what a page can look like is tried: light and as narrow as a phone, or every theme, width and size of text. */
export type Looks = 'one look' | 'every look'

/**
 * What axe finds: every rule, in the looks that are tried. A look in which the page is laid out as in one that was
 * read already can break no rule but those about colours.
 */
export async function barriersOn(page: Page, looks: Looks): Promise<string[]> {
  await page.evaluate(AXE)
  const found: string[] = []
  const read = new Set<string>()
  for (const appearance of looks === 'one look' ? APPEARANCES.slice(0, 1) : APPEARANCES) {
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', ...appearance })
    const layout = await page.evaluate(layoutNow)
    found.push(...(await violations(page, appearance, read.has(layout) ? RULES_OF_COLOUR : EVERY_RULE)))
    read.add(layout)
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', contrast: 'no-preference' })
  return found
}

/** Runs in the page: its markup, and what of it is seen where and how large. */
function layoutNow(): string {
  const places = Array.from(document.querySelectorAll('*'), (element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const { overflow, position, visibility } = getComputedStyle(element)
    return [element.checkVisibility(), x, y, width, height, overflow, position, visibility].join(' ')
  })
  return `${document.documentElement.outerHTML}\n${places.join('\n')}`
}

async function violations(page: Page, appearance: Appearance, rules: readonly string[]): Promise<string[]> {
  const report = await page.evaluate<AxeReport>(
    `axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'], elementRef: false })`,
  )
  return report.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id} in ${JSON.stringify(appearance)}: ${html.slice(0, 300)}`),
  )
}

interface Size {
  readonly width: number
  /** How large text is, in percent of what it usually is. */
  readonly text: number
}

// As narrow as the smallest phone; as little as is left of a small window when its text is twice as large.
const SIZES: readonly Size[] = [
  { width: 320, text: 100 },
  { width: 640, text: 200 },
  { width: 1280, text: 200 },
  { width: 1280, text: 100 },
]

/** What sticks out of the page, has to be scrolled sideways to be seen, or is cut, on small screens and with large text. */
export async function lossesOn(page: Page, looks: Looks): Promise<string[]> {
  const found: string[] = []
  for (const { width, text } of looks === 'one look' ? SIZES.slice(0, 1) : SIZES) {
    await page.setViewportSize({ width, height: 800 })
    const lost = await page.evaluate(lossesNow, text)
    found.push(...lost.map((one) => `${width} px with text at ${text} %: ${one}`))
  }
  await page.evaluate(lossesNow, 100)
  return found
}

/** Runs in the page. */
function lossesNow(text: number): string[] {
  document.documentElement.style.fontSize = `${text}%`
  const room = document.documentElement.clientWidth
  const found: string[] = []
  if (document.documentElement.scrollWidth > room) found.push(`${document.documentElement.scrollWidth} px wide`)
  const clips = (element: Element): boolean => getComputedStyle(element).overflowX !== 'visible'
  for (const element of document.body.querySelectorAll('*')) {
    const { left, right, width, height } = element.getBoundingClientRect()
    // What one pixel holds is for screen readers only.
    if (!element.checkVisibility() || width <= 1 || height <= 1) continue
    const named = element.outerHTML.slice(0, 120)
    let around = element.parentElement
    while (around !== null && !clips(around)) around = around.parentElement
    if (around === null && (right > room + 1 || left < -1)) found.push(`sticks out: ${named}`)
    // A field scrolls what is typed into it; what ends in dots can be read whole in its title.
    const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
    if (element instanceof HTMLInputElement) continue
    if (textOverflow === 'ellipsis' && element.getAttribute('title') === element.textContent.trim()) continue
    const isCut =
      (['hidden', 'clip'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (['hidden', 'clip'].includes(overflowY) && element.scrollHeight > element.clientHeight + 1)
    if (
      ['auto', 'scroll'].includes(overflowX) &&
      element.scrollWidth > element.clientWidth + 1 &&
      element.localName !== 'pre'
    )
      found.push(`scrolls sideways: ${named}`)
    if (isCut) found.push(`is cut: ${named}`)
  }
  return found
}
