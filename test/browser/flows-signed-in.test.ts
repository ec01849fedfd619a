// What signed-in users do: change their own account, invite users, help a user who lost the phone.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { openBrowser } from '../support/browser/browser.ts'
import {
  appFrom,
  choosesApp,
  confirms,
  pagePath,
  savesCodes,
  send,
  signOut,
  signsInAt,
} from '../support/browser/page-actions.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { firstAdmin, newcomer, PASSWORD, type Person } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { type Listening, listening } from '../support/server/listening.ts'

interface Scene extends Listening {
  readonly root: Person
  readonly bob: Person
  readonly page: Page
}

async function newScene(t: TestContext, dialect: Dialect = 'sqlite'): Promise<Scene> {
  const main = await listening(t, { dialect })
  const root = await (await firstAdmin(main.server)).signsIn()
  const bob = await newcomer(root, 'bob', { full_name: 'Bob' })
  const page = await openBrowser(t, { permissions: ['clipboard-read', 'clipboard-write'] })
  return { ...main, root, bob, page }
}

function press(page: Page, words: string): Promise<void> {
  const main = page.getByRole('main')
  return main
    .getByRole('button', { name: words, exact: true })
    .or(main.getByRole('link', { name: words, exact: true }))
    .first()
    .click()
}

leaveToTestAll()

onEitherDatabase(
  'a user changes the name, and adds and replaces an app after re-authentication',
  async (t, dialect) => {
    const { server, baseUrl, bob, page } = await newScene(t, dialect)
    await signsInAt(page, baseUrl, bob)
    await send(page, { full_name: 'Robert' })
    assert.match(await page.innerText('main'), /Saved/)
    assert.equal(await page.inputValue('#full_name'), 'Robert')

    server.clock.pass(minutes(11))
    await page.getByRole('link', { name: 'Security', exact: true }).click()
    await page.locator('#second-step .add summary').click()
    await press(page, 'Authenticator app')
    await confirms(page, bob)
    assert.equal(pagePath(page), '/account/security/app/new')
    const spare = await appFrom(page)
    await page.getByText('Name this app').click()
    await send(page, { name: 'Spare phone', code: spare.code(server.clock.now()) })
    assert.equal(pagePath(page), '/account/security')
    assert.equal(await page.getByRole('row', { name: /Spare phone/ }).count(), 1)

    // The old secret is valid until the new one is confirmed, and not after.
    const row = page.getByRole('row', { name: /Spare phone/ })
    await row.locator('summary').click()
    await row.getByRole('link', { name: 'Replace' }).click()
    const newer = await appFrom(page)
    const other = await openBrowser(t)
    server.clock.pass(seconds(30))
    await other.goto(`${baseUrl}/sign-in`)
    await send(other, { username: 'bob', 'current-password': PASSWORD })
    await send(other, { code: spare.code(server.clock.now()) })
    assert.equal(pagePath(other), '/account')
    await send(page, { code: newer.code(server.clock.now()) })
    assert.equal(pagePath(page), '/account/security')
    assert.equal(await page.getByRole('row', { name: /Spare phone/ }).count(), 1)
    await signOut(page)
    server.clock.pass(seconds(30))
    await page.goto(`${baseUrl}/sign-in`)
    await send(page, { username: 'bob', 'current-password': PASSWORD })
    await send(page, { code: spare.code(server.clock.now()) })
    assert.match(await page.innerText('main'), /didn’t match/)
    await send(page, { code: newer.code(server.clock.now()) })
    assert.equal(pagePath(page), '/account')
  },
)

