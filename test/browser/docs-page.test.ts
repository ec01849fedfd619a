// The documentation page in a real browser, as a developer uses it to try the API: authorize, send requests, sign out.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'

import { issueApiToken } from '#domain/api-tokens/api-token.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days } from '#foundation/kernel/time.ts'
import { accessibilityViolations, layoutProblems, loadAxe } from '../support/browser/accessibility.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { firstAdmin, type Person } from '../support/people/people.ts'
import { givePasskey, rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

interface Visit {
  readonly page: Page
  readonly admin: Person
  /** URLs that the page loaded from other servers. */
  readonly foreign: readonly string[]
  /** Errors and warnings of the page and the browser. */
  readonly complaints: readonly string[]
  /** Each request to the API as method, path and status. */
  readonly asked: readonly string[]
}

async function visitDocs(t: TestContext, query = ''): Promise<Visit> {
  const { server, baseUrl: origin } = await listening(t)
  const admin = await firstAdmin(server)
  const page = await openBrowser(t)
  await loadAxe(page)
  const [foreign, complaints, asked]: string[][] = [[], [], []]
  page.on('request', (request) => {
    const { protocol, origin: from } = new URL(request.url())
    if (from !== origin && protocol !== 'data:') foreign?.push(request.url())
  })
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (response.request().resourceType() === 'fetch' && pathname !== '/openapi.json')
      asked?.push(`${response.request().method()} ${pathname} ${response.status()}`)
  })
  page.on('pageerror', ({ message }) => void complaints?.push(message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints?.push(message.text())
  })
  await page.goto(`${origin}/docs${query}#getMyself`)
  await page.locator('#operations-Account-getMyself').waitFor()
  return { page, admin, foreign: foreign ?? [], complaints: complaints ?? [], asked: asked ?? [] }
}

/** The form for username and password; opens its dialog where it is closed. */
async function authorizeForm(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Authorize', exact: true }).first().click()
  const form = page
    .locator('.auth-container', { has: page.getByText('password', { exact: true }) })
    .filter({ hasText: '/token' })
  await form.waitFor()
  return form
}

/** Executes an operation on the page; returns the status and body that the page shows. */
async function execute(page: Page, operation: string): Promise<{ status: string; body: string }> {
  const block = page.locator(`#operations-${operation}`)
  const isOpen = await block.getByRole('button', { name: 'Execute' }).isVisible()
  if (!isOpen) await block.getByRole('button', { name: 'Try it out' }).click()
  const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch')
  await block.getByRole('button', { name: 'Execute' }).click()
  const status = String((await answered).status())
  const row = block.locator('.live-responses-table .response', { hasText: status })
  await row.waitFor()
  return { status: (await row.locator('.response-col_status').innerText()).trim(), body: await row.innerText() }
}

leaveToTestAll()

test('after a wrong code that the page reports, a user authorizes with password and code and reads the own record; the next visit remembers nothing', async (t) => {
  const { page, admin, foreign, complaints, asked } = await visitDocs(t)
  const form = await authorizeForm(page)
  await form.locator('#oauth_username').fill(admin.username)
  await form.locator('#oauth_password').fill(`${admin.password}000000`)
  await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
  await form.locator('.errors').waitFor()
  assert.match(await form.locator('.errors').innerText(), /Unauthorized/)

  await form.locator('#oauth_password').fill(admin.password + admin.code())
  await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
  await form.getByText('Authorized', { exact: true }).waitFor()
  await page.locator('.modal-ux .btn-done').first().click()
  const { status, body } = await execute(page, 'Account-getMyself')
  assert.equal(status.split(/\s/)[0], '200')
  assert.match(body, new RegExp(`"username": "${admin.username}"`))
  assert.deepEqual(asked, ['POST /token 401', 'POST /token 200', 'GET /users/me 200'])

  const kept = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  )
  assert.ok(!kept.includes('dwa_'), kept)
  const address = page.url()
  assert.match(address, /\/docs#getMyself$/)
  await page.goto('about:blank')
  await page.goto(address)
  assert.equal((await execute(page, 'Account-getMyself')).status.split(/\s/)[0], '401')
  assert.deepEqual(foreign, [])
  // The browser itself reports the answers 401, and a style attribute that the policy blocks and nothing depends on.
  const grave = complaints.filter((text) => !/status of 401|^Applying inline style violates/.test(text))
  assert.deepEqual(grave, [])
})

/** The parameters by which other pages with this library may be made to show another description. */
const OTHER_DESCRIPTION =
  '?url=https://attacker.example/openapi.json&configUrl=https://attacker.example/config.json&urls.primaryName=attacker'

