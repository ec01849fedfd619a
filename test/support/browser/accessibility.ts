// Checks a page for accessibility: axe's rules in each theme, and content that is lost on small screens or with large text.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

const AXE = readFileSync(new URL('../../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The rules whose result can differ where markup and layout are the same. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block']

interface Appearance {
  readonly colorScheme: 'light' | 'dark'
  readonly forcedColors?: 'active'
  readonly contrast?: 'more'
}

const APPEARANCES: readonly [Appearance, ...Appearance[]] = [
  { colorScheme: 'light' },
  { colorScheme: 'dark' },
  { colorScheme: 'light', forcedColors: 'active' },
  { colorScheme: 'light', contrast: 'more' },
  { colorScheme: 'dark', contrast: 'more' },
]

interface AxeReport {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** The appearances in which a page is checked: light and as narrow as a phone; both themes; or every theme, width and text size. */
export type Appearances = 'one appearance' | 'light and dark' | 'every appearance'

/**
 * Loads axe into every document that the page opens from now on. Chromium compiles an initial script once for all documents of
 * a page, and one that is evaluated each time anew, which takes two thirds of the time of all rules.
 */
export async function loadAxe(page: Page): Promise<void> {
  await page.addInitScript(AXE)
}

/**
 * Returns axe's violations in the chosen appearances, for a page prepared by `loadAxe`. All rules run once for each layout; an appearance whose layout was
 * checked before can break only the rules about colours. `within` is a selector, by default of the whole page.
 */
export async function accessibilityViolations(
  page: Page,
  appearances: Appearances,
  within = 'html',
): Promise<string[]> {
  const [first, ...others] = APPEARANCES
  const found = await violations(page, first, EVERY_RULE, within)
  if (appearances === 'one appearance') return found
  const read = new Set([await page.evaluate(layoutNow)])
  for (const appearance of appearances === 'light and dark' ? others.slice(0, 1) : others) {
    await page.emulateMedia({ forcedColors: 'none', contrast: 'no-preference', ...appearance })
    const layout = await page.evaluate(layoutNow)
    found.push(...(await violations(page, appearance, read.has(layout) ? RULES_OF_COLOUR : EVERY_RULE, within)))
    read.add(layout)
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', contrast: 'no-preference' })
  return found
}

/**
 * Returns a text for each kind of element on the page: its name, classes and the names of its attributes, with its role and type, and the
 * name and classes of the element around it.
 */
export async function kindsOfElements(page: Page): Promise<string[]> {
  return page.evaluate(kindsNow)
}

/** Runs in the page. */
function kindsNow(): string[] {
  const name = (element: Element | null): string => `${element?.localName} ${element?.getAttribute('class') ?? ''}`
  const kinds = Array.from(document.body.querySelectorAll('*'), (element) => {
    const attributes = element.getAttributeNames().toSorted().join(' ')
    const values = ['role', 'type'].map((attribute) => element.getAttribute(attribute)).join(' ')
    return `${name(element.parentElement)} > ${name(element)} [${attributes}] ${values}`
  })
  return [...new Set(kinds)]
}

/** Runs in the page. Returns its markup with the visibility, position and size of each element. */
function layoutNow(): string {
  const positions = Array.from(document.querySelectorAll('*'), (element) => {
    const { x, y, width, height } = element.getBoundingClientRect()
    const { overflow, position, visibility } = getComputedStyle(element)
    return [element.checkVisibility(), x, y, width, height, overflow, position, visibility].join(' ')
  })
  return `${document.documentElement.outerHTML}\n${positions.join('\n')}`
}

async function violations(
  page: Page,
  appearance: Appearance,
  rules: readonly string[],
  within: string,
): Promise<string[]> {
  const report = await page.evaluate<AxeReport>(
    `axe.run(${JSON.stringify(within)}, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'], elementRef: false })`,
  )
  return report.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id} in ${JSON.stringify(appearance)}: ${html.slice(0, 300)}`),
  )
}

/** Sentences of errors that do not say which field they mean. */
const UNNAMED =
  /^(?:Required|Enter something here|Use at (?:least|most) \d|Choose (?:at (?:least|most) \d|one of:)|This must be|Remove the unsupported|Users with|The configuration)/

/** Returns the errors above a form that link to no field, or do not say which one they mean. */
export async function unclearErrors(page: Page): Promise<string[]> {
  const links = await page.locator('.summary li a').evaluateAll((found: HTMLAnchorElement[]) =>
    found.map((link) => ({
      text: link.textContent.trim(),
      leads: document.getElementById(decodeURIComponent(link.hash.slice(1))) !== null,
    })),
  )
  return links.flatMap(({ text, leads }) => [
    ...(leads ? [] : [`leads nowhere: ${text}`]),
    ...(UNNAMED.test(text) ? [`names no field: ${text}`] : []),
  ])
}

interface Size {
  readonly width: number
  /** Text size in percent of the default. */
  readonly text: number
}

// The width of the smallest phone; and the room that a small window leaves when its text is twice as large.
const SIZES: readonly Size[] = [
  { width: 320, text: 100 },
  { width: 640, text: 200 },
  { width: 1280, text: 200 },
  { width: 1280, text: 100 },
]

/** Returns what overflows the page, must be scrolled sideways or is cut off, on small screens and with large text. */
export async function layoutProblems(page: Page, appearances: Appearances): Promise<string[]> {
  const found: string[] = []
  for (const { width, text } of appearances === 'one appearance' ? SIZES.slice(0, 1) : SIZES) {
    await page.setViewportSize({ width, height: 800 })
    const lost = await page.evaluate(layoutProblemsNow, text)
    found.push(...lost.map((one) => `${width} px with text at ${text} %: ${one}`))
  }
  await page.evaluate(layoutProblemsNow, 100)
  return found
}

/** Runs in the page, with the text at `text` percent. */
function layoutProblemsNow(text: number): string[] {
  document.documentElement.style.fontSize = `${text}%`
  const room = document.documentElement.clientWidth
  const found: string[] = []
  if (document.documentElement.scrollWidth > room) found.push(`${document.documentElement.scrollWidth} px wide`)
  const clips = (element: Element): boolean => getComputedStyle(element).overflowX !== 'visible'
  // Without the initials beside a name, which are decoration.
  const readable = (element: Element): string => {
    const copy = element.cloneNode(true) as Element
    for (const decoration of copy.querySelectorAll('[aria-hidden=true]')) decoration.remove()
    return copy.textContent.trim().replaceAll(/\s+/g, ' ')
  }
  for (const element of document.body.querySelectorAll('*')) {
    const { left, right, width, height } = element.getBoundingClientRect()
    // An element of one pixel holds text for screen readers only.
    if (!element.checkVisibility() || width <= 1 || height <= 1) continue
    const named = element.outerHTML.slice(0, 120)
    let around = element.parentElement
    while (around !== null && !clips(around)) around = around.parentElement
    if (around === null && (right > room + 1 || left < -1)) found.push(`sticks out: ${named}`)
    // A field scrolls its value; text that ends in an ellipsis can be read whole in its title.
    const { overflowX, overflowY, textOverflow } = getComputedStyle(element)
    if (element instanceof HTMLInputElement) continue
    if (textOverflow === 'ellipsis' && element.getAttribute('title') === readable(element)) continue
    const isCut =
      (['hidden', 'clip'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1) ||
      (['hidden', 'clip'].includes(overflowY) && element.scrollHeight > element.clientHeight + 1)
    if (
      ['auto', 'scroll'].includes(overflowX) &&
      element.scrollWidth > element.clientWidth + 1 &&
      // The navigation beside a page is a row that scrolls where there is no room beside the page, and so are the filters on a phone.
      !element.matches('pre, .side > .pages, .tabs > ul, .filters > ul')
    )
      found.push(`scrolls sideways: ${named}`)
    if (isCut) found.push(`is cut: ${named}`)
  }
  return found
}
