// Threat: an attacker has a copy of the session cookie. A double submit of one form gets one answer twice, which may contain the
// session's next token or codes. The same form sent with the copied cookie from the attacker's own page must not get that answer:
// the request is authorized like any other, by a cookie that is no longer valid.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import {
  assertLeadsTo,
  assertShowsCodes,
  authenticatorOn,
  hiddenIn,
  signedInBrowser,
} from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { isRefusedForm, Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { givePasskey, newPasskeyOn } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const ANOTHER = 'a kettle full of stars'

type Fields = Readonly<Record<string, string>>
type Typed = (scene: { readonly server: Server; readonly ada: Person }, page: string) => Fields

/** The fields of each form, as the page was shown to its owner; the page of one factor is found by the factor's name. */
const FORMS: Readonly<Record<string, Typed>> = {
  '/account/security/passkeys/remove/': () => ({}),
  '/account/security/app/remove/': () => ({}),
  '/account/security/app/new': ({ server }, page) => ({
    id: hiddenIn(page, 'id'),
    code: authenticatorOn(page).code(server.clock.now()),
  }),
  '/account/security/passkeys/new': ({ server }, page) => ({ passkey: newPasskeyOn(server, page) }),
  '/account/security/password': () => ({ current: PASSWORD, new: ANOTHER }),
  '/confirm': ({ ada }) => ({ password: PASSWORD, code: ada.code() }),
  '/account/security/recovery-codes': () => ({}),
  '/account/security/tokens/new': () => ({ name: 'Report', 'scopes-self:read': 'yes' }),
  '/admin/users/3/reset-second-step': () => ({ reason: 'Lost bag', reset_password: 'yes' }),
}

function copyOf(server: Server, browser: Visitor): Visitor {
  const copy = new Visitor(server)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

/** Adds two passkeys, and a re-authentication that suffices for removing a factor. */
async function givesPasskeys(ada: Person): Promise<void> {
  for (let phone = 0; phone < 2; phone++) await givePasskey(ada)
  await ada.server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
}

/** The whole path of a form on one of ada's pages. */
async function pathOf(browser: Visitor, form: string): Promise<string> {
  if (!form.endsWith('/')) return form
  const targets = parsePage(await browser.open('/account/security')).targets(form)
  return targets.find((target) => target !== form) ?? form
}

function assertNoSession({ cookies }: LightMyRequestResponse): void {
  assert.ok(cookies.every(({ name, value }) => name !== 'session' || value === ''))
}

function assertGivesNothing(answer: LightMyRequestResponse, owners: LightMyRequestResponse): void {
  const isRefused = answer.statusCode >= 400 || isRefusedForm(answer)
  assert.ok(isRefused || String(answer.headers.location).startsWith('/sign-in'), answer.body)
  assertNoSession(answer)
  // Recovery codes, an API token, the link of an invitation.
  for (const [secret] of owners.body.matchAll(/(?<=<li><code>)[^<]+|dw\w_[\w-]{20,}/g)) {
    assert.ok(!answer.body.includes(secret), answer.body)
  }
}

for (const [form, typed] of Object.entries(FORMS)) {
  test(`a copied cookie is not answered with what its owner got at ${form}`, async (t) => {
    const { server, root } = await startWithAdmin(t)
    const ada = await newcomer(root, 'ada', { role: 'admin' })
    await newcomer(root, 'eve')
    const browser = await signedInBrowser(ada)
    if (form.endsWith('/')) await givesPasskeys(ada)
    const path = await pathOf(browser, form)
    const page = await browser.open(path)
    assert.equal(page.statusCode, 200, page.body)
    const fields = typed({ server, ada }, page.body)
    const looking = copyOf(server, browser)
    const bodies = []
    for (const press of [{}, { press: '' }]) {
      const copy = copyOf(server, browser)
      await copy.open(path)
      bodies.push(await copy.hold(path, { ...fields, ...press }))
    }
    const owners = await browser.submit(path, fields)
    assert.ok(owners.statusCode < 400, owners.body)
    // A form that renews no token leaves a copied cookie valid until another change renews it.
    if ((await looking.open('/account')).statusCode === 200) {
      const changed = await browser.submit('/account/security/password', { current: PASSWORD, new: ANOTHER })
      assertLeadsTo(changed, '/account/security?done=password')
    }
    for (const send of bodies) assertGivesNothing(await send(), owners)
    assert.equal((await browser.open('/account')).statusCode, 200)
  })

  leaveToTestAll()
}

test('a copied cookie of a sign-in is not answered with the session of its owner', async (t) => {
  const server = await start(t)
  const root = await firstAdmin(server)
  const browser = new Visitor(server)
  await browser.submit('/sign-in', { username: root.username, password: PASSWORD })
  const path = '/sign-in/second-step'
  await browser.open(path)
  const copies = await copiesAt(server, browser, path)
  const code = root.code()
  assertLeadsTo(await browser.submit(path, { code }), '/account')
  await assertAllEnded(copies, path, code)
})

test('a copied cookie of an invitation is not answered with the session and codes of its owner', async (t) => {
  const { server, root } = await startWithAdmin(t)
  const link = invitationIn(await root.asks('POST', '/users', { username: 'ada' }))
  const browser = new Visitor(server)
  assertLeadsTo(await browser.submit(`/invitation/${link}`, { password: PASSWORD }), '/enrolment')
  const path = '/enrolment/app'
  const page = await browser.open(path)
  const copies = await copiesAt(server, browser, path)
  const code = authenticatorOn(page.body).code(server.clock.now())
  assertShowsCodes(await browser.submit(path, { code }), '/account?done=set-up')
  await assertAllEnded(copies, path, code)
})

/** Two browsers with a copy of the cookie, each with its own page. */
async function copiesAt(server: Server, browser: Visitor, path: string): Promise<Visitor[]> {
  const copies = [copyOf(server, browser), copyOf(server, browser)]
  for (const copy of copies) await copy.open(path)
  return copies
}

/** Sends the form of the copy's own page, and one without the page's value for duplicates. */
async function assertAllEnded([one, other]: readonly Visitor[], path: string, code: string): Promise<void> {
  const answers = [await one?.submit(path, { code }), await other?.submit(path, { code, press: '' })]
  for (const answer of answers) {
    assert.ok(answer)
    assertNoSession(answer)
    assertLeadsTo(answer, '/sign-in?because=ended')
  }
}
