// Sessions, blocked guesses, invitations and factors on one user’s page.
import assert from 'node:assert/strict'

import { sessionPolicy } from '#domain/policies/policy.service.ts'
import { listSessions } from '#domain/sessions/session.service.ts'
import { deviceBuckets, sessionBuckets, userBuckets } from '#domain/throttle/throttle.ts'
import type { User } from '#domain/users/user.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { listNamedEvents } from '#use-cases/administration/audit/events.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { LINK, stored, userPageScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { guessWrong } from '../support/people/guess-buckets.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const BOTH = { reason: 'Lost bag', reset_password: 'yes' }

/** The events of one action on Ada. */
async function eventsOf(server: Server, action: string) {
  const { subject } = await stored(server, 'ada')
  const { items } = await listNamedEvents(server.operator(), { target: subject, limit: 50 })
  return items.filter(({ event }) => event.action === action)
}

/** The id of the newest session of a user. */
async function sessionOf(server: Server, username: string): Promise<string | undefined> {
  const ctx = server.operator()
  return (await listSessions(ctx, (await stored(server, username)).subject, sessionPolicy(ctx)))[0]?.id
}

/** The path of the invitation on the page that answers a reset. */
function invitationOn(page: ParsedPage): string {
  return LINK.exec(page.part('invitation-link').text)?.[1] ?? ''
}

leaveToTestAll()

onEitherDatabase('one session is ended from the page, or all of them, and twice is harmless', async (t, dialect) => {
  const { server, browser, ada, page } = await userPageScene(t, { dialect })
  const theirs = await signedInBrowser(ada)
  const path = `${page}/sessions/${await sessionOf(server, 'ada')}/end`
  assert.ok((await browser.page(`${page}/sign-in`)).actions().includes(path))
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(path, {}), `${page}/sign-in?done=ended`)
  }
  assertSignedOut(await theirs.open('/account'))
  await ada.signsIn()
  const asked = await browser.page(`${page}/sign-out`)
  assert.equal(asked.heading, 'Sign out Ada Lovelace (ada) everywhere?')
  assert.match(asked.text, /Ends 2 sessions immediately/)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/sign-out`, {}), `${page}/sign-in?done=signed-out`)
  }
  assert.match((await browser.page(`${page}/sign-in`)).part('sessions').text, /Not signed in anywhere/)
  assert.equal((await eventsOf(server, 'session.ended')).length, 1)
})

test('another user’s session cannot be ended from this page', async (t) => {
  const { server, admin, browser, page } = await userPageScene(t)
  const theirs = await sessionOf(server, 'root')
  assert.ok([303, 404].includes((await browser.submit(`${page}/sessions/${theirs}/end`, {})).statusCode))
  assert.equal(await sessionOf(server, 'root'), theirs)
  assert.equal((await admin.asks('GET', '/session')).status, 200)
  await browser.page(page)
})

onEitherDatabase('an admin resets the lockout of a user, and the log says which admin', async (t, dialect) => {
  const { server, browser, page } = await userPageScene(t, { dialect })
  const { subject } = await stored(server, 'ada')
  const guess = { network: '192.0.2.1', buckets: userBuckets(subject, ['password']) }
  for (let tries = 0; tries < 5; tries++) await guessWrong(server.operator(), guess)
  const shown = await browser.page(`${page}/sign-in`)
  assert.match(
    shown.part('tries').text,
    /5 wrong passwords from unknown browsers or programs They can try again in a moment\. How/,
  )
  assert.match(shown.text, /Too many failed attempts\. The next one has to wait\./)
  assert.ok(shown.linksTo(`${page}/sign-in#tries`).length > 0)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/unlock`, {}), `${page}/sign-in?done=opened`)
  }
  assert.ok(!(await browser.page(`${page}/sign-in`)).hasPart('tries'))
  await guessWrong(server.operator(), guess)
  const opened = (await eventsOf(server, 'throttle.unblocked')).map(({ actor }) => actor?.username)
  assert.deepEqual(opened, ['root'])
})

