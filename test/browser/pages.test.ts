// The pages in a real browser without JavaScript: everything can be done, in every theme and width, and read by everyone.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'

import type { Page } from 'playwright-core'

import { seconds } from '../../src/kernel/time.ts'
import { issueSetupLink } from '../../src/onboarding/setup.service.ts'
import { Authenticator } from '../support/authenticator.ts'
import { openBrowser } from '../support/browser.ts'
import { PASSWORD } from '../support/people.ts'
import { freePort } from '../support/ports.ts'
import { start, type Server } from '../support/start.ts'

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const APPEARANCES = [
  { colorScheme: 'light', forcedColors: 'none', width: 900 },
  { colorScheme: 'dark', forcedColors: 'none', width: 320 },
  { colorScheme: 'light', forcedColors: 'active', width: 320 },
] as const

test('without JavaScript a person sets the server up, signs out and in again, on pages that everyone can read', async (t) => {
  const { server, address } = await listening(t)
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  const page = await openBrowser(t, { javaScript: false })
  const isReadable = await reader(t, address)

  await page.goto(`${address}/setup`)
  await isReadable(page)
  await page.fill('#setup_token', token)
  await page.click('button')
  await isReadable(page)
  await page.fill('#username', 'ada')
  await page.fill('#new-password', 'short')
  await page.click('button')
  await isReadable(page)
  assert.equal(await page.inputValue('#username'), 'ada')
  assert.equal(await page.inputValue('#new-password'), '')
  await page.fill('#new-password', PASSWORD)
  await page.click('button')

  assert.equal(new URL(page.url()).pathname, '/enrolment')
  await isReadable(page)
  const { width = 0 } = (await page.locator('.qr svg').boundingBox()) ?? {}
  assert.ok(width >= 200, `the QR code is ${width} px wide`)
  const authenticator = new Authenticator((await page.textContent('#setup-key'))?.replaceAll(/\s/g, '') ?? '')
  await page.fill('#code', '000000')
  await page.click('button')
  await isReadable(page)
  await page.fill('#code', authenticator.code(server.clock.now()))
  await page.click('button')

  assert.equal(new URL(page.url()).pathname, '/account')
  await isReadable(page)
  await page.click('button')
  await isReadable(page)
  await page.click('main a')
  await page.fill('#username', 'ada')
  await page.fill('#current-password', 'wrong')
  await page.click('button')
  await isReadable(page)
  await page.fill('#current-password', PASSWORD)
  await page.click('button')
  await isReadable(page)
  server.clock.pass(seconds(30))
  await page.fill('#code', authenticator.code(server.clock.now()))
  await page.click('button')
  assert.equal(new URL(page.url()).pathname, '/account')
  await page.goto(`${address}/no-such-page`)
  await isReadable(page)
})

test('the browser keeps only its session, out of reach of scripts, and nothing before the sign-in', async (t) => {
  const { address } = await listening(t)
  const page = await openBrowser(t)
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) foreign.push(request.url())
  })
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  await page.goto(`${address}/sign-in`)
  assert.deepEqual(await page.context().cookies(), [])
  assert.equal(await page.evaluate('document.activeElement.id'), 'username')
  assert.deepEqual(foreign, [])
  assert.deepEqual(complaints, [], 'the content security policy stops something of ours')
})

async function listening(t: TestContext): Promise<{ server: Server; address: string }> {
  const port = await freePort()
  const server = await start(t, { settings: { port: String(port) } })
  await server.app.listen({ host: 'localhost', port })
  return { server, address: `http://localhost:${port}` }
}

/** Looks at copies of the visited page in a second browser, which runs the checks that the first one must not run. */
async function reader(t: TestContext, address: string): Promise<(page: Page) => Promise<void>> {
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
