// Threats to a consent: one that is given for another user, in another browser, to something else than was shown, or that outlives its withdrawal.
import assert from 'node:assert/strict'

import { updateClient } from '#domain/clients/client.service.ts'
import { endSessionsOf } from '#domain/sessions/session.service.ts'
import { authorizationOf, exchange, follow } from '../support/openid/apps.ts'
import { attackScene, changeApp, codeFor, exchangeAs, isAlive, refreshAs } from '../support/openid/attack-scene.ts'
import { asked, consentsIn, onwardIn, presses, withdraw } from '../support/openid/consents.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const UNTRUSTED = {
  fields: { name: 'Meals', trusted: false, scopes: ['openid', 'profile', 'email', 'roles'] },
} as const
const NOTHING = { items: [], grants: 0, events: 0 }

test('a code, its tokens and those of an earlier sign-in are dead once the consent is withdrawn', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { subject } = await stored(server, 'root')
  const question = await asked(visitor, app)
  const first = await exchange(app, await presses(visitor, question.path, 'Allow'), question)
  const second = await exchangeAs(server, app, await codeFor(visitor, app))
  const given = await codeFor(visitor, app)
  assert.equal(await withdraw(server.operator(), app.client, subject), true)
  assert.equal((await exchangeAs(server, app, given)).body['error'], 'invalid_grant')
  for (const tokens of [first, second.body]) {
    assert.equal(await isAlive(server, app, tokens['access_token']), false)
    assert.equal((await refreshAs(server, app, tokens['refresh_token'])).body['error'], 'invalid_grant')
  }
  // A user who agrees again gets new tokens; the former ones stay revoked.
  const again = await asked(visitor, app)
  await exchange(app, await presses(visitor, again.path, 'Allow'), again)
  assert.equal(await isAlive(server, app, first.access_token), false)
  assert.equal((await exchangeAs(server, app, given)).status, 400)
})

test('the page of one user is not an answer of another who has signed in since', async (t) => {
  const { server, admin, visitor, app, clock } = await attackScene(t, UNTRUSTED)
  const ada = await newcomer(await admin.signsIn(), 'ada')
  const { path } = await asked(visitor, app)
  const another = new Visitor(server)
  await signsIn(another, ada)
  clock.pass(0)
  visitor.cookies.set('session', another.cookies.get('session') ?? '')
  // The token of the form is that of the first session.
  assert.equal((await visitor.submit(`${path}/consent`, {})).statusCode, 403)
  assert.deepEqual(await consentsIn(server), NOTHING)
  // What the first user agreed to is no answer of the second one either, who is asked.
  visitor.cookies.delete('session')
  await signsIn(visitor, admin)
  clock.pass(0)
  await visitor.page(path)
  const allowed = await visitor.submit(`${path}/consent`, {})
  assert.equal(allowed.statusCode, 200, allowed.body)
  visitor.cookies.set('session', another.cookies.get('session') ?? '')
  assertLeadsTo(await visitor.open(onwardIn(allowed.body)), path)
  const page = await visitor.page(path)
  assert.match(page.text, /Signed in here/)
  assert.deepEqual(await consentsIn(server), { ...NOTHING, items: [['scope:email', 'scope:profile']], events: 1 })
  const answer = await presses(visitor, path, 'Cancel')
  assert.equal(answer.searchParams.get('error'), 'access_denied')
})

test('an interaction that began in another browser shows no question in this one, and stores nothing', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { path } = await asked(visitor, app)
  const victim = new Visitor(server)
  victim.cookies.set('session', visitor.cookies.get('session') ?? '')
  await victim.open('/account')
  assert.match((await victim.page(path, 400)).heading, /took too long/)
  assert.match((await victim.pageAfter(`${path}/consent`, {}, 400)).heading, /took too long/)
  assert.deepEqual(await consentsIn(server), NOTHING)
  assert.ok((await presses(visitor, path, 'Allow')).searchParams.get('code'))
})

leaveToTestAll()

test('a user agrees to what the page said: an app that was changed meanwhile is shown again', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { path } = await asked(visitor, app)
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, unconfirmedEmail: true }))
  assertLeadsTo(await visitor.submit(`${path}/consent`, {}), path)
  assertLeadsTo(await visitor.submit(`${path}/consent`, { revision: '' }), path)
  assert.deepEqual(await consentsIn(server), NOTHING)
  assert.match((await visitor.page(path)).text, /Even if it isn’t verified/)
  assert.ok((await presses(visitor, path, 'Allow')).searchParams.get('code'))
  const { items } = await consentsIn(server)
  assert.deepEqual(items, [['email:unconfirmed', 'scope:email', 'scope:profile']])
})

test('an app that was changed after the user agreed asks again before it gets anything', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { path } = await asked(visitor, app)
  const { body } = await visitor.submit(`${path}/consent`, {})
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, unconfirmedEmail: true }))
  const at = await follow(visitor, onwardIn(body))
  assert.match((await visitor.page(at.pathname)).text, /asks for more than you’ve allowed so far.+Email New/)
  assert.equal((await consentsIn(server)).grants, 0)
})

test('a button that is pressed twice gives one consent, one event, and leads on', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { path, ...authorization } = await asked(visitor, app)
  const answers = await visitor.submitTwice(`${path}/consent`, {})
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 200],
  )
  assert.equal((await consentsIn(server)).events, 1)
  const answer = await follow(visitor, onwardIn(answers[1]?.body ?? ''))
  assert.ok((await exchange(app, answer, authorization)).access_token)
  // The interaction has ended with the code.
  assert.match((await visitor.pageAfter(`${path}/consent`, {}, 400)).heading, /took too long/)
})

test('a session that was ended while the form was on its way agrees to nothing', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { path, page } = await asked(visitor, app)
  const revision = page.hidden('revision') ?? ''
  const finish = await visitor.hold(`${path}/consent`, { revision })
  const { subject } = await stored(server, 'root')
  await endSessionsOf(server.operator(), subject)
  const { statusCode } = await finish()
  assert.notEqual(statusCode, 200)
  assert.deepEqual(await consentsIn(server), NOTHING)
})

test('the form that agrees does not answer an interaction that asks to authenticate again, nor does it with the revision', async (t) => {
  const { server, visitor, app } = await attackScene(t, UNTRUSTED)
  const { url } = await authorizationOf(app, { acr_values: 'urn:doorward:phishing-resistant' })
  const { pathname } = await follow(visitor, url)
  assertLeadsTo(await visitor.submit(`${pathname}/consent`, { revision: String(app.client.revision) }), pathname)
  assert.deepEqual(await consentsIn(server), NOTHING)
})