test('the failed guesses are listed by client class, in both languages', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const { subject } = await stored(server, 'ada')
  const drawn = async (times: number, buckets: readonly string[]): Promise<void> => {
    for (let tries = 0; tries < times; tries++) await guessWrong(server.operator(), { network: null, buckets })
  }
  await drawn(1, userBuckets(subject, ['code']))
  await drawn(2, deviceBuckets(subject, ['recovery'], 'b'.repeat(22)))
  await drawn(3, sessionBuckets(subject, ['password']))
  const shown = await browser.page(`${page}/sign-in`)
  assert.ok(!shown.actions().includes(`${page}/unlock`), 'nothing waits, so nothing is offered')
  assert.deepEqual(shown.statuses(), [])
  const english = shown.part('tries').text
  assert.match(english, /They can try again now\. 1 wrong code from unknown browsers or programs 3 wrong/)
  assert.equal(english.match(/They can try again now/g)?.length, 1)
  assert.match(english, /2 wrong recovery codes in a browser they’ve used before/)
  assert.match(english, /3 wrong passwords while signed in/)
  const german = parsePage(await browser.open(`${page}/sign-in`, 'GET', { 'accept-language': 'de' })).part('tries').text
  assert.match(german, /1 falscher Code aus unbekannten Browsern oder Programmen/)
  assert.match(german, /2 falsche Wiederherstellungscodes in einem Browser, in dem die Person schon angemeldet war/)
  assert.match(german, /3 falsche Passwörter während einer Sitzung/)
  assertLeadsTo(await browser.submit(`${page}/unlock`, {}), `${page}/sign-in?done=opened`)
  assert.ok(!(await browser.page(`${page}/sign-in`)).hasPart('tries'))
})

test('an invitation is open until a moment that is named, expired, or is still to be created', async (t) => {
  const { server, browser } = await userPageScene(t)
  const { user: emil } = await createUser(server.operator(), { username: 'emil', lifetime: minutes(30) })
  const { user: karla } = await createUser(server.operator(), { username: 'karla', invite: false })
  const sectionOf = async ({ id }: User) => (await browser.page(`/admin/users/${id}`)).part('invitation').text
  assert.match(await sectionOf(emil), /Open Expires in 30 minutes$/)
  assert.match(await sectionOf(karla), /No open invitation\. Create invitation/)
  server.clock.pass(minutes(31))
  assert.match(await sectionOf(emil), /Expired 1 minute ago/)
  assert.match((await browser.page(`/admin/users/${emil.id}`)).main.text, /^Users emil .*Invitation expired.*About/)
})

onEitherDatabase(
  'a second factor is reset with the exact list of what is removed, and the log has actor, target, reason and source',
  async (t, dialect) => {
    const { server, browser, ada, page } = await userPageScene(t, { dialect })
    const theirs = await signedInBrowser(ada)
    await ada.signsIn()
    await givePasskey(ada)
    const before = await browser.page(`${page}/sign-in`)
    assert.match(
      before.part('second-step').text,
      /Passkey “Phone” Added just now · Last used: never .*Recovery codes: 10 left Added 1 minute ago · Last used: never/,
    )
    const asked = await browser.page(`${page}/reset-second-step`)
    assert.equal(asked.heading, 'Reset the second step of Ada Lovelace (ada)?')
    assert.equal(
      asked.part('loss').text,
      'Removes 1 authenticator app, 1 passkey and 10 recovery codes. Ends 3 sessions immediately.',
    )
    const silent = await browser.pageAfter(`${page}/reset-second-step`, { reason: '  ', reset_password: 'yes' }, 422)
    assert.match(silent.part('reason-error').text, /^Enter a reason\.$/)
    assert.ok(silent.field(/password/).checked)
    await theirs.page('/account')
    const reason = 'New phone; “called” back <b>'
    const done = await browser.submit(`${page}/reset-second-step`, { reason })
    assert.deepEqual([done.statusCode, done.headers['cache-control']], [200, 'no-store'])
    assert.match(parsePage(done).text, /Second step reset.*Send Ada Lovelace this link\. It asks for their password\./)
    const link = /\/enrolment-link\/dwl_[\w-]+/.exec(parsePage(done).part('enrolment-link').text)?.[0] ?? ''
    assertSignedOut(await theirs.open('/account'))
    const shown = await browser.page(`${page}/sign-in`)
    assert.ok(!shown.markup.includes('dwl_'))
    assert.match(shown.part('second-step').text, /No second step yet/)
    assert.match(
      (await browser.page(`${page}/activity`)).part('activity').text,
      /Second step reset “New phone; “called” back <b>”\s· By root just now 127\.0\.0\.1/,
    )
    const [reset] = await eventsOf(server, 'totp.reset')
    assert.deepEqual([reset?.actor?.username, reset?.target?.username], ['root', 'ada'])
    const removed = { apps: 1, passkeys: 1, recovery_codes: 10 }
    assert.partialDeepStrictEqual(reset?.event.details, { reason, address: '127.0.0.1', ...removed })
    const user = await stored(server, 'ada')
    assert.deepEqual([user.passkeyAt, user.secondFactorAt], [null, null])
    const next = new Visitor(server)
    assertLeadsTo(await next.submit('/sign-in', { username: 'ada', password: ada.password }), '/enrolment')
    assertLeadsTo(await new Visitor(server).submit(link, { password: ada.password }), '/enrolment')
    assert.ok(!server.logText().includes(link))
  },
)

