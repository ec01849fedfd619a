// The browser of the tests in this folder: a real one, whose scripts can be switched off, and which reaches only this machine.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { openBrowser } from '../support/browser/browser.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const html = `<!doctype html><title>Here</title><p id="said">without scripts</p>
<script>document.getElementById('said').textContent = 'with scripts'</script>`

leaveToTestAll()

test('a page of this machine is rendered, with its scripts on or off', async (t) => {
  const url = await servedPage(t)
  for (const [javaScript, said] of [
    [true, 'with scripts'],
    [false, 'without scripts'],
  ] as const) {
    const page = await openBrowser(t, { javaScript })
    await page.goto(url)
    assert.equal(await page.title(), 'Here')
    assert.equal(await page.locator('#said').textContent(), said)
    const box = await page.locator('#said').boundingBox()
    assert.ok(box !== null && box.width > 0 && box.height > 0)
  }
})

test('two pages opened by tests share no cookies', async (t) => {
  const url = await servedPage(t)
  const [one, other] = [await openBrowser(t), await openBrowser(t)]
  await one.context().addCookies([{ name: 'only', value: 'here', url }])
  assert.equal((await one.context().cookies()).length, 1)
  assert.equal((await other.context().cookies()).length, 0)
})

test('the browser reaches no other machine, neither by name nor by number', async (t) => {
  const page = await openBrowser(t)
  for (const elsewhere of ['http://example.com/', 'http://192.0.2.1/', 'http://[2001:db8::1]/']) {
    await assert.rejects(page.goto(elsewhere), /ERR_NAME_NOT_RESOLVED/, elsewhere)
  }
})

async function servedPage(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}