onEitherDatabase(
  'an admin creates a user, passes on the invitation and a second one, and sees the user sign in',
  async (t, dialect) => {
    const { server, baseUrl, root, page } = await newScene(t, dialect)
    await signsInAt(page, baseUrl, root)
    await page.goto(`${baseUrl}/admin/users`)
    await press(page, 'New user')
    await send(page, { username: 'carla', full_name: 'Carla' })
    const first = await linkOn(page)
    await press(page, 'Users')
    const row = page.getByRole('row', { name: /carla/ })
    assert.match(await row.innerText(), /Invited/)
    await row.locator('summary').click()
    assert.match(await row.innerText(), /Invitation expires\s+in 7 days/)
    await row.getByRole('link', { name: 'Create invitation' }).click()
    await press(page, 'Create invitation')
    const second = await linkOn(page)
    assert.notEqual(second, first)

    const carla = await openBrowser(t)
    await carla.goto(first)
    assert.equal(await carla.locator('main input').count(), 0, 'the link before goes on working')
    await carla.goto(second)
    await send(carla, { 'new-password': PASSWORD })
    await choosesApp(carla)
    await send(carla, { code: (await appFrom(carla)).code(server.clock.now()) })
    await savesCodes(carla)
    assert.equal(pagePath(carla), '/account')

    await page.goto(`${baseUrl}/admin/users`)
    assert.match(await row.innerText(), /Active/)
    await page.goto(`${baseUrl}/admin/activity`)
    assert.match(
      await page.innerText('main'),
      /Invitation accepted\s+C\s*carla[\s\S]*Account created: carla\s+R\s*root/,
    )
  },
)

onEitherDatabase(
  'an admin resets the second factor of a user who lost their phone, who sets up a new one',
  async (t, dialect) => {
    const { server, baseUrl, root, bob, page } = await newScene(t, dialect)
    const phone = await openBrowser(t)
    await signsInAt(phone, baseUrl, bob)
    await signsInAt(page, baseUrl, root)
    server.clock.pass(minutes(11))
    await page.goto(`${baseUrl}/admin/users`)
    await page.getByRole('main').getByRole('link', { name: 'bob', exact: true }).click()
    const path = pagePath(page)
    await press(page, 'Reset second step')
    await confirms(page, root)
    assert.equal(pagePath(page), `${path}/reset-second-step`)
    assert.match(await page.innerText('main'), /Removes 1 authenticator app and 10 recovery codes\. Ends 2 sessions/)
    await send(page, { reason: 'New phone, asked in person.' })
    assert.match(await page.innerText('main'), /Second step reset[\s\S]*It asks for their password/)
    const link = /\/enrolment-link\/\S+/.exec(await page.innerText('#enrolment-link'))?.[0] ?? ''
    await press(page, 'Bob')
    assert.equal(pagePath(page), path)

    await phone.goto(`${baseUrl}/account`)
    assert.equal(pagePath(phone), '/sign-in')
    await phone.goto(baseUrl + link)
    await send(phone, { 'current-password': PASSWORD })
    assert.equal(pagePath(phone), '/enrolment')
    await choosesApp(phone)
    await send(phone, { code: (await appFrom(phone)).code(server.clock.now()) })
    await savesCodes(phone)
    assert.equal(pagePath(phone), '/account')

    await page.goto(`${baseUrl}/admin/activity?action=totp.reset`)
    assert.match(await page.innerText('main'), /Second step reset: bob\s+“New phone, asked in person\.”\s+R\s*root/)
    // An admin cannot reset their own account here.
    await page.goto(`${baseUrl}/admin/users`)
    await page.getByRole('main').getByRole('link', { name: 'root', exact: true }).click()
    assert.equal(await page.getByRole('link', { name: 'Reset second step' }).count(), 0)
  },
)

/** The link on the card of an invitation; the message to send and the QR code, both folded, contain it too, and it can be copied. */
async function linkOn(page: Page): Promise<string> {
  const url = (await page.textContent('#invitation-link'))?.trim() ?? ''
  assert.match(url, /\/invitation\/dwl_/)
  for (const [fold, part] of [
    ['Message to send', '#invitation-message'],
    ['QR code to scan', '.qr svg'],
  ] as const) {
    assert.equal(await page.locator(part).isVisible(), false, `${part} is not folded`)
    await page.getByText(fold).and(page.locator('summary')).click()
    await page.locator(part).waitFor()
  }
  assert.ok((await page.innerText('#invitation-message')).includes(url))
  await page.getByRole('button', { name: 'Copy link' }).click()
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), url)
  return url
}
