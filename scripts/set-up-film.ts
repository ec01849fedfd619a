// The film of the README: the first admin's set-up, each page as Chromium shows it.
import { writeFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'

import { openBrowser } from '#test/support/browser/browser.ts'
import { appFrom, choosesApp, moveOn, savesCodes, send } from '#test/support/browser/page-actions.ts'
import { PASSWORD } from '#test/support/people/people.ts'
import { listening } from '#test/support/server/listening.ts'
import { issueSetupLink } from '#use-cases/onboarding/setup.service.ts'
import { animatedPng, type Frame } from './animated-png.ts'
import { waitForTypeface } from './typeface-for-pictures.ts'

/** Few plays, since a picture that never rests draws the eyes from the text. */
const PLAYS = 3

/** Films a set-up in one theme and writes it to the path. */
export async function filmSetUp(t: TestContext, colorScheme: 'light' | 'dark', path: string): Promise<void> {
  const { server, baseUrl } = await listening(t)
  const { token } = (await issueSetupLink(server.operator())) ?? {}
  const page = await openBrowser(t, {
    viewport: { width: 600, height: 800 },
    deviceScaleFactor: 1.25,
    colorScheme,
    reducedMotion: 'reduce',
  })
  await waitForTypeface(page)
  const frames: Frame[] = []
  const show = async (shown: number): Promise<void> => {
    frames.push({ picture: await page.screenshot({ caret: 'hide' }), shown })
  }
  await page.goto(`${baseUrl}/setup/${token?.reveal()}`)
  await show(1300)
  await page.fill('#username', 'ada')
  await page.fill('#new-password', PASSWORD)
  await show(1300)
  await moveOn(page, () => page.locator('main form button[type=submit]').first().click())
  await show(1700)
  await moveOn(page, () => choosesApp(page))
  const app = await appFrom(page)
  await show(2200)
  await send(page, { code: app.code(server.clock.now()) })
  await show(1700)
  await moveOn(page, () => savesCodes(page))
  // The page after a set-up names folders of this machine.
  await page.goto(`${baseUrl}/account/security`)
  await show(2800)
  await writeFile(path, animatedPng(frames, PLAYS))
}
