// A double submit gets one answer twice. Threat: another session sends the same form at the same moment. It must get an answer of
// its own, and never the codes, token or session of the other.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import {
  assertLeadsTo,
  assertShowsCodes,
  authenticatorOn,
  hiddenIn,
  signedInBrowser,
  textIn,
} from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer, PASSWORD, type Person, startWithAdmin } from '../support/people/people.ts'
import { newPasskeyOn, opensAttempt } from '../support/people/second-factors.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const ANOTHER = 'a kettle full of stars'
const SAVED = '/account/security?done=codes'

interface Scene {
  readonly server: Server
  /** Two admins, and a browser of each. */
  readonly ada: Person
  readonly bob: Person
  readonly hers: Visitor
  readonly his: Visitor
}

type Answers = readonly [hers: LightMyRequestResponse, his: LightMyRequestResponse]
type Fields = Readonly<Record<string, string>>

interface Form {
  /** The fields that both send, as the page was shown to ada; the values that identify her page are added. */
  readonly fields: (scene: Scene, page: string) => Fields
  /** Asserts that the other admin got an answer of his own, which may be a refusal. */
  readonly apart: (answers: Answers, scene: Scene) => unknown
}

const FORMS: Readonly<Record<string, Form>> = {
  '/account/security/recovery-codes': {
    fields: () => ({}),
    apart: ([hers, his]) => {
      const codes = new Set(assertShowsCodes(hers, SAVED))
      assert.ok(!assertShowsCodes(his, SAVED).some((code) => codes.has(code)))
    },
  },
  '/account/security/tokens/new': {
    fields: () => ({ name: 'Nightly report', 'scopes-self:read': 'yes', expires_in_days: '30' }),
    apart: ([hers, his]) => assertDiffer([hers, his].map(({ body }) => textIn(body, 'api-token'))),
  },
  '/account/security/password': {
    fields: () => ({ current: PASSWORD, new: ANOTHER }),
    apart: async (answers, { server }) => {
      for (const answer of answers) assertLeadsTo(answer, '/account/security?done=password')
      for (const username of ['ada', 'bob']) await opensAttempt({ server, username, password: ANOTHER })
    },
  },
  '/account/security/app/new': {
    fields: ({ server }, page) => ({
      id: hiddenIn(page, 'id'),
      code: authenticatorOn(page).code(server.clock.now()),
      name: '',
    }),
    apart: ([hers, his]) => {
      assertLeadsTo(hers, '/account/security?done=added')
      assertLeadsTo(his, '/account/security/app/new?over')
    },
  },
  '/account/security/passkeys/new': {
    fields: ({ server }, page) => ({ passkey: newPasskeyOn(server, page), name: 'Key' }),
    apart: ([hers, his]) => {
      assertLeadsTo(hers, '/account/security?done=passkey-added')
      assert.ok(his.statusCode >= 400, his.body)
    },
  },
  '/confirm': {
    fields: ({ ada }) => ({ password: PASSWORD, code: ada.code() }),
    apart: ([hers, his]) => {
      assertLeadsTo(hers, '/account/security?done=confirmed')
      assert.equal(his.statusCode, 403)
      assert.ok(his.cookies.every(({ name }) => name !== 'session'))
    },
  },
  '/admin/users/4/reset-second-step': {
    fields: () => ({ reason: 'Lost bag', reset_password: 'yes' }),
    apart: ([hers, his]) => {
      assert.match(parsePage(hers).text, /\/invitation\/dwl_[\w-]+/)
      // The invitation that she was shown stays: there is no second step left to reset.
      assert.equal(his.statusCode, 409)
      assert.ok(!his.body.includes('dwl_'))
    },
  },
}

function pressOn(page: string): string {
  const press = hiddenIn(page, 'press')
  assert.match(press, /^[\w-]{22}$/)
  return press
}

function assertDiffer([one, other]: readonly string[]): void {
  assert.ok(one && other)
  assert.notEqual(one, other)
}

for (const [path, { fields, apart }] of Object.entries(FORMS)) {
  test(`two people who send one form to ${path} at one moment get two answers`, async (t) => {
    const { server, root } = await startWithAdmin(t)
    const [ada, bob] = [await newcomer(root, 'ada', { role: 'admin' }), await newcomer(root, 'bob', { role: 'admin' })]
    await newcomer(root, 'eve')
    const [hers, his] = [await signedInBrowser(ada), await signedInBrowser(bob)]
    const scene = { server, ada, bob, hers, his }
    const [page] = [await hers.open(path), await his.open(path)]
    const form = { ...fields(scene, page.body), press: pressOn(page.body) }
    const at = server.clock.now()
    await apart([await hers.submit(path, form), await his.submit(path, form)], scene)
    assert.equal(server.clock.now(), at)
  })

  leaveToTestAll()
}

for (const [kind, fieldsOn] of [
  ['app', (server: Server, page: string) => ({ code: authenticatorOn(page).code(server.clock.now()) })],
  ['passkey', (server: Server, page: string) => ({ passkey: newPasskeyOn(server, page), name: '' })],
] as const) {
  test(`the form that enrolled one ${kind} is refused to another attempt a moment later`, async (t) => {
    const { server, root } = await startWithAdmin(t)
    const path = `/enrolment/${kind}`
    const [hers, his] = [await invitedBrowser(root, 'ada'), await invitedBrowser(root, 'bob')]
    const [page] = [await hers.open(path), await his.open(path)]
    const form = { ...fieldsOn(server, page.body), press: pressOn(page.body) }
    const enrolled = await hers.submit(path, form)
    assert.ok(hers.cookies.has('session'), enrolled.body)
    const refused = await his.submit(path, form)
    assert.ok(refused.statusCode >= 400, refused.body)
    assert.ok(!his.cookies.has('session'))
  })
}

/** The browser of a user who accepted an invitation and has no second factor yet. */
async function invitedBrowser(root: Person, username: string): Promise<Visitor> {
  const browser = new Visitor(root.server)
  const link = invitationIn(await root.asks('POST', '/users', { username }))
  assertLeadsTo(await browser.submit(`/invitation/${link}`, { password: PASSWORD }), '/enrolment')
  return browser
}

test('a password that is changed, changed back and changed again is changed each time', async (t) => {
  const server = await start(t)
  const root = await firstAdmin(server)
  const browser = await signedInBrowser(root)
  let current = PASSWORD
  for (const next of [ANOTHER, PASSWORD, ANOTHER]) {
    const form = { current, new: next }
    current = next
    const done = '/account/security?done=password'
    assertLeadsTo(await browser.submit('/account/security/password', form), done)
    await opensAttempt({ server, username: 'root', password: next })
    assertLeadsTo(await browser.submit('/account/security/password', form), done)
  }
})
