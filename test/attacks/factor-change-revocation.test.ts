// Threat: an attacker holds one of the user's factors, and the user adds or removes a factor. Whatever was begun or issued before
// grants no access afterwards, except in the browser that made the change, and sessions elsewhere where the user lets them stay.
import assert from 'node:assert/strict'

import {
  assertLeadsTo,
  assertSignedOut,
  authenticatorOn,
  hiddenIn,
  signedInBrowser,
} from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ALLOWED_FAILURES, guessInVain, peopled, WRONG } from '../support/people/password-guesses.ts'
import type { Person } from '../support/people/people.ts'
import { givePasskey, newPasskeyOn, opensAttempt, provesSecondStep, rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const SECURITY = '/account/security'

interface Change {
  /** Creates the state before the user signs in. */
  readonly prepare?: (person: Person) => Promise<unknown>
  readonly make: (person: Person, browser: Visitor) => Promise<void>
  /** Whether the session of another browser goes on. */
  readonly othersStay?: true
}

const CHANGES: Readonly<Record<string, Change>> = {
  'an app that is added': {
    make: (person, browser) => confirmsApp(person, browser, '/app/new', 'added'),
    othersStay: true,
  },
  'an app that is added to sign out other devices': {
    make: (person, browser) => confirmsApp(person, browser, '/app/new', 'added-alone', { sign_out_others: 'yes' }),
  },
  'an app that takes the place of another': {
    make: async (person, browser) =>
      confirmsApp(person, browser, `/app/replace/${await idIn(person, 'totp_factor')}`, 'replaced'),
  },
  'a passkey that is added': {
    make: (person, browser) => addsPasskey(person, browser, 'passkey-added'),
    othersStay: true,
  },
  'a passkey that is added to sign out other devices': {
    make: (person, browser) => addsPasskey(person, browser, 'passkey-added-alone', { sign_out_others: 'yes' }),
  },
  'an app that is removed': {
    prepare: (person) => givePasskey(person),
    make: async (person, browser) => {
      const removed = await browser.submit(`${SECURITY}/app/remove/${await idIn(person, 'totp_factor')}`, {})
      assertLeadsTo(removed, `${SECURITY}?done=removed`)
    },
  },
  'a passkey that is removed': {
    prepare: (person) => givePasskey(person),
    make: async (person, browser) => {
      const removed = await browser.submit(`${SECURITY}/passkeys/remove/${await idIn(person, 'passkey')}`, {})
      assertLeadsTo(removed, `${SECURITY}?done=passkey-removed`)
    },
  },
}

type Wish = Readonly<Record<string, string>>

async function confirmsApp({ server }: Person, browser: Visitor, path: string, done: string, wish: Wish = {}) {
  const { body } = await browser.open(SECURITY + path)
  const form = { id: hiddenIn(body, 'id'), code: authenticatorOn(body).code(server.clock.now()), name: '', ...wish }
  assertLeadsTo(await browser.submit(SECURITY + path, form), `${SECURITY}?done=${done}`)
}

async function addsPasskey({ server }: Person, browser: Visitor, done: string, wish: Wish = {}): Promise<void> {
  const passkey = newPasskeyOn(server, (await browser.open(`${SECURITY}/passkeys/new`)).body)
  const added = await browser.submit(`${SECURITY}/passkeys/new`, { passkey, name: 'Key', ...wish })
  assertLeadsTo(added, `${SECURITY}?done=${done}`)
}

async function idIn(person: Person, table: 'totp_factor' | 'passkey'): Promise<string> {
  const { subject } = await rowOf(person)
  const rows = person.server.doorward.db.selectFrom(table).select('id').where('subject', '=', subject)
  return (await rows.executeTakeFirstOrThrow()).id
}

/** The status for a wrong password in that browser. */
async function guessesIn(browser: Visitor): Promise<number> {
  return (await browser.submit('/sign-in', { username: 'ada', password: WRONG })).statusCode
}

for (const [change, { prepare, make, othersStay = false }] of Object.entries(CHANGES)) {
  test(`${change} revokes unfinished sign-ins, copies of its own cookie and the device cookies of all other browsers`, async (t) => {
    const { server, ada } = await peopled(t)
    await prepare?.(ada)
    const [laptop, elsewhere] = [await signedInBrowser(ada), await signedInBrowser(ada)]
    // A user with a passkey must re-authenticate with it before removing a factor.
    await server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
    const attempt = await opensAttempt(ada)
    const thief = new Visitor(server)
    for (const [name, value] of laptop.cookies) thief.cookies.set(name, value)
    await make(ada, laptop)
    assertSignedOut(await thief.open('/account'))
    assert.equal((await laptop.open('/account')).statusCode, 200)
    assert.equal((await elsewhere.open('/account')).statusCode === 200, othersStay)
    if (othersStay) await elsewhere.submit('/sign-out', {})
    const late = await provesSecondStep(server, attempt, ['totp', '000000'])
    assert.deepEqual(refusalIn(late), [401, 'attempt.ended'])
    await guessInVain(server, 'ada', ALLOWED_FAILURES)
    await laptop.submit('/sign-out', {})
    assert.deepEqual([await guessesIn(laptop), await guessesIn(elsewhere)], [401, 429])
  })

  leaveToTestAll()
}
