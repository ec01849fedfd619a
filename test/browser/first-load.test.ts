// What the first visit to the sign-in page loads, and what it stores in the browser.
import assert from 'node:assert/strict'
import type { CDPSession, Page } from 'playwright-core'

import { openBrowser } from '../support/browser/browser.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

/** The size of the first answer on a new connection: ten segments (RFC 6928). */
const FIRST_ROUND_TRIP = 14 * 1024
const IN_ALL = 20 * 1024
/** With the typeface of headings, which no text waits for. */
const WITH_TYPEFACE = 40 * 1024

interface Load {
  readonly type: string
  readonly url: string
  /** The bytes on the wire, with headers. */
  bytes: number
}

/** Records every answer that the page loads from now on, with its bytes on the wire. */
async function loadsOf(page: Page): Promise<() => Load[]> {
  const loads = new Map<string, Load>()
  const protocol: CDPSession = await page.context().newCDPSession(page)
  protocol.on('Network.responseReceived', ({ requestId, type, response }) => {
    loads.set(requestId, { type, url: response.url, bytes: response.encodedDataLength })
  })
  protocol.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const load = loads.get(requestId)
    if (load) load.bytes = encodedDataLength
  })
  await protocol.send('Network.enable')
  await page.goto('about:blank')
  loads.clear()
  return () => [...loads.values()]
}

function sumOf(loads: readonly Load[]): number {
  return loads.reduce((sum, { bytes }) => sum + bytes, 0)
}

leaveToTestAll()

test('the sign-in page is small, loads from this server only, does not shift, and stores nothing in the browser', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  await page.addInitScript(`
    window.shifts = []
    new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: true })`)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  const loaded = await loadsOf(page)
  await page.goto(`${baseUrl}/sign-in`, { waitUntil: 'networkidle' })
  const loads = loaded()
  const document = loads.find(({ type }) => type === 'Document')
  assert.ok(document && document.bytes > 1000)
  assert.ok(document.bytes <= FIRST_ROUND_TRIP, `the page takes ${document.bytes} bytes`)
  assert.ok(loads.length > 3)
  const [fonts = [], others = []] = [true, false].map((isFont) =>
    loads.filter(({ type }) => (type === 'Font') === isFont),
  )
  const [typeface, rest] = [sumOf(fonts), sumOf(others)]
  assert.ok(rest <= IN_ALL, `all but the typeface takes ${rest} bytes: ${JSON.stringify(others, null, 1)}`)
  assert.equal(fonts.length, 1)
  assert.ok(typeface + rest <= WITH_TYPEFACE, `all takes ${typeface + rest} bytes`)
  assert.deepEqual(
    loads.filter(({ url }) => !url.startsWith(baseUrl)),
    [],
  )
  assert.deepEqual(await page.evaluate('shifts'), [])
  assert.deepEqual(await page.context().cookies(), [])
  assert.equal(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length'), '00')
  assert.equal(await page.locator(':focus').getAttribute('id'), 'username')
  assert.deepEqual(complaints, [], 'the content security policy stops something of ours')
})