test('a user with only a passkey authorizes with an API token, as the page says first, or by the session of the browser; axe finds nothing on the way', async (t) => {
  const { page, admin, foreign } = await visitDocs(t, OTHER_DESCRIPTION)
  const { server, username } = admin
  const ctx = server.operator()
  await givePasskey(admin)
  const user = await rowOf(admin)
  await server.doorward.db.deleteFrom('totp_factor').where('subject', '=', user.subject).execute()
  await page.getByText('How to authorize').click()
  assert.match(
    await page.locator('details', { hasText: 'How to authorize' }).innerText(),
    /authorize\s+Anyone: an API token\./,
  )
  const { token } = await startSession(ctx, { user, methods: ['passkey'], transport: 'cookie' })
  await page.context().addCookies([{ name: 'session', value: token.reveal(), url: page.url() }])
  const bySession = await execute(page, 'Account-getMyself')
  assert.match(bySession.body, new RegExp(`"username": "${username}"`))

  assert.deepEqual(await accessibilityViolations(page, 'light and dark'), [])
  assert.doesNotMatch(await page.locator('body').innerText(), /swagger|smartbear/i)

  await page.context().clearCookies()
  const scopes = ['self:read'] as const
  const wanted = { name: 'Docs', scopes, expiresAt: ctx.now + days(1) }
  const made = await inTransaction(ctx, (tx) => issueApiToken(tx, user, wanted, true))
  await page.getByRole('button', { name: 'Authorize', exact: true }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Available authorizations' })
  assert.deepEqual(await dialog.getByRole('textbox').evaluateAll(idsOf), [
    'auth-bearer-value',
    'oauth_username',
    'oauth_password',
    'api_key_value',
  ])
  assert.deepEqual(await accessibilityViolations(page, 'one appearance', '.dialog-ux'), [])
  await page.keyboard.press('Shift+Tab')
  const outside = '.top :focus, summary:focus, .search :focus, .auth-wrapper > :focus'
  assert.equal(await page.locator(outside).count(), 0, 'the focus leaves the dialog')
  const first = page.locator('.auth-container').first()
  assert.match(await first.innerText(), /^bearer/)
  await first.locator('input').fill(made.token.reveal())
  await first.getByRole('button', { name: 'Apply credentials' }).click()
  await page.locator('.modal-ux .btn-done').first().click()
  const byToken = await execute(page, 'Account-getMyself')
  assert.equal(byToken.status.split(/\s/)[0], '200')

  await page.getByRole('button', { name: 'Authorize', exact: true }).first().click()
  await first.getByRole('button', { name: 'Remove authorization' }).click()
  await first.locator('input').waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  assert.match(await page.locator(':focus').innerText(), /^Authorize/)
  assert.equal((await execute(page, 'Account-getMyself')).status.split(/\s/)[0], '401')
  assert.deepEqual(foreign, [])
  assert.deepEqual(await layoutProblems(page, 'one appearance'), [])
})

function idsOf(fields: readonly Element[]): string[] {
  return fields.map(({ id }) => id)
}

test('operations fold, and Swagger UI is loaded for the one that is opened; what was authorized stays, and a search finds by words', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await firstAdmin(server)
  const page = await openBrowser(t)
  await loadAxe(page)
  const loaded: string[] = []
  page.on('request', (request) => void loaded.push(new URL(request.url()).pathname))
  await page.goto(`${baseUrl}/docs`)
  assert.ok(!loaded.some((path) => /swagger|openapi/.test(path)), loaded.join(' '))
  assert.deepEqual(await accessibilityViolations(page, 'light and dark'), [])
  assert.deepEqual(await layoutProblems(page, 'one appearance'), [])

  const rows = page.locator('.operation > summary')
  assert.equal(await rows.locator('visible=true').count(), 0)
  await page.getByLabel('Search the operations').fill('users:write second disable')
  assert.deepEqual(await rows.locator('visible=true').allInnerTexts().then(wordsOf), [
    'POST /users/{id}/disable Disable a user users:write second admin',
  ])
  assert.equal(await page.locator('#found').innerText(), '1 operation')
  assert.deepEqual(await accessibilityViolations(page, 'light and dark'), [])

  await page.keyboard.press('Tab')
  for (let stops = 0; !(await rows.locator('visible=true').first().evaluate(hasFocus)) && stops < 9; stops += 1)
    await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator('#operations-Administration-disableUser').waitFor()
  assert.equal(new URL(page.url()).hash, '#disableUser')
  const form = await authorizeForm(page)
  await form.locator('#oauth_username').fill(admin.username)
  await form.locator('#oauth_password').fill(admin.password + admin.code())
  await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click()
  await form.getByText('Authorized', { exact: true }).waitFor()
  await page.locator('.modal-ux .btn-done').first().click()

  await page.getByLabel('Search the operations').fill('who am i')
  await rows.locator('visible=true').first().click()
  const { status } = await execute(page, 'Account-getMyself')
  assert.equal(status.split(/\s/)[0], '200')
  assert.equal(await page.locator('.operation[open]').count(), 1)
  assert.deepEqual(await layoutProblems(page, 'one appearance'), [])
})

function wordsOf(texts: readonly string[]): string[] {
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim())
}

function hasFocus(element: Element): boolean {
  return element === document.activeElement
}

test('the body of a change can be written, and its schema read', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/docs#changeMyself`)
  await page.getByRole('button', { name: 'Try it out' }).click()
  const body = page.locator('.body-param__text')
  await body.waitFor()
  assert.match(await body.inputValue(), /"full_name"/)
  await page.getByRole('button', { name: 'Execute' }).waitFor()
})
