// Sign-in and re-authentication with every second factor, in a real browser with its own authenticator.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { minutes } from '#foundation/kernel/time.ts'
import { SoftwareAuthenticator } from '../../clients/test/src/software-authenticator.ts'
import { BrowserAuthenticator, type Habits } from '../support/browser/browser-passkeys.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { pagePath, press, send, signOut } from '../support/browser/page-actions.ts'
import { firstAdmin, PASSWORD, type Person } from '../support/people/people.ts'
import { givePasskey, giveRecoveryCodes } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Listening, listening } from '../support/server/listening.ts'

interface Scene extends Listening {
  readonly root: Person
  readonly page: Page
  readonly authenticator: BrowserAuthenticator
}

/** An admin with an app and a passkey, and a browser that has the passkey. */
async function withPasskey(t: TestContext, habits: Habits = {}): Promise<Scene> {
  const main = await listening(t)
  const root = await firstAdmin(main.server)
  const [passkey] = (await givePasskey(root)).passkeys
  assert.ok(passkey)
  const page = await openBrowser(t)
  const authenticator = await BrowserAuthenticator.in(page, habits)
  await authenticator.keeps(passkey)
  return { ...main, root, page, authenticator }
}

async function isSignedIn(page: Page, path = '/account'): Promise<void> {
  await page.getByRole('banner').getByText('root', { exact: true }).waitFor()
  assert.equal(pagePath(page), path)
}

/** The methods of the browser's sessions, the newest last. */
async function methodsOf({ server }: Listening): Promise<string[]> {
  const rows = await server.doorward.db
    .selectFrom('session')
    .select('methods')
    .where('transport', '=', 'cookie')
    .orderBy('started_at')
    .execute()
  return rows.map(({ methods }) => methods)
}

/** The text of the page's alert. */
function problemOn(page: Page): Promise<string> {
  return page.getByRole('alert').innerText()
}

