// The flows through the pages from start to end, in a real browser.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { days, hours, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { BrowserAuthenticator } from '../support/browser/browser-passkeys.ts'
import { openBrowser } from '../support/browser/browser.ts'
import {
  ActionCounter,
  appFrom,
  arrivesAtEnrolment,
  choosesApp,
  openAccountMenu,
  pagePath,
  savesCodes,
  send,
  signOut,
} from '../support/browser/page-actions.ts'
import { invitationPath, setupPath } from '../support/pages/page-scenes.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { claimed, exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Listening, listening } from '../support/server/listening.ts'

interface Variant {
  readonly javaScript: boolean
  readonly dialect: Dialect
}

/** The short flows run with and without scripts, and on the other database. */
const VARIANTS: readonly Variant[] = [
  { javaScript: true, dialect: 'sqlite' },
  { javaScript: false, dialect: 'sqlite' },
  { javaScript: true, dialect: 'postgres' },
]

function onEachVariant(claim: string, walk: (t: TestContext, variant: Variant) => Promise<void>): void {
  for (const variant of VARIANTS) {
    const name = `${claim} (${variant.javaScript ? 'with' : 'without'} JavaScript, ${variant.dialect})`
    const declare = variant.dialect === 'sqlite' ? claimed : exhaustive
    declare(name, (t) => walk(t, variant))
  }
}

/** From the link that the start prints to the choice of a second step; starting the server is the first action. */
async function beginsSetup(page: Page, main: Listening): Promise<ActionCounter> {
  const counter = new ActionCounter(page)
  counter.actions = 1
  await counter.opens(main.baseUrl + (await setupPath(main.server)))
  await counter.types('username', 'ada')
  await counter.types('new-password', PASSWORD)
  await counter.presses('Continue')
  return counter
}

/** Saves the recovery codes, and lands on the overview with what to do next. */
async function endsSetup(counter: ActionCounter): Promise<void> {
  const { page } = counter
  await counter.ticks('saved')
  await counter.presses('Continue')
  await page.getByRole('banner').getByText('ada').waitFor()
  await page.getByRole('heading', { name: 'Get started' }).waitFor()
  assert.equal(pagePath(page), '/admin')
}

onEachVariant(
  'from the first command to a signed-in admin with an app in at most ten actions',
  async (t, { javaScript, dialect }) => {
    const main = await listening(t, { dialect })
    const counter = await beginsSetup(await openBrowser(t, { javaScript }), main)
    // A browser without scripts has no choice, and goes on to the app by itself.
    if (javaScript) await counter.chooses('Authenticator app')
    else await choosesApp(counter.page)
    const app = await counter.scans()
    await counter.sendsCode(app.code(main.server.clock.now()))
    await endsSetup(counter)
    assert.ok(counter.actions <= 10, `${counter.actions} actions`)
  },
)

leaveToTestAll()

test('from the first command to a signed-in admin with a passkey in at most ten actions', async (t) => {
  const main = await listening(t)
  const page = await openBrowser(t)
  await BrowserAuthenticator.in(page)
  const counter = await beginsSetup(page, main)
  await counter.chooses('Passkey')
  await counter.presses('Create passkey')
  // The browser's own question.
  counter.actions += 1
  await endsSetup(counter)
  assert.match(await page.innerText('main'), /Next time, just use your passkey/)
  assert.ok(counter.actions <= 10, `${counter.actions} actions`)
})

onEachVariant('a set-up can be left at any point and taken up again', async (t, { javaScript, dialect }) => {
  const main = await listening(t, { dialect })
  const url = main.baseUrl + (await setupPath(main.server))
  const first = await openBrowser(t, { javaScript })
  await first.goto(url)
  await send(first, { username: 'ada', 'new-password': 'short' })
  assert.equal(await first.inputValue('#username'), 'ada')
  assert.equal(await first.inputValue('#new-password'), '')
  await send(first, { 'new-password': PASSWORD })
  await choosesApp(first)
  const app = await appFrom(first)
  await first.reload()
  assert.equal((await appFrom(first)).code(0), app.code(0), 'a reload shows another key')
  await first.goto(url)
  await first.getByRole('link', { name: 'Continue setup' }).click()
  await arrivesAtEnrolment(first)
  await choosesApp(first)
  assert.equal((await appFrom(first)).code(0), app.code(0), 'going back leads to another key')
  await first.context().close()

  // Another browser, later: no user exists yet, and the link starts the set-up again.
  const again = await openBrowser(t, { javaScript })
  await again.goto(`${main.baseUrl}/sign-in`)
  assert.equal(pagePath(again), '/setup')
  await send(again, { setup_token: url })
  await send(again, { username: 'ada', 'new-password': PASSWORD })
  await choosesApp(again)
  await send(again, { code: (await appFrom(again)).code(main.server.clock.now()) })
  await savesCodes(again)
  await again.getByRole('banner').getByText('ada').waitFor()
  assert.equal((await again.goto(`${main.baseUrl}/setup`))?.status(), 404)
})

