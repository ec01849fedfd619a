// Opening a screen of the list in a browser, as the viewer it is for.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Page, Response } from 'playwright-core'

import { openBrowser } from './browser.ts'
import type { BrowserOptions } from './browser.ts'
import type { Screen } from './screen.ts'
import { placeOf } from './page-actions.ts'
import type { Viewer, World } from '../server/populated-server.ts'

export interface Visited {
  readonly page: Page
  /** The page as the server sent it. */
  readonly markup: string
}

/** A browser in which the viewer is where they are: a stranger, half signed in, signed in. */
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

/** Leaves in the browser's profile what the viewer has there, and nothing else. */
export async function becomes(page: Page, world: World, viewer: Viewer): Promise<void> {
  const home = HOMES[viewer]
  const { address } = home === undefined ? world : world[home]
  const [name, value] = world.cookies[viewer].split('=')
  await page.context().clearCookies()
  if (name && value) await page.context().addCookies([{ name, value, url: address }])
}

/** Who is signed in to another server than most. */
const HOMES: Partial<Record<Viewer, 'empty' | 'ailing'>> = { founder: 'empty', unlucky: 'ailing' }

function addressOf(world: World, { on, under = 'localhost' }: Screen): string {
  const { address } = on === undefined ? world : world[on]
  return address.replace('localhost', under)
}

/** What a form leaves for the page that says it is done. */
async function leavesWord(page: Page, address: string, path: string): Promise<void> {
  const word = new URL(path, address).searchParams.get('done')
  if (word !== null) await page.context().addCookies([{ name: 'done', value: word, url: address }])
}

/** Opens a screen in a new browser and brings its state about; fails where that leads to another place or status than the list says. */
export async function visit(
  t: TestContext,
  world: World,
  screen: Screen,
  options: BrowserOptions = {},
): Promise<Visited> {
  return visitOn(await openAs(t, world, screen.as, options), world, screen)
}

/** The same on a page that its viewer has open already. */
export async function visitOn(page: Page, world: World, screen: Screen): Promise<Visited> {
  let last = { status: 0, text: Promise.resolve('') }
  const note = (response: Response): void => {
    if (!response.request().isNavigationRequest() || response.status() === 303) return
    last = { status: response.status(), text: response.text() }
    // Read below, or overtaken by the next page.
    last.text.catch(() => undefined)
  }
  page.on('response', note)
  const address = addressOf(world, screen)
  const path = typeof screen.at === 'string' ? screen.at : screen.at(world)
  await leavesWord(page, address, path)
  await page.goto(address + path)
  await screen.doing?.(page, world)
  await page.waitForLoadState()
  page.off('response', note)
  assert.equal(placeOf(page), screen.endsAt ?? new URL(path, address).pathname, `${screen.name} leads elsewhere`)
  assert.equal(last.status, screen.status ?? 200, `${screen.name}: ${await last.text}`)
  return { page, markup: await last.text }
}
