// The browser modules of the pages: each improves a page that works without it.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { startSession } from '#domain/sessions/session.service.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { Authenticator } from '../../clients/test/src/codes.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { choosesApp, pagePath, send, signOut } from '../support/browser/page-actions.ts'
import { invitationPath } from '../support/pages/page-scenes.ts'
import { ask, firstAdmin, PASSWORD } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

/** Records what a screen reader announces: the text of each live region after each change, without hidden parts. */
async function listened(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`
    window.heard = []
    for (const region of document.querySelectorAll('[role="status"], [role="alert"]')) {
      const words = () => {
        const copy = region.cloneNode(true)
        for (const hidden of copy.querySelectorAll('[aria-hidden="true"]')) hidden.remove()
        return copy.textContent.trim().replaceAll(/\\s+/g, ' ')
      }
      let last = words()
      new MutationObserver(() => {
        if (words() !== last) heard.push(words())
        last = words()
      }).observe(region, { childList: true, characterData: true, subtree: true })
    }`)
  return () => page.evaluate<string[]>('heard.filter((text) => text !== "")')
}

leaveToTestAll()

test('a password is shown for as long as its button is pressed in, and is sent as a password', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  const field = page.locator('#current-password')
  const button = page.getByRole('button', { name: 'Show password' })
  await field.fill('a b c')
  const [outer, inner] = [await field.boundingBox(), await button.boundingBox()]
  assert.ok(outer && inner && inner.width >= 44 && inner.height >= 44, 'too small for a thumb')
  assert.ok(inner.x > outer.x && inner.x + inner.width <= outer.x + outer.width && inner.y === outer.y, 'not inside')
  for (const [type, pressed] of [
    ['text', 'true'],
    ['password', 'false'],
    ['text', 'true'],
  ]) {
    await button.click()
    assert.equal(await field.getAttribute('type'), type)
    assert.equal(await button.getAttribute('aria-pressed'), pressed)
    assert.equal(await button.locator('.icon:visible use[href$="#eye-off"]').count(), pressed === 'true' ? 1 : 0)
    assert.equal(await field.inputValue(), 'a b c')
  }
  await page.evaluate(`document.querySelector('main form').addEventListener('submit', (event) => {
    event.preventDefault()
    document.title = document.querySelector('#current-password').type
  })`)
  await page.fill('#username', 'ada')
  await page.getByRole('button', { name: 'Continue' }).click()
  assert.equal(await page.title(), 'password')

  const without = await openBrowser(t, { javaScript: false })
  await without.goto(`${baseUrl}/sign-in`)
  assert.equal(await without.getByRole('button', { name: 'Show password' }).count(), 0, 'a button that does nothing')
})

test('the sign-in offers password or passkey, and where no passkey can be used there is no “or”', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  const middleOf = async (name: string): Promise<number> => {
    const { y, height } =
      (await page.getByRole('main').getByText(name, { exact: true }).boundingBox()) ?? assert.fail(name)
    return y + height / 2
  }
  const positions = [await middleOf('Continue'), await middleOf('or'), await middleOf('Sign in with a passkey')]
  assert.deepEqual(
    positions,
    positions.toSorted((one, other) => one - other),
  )
  const without = await openBrowser(t, { javaScript: false })
  await without.goto(`${baseUrl}/sign-in`)
  assert.equal(await without.getByText('or', { exact: true }).isVisible(), false)
})

test('typing a password with Caps Lock on shows a hint', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t, { viewport: { width: 320, height: 700 } })
  await page.goto(`${baseUrl}/sign-in`)
  const heard = await listened(page)
  const press = (isOn: boolean): Promise<unknown> =>
    page.locator('#current-password').evaluate((field, modifierCapsLock) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', modifierCapsLock }))
    }, isOn)
  await page.focus('#current-password')
  const box = await page.locator('#current-password').boundingBox()
  await press(false)
  assert.equal(await page.getByText('Caps Lock is on').count(), 0)
  await press(true)
  assert.ok(await page.getByText('Caps Lock is on').isVisible())
  assert.deepEqual(await page.locator('#current-password').boundingBox(), box, 'the field moves')
  assert.deepEqual(await heard(), ['Caps Lock is on'])
  await press(false)
  assert.equal(await page.getByText('Caps Lock is on').count(), 0)
})

test('the wait after too many guesses counts down by itself, is announced three times at most, and then the form works', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  for (let tries = 0; tries < 5; tries++) {
    await ask(server, 'POST', '/attempts', { payload: { username: 'root', password: 'wrong' } })
  }
  server.clock.pass(30_000)
  await ask(server, 'POST', '/attempts', { payload: { username: 'root', password: 'wrong' } })
  server.clock.pass(60_000)
  await ask(server, 'POST', '/attempts', { payload: { username: 'root', password: 'wrong' } })
  const page = await openBrowser(t)
  await page.clock.install()
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'root', 'current-password': PASSWORD })
  const alert = page.getByRole('alert')
  assert.match(await alert.innerText(), /2 minutes/)
  const button = page.getByRole('button', { name: 'Continue' })
  const heard = await listened(page)
  await page.clock.runFor(500)
  await page.clock.runFor(9000)
  assert.match(await alert.innerText(), /1 minute, 5\d seconds/)
  assert.deepEqual(await heard(), [], 'every second is announced')
  await page.clock.runFor(60_000)
  assert.match(await alert.innerText(), /5\d seconds/)
  await page.clock.runFor(60_000)
  assert.match(await alert.innerText(), /You can try again now\./)
  const announced = await heard()
  // The page itself contained the first announcement.
  assert.ok(announced.length >= 1 && announced.length <= 2, announced.join(' | '))
  assert.ok(await button.isEnabled())
  server.clock.pass(120_000)
  await send(page, { 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
})

