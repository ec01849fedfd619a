// The forms with a new password: how strong the page says it is while it is typed, what is sent for that, and the time zone.
import assert from 'node:assert/strict'

import { days } from '#foundation/kernel/time.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { appFrom, send } from '../support/browser/page-actions.ts'
import { invitationPath, stored } from '../support/pages/page-scenes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

leaveToTestAll()

test('a pause in the typing shows how strong the password is, announces it, and moves nothing', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t)
  await page.clock.install({ time: 0 })
  await page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  // From here on, only the test lets time pass.
  await page.clock.pauseAt(days(1))
  const asked: URLSearchParams[] = []
  page.on('request', (request) => {
    if (request.url().endsWith('/strength')) asked.push(new URLSearchParams(request.postData() ?? ''))
  })
  const field = page.locator('#new-password')
  const bar = page.getByRole('status').filter({ has: page.locator('[data-word]') })
  const box = await page.getByRole('button', { name: 'Continue' }).boundingBox()
  await field.fill('seventy')
  await page.clock.runFor(2000)
  await field.fill('seventy8')
  await page.clock.runFor(599)
  await field.fill('seventy8kites')
  await page.clock.runFor(599)
  assert.equal(asked.length, 0, 'asked while it was typed')
  await page.clock.runFor(1)
  await bar.getByText('Good').waitFor()
  assert.deepEqual(
    asked.map((body) => body.get('password')),
    ['seventy8kites'],
  )
  assert.equal((await bar.textContent())?.trim().replaceAll(/\s+/g, ' '), 'Password strength: Good')
  assert.deepEqual(await page.getByRole('button', { name: 'Continue' }).boundingBox(), box)
  await page.route('**/strength', (route) => route.fulfill({ status: 429 }))
  const refused = page.waitForResponse('**/strength')
  await field.fill('seventy8kites and more')
  await page.clock.runFor(600)
  await refused
  assert.ok(await bar.getByText('Good').isVisible(), 'a refused question changes the bar')
  await field.fill('seven')
  assert.equal(await bar.getByText('Good').count(), 0, 'the strength of another password is shown')
})

test('as many segments are filled as the word says, in forced colours too', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { forcedColors: 'active' })
  await page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  const filled: number[] = []
  const canvas = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  for (const [password, word] of [
    ['bob-2026!', 'Weak'],
    ['seventy8', 'Fair'],
    ['seventy8kites', 'Good'],
    ['seventy8kites fly', 'Strong'],
  ] as const) {
    await page.fill('#new-password', password)
    await page.locator('[data-word]').getByText(word).waitFor()
    const colours = await page
      .locator('.strength i')
      .evaluateAll((segments) => segments.map((segment) => getComputedStyle(segment).backgroundColor))
    filled.push(colours.filter((colour) => colour !== canvas).length)
  }
  assert.deepEqual(filled, [1, 2, 3, 4])
})

test('the page of a refused password says why, and nothing of the strength of its empty field', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const invited = await invitationPath(admin, 'bob')
  for (const javaScript of [false, true]) {
    const page = await openBrowser(t, { javaScript })
    await page.goto(baseUrl + invited)
    await send(page, { 'new-password': 'bob-2026!' })
    assert.ok(await page.locator('.error').first().isVisible())
    assert.equal(await page.locator('#new-password').inputValue(), '')
    assert.equal(await page.getByText('Weak', { exact: true }).count(), 0)
    assert.equal(await page.locator('.strength').isVisible(), javaScript)
  }
})

test('beside the new password no other one is sent to learn how strong it is', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/account/security/password`)
  await send(page, { username: 'root', 'current-password': root.password })
  await send(page, { code: root.code() })
  await page.goto(`${baseUrl}/account/security/password`)
  await page.fill('#current-password', 'the present one')
  await page.getByRole('button', { name: 'Show password' }).first().click()
  const asked = page.waitForRequest('**/strength')
  await page.fill('#new-password', 'seventy8kites fly')
  const body = new URLSearchParams((await asked).postData() ?? '')
  assert.deepEqual([body.get('current'), body.get('new'), body.get('password')], [null, null, 'seventy8kites fly'])
  await page.locator('[data-word]').getByText('Strong').waitFor()
})

test('the invitation takes over the time zone of the browser', async (t) => {
  const { server, baseUrl } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { timezoneId: 'America/New_York' })
  await page.goto(baseUrl + (await invitationPath(admin, 'bob')))
  await send(page, { 'new-password': 'seventy8kites fly' })
  await page.goto(`${baseUrl}/enrolment/app`)
  await send(page, { code: (await appFrom(page)).code(server.clock.now()) })
  assert.equal((await stored(server, 'bob')).timeZone, 'America/New_York')
})
