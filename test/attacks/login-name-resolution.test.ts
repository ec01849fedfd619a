// Which user a sign-in is for: the login name decides, not the email where only the username counts, and not the session of the
// browser that sends it.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { peopled, WRONG } from '../support/people/password-guesses.ts'
import { ask, PASSWORD, postToken } from '../support/people/people.ts'
import { opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

test('a verified email is accepted as login at POST /attempts, and not at POST /token', async (t) => {
  const { server, ada } = await peopled(t)
  const email = 'ada@example.org'
  const row = { email: email, email_key: email, email_verified_at: server.clock.now() }
  await server.doorward.db.updateTable('users').set(row).where('username', '=', 'ada').execute()
  await opensAttempt({ server, username: email, password: PASSWORD })
  const reply = await postToken(server, { username: email, password: PASSWORD + ada.code() })
  assert.deepEqual(refusalIn(reply), [401, 'sign_in.incorrect'])
  assert.equal((await postToken(server, { username: 'ada', password: PASSWORD + ada.code() })).status, 200)
})

leaveToTestAll()

test('a failed sign-in is recorded for no user, whichever session the browser has', async (t) => {
  const { server, ada, bob } = await peopled(t)
  const browser = await signedInBrowser(ada)
  const wrong = { username: 'bob', password: WRONG }
  assert.equal((await browser.submit('/sign-in', wrong)).statusCode, 401)
  assert.equal((await ada.asks('POST', '/attempts', wrong)).status, 401)
  assert.equal((await ask(server, 'POST', '/attempts', { payload: wrong })).status, 401)
  const { items } = await listEvents(server.operator(), { action: 'sign_in.refused', limit: 9 })
  const { subject } = await rowOf(bob)
  const parties = items.map(({ actor, target }) => ({ actor, target }))
  assert.deepEqual(parties, Array(3).fill({ actor: null, target: subject }))
})
