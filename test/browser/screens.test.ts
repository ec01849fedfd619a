// Every screen in every state, in a real browser: as narrow as a phone and against the HTML standard, and for accessibility where it has an
// element of a new kind; by `npm run test:exhaustive` each for accessibility in every theme, with large text, and with a switch of the theme.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Page } from 'playwright-core'

import { assertThemeSwitchKeepsPage } from '../support/browser/theme-switch.ts'
import { openBrowser } from '../support/browser/browser.ts'
import {
  accessibilityViolations,
  kindsOfElements,
  layoutProblems,
  loadAxe,
  unclearErrors,
} from '../support/browser/accessibility.ts'
import type { Appearances } from '../support/browser/accessibility.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Screen } from '../support/browser/screen.ts'
import { SCREENS, SCREENS_BY_AREA } from '../support/browser/screens.ts'
import { faultsInHtml } from '../support/pages/valid-html.ts'
import { becomes, openAs, visitOn } from '../support/browser/visit-screen.ts'
import type { Visited } from '../support/browser/visit-screen.ts'
import { seedWorld } from '../support/server/populated-server.ts'

type Area = keyof typeof SCREENS_BY_AREA

const AT_ONCE = { concurrency: 3 }
const OPTIONS = { bypassCSP: true, reducedMotion: 'reduce' } as const

leaveToTestAll()

for (const area of Object.keys(SCREENS_BY_AREA) as Area[]) {
  const claim = `every screen of ${area} can be read by everyone, and is valid HTML`
  test(claim, (t) => readAll(t, area))
  exhaustive(`${claim}, in every theme and width`, (t) => readInEveryLook(t, area), AT_ONCE)
}

/**
 * Visits the screens one after the other on one page: a browser whose scripts are compiled needs half the time. axe, which takes most of it,
 * reads each screen that has an element of a kind that no screen before it had.
 */
async function readAll(t: TestContext, area: Area): Promise<void> {
  const world = await seedWorld(t)
  const page = await openBrowser(t, OPTIONS)
  await loadAxe(page)
  const known = new Set<string>()
  let read = 0
  for (const screen of SCREENS_BY_AREA[area]) {
    await t.test(screen.name, async () => {
      await becomes(page, world, screen.as)
      const visited = await visitOn(page, world, screen)
      if (await addsElements(page, known)) {
        read += 1
        await assertAccessible(page, 'one appearance')
      }
      await assertReadable(visited, 'one appearance')
    })
  }
  t.diagnostic(`axe read ${read} of ${SCREENS_BY_AREA[area].length} screens`)
}

/** Adds the kinds of the page's elements to those that are known; returns whether one of them was not. */
async function addsElements(page: Page, known: Set<string>): Promise<boolean> {
  const before = known.size
  for (const kind of await kindsOfElements(page)) known.add(kind)
  return known.size > before
}

async function readInEveryLook(t: TestContext, area: Area): Promise<void> {
  const world = await seedWorld(t)
  const read = async (inner: TestContext, screen: Screen): Promise<void> => {
    const page = await openAs(inner, world, screen.as, OPTIONS)
    await loadAxe(page)
    const visited = await visitOn(page, world, screen)
    await assertAccessible(page, 'every appearance')
    await assertReadable(visited, 'every appearance')
    await assertThemeSwitchKeepsPage(page)
  }
  await Promise.all(SCREENS_BY_AREA[area].map((screen) => t.test(screen.name, (inner) => read(inner, screen))))
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
  const pathIn = (path: Screen['at']): string => (typeof path === 'string' ? path : path(world))
  const shown = SCREENS.flatMap(({ at, endsAt = '' }) => [pathIn(at), pathIn(endsAt)])
  const pages = (await liveRoutes(world.server)).filter(({ method, config }) => method === 'GET' && config.page)
  const missing = pages
    .map(({ url }) => url)
    .filter((url) => !ELSEWHERE.includes(url))
    .filter((url) => !shown.some((path) => patternOf(url).test(path.split('?')[0] ?? '')))
  assert.ok(pages.length > 20)
  assert.deepEqual(missing, [])
})

/** Pages without content, which redirect; and the page that Swagger UI draws, which test/browser/docs-page.test.ts checks. */
const ELSEWHERE = ['/', '/.well-known/change-password', '/docs']

function patternOf(url: string): RegExp {
  return new RegExp(
    `^${url
      .split(/:\w+/)
      .map((part) => RegExp.escape(part))
      .join('[^/]+')}$`,
  )
}
