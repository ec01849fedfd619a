// The browser modules of the pages of administration, in browsers with and without scripts.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Locator, Page } from 'playwright-core'

import { type Duration, minutes, seconds } from '#foundation/kernel/time.ts'
import { type BrowserOptions, openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath, press, signsInAt, tabTo } from '../support/browser/page-actions.ts'
import { declares } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import { firstAdmin, type Person } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import type { Server } from '../support/server/start.ts'

interface Opened {
  readonly server: Server
  readonly root: Person
  readonly page: Page
  readonly baseUrl: string
}

async function adminIn(t: TestContext, options: BrowserOptions = {}, names: readonly string[] = []): Promise<Opened> {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  for (const username of names) await root.asks('POST', '/users', { username })
  const page = await openBrowser(t, options)
  await signsInAt(page, baseUrl, root)
  return { server, root, page, baseUrl }
}

const NAMES = ['anouk', 'bela', 'carla']

function boxOf(page: Page, username: string): Locator {
  return page.getByRole('row', { name: username }).getByRole('checkbox')
}

leaveToTestAll()

test('the list of users says how many are selected, and selects all of the page', async (t) => {
  const { page, baseUrl } = await adminIn(t, {}, NAMES)
  await page.goto(`${baseUrl}/admin/users`)
  const selected = page.getByRole('status').filter({ has: page.locator(':scope[data-counts-ticks]') })
  const all = page.getByLabel('Select all on this page')
  assert.equal(await selected.textContent(), '', 'there is text before any user is selected')
  await boxOf(page, 'anouk').check()
  assert.equal(await selected.textContent(), '1 selected')
  assert.deepEqual(await all.evaluate(({ checked, indeterminate }: HTMLInputElement) => [checked, indeterminate]), [
    false,
    true,
  ])
  await boxOf(page, 'bela').check()
  assert.equal(await selected.textContent(), '2 selected')
  await all.check()
  assert.equal(await selected.textContent(), '4 selected')
  assert.ok(await boxOf(page, 'carla').isChecked())
  await boxOf(page, 'root').uncheck()
  assert.equal(await selected.textContent(), '3 selected')
  assert.equal(await all.isChecked(), false)
  await page.getByRole('button', { name: 'Disable' }).click()
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Disable 3 users?')
  await page.goBack()
  assert.equal(await selected.textContent(), '3 selected')
  await all.check()
  await all.uncheck()
  assert.equal(await selected.textContent(), 'No users selected')
  await all.check()
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.locator('#select-all:focus').waitFor()
  assert.equal(await selected.textContent(), 'No users selected')
  assert.equal(await page.locator('main :checked').count(), 0)
})

test('users are selected with the keyboard alone', async (t) => {
  const { page, baseUrl } = await adminIn(t, { locale: 'de' }, NAMES)
  await page.goto(`${baseUrl}/admin/users`)
  await tabTo(page, page.getByLabel('Alle auf dieser Seite auswählen'))
  await page.keyboard.press('Space')
  await tabTo(page, boxOf(page, 'root'))
  await page.keyboard.press('Space')
  assert.equal(await page.locator('#selected').textContent(), '3 Personen ausgewählt')
  for (const name of NAMES.slice(1)) {
    await tabTo(page, boxOf(page, name))
    await page.keyboard.press('Space')
  }
  assert.equal(await page.locator('#selected').textContent(), '1 Person ausgewählt')
  await tabTo(page, page.getByRole('button', { name: 'Abmelden' }).last())
})

test('without scripts users are selected one by one, and the next page shows how many', async (t) => {
  const { page, baseUrl } = await adminIn(t, { javaScript: false }, NAMES)
  await page.goto(`${baseUrl}/admin/users`)
  assert.equal(await page.getByLabel('Select all on this page').isVisible(), false, 'a box that does nothing')
  assert.equal(await page.locator('#selected').textContent(), '')
  await boxOf(page, 'anouk').check()
  await boxOf(page, 'bela').check()
  await page.getByRole('button', { name: 'Disable' }).click()
  assert.equal(pagePath(page), '/admin/users/bulk')
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Disable 2 users?')
})

test('on a phone, the actions on the selected users are visible at once', async (t) => {
  const names = Array.from({ length: 12 }, (_, at) => `user-${at}`)
  const { page, baseUrl } = await adminIn(t, { viewport: { width: 360, height: 740 } }, names)
  await page.goto(`${baseUrl}/admin/users`)
  const list = await page.getByRole('table').boundingBox()
  assert.ok(list && list.y + list.height > 740, 'the list is too short to tell')
  await boxOf(page, 'user-7').check()
  const bar = await page.getByRole('group', { name: 'Selected users' }).boundingBox()
  assert.ok(bar && bar.y + bar.height <= 740)
})

test('on a phone, the current item of the navigation has a mark as wide as its text', async (t) => {
  const { page, baseUrl } = await adminIn(t, { viewport: { width: 360, height: 740 } })
  await page.goto(`${baseUrl}/admin/users`)
  const [mark, word] = await page.locator('.side [aria-current]').evaluate((link) => {
    const range = document.createRange()
    range.selectNodeContents(link)
    return [link.getBoundingClientRect().width, range.getBoundingClientRect().width]
  })
  assert.equal(Math.round(mark ?? 0), Math.round(word ?? -1))
})

