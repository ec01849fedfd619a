// The documentation page in a real browser: the Authorize form takes username and password + code, and then it works.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'

import { openBrowser } from '../support/browser.ts'
import { firstAdmin } from '../support/people.ts'
import { start } from '../support/start.ts'

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

test('a person authorises on the documentation page and asks who they are', async (t) => {
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const server = await start(t, { settings: { port: String(port), public_url: origin } })
  const admin = await firstAdmin(server)
  await server.app.listen({ host: 'localhost', port })
  const page = await openBrowser(t)
  const elsewhere: string[] = []
  const errors: string[] = []
  page.on(
    'request',
    (request) =>
      void (
        new URL(request.url()).origin === origin ||
        request.url().startsWith('data:') ||
        elsewhere.push(request.url())
      ),
  )
  page.on('pageerror', (error) => void errors.push(error.message))
  await page.goto(`${origin}/docs`)
  await page.locator('.auth-wrapper .authorize').first().click()
  await page.locator('#oauth_username').fill(admin.username)
  await page.locator('#oauth_password').fill(admin.password + admin.code())
  await page
    .locator('.auth-container', { has: page.locator('#oauth_username') })
    .getByRole('button', { name: 'Apply given OAuth2 credentials' })
    .click()
  await page.getByText('Authorized', { exact: true }).or(page.locator('.auth-container h6')).first().waitFor()
  await page.locator('.btn-done').first().click()
  await page.locator('#operations-account-getMyself').click()
  await page.getByRole('button', { name: 'Try it out' }).click()
  await page.getByRole('button', { name: 'Execute' }).click()
  const answer = page.locator('.live-responses-table .highlight-code').first()
  await answer.waitFor()
  assert.match(await answer.innerText(), new RegExp(`"username": "${admin.username}"`))
  assert.deepEqual(elsewhere, [])
  assert.deepEqual(errors, [])
})
