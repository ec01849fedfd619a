// Enrolment with a passkey, the recovery codes that are shown once, and the removal of a passkey from the browser.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { seconds } from '#foundation/kernel/time.ts'
import { BrowserAuthenticator } from '../support/browser/browser-passkeys.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import {
  appFrom,
  arrivesAtEnrolment,
  choosesApp,
  pagePath,
  press,
  savesCodes,
  send,
  signOut,
} from '../support/browser/page-actions.ts'
import { invitationPath, stored } from '../support/pages/page-scenes.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Listening, listening } from '../support/server/listening.ts'

interface Scene extends Listening {
  readonly page: Page
}

/** Bob before the choice of a factor, after setting the password. */
async function atChoice(t: TestContext, options: BrowserOptions = {}): Promise<Scene> {
  const main = await listening(t)
  const admin = await (await firstAdmin(main.server)).signsIn()
  const page = await openBrowser(t, options)
  await page.goto(main.baseUrl + (await invitationPath(admin, 'bob')))
  await send(page, { 'new-password': PASSWORD })
  await arrivesAtEnrolment(page)
  return { ...main, page }
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

async function choosesPasskey(page: Page): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('link', { name: /^Passkey/ })
    .click()
}

async function codesOn(page: Page): Promise<string[]> {
  await page.locator('.codes').waitFor()
  return page.locator('.codes li').allInnerTexts()
}

async function credentialIdsOf({ server }: Listening): Promise<string[]> {
  const rows = await server.doorward.db.selectFrom('passkey').select('credential_id').orderBy('created_at').execute()
  return rows.map((row) => row.credential_id)
}

leaveToTestAll()

test('an invited user creates a passkey, saves the recovery codes, and signs in with the passkey alone', async (t) => {
  const scene = await atChoice(t)
  const { page, baseUrl } = scene
  await BrowserAuthenticator.in(page)
  await choosesPasskey(page)
  await page.fill('#name', 'Laptop')
  await press(page, 'Create passkey')
  assert.equal((await codesOn(page)).length, 10)
  await savesCodes(page)
  assert.match(await page.innerText('main'), /You’re all set\. Next time, just use your passkey/)
  await page.goto(`${baseUrl}/account/security`)
  assert.match(await page.innerText('#passkeys'), /Laptop/)
  assert.match(await page.innerText('#recovery-codes'), /10 of 10 left/)
  await signOut(page)
  await page.goto(`${baseUrl}/sign-in`)
  await page.getByRole('banner').getByText('bob', { exact: true }).waitFor()
  assert.equal((await credentialIdsOf(scene)).length, 1)
})

test('closing the prompt is reported, and the app is offered instead', async (t) => {
  const { page, server } = await atChoice(t)
  await choosesPasskey(page)
  await page.evaluate(`navigator.credentials.create = () => Promise.reject(new DOMException('no', 'NotAllowedError'))`)
  await press(page, 'Create passkey')
  await page.getByText('No passkey was created. Try again when you’re ready.').first().waitFor()
  await page.getByRole('link', { name: 'Use an authenticator app instead' }).click()
  await send(page, { code: (await appFrom(page)).code(server.clock.now()) })
  assert.equal((await codesOn(page)).length, 10)
})

test('without scripts the choice leads to the app by itself, and no passkey button is shown', async (t) => {
  const { page } = await atChoice(t, { javaScript: false })
  await page.getByRole('link', { name: 'Use a passkey instead' }).click()
  assert.equal(await page.getByRole('button', { name: 'Create passkey' }).count(), 0)
  assert.match(await page.innerText('main'), /need JavaScript/)
  await page.getByRole('link', { name: 'Use an authenticator app instead' }).click()
  assert.equal(pagePath(page), '/enrolment/app')
})

test('on a phone the authenticator app is opened from the page, the code field is in sight, and the QR code is folded', async (t) => {
  const { page, server } = await atChoice(t, PHONE)
  await choosesApp(page)
  const isFilled = (selector: string): Promise<boolean> =>
    page.locator(selector).evaluate((button) => {
      const colours = [button, button.closest('main') ?? button].map((part) => getComputedStyle(part).backgroundColor)
      return colours[0] !== colours[1]
    })
  const top = async (selector: string): Promise<number> => (await page.locator(selector).boundingBox())?.y ?? Infinity
  assert.ok((await top('#open-app')) < (await top('#setup-key')))
  assert.ok((await top('#setup-key')) < (await top('.scan')))
  assert.ok((await top('#code')) <= 560, `the code field begins at ${await top('#code')} px`)
  assert.deepEqual([await isFilled('#open-app'), await isFilled('main form [type=submit]')], [true, false])
  assert.equal(await page.locator('.qr').isVisible(), false)
  await page.getByText('Scan with another device').tap()
  await page.locator('.qr svg').waitFor()
  const app = await appFrom(page)
  await page.fill('#code', '12')
  assert.deepEqual([await isFilled('#open-app'), await isFilled('main form [type=submit]')], [false, true])
  await send(page, { code: app.code(server.clock.now()) })
  assert.equal((await codesOn(page)).length, 10)
})

