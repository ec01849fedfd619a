// Threat (enumeration): a signed-in user asks for a username or an email address and learns whether it is taken. These requests
// are counted; otherwise a list of names could be tried in a minute.
import assert from 'node:assert/strict'

import { hours, minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { assertWait, peopled } from '../support/people/password-guesses.ts'
import { newcomer, type Person, type Reply } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { asks, twoNodes } from '../support/server/nodes.ts'

/** Taken names that a user may ask for before the first block. */
const ALLOWED_NAMES = 20

function rename(person: Person, username: string): Promise<Reply> {
  return person.asks('PATCH', '/users/me', { username })
}

onEitherDatabase('a user learns of twenty taken names, whatever the route, and is then blocked', async (t, dialect) => {
  const { server, ada, bob } = await peopled(t, { dialect })
  const browser = await signedInBrowser(ada)
  const change = { username: 'ada', email: 'bob@example.com', password: ada.password }
  assert.equal((await bob.asks('PATCH', '/users/me', { email: 'bob@example.com' })).status, 200)
  for (let asked = 0; asked < ALLOWED_NAMES - 2; asked++) assert.equal((await rename(ada, 'bob')).status, 409)
  assert.equal((await ada.asks('PUT', '/users/me', change)).body['code'], 'user.email_taken')
  assert.equal((await ada.asks('PUT', '/users/me', { ...change, username: 'BOB', email: null })).status, 409)
  for (const reply of [
    await rename(ada, 'nobody_has_this'),
    await ada.asks('PUT', '/users/me', change),
    await ada.asks('PATCH', '/users/me', { email: 'free@example.com' }),
  ])
    assert.equal(assertWait(reply), 30)
  const page = await browser.submit('/account', { username: 'nobody_has_this' })
  assert.deepEqual([page.statusCode, page.headers['retry-after']], [429, '30'])
  assert.notEqual(parsePage(page).alert().text, '')
  // Requests for no other name are still allowed, and so are those of other users.
  assert.equal((await ada.asks('PATCH', '/users/me', { full_name: 'Ada', username: 'ada' })).status, 200)
  assert.equal((await rename(bob, 'bobby')).status, 200)
  server.clock.pass(minutes(1))
  assert.equal((await rename(ada, 'nobody_has_this')).status, 200)
})

leaveToTestAll()

onEitherDatabase('a free name in between resets no counter, and a day without a taken one does', async (t, dialect) => {
  const { server, ada } = await peopled(t, { dialect })
  for (let asked = 0; asked < ALLOWED_NAMES - 1; asked++) {
    assert.equal((await rename(ada, 'bob')).status, 409)
    assert.equal((await rename(ada, `ada${asked}`)).status, 200)
  }
  await rename(ada, 'ada')
  server.clock.pass(hours(23))
  await ada.signsIn()
  assert.equal((await rename(ada, 'bob')).status, 409)
  assertWait(await rename(ada, 'bob'))
  server.clock.pass(hours(24))
  await ada.signsIn()
  for (let asked = 0; asked < ALLOWED_NAMES; asked++) assert.equal((await rename(ada, 'bob')).status, 409)
})

onEachDatabase('taken names count at every node', async (t, dialect) => {
  const { nodes, root } = await twoNodes(t, dialect)
  const ada = await newcomer(root, 'ada')
  await ada.signsIn()
  for (let asked = 0; asked < ALLOWED_NAMES; asked++)
    assert.equal((await asks(nodes[asked % 2]!, ada, 'PATCH', '/users/me', { username: 'root' })).status, 409)
  assertWait(await rename(ada, 'root'))
})
