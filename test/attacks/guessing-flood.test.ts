// Threat: many machines guess at one user. No more guesses are verified than the budget allows, and the user can still sign in.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { hours } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { DIALECTS, onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser, signsIn } from '../support/pages/page-answers.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { assertWait, guess, peopled } from '../support/people/password-guesses.ts'
import { ask, PASSWORD } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'

/** Sends so many guesses at once, an hour apart, so that the budget and not the backoff protects the account. */
async function floodBy(
  t: TestContext,
  dialect: Dialect,
  { guesses, ipAddresses, together }: { guesses: number; ipAddresses: number; together: number },
): Promise<void> {
  const { server, ada } = await peopled(t, { dialect })
  const laptop = await signedInBrowser(ada)
  await laptop.submit('/sign-out', {})
  const { subject } = await rowOf(ada)
  const hashesBefore = server.doorward.hasher.stats().hashes
  const statuses: number[] = []
  for (let made = 0; made < guesses; made += together) {
    const asked = Array.from({ length: together }, (_, index) =>
      guess(server, 'ada', { ipAddress: ipAddressOf(made + index, ipAddresses) }),
    )
    statuses.push(...(await Promise.all(asked)).map(({ status }) => status))
    server.clock.pass(hours(1))
  }
  const [verified, blocked] = [401, 429].map((status) => statuses.filter((one) => one === status).length)
  assert.deepEqual([verified, blocked], [100, guesses - 100])
  assert.equal(server.doorward.hasher.stats().hashes - hashesBefore, 100)
  const events = server.doorward.db.selectFrom('audit_event').select('id').where('target', '=', subject)
  assert.equal((await events.where('action', '=', 'sign_in.refused').execute()).length, 100)

  // The right password and code from an untrusted client, through the API and on the page.
  const right = { username: 'ada', password: PASSWORD, code: ada.code() }
  assert.equal(assertWait(await ask(server, 'POST', '/attempts', { payload: right })), 3600)
  const untrusted = await new Visitor(server).submit('/sign-in', { username: 'ada', password: PASSWORD })
  assert.equal(untrusted.statusCode, 429)

  await signsIn(laptop, ada)
  assert.equal((await laptop.open('/account')).statusCode, 200)
  assertWait(await guess(server, 'ada', { ipAddress: '203.0.113.77' }))
}

const CLAIM = 'of guesses from many addresses at most a hundred are verified, and the owner’s browser still signs in'

test(`${CLAIM}: a thousand from a hundred`, (t) =>
  floodBy(t, 'sqlite', { guesses: 1000, ipAddresses: 100, together: 8 }))

leaveToTestAll()
for (const dialect of DIALECTS) {
  const flood = { guesses: 10_000, ipAddresses: 1000, together: 20 }
  exhaustive(`${CLAIM}: ten thousand from a thousand (${dialect})`, (t) => floodBy(t, dialect, flood))
}

onEitherDatabase(
  'a flood from the owner’s network blocks the network and not the owner’s browser',
  async (t, dialect) => {
    const { server, ada } = await peopled(t, { dialect })
    const laptop = await signedInBrowser(ada)
    await laptop.submit('/sign-out', {})
    for (let number = 0; number < 100; number++) await guess(server, `nobody-${number}`)
    assertWait(await guess(server, 'one-more'))
    const bobs = await new Visitor(server).submit('/sign-in', { username: 'bob', password: PASSWORD })
    assert.equal(bobs.statusCode, 429)
    await signsIn(laptop, ada)
  },
)

/** The IP address of a guess, one of so many, each in another network. */
function ipAddressOf(number: number, ipAddresses: number): string {
  const index = number % ipAddresses
  return index % 2 === 0
    ? `198.18.${index >> 8}.${index & 255}`
    : `2001:db8:${index.toString(16)}::${number.toString(16)}`
}
