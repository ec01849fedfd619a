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
  const all = loads.reduce((sum, { bytes }) => sum + bytes, 0)
  assert.ok(loads.length > 2)
  assert.ok(all <= IN_ALL, `all of it takes ${all} bytes: ${JSON.stringify(loads, null, 1)}`)
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