onEitherDatabase('with the password reset too, an invitation is shown once and leads in', async (t, dialect) => {
  const { server, browser, page, ada } = await userPageScene(t, { dialect })
  const answer = await browser.submit(`${page}/reset-second-step`, BOTH)
  assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [200, 'no-store'])
  const path = invitationOn(parsePage(answer))
  const next = new Visitor(server)
  await next.page(path)
  assertLeadsTo(await next.submit(path, { password: 'a kettle full of stars' }), '/enrolment')
  await new Visitor(server).pageAfter('/sign-in', { username: 'ada', password: ada.password }, 401)
  const shown = await browser.page(page)
  assert.ok(!shown.markup.includes('dwl_'))
  assert.match(shown.part('invitation').text, /Open Expires/)
  assert.ok(!server.logText().includes(path))
})

test('the link after a reset greets a returning user, and so does the message it is sent with', async (t) => {
  for (const [language, message, greeting] of [
    ['en', /Your sign-in on Doorward was reset\./, /Welcome back to Doorward .*to set up your sign-in again/],
    ['de', /Ihre Anmeldung bei Doorward wurde zurückgesetzt\./, /Willkommen zurück .*damit Sie Ihre Anmeldung neu/],
  ] as const) {
    const { server, browser, page } = await userPageScene(t, { language })
    const shown = await browser.pageAfter(`${page}/reset-second-step`, BOTH)
    assert.match(shown.part('invitation-message').text, message)
    assert.match((await new Visitor(server, { language }).page(invitationOn(shown))).text, greeting)
  }
})

test('the message of an invitation says that a sign-in was reset after a reset only', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const { user: emil } = await createUser(server.operator(), { username: 'emil' })
  const invited = async (path: string): Promise<string> =>
    (await browser.pageBehind(path, {})).part('invitation-message').text
  assert.match(await invited(`/admin/users/${emil.id}/invitation`), /You have an account on Doorward\./)
  const reset = await browser.pageAfter(`${page}/reset-second-step`, BOTH)
  assert.match(reset.part('invitation-message').text, /Your sign-in on Doorward was reset\./)
  assert.match(await invited(`${page}/invitation`), /Here’s a new link for your account on Doorward\./)
})

test('a reset that is submitted twice is done once, and both answers show the invitation that works', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const answers = await browser.submitTwice(`${page}/reset-second-step`, BOTH)
  const [link = '', ...others] = new Set(answers.map((answer) => invitationOn(parsePage(answer))))
  assert.deepEqual(others, [])
  await new Visitor(server).page(link)
  assert.equal((await eventsOf(server, 'totp.reset')).length, 1)
})

test('a sensitive action asks for re-authentication first and comes back to its page', async (t) => {
  const { server, browser, page } = await userPageScene(t)
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
