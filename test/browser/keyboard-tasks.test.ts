// Each task of an admin and of a newcomer with the keyboard alone, in no more actions than are allowed for it.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'

import { Authenticator } from '../../clients/test/src/codes.ts'
import { BrowserAuthenticator } from '../support/browser/browser-passkeys.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { appFrom, moveOn, pagePath, savesCodes, send, signsInAt, tabTo } from '../support/browser/page-actions.ts'
import { SCREENS } from '../support/browser/screens.ts'
import { visit } from '../support/browser/visit-screen.ts'
import { invitationPath, setupPath } from '../support/pages/page-scenes.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { seedWorld } from '../support/server/populated-server.ts'

/** A user without a mouse. An action is to open a page, to fill a field, or to press a button or a link; moving to it with Tab is none. */
class Typist {
  readonly page: Page
  actions = 0

  constructor(page: Page) {
    this.page = page
  }

  get main(): Locator {
    return this.page.getByRole('main')
  }

  async opens(url: string): Promise<void> {
    this.actions += 1
    await this.page.goto(url)
  }

  async types(id: string, text: string): Promise<void> {
    this.actions += 1
    await tabTo(this.page, this.page.locator(`#${id}`))
    await this.page.keyboard.type(text)
  }

  /** Presses a link or a button that leads to another page. */
  async goesOn(wanted: Locator): Promise<void> {
    this.actions += 1
    await tabTo(this.page, wanted)
    await moveOn(this.page, () => this.page.keyboard.press('Enter'))
  }

  goesOnBy(name: string): Promise<void> {
    return this.goesOn(this.main.getByRole('button', { name, exact: true }))
  }

  /** Presses what changes only this page. */
  async presses(wanted: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    this.actions += 1
    await tabTo(this.page, wanted)
    await this.page.keyboard.press(key)
  }

  /** Moves with the arrow keys to the choice with this label. */
  async chooses(label: string): Promise<void> {
    this.actions += 1
    const wanted = this.main.getByLabel(label, { exact: true })
    const group = this.main.locator(`input[type=radio][name="${await wanted.getAttribute('name')}"]`)
    await tabTo(this.page, group.and(this.page.locator(':checked')))
    for (let presses = await group.count(); presses > 0 && !(await wanted.isChecked()); presses--)
      await this.page.keyboard.press('ArrowDown')
    assert.ok(await wanted.isChecked())
  }
}

async function typist(t: TestContext, options?: BrowserOptions): Promise<Typist> {
  return new Typist(await openBrowser(t, options))
}

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }

leaveToTestAll()

test('the first admin sets up the server in nine actions', async (t) => {
  const main = await listening(t)
  const user = await typist(t)
  await user.opens(main.baseUrl + (await setupPath(main.server)))
  await user.types('username', 'ada')
  await user.types('new-password', PASSWORD)
  await user.goesOnBy('Continue')
  await user.goesOn(user.main.getByRole('link', { name: /^Authenticator app/ }))
  const app = await appFrom(user.page)
  // Scanning the code with the phone.
  user.actions += 1
  await moveOn(user.page, () => user.types('code', app.code(main.server.clock.now())))
  await user.presses(user.page.locator('#saved'), 'Space')
  await user.goesOnBy('Continue')
  assert.deepEqual([pagePath(user.page), user.actions], ['/admin', 9])
})

test('an admin invites a user and copies the link in at most five actions', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const user = await typist(t, { permissions: ['clipboard-read', 'clipboard-write'] })
  await signsInAt(user.page, baseUrl, root)
  await user.page.goto(`${baseUrl}/admin/users`)
  await user.goesOn(user.main.getByRole('link', { name: 'New user' }))
  await user.types('username', 'linda')
  await user.goesOnBy('Create user')
  await user.presses(user.main.getByRole('button', { name: /^Copy link/ }))
  await user.main.getByText('Copied').first().waitFor()
  assert.ok(user.actions <= 5, `${user.actions} actions`)
})

test('a newcomer accepts an invitation on a phone in at most eight actions', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const user = await typist(t, PHONE)
  await user.opens(baseUrl + (await invitationPath(admin, 'bob')))
  await user.types('new-password', PASSWORD)
  await user.goesOnBy('Continue')
  await user.goesOn(user.main.getByRole('link', { name: /^Authenticator app/ }))
  const app = new Authenticator((await user.page.innerText('#setup-key')).replaceAll(/\s/g, ''))
  await tabTo(user.page, user.page.locator('#open-app'))
  // The link opens the app, which a browser of a test does not have.
  user.actions += 1
  await moveOn(user.page, () => user.types('code', app.code(server.clock.now())))
  await user.presses(user.page.locator('#saved'), 'Space')
  await user.goesOnBy('Continue')
  assert.equal(pagePath(user.page), '/account')
  assert.ok(user.actions <= 8, `${user.actions} actions`)
})

test('a user signs in with a passkey in one action', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const user = await typist(t)
  const authenticator = await BrowserAuthenticator.in(user.page)
  await user.page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  await send(user.page, { 'new-password': PASSWORD })
  await user.goesOn(user.main.getByRole('link', { name: /^Passkey/ }))
  await user.goesOnBy('Create passkey')
  await savesCodes(user.page)
  await user.page.context().clearCookies()
  // The user touches it when asked by the button: the browser of a test would sign in before that otherwise.
  await authenticator.touched(false)
  await user.page.goto(`${baseUrl}/sign-in`)
  user.actions = 0
  await tabTo(user.page, user.main.getByRole('button', { name: 'Sign in with a passkey' }))
  await authenticator.touched(true)
  await user.goesOnBy('Sign in with a passkey')
  assert.deepEqual([pagePath(user.page), user.actions], ['/account', 1])
})

test('an admin requires a second step from a deadline on in at most seven actions', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const user = await typist(t)
  await signsInAt(user.page, baseUrl, root)
  await user.page.goto(`${baseUrl}/admin/policies`)
  await user.goesOn(user.main.getByRole('link', { name: 'New policy' }).first())
  await user.types('name', 'Everyone')
  await user.chooses('Required')
  await user.chooses('At a deadline')
  await user.goesOnBy('Continue')
  await user.goesOn(user.main.locator('button.primary'))
  assert.match(user.page.url(), /\/admin\/policies\/[^/]+\?done=created/)
  assert.ok(user.actions <= 7, `${user.actions} actions`)
})

test('an admin approves a request in three actions', async (t) => {
  const world = await seedWorld(t)
  const [list] = SCREENS.filter(({ name }) => name === 'approvals')
  assert.ok(list)
  const { page } = await visit(t, world, { ...list, at: '/admin' })
  const user = new Typist(page)
  await user.goesOn(page.getByRole('link', { name: /^Approvals/ }).first())
  await user.goesOn(user.main.getByRole('link', { name: 'Review' }).first())
  await user.goesOn(user.main.locator('button.primary').first())
  assert.match(page.url(), /done=approved/)
  assert.equal(user.actions, 3)
})
