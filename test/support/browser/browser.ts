// A real Chromium for a test file: started at first use, closed when the file has ended, with a profile for each page.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

import { counter } from '../runner/cost.ts'
import { findChromium } from './chromium.ts'

export type BrowserOptions = Omit<BrowserContextOptions, 'javaScriptEnabled'> & { javaScript?: boolean }

export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Only loopback names resolve, so that no test reaches another machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
]
/** A guard against hanging only: on a quiet machine a page takes a hundredth of it. */
const longestWait = 120_000

let running: Promise<Browser> | undefined
let home: string | undefined
const withoutScripts = new WeakSet<BrowserContext>()

after(async () => {
  await (await running)?.close()
  if (home !== undefined) await rm(home, { recursive: true, force: true })
})

/**
 * Opens a blank page in a new, empty profile; `page.context()` is that profile. It is closed with the test.
 * `javaScript: false` switches scripts off; the other options are Playwright's (viewport, locale, colorScheme …).
 */
export async function openBrowser(
  t: TestContext,
  { javaScript = true, ...options }: BrowserOptions = {},
): Promise<Page> {
  running ??= launch()
  const browser = await running
  const context = await browser.newContext({ ...options, javaScriptEnabled: javaScript })
  if (!javaScript) withoutScripts.add(context)
  t.after(() => context.close())
  context.setDefaultTimeout(longestWait)
  const countPage = counter('pages')
  context.on('request', (request) => {
    if (request.isNavigationRequest() && request.redirectedFrom() === null) countPage()
  })
  return context.newPage()
}

/** Whether the page's own scripts run. What a test evaluates in the page runs in any case. */
export function runsScripts(page: Page): boolean {
  return !withoutScripts.has(page.context())
}

/** The browser gets its own home folder, because the user's may be missing, unreadable or full of settings. */
async function launch(): Promise<Browser> {
  const { executable, env } = findChromium()
  home = await mkdtemp(join(tmpdir(), 'doorward-browser-'))
  const own = { HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, ...env }
  return chromium.launch({
    executablePath: executable,
    args: CHROMIUM_FLAGS,
    env: { ...process.env, ...own },
  })
}