onEachVariant('a user signs in with password and code, and signs out', async (t, { javaScript, dialect }) => {
  const { server, baseUrl } = await listening(t, { dialect })
  const root = await firstAdmin(server)
  const page = await openBrowser(t, { javaScript })
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
  await send(page, { username: 'root', 'current-password': 'wrong' })
  assert.match(await page.innerText('main'), /don’t match/)
  assert.equal(await page.inputValue('#username'), 'root')
  assert.equal(await page.inputValue('#current-password'), '')
  await send(page, { 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
  assert.match(await page.innerText('main'), /Signing in as root/)
  const tries = [
    { code: '000000', answer: /That code didn’t match/ },
    { code: root.authenticator.code(server.clock.now()), answer: /That code was used a moment ago/ },
    { code: '12345', answer: /That code didn’t match/ },
  ]
  for (const { code, answer } of tries) {
    await send(page, { code })
    assert.equal(pagePath(page), '/sign-in/second-step')
    assert.match(await page.innerText('main'), answer)
    assert.equal(await page.inputValue('#code'), '', 'the code that did not count stays in the field')
    assert.match(await page.title(), /^Error: /)
  }
  const code = root.code()
  await send(page, { code: `${code.slice(0, 3)} ${code.slice(3)}` })
  assert.equal(pagePath(page), '/account')
  await signOut(page)
  assert.match(await page.innerText('main'), /You’re signed out/)
  const left = await page.context().cookies()
  assert.deepEqual(
    left.map(({ name }) => name),
    ['device'],
    'a session stays behind',
  )
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
})

onEachVariant('a new user enrols by an invitation, once', async (t, { javaScript, dialect }) => {
  const { server, baseUrl } = await listening(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const url = baseUrl + (await invitationPath(admin, 'bob', { full_name: 'Bob' }))
  const page = await openBrowser(t, { javaScript })
  await page.goto(url)
  assert.match(await page.innerText('main'), /Hello Bob\.\s+root created an account for you/)
  await send(page, { 'new-password': 'short' })
  assert.match(await page.innerText('main'), /Use at least 8 characters\./)
  assert.equal(await page.inputValue('#username'), 'bob')
  await send(page, { 'new-password': PASSWORD })
  await arrivesAtEnrolment(page)
  // An unfinished sign-in can open its own enrolment and no other page.
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
  await page.goto(`${baseUrl}/enrolment`)
  await choosesApp(page)
  const app = await appFrom(page)
  await send(page, { code: app.code(server.clock.now(), 9) })
  assert.match(await page.innerText('main'), /That code didn’t match/)
  await send(page, { code: app.code(server.clock.now()) })
  await savesCodes(page)
  assert.equal(pagePath(page), '/account')
  assert.match(await page.innerText('main'), /You’re all set/)
  await page.getByRole('banner').getByText('bob').waitFor()

  const other = await openBrowser(t, { javaScript })
  await other.goto(url)
  assert.match(await other.innerText('main'), /already used/)
  await other.click('main a')
  assert.equal(pagePath(other), '/sign-in')
})

test('an expired or unknown link says so, and what to do now', async (t) => {
  const { server, baseUrl } = await listening(t)
  const late = baseUrl + (await setupPath(server))
  const page = await openBrowser(t, { javaScript: false })
  server.clock.pass(hours(1))
  await page.goto(late)
  assert.match(
    await page.innerText('main'),
    /has expired[\s\S]*npm run -s doorward -- setup-link|npm run -s doorward -- setup-link[\s\S]*has expired/,
  )

  const admin = await (await firstAdmin(server)).signsIn()
  const url = baseUrl + (await invitationPath(admin, 'bob'))
  server.clock.pass(days(8))
  for (const [link, answer] of [
    [url, /has expired/],
    [`${url.slice(0, -4)}AAAA`, /ask for a new one/],
  ] as const) {
    const visit = await page.goto(link)
    assert.equal(visit?.status(), 404)
    assert.match(await page.innerText('main'), answer)
    assert.equal(await page.locator('main input').count(), 0)
  }
})

test('between the steps the browser stores only one cookie, which scripts cannot read', async (t) => {
  const { server, baseUrl } = await listening(t)
  await newcomer(await (await firstAdmin(server)).signsIn(), 'bob')
  const page = await openBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'bob', 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
  const cookies = await page.context().cookies()
  assert.deepEqual(
    cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path })),
    [{ httpOnly: true, sameSite: 'Lax', path: '/' }],
  )
  assert.equal(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length'), '00')
})

test('a double submit has the effect of one', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const page = await openBrowser(t, { javaScript: false })
  await page.goto(`${baseUrl}/sign-in`)
  await page.fill('#username', 'root')
  await page.fill('#current-password', PASSWORD)
  await page.locator('main form button[type=submit]').first().dblclick()
  await page.waitForURL('**/sign-in/second-step')
  await page.fill('#code', root.code())
  await page.locator('main form button[type=submit]').dblclick()
  await page.waitForURL('**/account')
  server.clock.pass(seconds(1))
  await page.reload()
  assert.equal(pagePath(page), '/account')
  await openAccountMenu(page)
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).dblclick()
  await page.waitForURL('**/sign-out')
})
