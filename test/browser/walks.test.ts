// The ways in through the pages, in a real browser without JavaScript.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Page } from 'playwright-core'

import { days, hours, seconds } from '../../src/kernel/time.ts'
import { issueSetupLink } from '../../src/onboarding/setup.service.ts'
import { Authenticator } from '../support/authenticator.ts'
import { openBrowser } from '../support/browser.ts'
import { listening } from '../support/listening.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { reader } from '../support/readable.ts'

function placeOf(page: Page): string {
  return new URL(page.url()).pathname
}

/** The app of somebody who types the key that the page shows, having looked that the QR code and the link are there too. */
async function appFrom(page: Page): Promise<Authenticator> {
  const key = (await page.textContent('#setup-key'))?.replaceAll(/\s/g, '') ?? ''
  const link = await page.getAttribute('#open-app', 'href')
  assert.equal(new URL(link ?? '').searchParams.get('secret'), key)
  assert.ok(await page.locator('.qr svg').isVisible())
  return new Authenticator(key)
}

async function invitationUrl(admin: Person, fields: object): Promise<string> {
  const { body } = await admin.asks('POST', '/users', fields)
  return (body['invitation'] as { url: string }).url
}

test('without JavaScript a newcomer comes in by their invitation, once', async (t) => {
  const { server, address } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const url = await invitationUrl(admin, { username: 'bob', full_name: 'Bob' })
  const page = await openBrowser(t, { javaScript: false })
  const isReadable = await reader(t, address)

  await page.goto(url)
  await isReadable(page)
  assert.match(await page.innerText('main'), /Bob, root made you an account/)
  await page.fill('#new-password', 'short')
  await page.click('button')
  await isReadable(page)
  assert.match(await page.innerText('main'), /too short|at least/i)
  assert.equal(await page.inputValue('#username'), 'bob')
  await page.fill('#new-password', PASSWORD)
  await page.click('button')

  assert.equal(placeOf(page), '/enrolment')
  await isReadable(page)
  const app = await appFrom(page)
  await page.reload()
  assert.equal((await appFrom(page)).code(0), app.code(0), 'a reload shows another key')
  await page.fill('#code', app.code(server.clock.now(), 9))
  await page.click('button')
  await isReadable(page)
  assert.match(await page.innerText('main'), /That code didn’t match/)
  const code = app.code(server.clock.now())
  await page.fill('#code', `${code.slice(0, 3)} ${code.slice(3)}`)
  await page.click('button')
  assert.equal(placeOf(page), '/account')
  await isReadable(page)
  assert.match(await page.innerText('main'), /You’re set[\s\S]*bob[\s\S]*User/)

  const other = await openBrowser(t, { javaScript: false })
  await other.goto(url)
  await isReadable(other)
  assert.match(await other.innerText('main'), /already used/)
  await other.click('main a')
  assert.equal(placeOf(other), '/sign-in')
})

test('a wrong code and a used one are told apart, and the sign-in goes on with the next', async (t) => {
  const { server, address } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { javaScript: false })
  const isReadable = await reader(t, address)
  await page.goto(`${address}/account`)
  assert.equal(placeOf(page), '/sign-in')
  await page.fill('#username', 'root')
  await page.fill('#current-password', PASSWORD)
  await page.click('button')
  assert.equal(placeOf(page), '/sign-in/second-step')
  assert.match(await page.innerText('main'), /Signing in as root/)
  const tries = [
    { code: '000000', answer: /That code didn’t match/ },
    { code: root.authenticator.code(server.clock.now()), answer: /That code was used a moment ago/ },
    { code: '12345', answer: /That code didn’t match|6-digit/ },
  ]
  for (const { code, answer } of tries) {
    await page.fill('#code', code)
    await page.click('button')
    assert.equal(placeOf(page), '/sign-in/second-step')
    await isReadable(page)
    assert.match(await page.innerText('main'), answer)
    assert.equal(await page.inputValue('#code'), '', 'the code that did not count stays in the field')
    assert.match(await page.title(), /^Error: /)
  }
  await page.fill('#code', root.code())
  await page.click('button')
  assert.equal(placeOf(page), '/account')
  await page.click('button')
  assert.match(await page.innerText('main'), /You’re signed out/)
  assert.deepEqual(await page.context().cookies(), [])
  await page.goto(`${address}/account`)
  assert.equal(placeOf(page), '/sign-in')
})

