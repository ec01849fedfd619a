// The ways through the pages from start to end, in a real browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { days, hours, seconds } from '../../src/foundation/kernel/time.ts'
import { issueSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { claimed, exhaustive } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import type { Listening } from '../support/server/listening.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { appFrom, choosesApp, ActionCounter, pagePath, savesCodes, send, signOut } from '../support/browser/page-actions.ts'

interface Way {
  readonly javaScript: boolean
  readonly dialect: Dialect
}

/** The short ways are walked with and without scripts, and on the other database. */
const WAYS: readonly Way[] = [
  { javaScript: true, dialect: 'sqlite' },
  { javaScript: false, dialect: 'sqlite' },
  { javaScript: true, dialect: 'postgres' },
]

function onEachWay(claim: string, walk: (t: TestContext, way: Way) => Promise<void>): void {
  for (const way of WAYS) {
    const name = `${claim} (${way.javaScript ? 'with' : 'without'} JavaScript, ${way.dialect})`
    const declare = way.dialect === 'sqlite' ? claimed : exhaustive
    declare(name, (t) => walk(t, way))
  }
}

async function invitationUrl(admin: Person, fields: object): Promise<string> {
  const { body } = await admin.asks('POST', '/users', fields)
  return (body['invitation'] as { url: string }).url
}

async function setupUrl({ server, address }: Listening): Promise<string> {
  return `${address}/setup/${(await issueSetupLink(server.operator()))?.token.reveal()}`
}

onEachWay(
  'from the printed link to a signed-in admin in at most twelve actions',
  async (t, { javaScript, dialect }) => {
    const main = await listening(t, { dialect })
    const hands = new ActionCounter(await openBrowser(t, { javaScript }))
    const { page } = hands
    await hands.opens(await setupUrl(main))
    await hands.types('username', 'ada')
    await hands.types('new-password', PASSWORD)
    await hands.presses('Continue')
    assert.equal(pagePath(page), '/enrolment')
    await hands.chooses('Authenticator app')
    const app = await hands.scans()
    await hands.sendsCode(app.code(main.server.clock.now()))
    await hands.ticks('saved')
    await hands.presses('Continue')
    await page.getByRole('banner').getByText('ada').waitFor()
    await page.getByRole('banner').getByRole('link', { name: 'Administration' }).waitFor()
    // Starting the server is one more.
    assert.ok(hands.actions + 1 <= 12, `${hands.actions + 1} actions`)
  },
)

onEachWay('a set-up can be left at any point and taken up again', async (t, { javaScript, dialect }) => {
  const main = await listening(t, { dialect })
  const url = await setupUrl(main)
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
  await first.getByRole('link', { name: 'Go on with step 2' }).click()
  assert.equal(pagePath(first), '/enrolment')
  await choosesApp(first)
  assert.equal((await appFrom(first)).code(0), app.code(0), 'the way back leads to another key')
  await first.context().close()

  // Another browser, later: nobody is there yet, and the link begins again.
  const again = await openBrowser(t, { javaScript })
  await again.goto(`${main.address}/sign-in`)
  assert.equal(pagePath(again), '/setup')
  await send(again, { setup_token: url })
  await send(again, { username: 'ada', 'new-password': PASSWORD })
  await choosesApp(again)
  await send(again, { code: (await appFrom(again)).code(main.server.clock.now()) })
  await savesCodes(again)
  await again.getByRole('banner').getByText('ada').waitFor()
  assert.equal((await again.goto(`${main.address}/setup`))?.status(), 404)
})

onEachWay('a person signs in with password and code, and out again', async (t, { javaScript, dialect }) => {
  const { server, address } = await listening(t, { dialect })
  const root = await firstAdmin(server)
  const page = await openBrowser(t, { javaScript })
  await page.goto(`${address}/account`)
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
    { code: '12345', answer: /That code didn’t match|6-digit/ },
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
  await page.goto(`${address}/account`)
  assert.equal(pagePath(page), '/sign-in')
})

onEachWay('a newcomer comes in by their invitation, once', async (t, { javaScript, dialect }) => {
  const { server, address } = await listening(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const url = await invitationUrl(admin, { username: 'bob', full_name: 'Bob' })
  const page = await openBrowser(t, { javaScript })
  await page.goto(url)
  assert.match(await page.innerText('main'), /Hello Bob\. The admin root created an account for you/)
  await send(page, { 'new-password': 'short' })
  assert.match(await page.innerText('main'), /too short|at least/i)
  assert.equal(await page.inputValue('#username'), 'bob')
  await send(page, { 'new-password': PASSWORD })
  assert.equal(pagePath(page), '/enrolment')
  // There is no way round: half a sign-in reaches its own enrolment and nothing else.
  await page.goto(`${address}/account`)
  assert.equal(pagePath(page), '/sign-in')
  await page.goto(`${address}/enrolment`)
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

test('a link that ran out or was never there says so, and what to do now', async (t) => {
  const main = await listening(t)
  const { server } = main
  const late = await setupUrl(main)
  const page = await openBrowser(t, { javaScript: false })
  server.clock.pass(hours(1))
  await page.goto(late)
  assert.match(
    await page.innerText('main'),
    /ran out[\s\S]*npm run -s doorward -- setup-link|npm run -s doorward -- setup-link[\s\S]*ran out/,
  )

  const admin = await (await firstAdmin(server)).signsIn()
  const url = await invitationUrl(admin, { username: 'bob' })
  server.clock.pass(days(8))
  for (const [link, answer] of [
    [url, /ran out/],
    [`${url.slice(0, -4)}AAAA`, /ask for a new one/],
  ] as const) {
    const visit = await page.goto(link)
    assert.equal(visit?.status(), 404)
    assert.match(await page.innerText('main'), answer)
    assert.equal(await page.locator('main input').count(), 0)
  }
})

test('between the steps nothing is kept in the browser but one cookie, out of reach of scripts', async (t) => {
  const { server, address } = await listening(t)
  await newcomer(await (await firstAdmin(server)).signsIn(), 'bob')
  const page = await openBrowser(t)
  await page.goto(`${address}/sign-in`)
  await send(page, { username: 'bob', 'current-password': PASSWORD })
  assert.equal(pagePath(page), '/sign-in/second-step')
  const cookies = await page.context().cookies()
  assert.deepEqual(
    cookies.map(({ httpOnly, sameSite, path }) => ({ httpOnly, sameSite, path })),
    [{ httpOnly: true, sameSite: 'Lax', path: '/' }],
  )
  assert.equal(await page.evaluate('document.cookie + localStorage.length + sessionStorage.length'), '00')
})

test('pressing a button twice does what pressing it once does', async (t) => {
  const { server, address } = await listening(t)
  const root = await firstAdmin(server)
  const page = await openBrowser(t, { javaScript: false })
  await page.goto(`${address}/sign-in`)
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
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).dblclick()
  await page.waitForURL('**/sign-out')
})
