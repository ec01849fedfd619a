// Sessions, blocked guesses, invitations and factors on one user’s page.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { listNamedEvents } from '../../src/use-cases/administration/audit/events.service.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { minutes } from '../../src/foundation/kernel/time.ts'
import { sessionPolicy } from '../../src/domain/policies/policy.service.ts'
import { listSessions } from '../../src/domain/sessions/session.service.ts'
import { deviceBuckets, sessionBuckets, userBuckets } from '../../src/domain/throttle/throttle.ts'
import type { User } from '../../src/domain/users/user.ts'
import { guessWrong } from '../support/people/guess-buckets.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser, textIn, wordsOn } from '../support/pages/page-answers.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { scene, stored } from '../support/pages/user-page-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

async function events(server: Server, user: User) {
  const { items } = await listNamedEvents(server.operator(), { target: user.subject, limit: 50 })
  return items
}

onEitherDatabase('one session is ended from the page, or all of them, and twice is harmless', async (t, dialect) => {
  const { server, browser, ada, page } = await scene(t, dialect)
  const theirs = await signedInBrowser(ada)
  const [one] = await listSessions(
    server.operator(),
    (await stored(server, 'ada')).subject,
    sessionPolicy(server.operator()),
  )
  const place = `${page}/sessions/${one?.id}/end`
  assert.ok(
    parsePage(await browser.open(page))
      .actions()
      .includes(place),
  )
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(place, {}), `${page}?done=ended#sessions`)
  }
  assertSignedOut(await theirs.open('/account'))
  await ada.signsIn()
  const asked = await browser.open(`${page}/sign-out`)
  assert.equal(parsePage(asked).heading, 'Sign Ada Lovelace (ada) out everywhere?')
  assert.match(parsePage(asked).text, /2 sessions end/)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/sign-out`, {}), `${page}?done=signed-out#sessions`)
  }
  assert.match(textIn((await browser.open(page)).body, 'sessions'), /Not signed in anywhere/)
  const ended = (await events(server, await stored(server, 'ada'))).filter(
    ({ event }) => event.action === 'session.ended',
  )
  assert.equal(ended.length, 1)
})

test('another user’s session cannot be ended from this page', async (t) => {
  const { server, browser, page } = await scene(t)
  const [mine] = await listSessions(
    server.operator(),
    (await stored(server, 'root')).subject,
    sessionPolicy(server.operator()),
  )
  await browser.submit(`${page}/sessions/${mine?.id}/end`, {})
  assert.equal((await browser.open(page)).statusCode, 200)
})

