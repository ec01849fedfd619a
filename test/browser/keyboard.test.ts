// The pages with the keyboard alone: the Tab key reaches every control in the order of the page, and the focus is visible.
import assert from 'node:assert/strict'

import { seconds } from '#foundation/kernel/time.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { appFrom, moveOn, pagePath, tabTo } from '../support/browser/page-actions.ts'
import { SCREENS } from '../support/browser/screens.ts'
import { tabOrderOf } from '../support/browser/tab-order.ts'
import { openAs, visit } from '../support/browser/visit-screen.ts'
import { invitationPath } from '../support/pages/page-scenes.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { seedWorld } from '../support/server/populated-server.ts'

const MAIN_SCREENS = ['sign-in', 'second-step', 'enrolment', 'account', 'security', 'users', 'user']

leaveToTestAll()

test('the Tab key leads through the main screens in the order of the page', async (t) => {
  const world = await seedWorld(t)
  for (const name of MAIN_SCREENS) {
    const screen = SCREENS.find((one) => one.name === name)
    assert.ok(screen, `no screen ${name}`)
    const { page } = await visit(t, world, screen)
    t.assert.snapshot(await tabOrderOf(page), { serializers: [(text: unknown) => `${name}\n${String(text)}`] })
  }

  const page = await openAs(t, world, 'user')
  await page.goto(`${world.baseUrl}/account`)
  await page.keyboard.press('Tab')
  const skip = page.locator(':focus')
  assert.equal(await skip.getAttribute('href'), '#main')
  const { x = -1, y = -1, height = 0 } = (await skip.boundingBox()) ?? {}
  assert.ok(x >= 0 && y >= 0 && height >= 24, 'the link that skips the navigation is not visible')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator(':focus').getAttribute('id'), 'main')
})

test('with the keyboard alone a user accepts an invitation, signs out and in again', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t)
  const { keyboard } = page
  const onward = (): Promise<void> => moveOn(page, () => keyboard.press('Enter'))
  await page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  await tabTo(page, page.locator('#new-password'))
  await keyboard.type(PASSWORD)
  await onward()
  assert.equal(pagePath(page), '/enrolment')
  await tabTo(page, page.getByRole('link', { name: /^Authenticator app/ }))
  await onward()
  const app = await appFrom(page)
  await tabTo(page, page.locator('#code'))
  await keyboard.type('000000')
  await onward()
  // After a wrong code the focus is in its field.
  assert.equal(await page.locator(':focus').getAttribute('id'), 'code')
  await keyboard.type(app.code(server.clock.now()))
  await tabTo(page, page.getByRole('button', { name: 'Verify code' }))
  await onward()
  await tabTo(page, page.locator('#saved'))
  await keyboard.press('Space')
  await tabTo(page, page.getByRole('button', { name: 'Continue', exact: true }))
  await onward()
  assert.equal(pagePath(page), '/account')
  await tabTo(page, page.locator('.who > summary'))
  await keyboard.press('Enter')
  await tabTo(page, page.getByRole('banner').getByRole('button', { name: 'Sign out' }))
  await onward()
  assert.equal(pagePath(page), '/sign-out')

  await page.goto(`${baseUrl}/sign-in`)
  assert.equal(await page.locator(':focus').getAttribute('id'), 'username')
  await keyboard.type('bob')
  await keyboard.press('Tab')
  await keyboard.type('wrong')
  await onward()
  // The username is kept, so the focus is in the password field.
  assert.equal(await page.locator(':focus').getAttribute('id'), 'current-password')
  await keyboard.type(PASSWORD)
  await onward()
  assert.equal(pagePath(page), '/sign-in/second-step')
  assert.equal(await page.locator(':focus').getAttribute('id'), 'code')
  server.clock.pass(seconds(30))
  await moveOn(page, () => keyboard.type(app.code(server.clock.now())))
  assert.equal(pagePath(page), '/account')
})

test('the errors of a form with several fields are read first, and lead to their fields', async (t) => {
  const { server, baseUrl } = await listening(t)
  await newcomer(await (await firstAdmin(server)).signsIn(), 'bob')
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  await page
    .locator('main form')
    .first()
    .evaluate((form) => form.setAttribute('novalidate', ''))
  await moveOn(page, () => page.keyboard.press('Enter'))
  const summary = page.getByRole('alert')
  assert.match(await summary.innerText(), /There’s a problem/)
  assert.equal(await page.locator(':focus').getAttribute('role'), 'alert')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.locator(':focus').getAttribute('id'), 'username')
  assert.equal(await page.locator('#username').getAttribute('aria-invalid'), 'true')
  assert.match(await page.title(), /^Error: /)
})