test('at a desk the QR code stands open above the setup key and beside the field, which is in sight, with or without scripts', async (t) => {
  const { page } = await atChoice(t, { javaScript: false })
  await choosesApp(page)
  const box = async (selector: string) => (await page.locator(selector).boundingBox()) ?? assert.fail(selector)
  const [code, key] = [await box('.qr svg'), await box('#setup-key')]
  const field = await box('#code')
  assert.ok(code.height >= 200 && code.x + code.width < field.x)
  assert.ok(code.y + code.height < key.y, 'the setup key stands below')
  assert.ok(field.y + field.height < 640, `the code field begins at ${field.y} px`)
  for (const hidden of ['#open-app', '.scan summary']) assert.equal(await page.locator(hidden).isVisible(), false)
})

test('recovery codes are copied, downloaded and printed, and shown once', async (t) => {
  const { page, server, baseUrl } = await atChoice(t, { permissions: ['clipboard-read', 'clipboard-write'] })
  await choosesApp(page)
  await send(page, { code: (await appFrom(page)).code(server.clock.now()) })
  const codes = await codesOn(page)
  const filled = (): Promise<string[]> => page.locator('main .primary').allInnerTexts()
  assert.deepEqual(await filled(), ['Download'])
  const [code] = await page.locator('.codes code').all()
  assert.equal(await code?.evaluate((element) => getComputedStyle(element).fontSize), '15px')
  const saving = page.waitForEvent('download')
  await press(page, 'Download')
  const download = await saving
  assert.deepEqual(await filled(), ['Continue'])
  assert.equal(download.suggestedFilename(), 'recovery-codes.txt')
  const file = await readFile(await download.path(), 'utf8')
  assert.match(file, /^Recovery codes for Doorward\nUsername: bob\nGenerated on /)
  assert.ok(file.includes(codes.join('\n')), file)

  await press(page, 'Copy')
  await page.getByText('Copied').first().waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), codes.join('\n'))

  await page.evaluate('window.print = () => (window.printed = true)')
  await press(page, 'Print')
  assert.equal(await page.evaluate('window.printed'), true)
  await page.emulateMedia({ media: 'print' })
  const onPaper = await page.innerText('body')
  for (const code of codes) assert.ok(onPaper.includes(code), `${code} is not on the paper`)
  assert.doesNotMatch(onPaper, /Continue|I saved|Not you|Copy/)
  await page.emulateMedia({ media: 'screen' })

  // The browser requires the box, and so does the server.
  await press(page, 'Continue')
  assert.equal(await page.locator('#saved:invalid').count(), 1)
  await page.locator('#saved').evaluate((box) => box.removeAttribute('required'))
  await press(page, 'Continue')
  await page.getByText('Check the box once you’ve saved them, or generate new ones.').waitFor()
  assert.equal(await page.locator(':focus').getAttribute('id'), 'saved')
  assert.doesNotMatch(await page.innerText('main'), new RegExp(codes[0] ?? ''))
  await savesCodes(page)
  assert.equal(pagePath(page), '/account')
  await page.goto(`${baseUrl}/account/security`)
  const stored = JSON.stringify(await server.doorward.db.selectFrom('recovery_code').selectAll().execute())
  for (const code of codes) assert.ok(!stored.includes(code.replaceAll('-', '').slice(3)), 'a code is stored in plain')
})

test('the browser is signalled exactly the passkeys that are left after a removal', async (t) => {
  const scene = await atChoice(t)
  const { page, baseUrl } = scene
  await page.addInitScript(`
    if (window.PublicKeyCredential) PublicKeyCredential.signalAllAcceptedCredentials = (accepted) => {
      (window.signals ??= []).push(accepted)
      return Promise.resolve()
    }`)
  await BrowserAuthenticator.in(page)
  await choosesPasskey(page)
  await press(page, 'Create passkey')
  await savesCodes(page)
  // The same device adds no second passkey; another device may.
  await page.goto(`${baseUrl}/account/security/passkeys/new`)
  await press(page, 'Create passkey')
  await page.getByText('This device already has a passkey for you.').first().waitFor()
  scene.server.clock.pass(seconds(1))
  await givePasskey({ server: scene.server, username: 'bob' })
  const [first, second] = await credentialIdsOf(scene)
  assert.ok(first && second)
  await page.goto(`${baseUrl}/account/security`)
  assert.equal(await page.evaluate('window.signals'), undefined, 'the browser is signalled without a reason')
  const removals = page.locator('#passkeys a', { hasText: 'Remove' })
  await page.locator('#passkeys summary').first().click()
  await removals.first().click()
  await press(page, 'Remove passkey')
  await page.getByText('Passkey removed.').waitFor()
  await page.waitForLoadState()
  const { subject } = await stored(scene.server, 'bob')
  const userId = Buffer.from(subject).toString('base64url')
  assert.deepEqual(await page.evaluate('window.signals'), [
    { rpId: 'localhost', userId, allAcceptedCredentialIds: [second] },
  ])
  // The last second factor cannot be removed.
  await page.goto(`${baseUrl}/account/security`)
  assert.equal(await removals.count(), 0)
})
