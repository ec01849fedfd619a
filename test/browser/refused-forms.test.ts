// Back and Reload after a refused form of a sign-in: no page of the browser's own, and nothing is sent twice.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import { minutes } from '#foundation/kernel/time.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { appFrom, choosesApp, pagePath, send } from '../support/browser/page-actions.ts'
import { invitationPath, setupPath } from '../support/pages/page-scenes.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { issuedEnrolmentLink, issuedResetLink } from '../support/people/reset-links.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

interface Watched {
  readonly page: Page
  /** How many forms the browser has sent. */
  readonly sent: () => number
}

async function watchedBrowser(t: TestContext): Promise<Watched> {
  const page = await openBrowser(t)
  let posts = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.isNavigationRequest()) posts += 1
  })
  return { page, sent: () => posts }
}

/** Asserts that a page of the server is shown, not an error page of the browser. */
async function assertServed(page: Page): Promise<void> {
  assert.ok(!page.url().startsWith('chrome-error:'), page.url())
  assert.equal((await page.locator('body > .shell, body main').count()) > 0, true, await page.title())
}

leaveToTestAll()

test('after a wrong password and a wrong code, Back leads to pages of the server and sends no form', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const { page, sent } = await watchedBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'root', 'current-password': 'not the password' })
  assert.match(await page.innerText('main'), /don’t match/)
  assert.equal(await page.inputValue('#username'), 'root')
  await send(page, { 'current-password': root.password })
  await send(page, { code: '000000' })
  assert.match(await page.innerText('main'), /code/)
  await send(page, { code: root.code() })
  assert.equal(pagePath(page), '/account')
  const before = sent()
  assert.equal(before, 4)
  for (let step = 0; step < 4; step++) {
    await page.goBack()
    await assertServed(page)
    if (page.url() === 'about:blank') break
  }
  assert.equal(sent(), before)
})

test('after a wrong password, Reload shows the form again and sends nothing', async (t) => {
  const { server, baseUrl } = await listening(t)
  await firstAdmin(server)
  const { page, sent } = await watchedBrowser(t)
  await page.goto(`${baseUrl}/sign-in`)
  await send(page, { username: 'root', 'current-password': 'not the password' })
  const answer = await page.reload()
  assert.equal(answer?.request().method(), 'GET')
  assert.match(await page.innerText('main'), /don’t match/)
  assert.equal(await page.inputValue('#username'), 'root')
  server.clock.pass(minutes(1))
  assert.equal((await page.reload())?.status(), 200)
  assert.equal(await page.inputValue('#username'), '')
  assert.equal(sent(), 1)
})

test('behind a link the theme changes in place, and what was typed stays', async (t) => {
  const { server, baseUrl } = await listening(t)
  const path = await setupPath(server)
  const { page, sent } = await watchedBrowser(t)
  await page.goto(baseUrl + path)
  await send(page, { username: 'root', 'new-password': 'short' })
  await page.fill('#full_name', 'Grace')
  await page.locator('.themes > summary').click()
  await page.locator('.themes button[value=dark]').click()
  await page.locator('html[data-theme=dark] .themes summary use[href$="#moon"]').waitFor()
  assert.deepEqual([await page.inputValue('#full_name'), sent()], ['Grace', 1])
  assert.equal(await page.locator('.themes summary').innerText(), 'Appearance: Dark')
})

test('the forms behind links and of the enrolment are shown again at their own URL, which Reload opens', async (t) => {
  const { server, baseUrl } = await listening(t)
  const fresh = await setupPath(server)
  const { page, sent } = await watchedBrowser(t)
  const refused = async (path: string, fields: Readonly<Record<string, string>>): Promise<void> => {
    const before = sent()
    await send(page, fields)
    assert.equal(pagePath(page), path)
    assert.ok((await page.locator('#error-summary, [aria-invalid=true]').count()) > 0, `${path} says nothing`)
    const answer = await page.reload()
    assert.equal(answer?.request().method(), 'GET', path)
    assert.equal(sent(), before + 1, path)
  }
  await page.goto(baseUrl + fresh)
  await refused(fresh, { username: 'root', 'new-password': 'short' })
  await send(page, { username: 'root', 'new-password': PASSWORD })
  await choosesApp(page)
  await refused('/enrolment/app', { code: '000000' })
  const app = await appFrom(page)
  await send(page, { code: app.code(server.clock.now()) })

  const people = await listening(t)
  const root = await (await firstAdmin(people.server)).signsIn()
  await newcomer(root, 'ada')
  await newcomer(root, 'bob')
  const links: [path: string, fields: Record<string, string>][] = [
    [await invitationPath(root, 'cid'), { 'new-password': 'short' }],
    [`/password-reset/${await issuedResetLink(people.server, 'ada')}`, { 'new-password': 'short' }],
    [`/enrolment-link/${await issuedEnrolmentLink(people.server, 'bob')}`, { 'current-password': 'not the password' }],
  ]
  for (const [path, fields] of links) {
    await page.goto(people.baseUrl + path)
    await refused(path, fields)
  }
})