test('a code is sent with its last digit, however long the codes of this user are', async (t) => {
  const { server, baseUrl } = await listening(t)
  const key = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const hash = await server.doorward.hasher.hash(Secret.of(PASSWORD))
  await server.doorward.db
    .insertInto('users')
    .values({
      username: 'ada',
      hashed_password: hash,
      otp_secret: `otpauth://totp/x?secret=${key}&digits=8`,
      disabled: 0,
    })
    .execute()
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'ada', 'current-password': PASSWORD })
  const code = new Authenticator(key, { digits: 8 }).code(server.clock.now())
  const sent: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.postData() ?? '')))
  await page.locator('#code').pressSequentially(code)
  await page.waitForURL('**/account')
  assert.deepEqual(
    sent.map((form) => new URLSearchParams(form).get('code')),
    [code],
  )
})

test('a tab at the sign-in page goes on when its user signs in in another', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const waiting = await openBrowser(t)
  await waiting.goto(`${baseUrl}/account/security`)
  assert.equal(pagePath(waiting), '/sign-in')
  const other = await waiting.context().newPage()
  await other.goto(`${baseUrl}/sign-in`)
  await send(other, { username: 'root', 'current-password': PASSWORD })
  await send(other, { code: root.code() })
  assert.equal(pagePath(other), '/account')
  await waiting.waitForURL('**/account/security')
  await signOut(other)
  // The open page stays unchanged until the user acts there.
  assert.equal(pagePath(waiting), '/account/security')
})

test('the setup key is copied as it has to be typed, and where nothing can be copied it is selected', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  await send(page, { 'new-password': PASSWORD })
  assert.equal(pagePath(page), '/enrolment')
  await choosesApp(page)
  const heard = await listened(page)
  const key = (await page.textContent('#setup-key'))?.replaceAll(/\s/g, '')
  await page.getByRole('button', { name: 'Copy' }).click()
  await page.locator('#status:not(:empty)').waitFor({ state: 'attached' })
  assert.deepEqual(await heard(), ['Copied'])
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), key)
  await page.evaluate(`navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))`)
  // `waitForFunction` evaluates text, which the page's policy forbids.
  const selected = page.evaluate<string>(
    `new Promise((resolve) => document.addEventListener('selectionchange', () => resolve(String(getSelection()))))`,
  )
  await page.getByRole('button', { name: 'Copy' }).click()
  assert.equal((await selected).replaceAll(/\s/g, ''), key)
})

test('a button says that the server is checking, at the same size, while its answer is slow', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  // The browser answers no questions while it waits for a page, so the page itself shows what the button becomes.
  const changed =
    Promise.withResolvers<readonly [words: string, announced: string, before: number[], after: number[]]>()
  await page.exposeFunction('tell', changed.resolve)
  await page.evaluate(`{
    const button = document.querySelector('[data-checking]')
    const size = () => [button.offsetLeft, button.offsetTop, button.offsetWidth, button.offsetHeight]
    const before = size()
    const tellIt = () => tell([button.textContent, document.querySelector('#status').textContent, before, size()])
    new MutationObserver(tellIt).observe(document.querySelector('#status'), { childList: true })
  }`)
  const answered = Promise.withResolvers<void>()
  await page.route('**/sign-in', async (route) => {
    await answered.promise
    await route.continue()
  })
  await page.fill('#username', 'root')
  await page.fill('#current-password', 'wrong')
  await page.locator('[data-checking]').click({ noWaitAfter: true })
  const [words, announced, before, after] = await changed.promise
  assert.deepEqual([words, announced, after], ['Checking…', 'Checking…', before])
  answered.resolve()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Continue' }).count(), 1)
})

for (const javaScript of [true, false]) {
  test(`the message of what was done can be closed ${javaScript ? 'in place' : 'without scripts'}`, async (t) => {
    const { server, baseUrl } = await listening(t)
    const user = await rowOf(await firstAdmin(server))
    const page = await openBrowser(t, { javaScript })
    const { token } = await startSession(server.operator(), {
      user,
      methods: ['password', 'totp'],
      transport: 'cookie',
    })
    await page.context().addCookies([
      { name: 'session', value: token.reveal(), url: baseUrl },
      { name: 'done', value: 'deleted', url: baseUrl },
    ])
    await page.goto(`${baseUrl}/admin/users?q=root&done=deleted`)
    await page.evaluate('window.stays = true')
    const message = page.getByText('User deleted.')
    assert.equal(await message.count(), 1)
    await page.getByRole('link', { name: 'Close this message' }).click()
    await message.waitFor({ state: 'detached' })
    assert.equal(page.url(), `${baseUrl}/admin/users?q=root`)
    assert.equal(await page.evaluate('window.stays === true'), javaScript)
    assert.equal(await page.getByRole('row', { name: 'root' }).count(), 1)
  })
}
