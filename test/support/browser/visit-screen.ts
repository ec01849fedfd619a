// Opens a screen of the list in a browser, as its viewer.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page, Response } from 'playwright-core'

import type { Viewer, World } from '../server/populated-server.ts'
import { type BrowserOptions, openBrowser } from './browser.ts'
import { pagePath } from './page-actions.ts'
import type { Screen } from './screen.ts'

export interface Visited {
  readonly page: Page
  /** The page as the server sent it. */
  readonly markup: string
}

/** Opens a browser with the viewer's cookie: anonymous, half signed in or signed in. */
export async function openAs(
  t: TestContext,
  world: World,
  viewer: Viewer,
  options: BrowserOptions = {},
): Promise<Page> {
  const page = await openBrowser(t, options)
  await becomes(page, world, viewer)
  return page
}

/** Replaces the cookies of the browser's profile with the viewer's. */
export async function becomes(page: Page, world: World, viewer: Viewer): Promise<void> {
  const home = HOMES[viewer]
  const { baseUrl } = home === undefined ? world : world[home]
  const [name, value] = world.cookies[viewer].split('=')
  await page.context().clearCookies()
  if (name && value) await page.context().addCookies([{ name, value, url: baseUrl }])
}

/** The viewers whose session belongs to another server than `world` itself. */
const HOMES: Partial<Record<Viewer, NonNullable<Screen['on']>>> = {
  founder: 'empty',
  owner: 'fresh',
  unlucky: 'ailing',
  postmaster: 'mailing',
  helper: 'mailing',
  mailed: 'mailing',
  reviewing: 'mailing',
  detoured: 'mailing',
  barred: 'mailing',
}

function baseUrlOf(world: World, { on, under = 'localhost' }: Screen): string {
  const { baseUrl } = on === undefined ? world : world[on]
  return baseUrl.replace('localhost', under)
}

/** Sets the flash message that a form would have left for the page. */
async function setFlash(page: Page, baseUrl: string, path: string): Promise<void> {
  const flash = new URL(path, baseUrl).searchParams.get('done')
  if (flash !== null) await page.context().addCookies([{ name: 'done', value: flash, url: baseUrl }])
}

/** Matches the paths of a route: a part that begins with a colon stands for any. */
export function patternOf(route: string): RegExp {
  const parts = route.split(/:\w+/).map((part) => RegExp.escape(part))
  return new RegExp(`^${parts.join('[^/]+')}$`)
}

/** Opens a screen in a new browser and brings about its state; fails where path or status are not those of the list. */
export async function visit(
  t: TestContext,
  world: World,
  screen: Screen,
  options: BrowserOptions = {},
): Promise<Visited> {
  return visitOn(await openAs(t, world, screen.as, options), world, screen)
}

/** Does the same on a page that its viewer has open already. */
export async function visitOn(page: Page, world: World, screen: Screen): Promise<Visited> {
  let last = { status: 0, text: Promise.resolve('') }
  const note = (response: Response): void => {
    if (!response.request().isNavigationRequest() || response.status() === 303) return
    last = { status: response.status(), text: response.text() }
    // The text is read below, or discarded when another page follows.
    last.text.catch(() => undefined)
  }
  page.on('response', note)
  const baseUrl = baseUrlOf(world, screen)
  const path = typeof screen.at === 'string' ? screen.at : screen.at(world)
  await setFlash(page, baseUrl, path)
  await page.goto(baseUrl + path)
  await screen.doing?.(page, world)
  await page.waitForLoadState()
  page.off('response', note)
  const { endsAt = new URL(path, baseUrl).pathname } = screen
  const wanted = typeof endsAt === 'string' ? endsAt : endsAt(world)
  assert.match(pagePath(page), patternOf(wanted), `${screen.name} leads elsewhere`)
  assert.equal(last.status, screen.status ?? 200, `${screen.name}: ${await last.text}`)
  return { page, markup: await last.text }
}
