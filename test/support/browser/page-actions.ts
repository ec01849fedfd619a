// Actions on pages as a user performs them: type, press, move with the Tab key.
import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

import { Authenticator } from '../../../clients/test/src/codes.ts'
import type { Person } from '../people/people.ts'
import { runsScripts } from './browser.ts'

/** The path of the page that is open. */
export function pagePath(page: Page): string {
  return new URL(page.url()).pathname
}

/**
 * Fills the fields with these ids and presses the button, unless the last digit of a code submits the form by itself. Resolves
 * when the next page has loaded.
 */
export async function send(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  await moveOn(page, async () => {
    for (const [id, text] of Object.entries(fields)) {
      const isSent = await sendsItself(page, id, text)
      await page.fill(`#${id}`, text)
      if (isSent) return
    }
    await submit(page)
  })
}

/** Presses the button of the first form inside `main`, but none in it that sends another form; the frame around it has forms of its own. */
async function submit(page: Page): Promise<void> {
  await page.locator('main form button[type=submit]:not([form])').first().click()
}

async function sendsItself(page: Page, id: string, text: string): Promise<boolean> {
  if (!runsScripts(page)) return false
  const digits = text.replaceAll(/\D/g, '').length
  return (await page.locator(`#${id}[data-sends-itself="${digits}"]`).count()) > 0
}

/**
 * Runs an action that navigates, and waits until the next page has loaded. The current page is loaded completely before:
 * its scripts may not listen earlier, and its own `load` event could be taken for that of the next page.
 */
export async function moveOn(page: Page, leave: () => Promise<unknown>): Promise<void> {
  await page.waitForLoadState('load')
  const arrived = page.waitForEvent('framenavigated', (frame) => frame === page.mainFrame())
  await Promise.all([arrived, leave()])
  await page.waitForLoadState('load')
}

/** Presses the button inside `main` with this name. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click()
}

/** Opens the menu behind the face of the user in the bar. */
export async function openAccountMenu(page: Page): Promise<void> {
  await page.locator('.who > summary').click()
}

export async function signOut(page: Page): Promise<void> {
  await openAccountMenu(page)
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click()
}

/** Signs a user in with password and code, from the sign-in page on. */
export async function signsInAt(page: Page, baseUrl: string, person: Person): Promise<void> {
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: person.username, 'current-password': person.password })
  await send(page, { code: person.code() })
  await page.getByRole('banner').getByText(person.username, { exact: true }).waitFor()
}

/** Re-authenticates with password and code on the page that a sensitive action redirects to. */
export async function confirms(page: Page, person: Person): Promise<void> {
  assert.equal(pagePath(page), '/confirm')
  await send(page, { 'current-password': person.password, code: person.code() })
}

/** The authenticator app of the key on the page. Asserts that the link has the same key and that the QR code is large enough. */
export async function appFrom(page: Page): Promise<Authenticator> {
  const key = (await page.textContent('#setup-key'))?.replaceAll(/\s/g, '') ?? ''
  const link = await page.getAttribute('#open-app', 'href')
  assert.equal(new URL(link ?? '').searchParams.get('secret'), key)
  const { width = 0 } = (await page.locator('.qr svg').boundingBox()) ?? {}
  assert.ok(width >= 200, `the QR code is ${width} px wide`)
  return new Authenticator(key)
}

/** Asserts that the page offers the second factors, or waits until a browser without scripts has gone on to the only one it can set up. */
export async function arrivesAtEnrolment(page: Page): Promise<void> {
  if (runsScripts(page)) assert.equal(pagePath(page), '/enrolment')
  else await page.waitForURL('**/enrolment/app')
}

/** Chooses the app among the factors of an enrolment; without scripts the page goes on to it by itself. */
export async function choosesApp(page: Page): Promise<void> {
  if (!runsScripts(page)) return page.waitForURL('**/enrolment/app')
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Authenticator app/ })
    .click()
}

/** Confirms that the recovery codes were saved, and continues. */
export async function savesCodes(page: Page): Promise<void> {
  await page.check('#saved')
  await press(page, 'Continue')
}

/** Presses the Tab key until the element has the focus; asserts at each stop that the focus is visible. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if ((await page.locator(':focus').count()) > 0) {
      await assertFocusIsSeen(page)
      if (await wanted.evaluate((element) => element === document.activeElement)) return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`the Tab key does not lead to ${String(wanted)} on ${page.url()}`)
}

/** Asserts that the focused element has an outline of at least two pixels, is on the screen and is not covered. */
export async function assertFocusIsSeen(page: Page): Promise<void> {
  const { ring, isOnScreen, markup } = await page.locator(':focus').evaluate((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const { left, top, width, height } = element.getBoundingClientRect()
    const seen = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, innerHeight / 2))
    return {
      ring: outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth),
      isOnScreen: seen !== null && (element.contains(seen) || seen.contains(element)),
      markup: element.outerHTML.slice(0, 200),
    }
  })
  assert.ok(ring >= 2, `its focus is not visible: ${markup}`)
  assert.ok(isOnScreen, `it has the focus and is hidden: ${markup}`)
}

/** Counts the actions of a user on a page: opening a page, filling a field, scanning a code, pressing a button. */
export class ActionCounter {
  readonly page: Page
  actions = 0

  constructor(page: Page) {
    this.page = page
  }

  async opens(url: string): Promise<void> {
    this.actions += 1
    await this.page.goto(url)
  }

  async types(id: string, text: string): Promise<void> {
    this.actions += 1
    await this.page.fill(`#${id}`, text)
  }

  /** Types a code, and presses the button where the code does not submit itself. */
  async sendsCode(code: string): Promise<void> {
    this.actions += (await sendsItself(this.page, 'code', code)) ? 1 : 2
    await send(this.page, { code })
  }

  async scans(): Promise<Authenticator> {
    this.actions += 1
    return appFrom(this.page)
  }

  /** Follows the link of a factor whose name begins with these words. */
  async chooses(words: string): Promise<void> {
    this.actions += 1
    const name = new RegExp(`^${RegExp.escape(words)}`)
    await this.page.getByRole('main').getByRole('link', { name }).first().click()
  }

  async ticks(id: string): Promise<void> {
    this.actions += 1
    await this.page.check(`#${id}`)
  }

  /** Presses the button or link inside `main` with this name. */
  async presses(words: string): Promise<void> {
    this.actions += 1
    const main = this.page.getByRole('main')
    const name = new RegExp(`^${RegExp.escape(words)}$`)
    await main.getByRole('button', { name }).or(main.getByRole('link', { name })).first().click()
  }
}