/** Shifts the clock of the browser against the server's, from the next page on. */
async function shiftClock({ page, server }: Pick<Opened, 'page' | 'server'>, by: Duration): Promise<void> {
  await page.addInitScript(`{
    const { now } = Date
    Date.now = () => now() + ${server.clock.now() - Date.now() + by}
  }`)
}

const CLOCKS: readonly [by: Duration, locale: 'en' | 'de', chip: RegExp, sentence: RegExp][] = [
  [0, 'en', /^OK/, /Your browser and the server agree on the time\./],
  [seconds(50), 'en', /^OK/, /agree/],
  [minutes(5), 'en', /^Needs attention/, /clock is about 5 minutes ahead of the server’s\..*Turn on automatic time/s],
  [-minutes(3), 'en', /^Needs attention/, /clock is about 3 minutes behind the server’s\..*Turn on automatic time/s],
  [minutes(125), 'en', /^Needs attention/, /about 2 hours, 5 minutes ahead/],
  [minutes(3 * 1440 + 125), 'en', /^Needs attention/, /about 3 days, 2 hours ahead/],
  [-minutes(3), 'de', /^Zu beheben/, /etwa 3 Minuten nach\..*automatische Zeit/s],
]

/** Opens the checks that passed, among which clocks that agree are. */
async function unfolds(page: Page): Promise<void> {
  await page.locator('#checks summary', { hasText: /passed|bestanden/ }).click()
}

/** Whether clocks that differ by this much agree. */
const isWithin = (by: Duration): boolean => Math.abs(by) <= minutes(1)

test('the check-up reports whether the clock of the browser agrees with the server’s, and what to do', async (t) => {
  const admins = { en: await adminIn(t, { locale: 'en' }), de: await adminIn(t, { locale: 'de' }) }
  for (const [by, locale, chip, sentence] of CLOCKS) {
    const { server, baseUrl, page: signedIn } = admins[locale]
    const page = await signedIn.context().newPage()
    await shiftClock({ page, server }, by)
    await page.goto(`${baseUrl}/admin/checkup`)
    await unfolds(page)
    const row = page.locator(isWithin(by) ? '#browser-clock' : '#browser-clock-warning')
    const text = await row.innerText()
    assert.match(text.trim(), chip)
    assert.match(text, sentence)
    assert.equal(await page.locator(':is(#browser-clock, #browser-clock-warning) .marked:visible').count(), 1)
    assert.equal(await row.locator('time').isVisible(), false)
  }
})

test('an answer that takes minutes is not taken for a wrong clock, whenever the server read its clock', async (t) => {
  for (const clockRead of ['first', 'last'] as const) {
    const opened = await adminIn(t)
    const { page, baseUrl } = opened
    await shiftClock(opened, 0)
    await page.addInitScript(clockRead === 'first' ? LATE_ANSWER : EARLY_REQUEST)
    await page.goto(`${baseUrl}/admin/checkup`)
    await unfolds(page)
    assert.match(await page.locator('#browser-clock').innerText(), /agree/, clockRead)
  }
})

/** Delays the first byte by minutes after the server has read its clock; the browser's clock goes on meanwhile. */
const LATE_ANSWER = `{
  const { now } = Date
  Date.now = () => now() + ${minutes(4)}
  const passed = performance.now.bind(performance)
  performance.now = () => passed() + ${minutes(4)}
  const entriesOf = performance.getEntriesByType.bind(performance)
  performance.getEntriesByType = (type) =>
    entriesOf(type).map(({ requestStart, responseStart }) => ({ requestStart, responseStart: responseStart + ${minutes(4)} }))
}`

/** Makes the request appear to have been sent minutes before the server read its clock. */
const EARLY_REQUEST = `{
  const entriesOf = performance.getEntriesByType.bind(performance)
  performance.getEntriesByType = (type) =>
    entriesOf(type).map(({ requestStart, responseStart }) => ({ requestStart: requestStart - ${minutes(4)}, responseStart }))
}`

test('without scripts the check-up says what the server’s clock shows, to be compared by eye', async (t) => {
  const { page, baseUrl } = await adminIn(t, { javaScript: false })
  await page.goto(`${baseUrl}/admin/checkup`)
  await unfolds(page)
  const row = page.locator('#browser-clock')
  assert.match(
    await row.innerText(),
    /^Note[\s\S]*Server time when this page loaded: .* Compare it with your device’s clock\./,
  )
  const shown = Date.parse((await row.locator('time').getAttribute('datetime')) ?? '')
  assert.ok(Math.abs(Date.now() - shown) < minutes(10))
  assert.equal(await row.locator('p:visible').count(), 1)
})