test('a link that ran out or was never there says so, and what to do now', async (t) => {
  const { server, address } = await listening(t)
  const setupToken = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  const page = await openBrowser(t, { javaScript: false })
  const isReadable = await reader(t, address)
  server.clock.pass(hours(1))
  await page.goto(`${address}/setup/${setupToken}`)
  await isReadable(page)
  assert.match(await page.innerText('main'), /ran out[\s\S]*doorward setup-link|doorward setup-link[\s\S]*ran out/)

  const admin = await (await firstAdmin(server)).signsIn()
  const url = await invitationUrl(admin, { username: 'bob' })
  server.clock.pass(days(8))
  const links = [
    { url, answer: /This link ran out\. Ask for a new one/ },
    { url: `${url.slice(0, -4)}AAAA`, answer: /This link is not known here/ },
  ]
  for (const link of links) {
    const visit = await page.goto(link.url)
    assert.equal(visit?.status(), 404)
    await isReadable(page)
    assert.match(await page.innerText('main'), link.answer)
    assert.equal(await page.locator('main input').count(), 0)
  }
})

/** Moves on with the Tab key until the element has the focus; every stop on the way shows that it has it. */
async function tabTo(page: Page, id: string): Promise<void> {
  for (let presses = 0; presses < 20; presses++) {
    const focused = page.locator(':focus')
    if ((await focused.count()) > 0) {
      const ring = await focused.evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
      })
      assert.ok(
        ring,
        `nobody sees where the focus is on ${page.url()}: ${await focused.evaluate((element) => element.outerHTML)}`,
      )
      if ((await focused.getAttribute('id')) === id || (await focused.evaluate(({ localName }) => localName)) === id)
        return
    }
    await page.keyboard.press('Tab')
  }
  assert.fail(`the Tab key does not lead to ${id} on ${page.url()}`)
}

test('with the keyboard alone a person comes in by an invitation, signs out and in again', async (t) => {
  const { server, address } = await listening(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const page = await openBrowser(t, { javaScript: false })
  const { keyboard } = page
  const onward = async (): Promise<void> => {
    const arrived = page.waitForEvent('load')
    await keyboard.press('Enter')
    await arrived
  }
  await page.goto(await invitationUrl(admin, { username: 'bob' }))
  await tabTo(page, 'new-password')
  await keyboard.type(PASSWORD)
  await onward()
  assert.equal(placeOf(page), '/enrolment')
  const app = await appFrom(page)
  await tabTo(page, 'code')
  await keyboard.type('000000')
  await onward()
  // Whoever has to type again is there already.
  assert.equal(await page.locator(':focus').getAttribute('id'), 'code')
  await keyboard.type(app.code(server.clock.now()))
  await tabTo(page, 'button')
  await onward()
  assert.equal(placeOf(page), '/account')
  await tabTo(page, 'button')
  await onward()
  assert.equal(placeOf(page), '/sign-out')

  await page.goto(`${address}/sign-in`)
  assert.equal(await page.locator(':focus').getAttribute('id'), 'username')
  await keyboard.type('bob')
  await keyboard.press('Tab')
  await keyboard.type(PASSWORD)
  await onward()
  assert.equal(placeOf(page), '/sign-in/second-step')
  server.clock.pass(seconds(30))
  await keyboard.type(app.code(server.clock.now()))
  await onward()
  assert.equal(placeOf(page), '/account')
})

test('between the steps no page runs a script or keeps anything in the browser but its one cookie', async (t) => {
  const { server, address } = await listening(t)
  await newcomer(await (await firstAdmin(server)).signsIn(), 'bob')
  const page = await openBrowser(t)
  const complaints: string[] = []
  page.on('console', (message) => complaints.push(message.text()))
  page.on('pageerror', ({ message }) => complaints.push(message))
  await page.goto(`${address}/sign-in`)
  await page.fill('#username', 'bob')
  await page.fill('#current-password', PASSWORD)
  await page.click('button')
  assert.equal(placeOf(page), '/sign-in/second-step')
  const cookies = await page.context().cookies()
  assert.deepEqual(
    cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path })),
    [{ httpOnly: true, sameSite: 'Lax', path: '/' }],
  )
  assert.equal(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length'), '00')
  assert.equal(await page.locator('script').count(), 0)
  assert.deepEqual(complaints, [])
})