onEitherDatabase('an admin resets the lockout of a user, and the log says which admin', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  const user = await stored(server, 'ada')
  const guess = { network: '192.0.2.1', buckets: userBuckets(user.subject, ['password']) }
  for (let tries = 0; tries < 5; tries++) await guessWrong(server.operator(), guess)
  const { body } = await browser.open(page)
  assert.match(
    textIn(body, 'tries'),
    /5 wrong passwords from unknown browsers or programs The next try is possible in a moment\. Let them try again now/,
  )
  assert.match(parsePage(body).text, /Too many wrong tries: the next one has to wait\./)
  assert.ok(parsePage(body).linksTo('#tries').length > 0)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/unlock`, {}), `${page}?done=opened`)
  }
  assert.ok(!(await browser.open(page)).body.includes('id="tries"'))
  await guessWrong(server.operator(), guess)
  const opened = (await events(server, user)).filter(({ event }) => event.action === 'throttle.unblocked')
  assert.deepEqual(
    opened.map(({ actor }) => actor?.username),
    ['root'],
  )
})

test('the failed guesses are listed by client class, in both languages', async (t) => {
  const { server, browser, page } = await scene(t)
  const { subject } = await stored(server, 'ada')
  const drawn = async (times: number, buckets: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < times; tries++) await guessWrong(server.operator(), { network: null, buckets })
  }
  await drawn(1, userBuckets(subject, ['code']))
  await drawn(2, deviceBuckets(subject, ['recovery'], 'b'.repeat(22)))
  await drawn(3, sessionBuckets(subject, ['password']))
  const shown = (await browser.open(page)).body
  assert.ok(
    !shown.includes(`"${page}/unlock"`) && !shown.includes('banner warn'),
    'nothing waits, so nothing is offered',
  )
  const english = textIn(shown, 'tries')
  assert.match(english, /1 wrong code from unknown browsers or programs The next try is possible at any time/)
  assert.match(english, /2 wrong recovery codes in a browser they have signed in with/)
  assert.match(english, /3 wrong passwords while signed in/)
  const german = textIn((await browser.open(page, 'GET', { 'accept-language': 'de' })).body, 'tries')
  assert.match(german, /1 falscher Code aus unbekannten Browsern oder Programmen/)
  assert.match(german, /2 falsche Wiederherstellungscodes in einem Browser, in dem die Person schon angemeldet war/)
  assert.match(german, /3 falsche Passwörter während einer Sitzung/)
  assertLeadsTo(await browser.submit(`${page}/unlock`, {}), `${page}?done=opened`)
  assert.ok(!(await browser.open(page)).body.includes('id="tries"'))
})

test('an invitation is open until a moment that is named, ran out, or is still to be made', async (t) => {
  const { server, browser } = await scene(t)
  const { user: emil } = await createUser(server.operator(), { username: 'emil', lifetime: minutes(30) })
  const { user: karla } = await createUser(server.operator(), { username: 'karla', invite: false })
  const sectionOf = async ({ id }: User) => textIn((await browser.open(`/admin/users/${id}`)).body, 'invitation')
  assert.match(await sectionOf(emil), /Open Runs out in 30 minutes Make a new invitation/)
  assert.match(await sectionOf(karla), /There is no open invitation\. Make an invitation/)
  server.clock.pass(minutes(31))
  assert.match(await sectionOf(emil), /Ran out 1 minute ago/)
  assert.match(parsePage(await browser.open(`/admin/users/${emil.id}`)).main.text, /^emil .*Invitation ran out.*About/)
})

onEitherDatabase(
  'a second factor is reset with the exact list of what is removed, and the log has actor, target, reason and source',
  async (t, dialect) => {
    const { server, browser, ada, page } = await scene(t, dialect)
    const theirs = await signedInBrowser(ada)
    await ada.signsIn()
    await givePasskey(ada)
    const before = await browser.open(page)
    assert.match(
      textIn(before.body, 'second-step'),
      /Passkey “Phone” just now Never Recovery codes: 10 left 1 minute ago Never/,
    )
    const asked = await browser.open(`${page}/reset-second-step`)
    assert.equal(asked.statusCode, 200)
    assert.equal(parsePage(asked).heading, 'Reset the second step of Ada Lovelace (ada)?')
    assert.equal(
      textIn(asked.body, 'loss'),
      'This removes 1 authenticator app, 1 passkey and 10 recovery codes, and ends 3 sessions of Ada Lovelace.',
    )
    const silent = await browser.submit(`${page}/reset-second-step`, { reason: '  ', reset_password: 'yes' })
    assert.equal(silent.statusCode, 422)
    assert.match(textIn(silent.body, 'reason-error'), /^Give a reason\.$/)
    assert.ok(parsePage(silent).field(/password/).checked)
    assert.equal((await theirs.open('/account')).statusCode, 200)
    const reason = 'New phone; “called” back <b>'
    assertLeadsTo(await browser.submit(`${page}/reset-second-step`, { reason }), `${page}?done=reset`)
    assertSignedOut(await theirs.open('/account'))
    const { body } = await browser.open(`${page}?done=reset`)
    assert.match(body, /The second step is reset\. At their next sign-in/)
    assert.match(textIn(body, 'second-step'), /No second step yet/)
    assert.match(
      textIn(body, 'activity'),
      /Second step reset “New phone; “called” back <b>” just now root 127\.0\.0\.1/,
    )
    const user = await stored(server, 'ada')
    const [reset] = (await events(server, user)).filter(({ event }) => event.action === 'totp.reset')
    assert.deepEqual(
      [
        reset?.actor?.username,
        reset?.target?.username,
        reset?.event.details?.['reason'],
        reset?.event.details?.['address'],
      ],
      ['root', 'ada', reason, '127.0.0.1'],
    )
    const { apps, passkeys, recovery_codes: codes } = reset?.event.details ?? {}
    assert.deepEqual([apps, passkeys, codes, user.passkeyAt, user.secondFactorAt], [1, 1, 10, null, null])
    const next = new Visitor(server)
    assertLeadsTo(await next.submit('/sign-in', { username: 'ada', password: ada.password }), '/enrolment')
  },
)

onEitherDatabase('with the password reset too, an invitation is shown once and leads in', async (t, dialect) => {
  const { server, browser, page, ada } = await scene(t, dialect)
  const answer = await browser.submit(`${page}/reset-second-step`, { reason: 'Lost bag', reset_password: 'yes' })
  assert.equal(answer.statusCode, 200)
  assert.equal(answer.headers['cache-control'], 'no-store')
  const path = /http:\/\/localhost:8000(\/invitation\/dwl_[\w-]+)/.exec(answer.body)?.[1] ?? ''
  const next = new Visitor(server)
  assert.equal((await next.open(path)).statusCode, 200)
  assertLeadsTo(await next.submit(path, { password: 'a kettle full of stars' }), '/enrolment')
  const old = await new Visitor(server).submit('/sign-in', { username: 'ada', password: ada.password })
  assert.equal(old.statusCode, 401)
  const { body } = await browser.open(page)
  assert.ok(!body.includes('dwl_'))
  assert.match(textIn(body, 'invitation'), /Open Runs out/)
  assert.ok(!server.logText().includes(path))
})

test('the link after a reset greets a returning user, and so does the message it is sent with', async (t) => {
  const words = {
    en: [
      /Your sign-in on Doorward was reset\./,
      /Welcome back to Doorward .*root sent you this link to set up your sign-in again/,
    ],
    de: [
      /Ihre Anmeldung bei Doorward wurde zurückgesetzt\./,
      /Willkommen zurück bei Doorward .*damit Sie Ihre Anmeldung neu/,
    ],
  } as const
  for (const [language, [message, greeting]] of Object.entries(words)) {
    const { server, browser, page } = await scene(t, 'sqlite', language)
    const { body } = await browser.submit(`${page}/reset-second-step`, { reason: 'Lost bag', reset_password: 'yes' })
    assert.match(textIn(body, 'invitation-message'), message)
    const path = /http:\/\/localhost:8000(\/invitation\/dwl_[\w-]+)/.exec(body)?.[1] ?? ''
    assert.match(wordsOn(await new Visitor(server, { language }).open(path)), greeting)
  }
})

test('a reset that is submitted twice is done once, and both answers show the invitation that works', async (t) => {
  const { server, browser, page } = await scene(t)
  const fields = { reason: 'Lost bag', reset_password: 'yes' }
  const pressed = [1, 2].map(() => browser.submit(`${page}/reset-second-step`, fields))
  const links = (await Promise.all(pressed)).map(({ body }) => /(\/invitation\/dwl_[\w-]+)/.exec(body)?.[1] ?? '')
  assert.equal(new Set(links).size, 1)
  assert.equal((await new Visitor(server).open(links[0] ?? '')).statusCode, 200)
  const resets = (await events(server, await stored(server, 'ada'))).filter(
    ({ event }) => event.action === 'totp.reset',
  )
  assert.equal(resets.length, 1)
})

test('a sensitive action asks for re-authentication first and comes back to its page', async (t) => {
  const { server, browser, page } = await scene(t)
  server.clock.pass(minutes(11))
  for (const below of ['/reset-second-step', '/delete']) {
    const next = encodeURIComponent(page + below)
    assertLeadsTo(await browser.open(page + below), `/confirm?next=${next}`)
    const sent = await browser.submit(page + below, { reason: 'x', username: 'ada' })
    assert.equal(sent.statusCode, 303)
    assert.ok(String(sent.headers.location).startsWith('/confirm?'))
  }
  assert.notEqual((await stored(server, 'ada')).secondFactorAt, null)
})
