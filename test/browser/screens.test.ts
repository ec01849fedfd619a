// Every page in a real browser, as it opens and as it refuses: as narrow as a phone and against the HTML standard, and for accessibility where it
// has an element of a new kind; by `npm run test:exhaustive` each screen, for accessibility in every theme, with large text, and with a switch of
// the theme.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import {
  accessibilityViolations,
  type Appearances,
  kindsOfElements,
  layoutProblems,
  loadAxe,
  unclearErrors,
} from '../support/browser/accessibility.ts'
import { openBrowser } from '../support/browser/browser.ts'
import type { Screen } from '../support/browser/screen.ts'
import { SCREENS, SCREENS_BY_AREA } from '../support/browser/screens.ts'
import { assertThemeSwitchKeepsPage } from '../support/browser/theme-switch.ts'
import { becomes, patternOf, type Visited, visitOn } from '../support/browser/visit-screen.ts'
import { faultsInHtml } from '../support/pages/valid-html.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { seedWorld, type World } from '../support/server/populated-server.ts'

type Area = keyof typeof SCREENS_BY_AREA

const OPTIONS = { bypassCSP: true, reducedMotion: 'reduce' } as const

leaveToTestAll()

for (const area of Object.keys(SCREENS_BY_AREA) as Area[]) {
  const claim = `of ${area} can be read by everyone, and is valid HTML`
  test(`every page ${claim}`, (t) => readPages(t, area))
  exhaustive(`every screen ${claim}, in every theme and width`, (t) => readInEveryLook(t, area))
}

/** Visits the pages. axe, which takes most of it, reads each that has an element of a kind that none before it had. */
async function readPages(t: TestContext, area: Area): Promise<void> {
  const known = new Set<string>()
  let read = 0
  const screens = await eachOnOnePage(t, area, oneOfEachPage, async (visited) => {
    if (await addsElements(visited.page, known)) {
      read += 1
      await assertAccessible(visited.page, 'one appearance')
    }
    await assertReadable(visited, 'one appearance')
  })
  t.diagnostic(`axe read ${read} of ${screens} screens`)
}

/**
 * Visits every screen. The themes differ in colours of elements, so axe reads a screen in each of them that has an element of a kind that no
 * screen of its area before it had, and the others in one. The switch of the theme is a part of every page, and tried once on each.
 */
async function readInEveryLook(t: TestContext, area: Area): Promise<void> {
  const known = new Set<string>()
  const switched = new Set<string>()
  const every: Choice = (_, screens) => screens
  await eachOnOnePage(t, area, every, async (visited) => {
    const { page } = visited
    await assertAccessible(page, (await addsElements(page, known)) ? 'every appearance' : 'one appearance')
    await assertReadable(visited, 'every appearance')
    const path = kindOfPath(new URL(page.url()).pathname)
    if (!switched.has(path) && switched.add(path)) await assertThemeSwitchKeepsPage(page)
  })
}

type Choice = (world: World, screens: readonly Screen[]) => readonly Screen[]

/**
 * Visits the chosen screens one after the other on one page of a browser, whose scripts are then compiled: it needs half the time. Returns how
 * many there are.
 */
async function eachOnOnePage(
  t: TestContext,
  area: Area,
  choose: Choice,
  read: (visited: Visited) => Promise<void>,
): Promise<number> {
  const world = await seedWorld(t)
  const page = await openBrowser(t, OPTIONS)
  await loadAxe(page)
  const screens = choose(world, SCREENS_BY_AREA[area])
  for (const screen of screens) {
    await t.test(screen.name, async () => {
      await becomes(page, world, screen.as)
      await read(await visitOn(page, world, screen))
    })
  }
  return screens.length
}

/** The first screen of each page that is answered without a refusal, and the first that is answered with one. */
function oneOfEachPage(world: World, screens: readonly Screen[]): readonly Screen[] {
  const seen = new Set<string>()
  return screens.filter(({ at, endsAt = at, status = 200 }) => {
    const page = `${kindOfPath(pathIn(world, endsAt))} ${status < 400}`
    return !seen.has(page) && seen.add(page)
  })
}

/** A part with a digit names one of several. */
function kindOfPath(path: string): string {
  return path.replaceAll(/[^/]*\d[^/]*/g, ':id')
}

/** Adds the kinds of the page's elements to those that are known; returns whether one of them was not. */
async function addsElements(page: Page, known: Set<string>): Promise<boolean> {
  const before = known.size
  for (const kind of await kindsOfElements(page)) known.add(kind)
  return known.size > before
}

async function assertAccessible(page: Page, appearances: Appearances): Promise<void> {
  assert.deepEqual(await accessibilityViolations(page, appearances), [])
}

async function assertReadable({ page, markup }: Visited, appearances: Appearances): Promise<void> {
  assert.deepEqual(await faultsInHtml(markup), [])
  assert.deepEqual(await layoutProblems(page, appearances), [])
  assert.deepEqual(await unclearErrors(page), [])
}

test('no two screens share a name', () => {
  assert.equal(new Set(SCREENS.map(({ name }) => name)).size, SCREENS.length)
})

test('every page that can be opened is among the screens', async (t) => {
  const world = await seedWorld(t)
  const shown = SCREENS.flatMap(({ at, endsAt = '' }) => [pathIn(world, at), pathIn(world, endsAt)])
  const pages = (await liveRoutes(world.server)).filter(({ method, config }) => method === 'GET' && config.page)
  const missing = pages
    .map(({ url }) => url)
    .filter((url) => !ELSEWHERE.includes(url))
    .filter((url) => !shown.some((path) => patternOf(url).test(path)))
  assert.ok(pages.length > 20)
  assert.deepEqual(missing, [])
})

/** Without its query. */
function pathIn(world: World, path: Screen['at']): string {
  return (typeof path === 'string' ? path : path(world)).split('?')[0] ?? ''
}

/** Pages without content, which redirect; and the page of the API, which test/browser/docs-page.test.ts checks. */
const ELSEWHERE = ['/', '/.well-known/change-password', '/sign-in/passkey', '/docs']