/** Sends the password, up to the second step. */
async function provesPassword(page: Page, baseUrl: string, next = ''): Promise<void> {
  await page.goto(`${baseUrl}/sign-in${next}`)
  await send(page, { username: 'root', 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
}

leaveToTestAll()

test('a passkey signs in from the username field, without a name and without a button', async (t) => {
  const scene = await withPasskey(t)
  await scene.page.goto(`${scene.baseUrl}/sign-in?next=%2Faccount%2Fsecurity`)
  await isSignedIn(scene.page, '/account/security')
  assert.deepEqual(await methodsOf(scene), ['passkey'])
})

test('a browser that signed in with a passkey last shows its button first, until a password is used', async (t) => {
  const { page, baseUrl, authenticator, root } = await withPasskey(t, { isTouched: false })
  const isFirst = async (): Promise<boolean> => {
    await page.goto(`${baseUrl}/sign-in`)
    const button = await page.getByRole('button', { name: 'Sign in with a passkey' }).boundingBox()
    const name = await page.locator('#username').boundingBox()
    assert.ok(button && name)
    return button.y < name.y
  }
  assert.equal(await isFirst(), false)
  await authenticator.touched(true)
  await press(page, 'Sign in with a passkey')
  await isSignedIn(page)
  await signOut(page)
  await authenticator.touched(false)
  assert.equal(await isFirst(), true)
  await page.fill('#username', root.username)
  await page.fill('#current-password', PASSWORD)
  await page.press('#current-password', 'Enter')
  await page.waitForURL('**/sign-in/second-step')
  assert.equal(await isFirst(), false)
})

test('a passkey signs in by the button, and the request in the field is aborted', async (t) => {
  const { page, baseUrl, authenticator } = await withPasskey(t, { isTouched: false })
  await page.goto(`${baseUrl}/sign-in`)
  assert.equal(await page.getAttribute('#username', 'autocomplete'), 'username webauthn')
  await authenticator.touched(true)
  await press(page, 'Sign in with a passkey')
  await isSignedIn(page)
})

test('a closed prompt shows no error, and the page continues as before', async (t) => {
  const { baseUrl } = await withPasskey(t)
  const page = await openBrowser(t)
  await BrowserAuthenticator.in(page)
  await page.goto(`${baseUrl}/sign-in`)
  await press(page, 'Sign in with a passkey')
  const note = page.locator('[data-passkey-note]')
  // The note said to follow the prompt, and is empty once the prompt has closed.
  await note.and(page.locator(':empty')).waitFor({ state: 'attached' })
  assert.equal(pagePath(page), '/sign-in')
  assert.equal(await page.getByRole('alert').count(), 0)
  assert.equal(await page.textContent('#status'), '')
  await send(page, { username: 'root', 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
})

test('where the browser supports no passkeys for the URL, the page names the one where it does', async (t) => {
  const { baseUrl, page } = await withPasskey(t)
  const elsewhere = baseUrl.replace('localhost', '127.0.0.1')
  await page.goto(`${elsewhere}/sign-in`)
  await press(page, 'Sign in with a passkey')
  const said = `Passkeys work only at ${baseUrl}. Open this page there.`
  await page.locator('[data-passkey-note]').getByText(said, { exact: true }).waitFor()
  assert.equal(await page.textContent('#status'), said)
  await provesPassword(page, elsewhere)
})

/** Disables passkeys in the field: a passkey that is touched automatically would also answer on the page with the error. */
async function withoutAutofill(page: Page): Promise<void> {
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = async () => false')
}

test('an unknown passkey and a late one are reported on the sign-in page', async (t) => {
  const { server, baseUrl, page } = await withPasskey(t)
  await withoutAutofill(page)
  await page.goto(`${baseUrl}/sign-in`)
  server.clock.pass(minutes(6))
  await press(page, 'Sign in with a passkey')
  await page.getByRole('alert').waitFor()
  assert.match(await problemOn(page), /took too long or was already used/)
  assert.match(await page.title(), /^Error: Sign in/)

  const otherPage = await openBrowser(t)
  await withoutAutofill(otherPage)
  const other = new SoftwareAuthenticator({ origin: baseUrl })
  other.register({ rp: { id: 'localhost' }, user: { id: 'bm9ib2R5' }, challenge: '' })
  const [unknown] = other.passkeys
  assert.ok(unknown)
  await (await BrowserAuthenticator.in(otherPage)).keeps(unknown)
  await otherPage.goto(`${baseUrl}/sign-in`)
  await press(otherPage, 'Sign in with a passkey')
  await otherPage.getByRole('alert').waitFor()
  assert.match(await problemOn(otherPage), /That passkey didn’t work/)
})

test('a password and a passkey: the second step asks for the passkey first, and offers the other factors', async (t) => {
  const scene = await withPasskey(t, { isTouched: false })
  const { page, baseUrl, authenticator } = scene
  await provesPassword(page, baseUrl, '?next=%2Faccount%2Fsecurity')
  const links = page.getByRole('main').getByRole('listitem')
  assert.deepEqual(await links.allInnerTexts(), ['Use a code from your authenticator app', 'Use a recovery code'])
  await authenticator.touched(true)
  await press(page, 'Use your passkey')
  await isSignedIn(page, '/account/security')
  assert.deepEqual(await methodsOf(scene), ['password passkey'])
})

test('a passkey without user verification is a second factor, and does not replace the password', async (t) => {
  const scene = await withPasskey(t, { verifies: false })
  const { page, baseUrl } = scene
  await page.goto(`${baseUrl}/sign-in`)
  await press(page, 'Sign in with a passkey')
  await page.locator('[data-passkey-note]:empty').waitFor({ state: 'attached' })
  assert.equal(pagePath(page), '/sign-in', 'Chromium itself does not use it so')
  await send(page, { username: 'root', 'current-password': PASSWORD })
  await press(page, 'Use your passkey')
  await isSignedIn(page)
  assert.deepEqual(await methodsOf(scene), ['password passkey'])
})

test('a user who cannot use the passkey chooses the app, at its own URL', async (t) => {
  const { page, baseUrl, root } = await withPasskey(t, { isTouched: false })
  await provesPassword(page, baseUrl)
  await page.getByRole('link', { name: 'Use a code from your authenticator app' }).click()
  assert.equal(new URL(page.url()).searchParams.get('way'), 'totp')
  await send(page, { code: '000000' })
  assert.match(await page.innerText('main'), /That code didn’t match/)
  assert.equal(await page.locator('#code').count(), 1, 'a wrong code leads to another factor')
  await send(page, { code: root.code() })
  await isSignedIn(page)
})

for (const javaScript of [true, false]) {
  test(`a recovery code gets in and says how many are left (${javaScript ? 'with' : 'without'} JavaScript)`, async (t) => {
    const main = await listening(t)
    const root = await firstAdmin(main.server)
    await givePasskey(root)
    const codes = await giveRecoveryCodes(root)
    const page = await openBrowser(t, { javaScript })
    await provesPassword(page, main.baseUrl, '?next=%2Faccount%2Fsecurity')
    if (!javaScript)
      assert.match(await page.innerText('main'), /Passkeys need JavaScript, which is off in this browser/)
    await page.getByRole('link', { name: 'Use a recovery code' }).click()
    const field = page.getByLabel('Recovery code')
    for (const [name, value] of [
      ['autocomplete', 'off'],
      ['autocapitalize', 'none'],
      ['spellcheck', 'false'],
      ['name', 'recovery_code'],
    ] as const)
      assert.equal(await field.getAttribute(name), value)
    assert.match(await page.innerText('main'), /works once/)
    await send(page, { 'recovery-code': 'abcd-efgh' })
    assert.match(await page.innerText('main'), /That recovery code isn’t right/)
    assert.equal(await field.inputValue(), '')
    await send(page, { 'recovery-code': codes[0]?.toUpperCase().replaceAll('-', ' ') ?? '' })
    assert.equal(pagePath(page), '/account/recovered')
    assert.match(await page.innerText('main'), /Recovery code used\. 9 left\./)
    assert.equal(await page.getByRole('link', { name: 'Generate new codes' }).count(), 0)
    const replace = page.getByRole('link', { name: 'Set up a new one' })
    assert.match((await replace.getAttribute('href')) ?? '', /^\/account\/security\/app\/replace\//)
    await page.getByRole('link', { name: 'Continue' }).click()
    await isSignedIn(page, '/account/security')
    assert.deepEqual(await methodsOf(main), ['password recovery-code'])
  })
}

test('a used recovery code is reported, and from three left on new ones are offered', async (t) => {
  const main = await listening(t)
  const root = await firstAdmin(main.server)
  const [first = '', ...codes] = await giveRecoveryCodes(root)
  const { db } = main.server.doorward
  const rows = await db.selectFrom('recovery_code').select('id').orderBy('id').execute()
  await db
    .updateTable('recovery_code')
    .set({ consumed_at: main.server.clock.now() })
    .where(
      'id',
      'in',
      rows.slice(0, 6).map(({ id }) => id),
    )
    .execute()
  const page = await openBrowser(t)
  await provesPassword(page, main.baseUrl)
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  await send(page, { 'recovery-code': first })
  assert.match(await page.innerText('main'), /That recovery code was already used/)
  await send(page, { 'recovery-code': codes.at(-1) ?? '' })
  assert.match(await page.innerText('main'), /Recovery code used\. 3 left\./)
  await page.getByRole('link', { name: 'Generate new codes' }).waitFor()
})

test('a passkey alone re-authenticates, and the session gets another token', async (t) => {
  const scene = await withPasskey(t)
  const { page, baseUrl, server } = scene
  await page.goto(`${baseUrl}/sign-in`)
  await isSignedIn(page)
  const before = await page.context().cookies()
  server.clock.pass(minutes(11))
  await page.goto(`${baseUrl}/account/delete`)
  assert.equal(pagePath(page), '/confirm')
  assert.equal(await page.locator('#current-password').count(), 0, 'the password is asked for nothing')
  assert.match(await page.innerText('main'), /Use your passkey to continue/)
  await press(page, 'Use your passkey')
  await page.getByText('Confirmed. We won’t ask again until').waitFor()
  assert.equal(pagePath(page), '/account/delete')
  const tokenIn = (cookies: typeof before): string | undefined => cookies.find(({ name }) => name === 'session')?.value
  assert.notEqual(tokenIn(await page.context().cookies()), tokenIn(before))
})

test('a passkey without user verification re-authenticates with the password; so does a recovery code', async (t) => {
  const { page, baseUrl, root, server, authenticator } = await withPasskey(t, { verifies: false, isTouched: false })
  const [code = ''] = await giveRecoveryCodes(root)
  await provesPassword(page, baseUrl)
  await authenticator.touched(true)
  await press(page, 'Use your passkey')
  await isSignedIn(page)
  server.clock.pass(minutes(11))
  await page.goto(`${baseUrl}/account/delete`)
  await press(page, 'Use your passkey')
  await page.getByRole('alert').waitFor()
  assert.match(await problemOn(page), /Enter your password, then use the passkey again/)
  await page.fill('#current-password', PASSWORD)
  await press(page, 'Use your passkey')
  await page.getByText('Confirmed. We won’t ask again until').waitFor()

  server.clock.pass(minutes(11))
  await page.goto(`${baseUrl}/account/delete`)
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  assert.equal(await page.getByRole('link', { name: 'Use a code from your authenticator app' }).count(), 0, 'too weak')
  await send(page, { 'current-password': 'wrong', 'recovery-code': code })
  assert.match(await problemOn(page), /That password and recovery code didn’t match/)
  await send(page, { 'current-password': PASSWORD, 'recovery-code': code })
  await page.getByText('Confirmed. We won’t ask again until').waitFor()
  assert.equal(pagePath(page), '/account/delete')
})
