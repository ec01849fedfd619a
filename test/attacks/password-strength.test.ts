// Threat: the question how strong a password is, which each page with a new password asks while it is typed. Only the page of a session
// or a link may ask, 30 times; what was typed is sent nowhere and kept nowhere. test/attacks/csrf.test.ts sends it from other sites.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { minutes } from '#foundation/kernel/time.ts'
import { dumpOf } from '../support/databases/database-dump.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { invitationPath, setupPath } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start, type StartOptions } from '../support/server/start.ts'

const OWN = '/account/security/password'
const TYPED = 'violet umbrella 4'

interface NewPasswordPage {
  readonly server: Server
  readonly path: string
  /** A browser that has opened the page. */
  readonly browser: Visitor
}

/** The pages with a new password: of a signed-in user, of an invitation, of the set-up. */
async function newPasswordPages(
  t: TestContext,
  options: StartOptions = {},
): Promise<[NewPasswordPage, ...NewPasswordPage[]]> {
  const { server, root } = await startWithAdmin(t, options)
  const empty = await start(t, options)
  const invitation = await invitationPath(root, 'lovelace', { full_name: 'Ada Byron' })
  const pages = [
    { server, path: OWN, browser: await signedInBrowser(root) },
    { server, path: invitation, browser: new Visitor(server) },
    { server: empty, path: await setupPath(empty), browser: new Visitor(empty) },
  ] as const
  for (const { browser, path } of pages) await browser.page(path)
  return [...pages]
}

function strengthIn({ statusCode, body }: LightMyRequestResponse): unknown {
  assert.equal(statusCode, 200, body.slice(0, 300))
  return (JSON.parse(body) as { strength: unknown }).strength
}

const asks = (page: NewPasswordPage, fields: Readonly<Record<string, string>>, browser = page.browser) =>
  browser.submit(`${page.path}/strength`, fields)

test('each page learns the strength of what is typed in it, with the word for it, and no cache keeps the answer', async (t) => {
  const ownWords = ['root-2026!', 'Ada.Byron.1815', 'grace@example.org']
  const names = { username: 'grace', email: 'grace@example.org', full_name: '' }
  for (const [at, page] of (await newPasswordPages(t)).entries()) {
    const answer = await asks(page, { ...names, password: TYPED })
    assert.deepEqual(answer.json(), { strength: 'strong', word: 'Strong' })
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(strengthIn(await asks(page, { ...names, password: 'rabbit7k' })), 'fair')
    assert.equal(strengthIn(await asks(page, { ...names, password: ownWords[at] ?? '' })), 'weak')
    assert.equal(strengthIn(await asks(page, names)), 'weak')
  }
})

leaveToTestAll()

test('without the form token of the session, and with a link that is none, there is no answer', async (t) => {
  const [own] = await newPasswordPages(t)
  for (const form_token of ['', 'x'.repeat(43)]) {
    assert.equal((await asks(own, { password: TYPED, form_token })).statusCode, 403)
  }
  const stranger = new Visitor(own.server)
  assert.equal((await asks(own, { password: TYPED }, stranger)).statusCode, 303)
  const none = { ...own, browser: stranger }
  for (const path of ['/invitation/dwl_none', '/setup/dwl_none']) {
    const { statusCode, body } = await asks({ ...none, path }, { password: TYPED })
    assert.ok(statusCode >= 400 && statusCode < 500, `${path}: ${statusCode}`)
    assert.doesNotMatch(body, /Strong/)
  }
})

test('a session and a link may ask 30 times, however long that takes and whichever browser asks; others still may', async (t) => {
  const pages = await newPasswordPages(t)
  for (const page of pages) {
    for (let asked = 0; asked < 30; asked++) strengthIn(await asks(page, { password: TYPED }))
    page.server.clock.pass(minutes(20))
    assert.equal((await asks(page, { password: TYPED })).statusCode, 429)
    if (page.path === OWN) continue
    assert.equal((await asks(page, { password: TYPED }, new Visitor(page.server))).statusCode, 429)
  }
})

test('a body larger than that of the longest password is refused', async (t) => {
  for (const page of await newPasswordPages(t)) {
    strengthIn(await asks(page, { password: '🦊'.repeat(256) }))
    assert.equal((await asks(page, { password: 'x'.repeat(9000) })).statusCode, 413)
  }
})

test('what is typed stands in no table and no line of the most detailed log, and no range service hears of it', async (t) => {
  const heard: string[] = []
  const service = createServer((request, response) => {
    heard.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  t.after(() => service.close())
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/range`
  const pages = await newPasswordPages(t, { settings: { breached_passwords_url: url, log_level: 'trace' } })
  const before = heard.length
  for (const page of pages) {
    strengthIn(await asks(page, { password: TYPED }))
    assert.match(page.server.logText(), /\/strength/)
    assert.ok(!page.server.logText().includes('violet'), 'the log holds what was typed')
    assert.ok(
      !JSON.stringify(await dumpOf(page.server.doorward.db)).includes('violet'),
      'the database holds what was typed',
    )
  }
  assert.equal(heard.length, before)
  const [own] = pages
  await own.browser.submit(OWN, { current: PASSWORD, new: TYPED })
  assert.equal(heard.length, before + 1, 'the service is not in use')
})