test('without scripts the form of an app shows only the fields that its choices leave', async (t) => {
  const { root, page, baseUrl } = await adminIn(t, { javaScript: false })
  await declares(root, [{ key: 'badge', label: 'Badge', type: 'text' }])
  await newGroup(root, 'Staff')
  await page.goto(`${baseUrl}/admin/apps/new?preset=other`)
  await page.locator('.more > summary').click()
  const shown = async (): Promise<readonly string[]> => {
    const fields = ['groups', 'claim-badge', 'keeps_secret', 'secret_in_body', 'no_pkce', 'allow_http']
    const visible = await Promise.all(fields.map((id) => page.locator(`#${id}`).isVisible()))
    return fields.filter((_, index) => visible[index])
  }
  assert.deepEqual(await shown(), ['secret_in_body', 'no_pkce', 'allow_http'])
  await page.getByText('Single-page app').click()
  assert.deepEqual(await shown(), ['allow_http'])
  await page.getByText('Native app').click()
  assert.deepEqual(await shown(), ['keeps_secret', 'allow_http'])
  await page.getByLabel('Give it a secret').check()
  assert.deepEqual(await shown(), ['keeps_secret', 'secret_in_body', 'no_pkce', 'allow_http'])
  await page.getByLabel('Only these').check()
  await page.getByLabel('Badge', { exact: true }).check()
  assert.deepEqual((await shown()).slice(0, 2), ['groups', 'claim-badge'])
  assert.ok(await page.getByLabel('Redirect URIs').isVisible())
  await page.getByText('API', { exact: true }).click()
  assert.deepEqual([await shown(), await page.getByLabel('Redirect URIs').isVisible()], [[], false])
  await page.getByLabel('Name', { exact: true }).fill('Orders')
  await moveOn(page, () => press(page, 'Register app'))
  assert.ok(await page.locator('#client-secret').isVisible())
})

test('the role of a new user is a select, and below it stands what the chosen role permits', async (t) => {
  const { page, baseUrl } = await adminIn(t)
  await page.goto(`${baseUrl}/admin/users/new`)
  const hint = page.locator('#role-about')
  assert.match((await hint.textContent()) ?? '', /Can only change their own account/)
  await page.getByLabel('Role').selectOption('admin')
  assert.match((await hint.textContent()) ?? '', /Full access/)
  assert.equal(await page.getByText('User: Can only change').isVisible(), false)
})

test('without scripts all hints of the roles stand below the select', async (t) => {
  const { page, baseUrl } = await adminIn(t, { javaScript: false })
  await page.goto(`${baseUrl}/admin/users/new`)
  assert.ok(await page.getByText('User: Can only change').isVisible())
  assert.ok(await page.getByText('Admin: Full access').isVisible())
  assert.equal(await page.locator('#role-about').isVisible(), false)
})

test('groups are filtered while one types, and Enter in the filter sends no form', async (t) => {
  const { root, page, baseUrl } = await adminIn(t)
  for (const name of ['Board', 'Choir', 'Kitchen', 'Lab', 'On call', 'Sales', 'Staff']) await newGroup(root, name)
  await page.goto(`${baseUrl}/admin/users/new`)
  const shown = page.locator('.picks label:visible')
  assert.equal(await shown.count(), 7)
  const filter = page.getByRole('searchbox', { name: 'Filter groups' })
  await filter.fill('sa')
  assert.deepEqual(await shown.allTextContents(), ['Sales'])
  await page.getByLabel('Sales').check()
  await filter.press('Enter')
  assert.equal(pagePath(page), '/admin/users/new')
  await filter.fill('')
  assert.equal(await shown.count(), 7)
  await page.fill('#username', 'ada')
  await press(page, 'Create user')
  const members = page.getByRole('region', { name: 'Members' })
  await page.goto(`${baseUrl}/admin/groups?q=Sales`)
  await moveOn(page, () => page.getByRole('link', { name: 'Sales' }).click())
  assert.match(await members.innerText(), /ada/)
})

test('each of several names of groups is completed', async (t) => {
  const { root, page, baseUrl } = await adminIn(t)
  for (let at = 10; at < 31; at += 1) await newGroup(root, `Team ${at}`)
  await page.goto(`${baseUrl}/admin/users/new`)
  const suggested = () => page.locator('#groups-known option').evaluateAll(([first]) => first?.getAttribute('value'))
  assert.equal(await suggested(), 'Team 10')
  await page.locator('#groups').pressSequentially('Team 12; Te')
  assert.equal(await suggested(), 'Team 12; Team 10')
  await page.locator('#groups').fill('Te')
  assert.equal(await suggested(), 'Team 10')
})

test('a permission ticks the one that it needs, which unticks it again', async (t) => {
  const { page, baseUrl } = await adminIn(t)
  await page.goto(`${baseUrl}/admin/roles/new`)
  const [view, help, manage] = ['View users', 'Help users', 'Manage groups'].map((name) => page.getByLabel(name))
  await manage!.check()
  assert.equal(await view!.isChecked(), false)
  await help!.check()
  assert.ok(await view!.isChecked())
  await view!.uncheck()
  assert.deepEqual([await help!.isChecked(), await manage!.isChecked()], [false, true])
})
