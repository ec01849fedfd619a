// One user’s page and its danger zone, as an admin’s browser without scripts uses them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { listNamedEvents } from '../../src/use-cases/administration/audit/events.service.ts'
import { resetSecondFactor } from '../../src/use-cases/administration/credentials/credentials.service.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { changeUser } from '../../src/use-cases/administration/users/change-user.service.ts'
import { toBase32 } from '../../src/domain/factors/totp/base32.ts'
import { selectConfirmedTotp } from '../../src/domain/factors/totp/totp.queries.ts'
import { minutes } from '../../src/foundation/kernel/time.ts'
import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { sessionPolicy } from '../../src/domain/policies/policy.service.ts'
import { listSessions } from '../../src/domain/sessions/session.service.ts'
import { deviceBuckets, sessionBuckets, userBuckets } from '../../src/domain/throttle/throttle.ts'
import { findUserByName } from '../../src/domain/users/user.service.ts'
import type { User } from '../../src/domain/users/user.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { guessWrong } from '../support/people/guess-buckets.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  assertLeadsTo,
  assertSignedOut,
  buttonsIn,
  hiddenIn,
  signedInBrowser,
  textIn,
  valueIn,
  wordsOn,
} from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'

interface Scene {
  readonly server: Server
  readonly admin: Person
  readonly browser: Visitor
  readonly ada: Person
  /** The address of Ada’s page. */
  readonly page: string
  readonly own: string
}

async function scene(t: TestContext, dialect: Dialect = 'sqlite', language = 'en'): Promise<Scene> {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada', { email: 'ada@example.org', full_name: 'Ada Lovelace' })
  const browser = await signedInBrowser(admin, { language })
  const { id } = await stored(server, 'ada')
  const { id: ownId } = await stored(server, 'root')
  // So that the browser holds the token of its forms.
  await browser.open('/account')
  return { server, admin, browser, ada, page: `/admin/users/${id}`, own: `/admin/users/${ownId}` }
}

async function stored(server: Server, username: string): Promise<User> {
  const user = await findUserByName(server.operator(), username)
  assert.ok(user, `there is no ${username}`)
  return user
}

async function events(server: Server, user: User) {
  const { items } = await listNamedEvents(server.operator(), { target: user.subject, limit: 50 })
  return items
}

onEachDatabase('a user’s page shows who they are, how they come in and what happened', async (t, dialect) => {
  const { browser, ada, page } = await scene(t, dialect)
  await signedInBrowser(ada, { agent: FIREFOX })
  const { statusCode, body, headers } = await browser.open(page)
  assert.equal(statusCode, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(body, /<title>Ada Lovelace – Users – /)
  assert.match(body, /<h1>Ada Lovelace<\/h1>[\s\S]*?class="name"><bdi>ada<[\s\S]*?class="chip ok"[\s\S]*?Active/)
  assert.equal(valueIn(body, 'username'), 'ada')
  assert.equal(valueIn(body, 'email'), 'ada@example.org')
  assert.match(textIn(body, 'second-step'), /Authenticator app just now/)
  assert.match(textIn(body, 'sessions'), /Firefox on Linux With password and authenticator app 127\.0\.0\.1/)
  assert.ok(buttonsIn(body, 'sessions').includes('Sign out – Firefox on Linux'), 'the button does not say what it ends')
  assert.match(
    textIn(body, 'activity'),
    /Signed in just now ada 127\.0\.0\.1[\s\S]*Account created just now root 127\.0\.0\.1/,
  )
  assert.ok(!body.includes('id="tries"') && !body.includes('id="invitation"'))
})

test('of the second step neither the secret nor what its owner called it is shown', async (t) => {
  const { server, browser, ada, page } = await scene(t)
  await ada.signsIn()
  const ctx = server.operator()
  const { subject } = await stored(server, 'ada')
  const [app] = await selectConfirmedTotp(ctx.db, subject)
  assert.ok(app)
  const renamed = await ada.asks('PATCH', `/users/me/totp/${app.id}`, { name: 'The red phone' })
  assert.equal(renamed.status, 200)
  const secret = ctx.keyring.open(app.sealedSecret, { subject, factorId: app.id })
  for (const below of ['', '/reset-second-step']) {
    const { body } = await browser.open(page + below)
    for (const hidden of ['red phone', toBase32(secret), app.sealedSecret]) assert.ok(!body.includes(hidden), hidden)
  }
})

test('every section is said in German too', async (t) => {
  const { browser, page, own } = await scene(t, 'sqlite', 'de')
  const { body } = await browser.open(page)
  assert.match(body, /<html lang="de"|<html\s+lang="de"/)
  for (const title of ['Angaben', 'Zweiter Schritt', 'Sitzungen', 'Aktivität', 'Gefahrenbereich']) {
    assert.match(body, new RegExp(`<h2 [^>]*>${title}</h2>`))
  }
  assert.match(textIn((await browser.open(own)).body, 'danger'), /ein anderer Admin kann es/)
  assert.match((await browser.open(`${page}/reset-second-step`)).body, /1 Authenticator-App[\s\S]*rufen Sie an/)
})

onEitherDatabase(
  'details are saved, and what is wrong stands beside its field with what was typed',
  async (t, dialect) => {
    const { server, browser, page } = await scene(t, dialect)
    const fields = { username: 'ada', email: '', full_name: 'Ada King', role: 'user' }
    assertLeadsTo(await browser.submit(page, fields), `${page}?done=saved`)
    assert.match((await browser.open(`${page}?done=saved`)).body, /banner ok[\s\S]*Saved\./)
    const { email, fullName } = await stored(server, 'ada')
    assert.deepEqual([email, fullName], [null, 'Ada King'])
    for (const [wrong, status, said] of [
      [{ username: 'ROOT' }, 409, /Another user has this username/],
      [{ username: '' }, 422, /Enter a username\./],
      [{ email: 'nowhere@x' }, 422, /Enter an email address like/],
    ] as const) {
      const answer = await browser.submit(page, { ...fields, full_name: 'Typed <b>', ...wrong })
      const [name = ''] = Object.keys(wrong)
      assert.equal(answer.statusCode, status)
      assert.match(answer.body, said)
      assert.match(answer.body, new RegExp(`id="${name}"[^>]*aria-invalid="true"`))
      assert.ok(answer.body.includes('value="Typed &lt;b&gt;"'))
    }
  },
)

onEitherDatabase('a concurrent change keeps what was typed and shows the current value', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  const seen = hiddenIn((await browser.open(page)).body, 'seen')
  await changeUser(server.operator(), await stored(server, 'ada'), { fullName: 'Ada Byron' })
  const fields = { username: 'ada', email: 'ada@example.org', full_name: 'Ada King', role: 'user' }
  const answer = await browser.submit(page, { ...fields, seen })
  assert.equal(answer.statusCode, 412)
  assert.match(answer.body, /Someone changed this while you were editing/)
  assert.match(textIn(answer.body, 'full_name-error'), /The current value is: Ada Byron/)
  assert.equal(valueIn(answer.body, 'full_name'), 'Ada King')
  assert.equal((await stored(server, 'ada')).fullName, 'Ada Byron')
  const again = await browser.submit(page, { ...fields, seen: hiddenIn(answer.body, 'seen') })
  assertLeadsTo(again, `${page}?done=saved`)
  assert.equal((await stored(server, 'ada')).fullName, 'Ada King')
})

test('a sign-in of theirs between opening and saving is no conflict', async (t) => {
  const { browser, ada, page } = await scene(t)
  const seen = hiddenIn((await browser.open(page)).body, 'seen')
  await ada.signsIn()
  const fields = { username: 'ada', email: '', full_name: '', role: 'user', seen }
  assertLeadsTo(await browser.submit(page, fields), `${page}?done=saved`)
})

test('making a user an admin with an old authentication says what to do first and keeps what was typed', async (t) => {
  const { server, browser, page } = await scene(t)
  const fields = { username: 'ada', email: '', full_name: 'Ada King', role: 'admin' }
  server.clock.pass(minutes(11))
  const late = await browser.submit(page, fields)
  assert.equal(late.statusCode, 401)
  assert.match(textIn(late.body, 'role-error'), /Confirm it’s you before you make somebody an admin/)
  assert.ok(late.body.includes(`/confirm?next=${encodeURIComponent(page)}`))
  assert.equal(valueIn(late.body, 'full_name'), 'Ada King')
  assert.match(late.body, /value="admin"\s+checked/)
  assert.equal((await stored(server, 'ada')).role, 'user')
})

onEitherDatabase('one session is ended from the page, or all of them, and twice is harmless', async (t, dialect) => {
  const { server, browser, ada, page } = await scene(t, dialect)
  const theirs = await signedInBrowser(ada)
  const [one] = await listSessions(
    server.operator(),
    (await stored(server, 'ada')).subject,
    sessionPolicy(server.operator()),
  )
  const place = `${page}/sessions/${one?.id}/end`
  assert.ok((await browser.open(page)).body.includes(`action="${place}"`))
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(place, {}), `${page}?done=ended#sessions`)
  }
  assertSignedOut(await theirs.open('/account'))
  await ada.signsIn()
  const asked = await browser.open(`${page}/sign-out`)
  assert.match(asked.body, /<h1>Sign <bdi>Ada Lovelace \(ada\)<\/bdi> out everywhere\?<\/h1>[\s\S]*2 sessions end/)
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
    /5 wrong passwords from unknown browsers or programs The next try is possible in a moment \. Let them try again now/,
  )
  assert.match(body, /banner warn[\s\S]*Too many wrong tries: the next one has to wait\. <a href="#tries">/)
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
  assert.match(
    (await browser.open(`/admin/users/${emil.id}`)).body,
    /<h1>[\s\S]*chip warn[\s\S]*Invitation ran out[\s\S]*id="about"/,
  )
})

onEitherDatabase(
  'a second step is reset with the exact list of what goes, and the log says who, whom, why, from where',
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
    assert.match(asked.body, /<h1>Reset the second step of <bdi>Ada Lovelace \(ada\)<\/bdi>\?<\/h1>/)
    assert.equal(
      textIn(asked.body, 'loss'),
      'This removes 1 authenticator app, 1 passkey and 10 recovery codes, and ends 3 sessions of Ada Lovelace.',
    )
    const silent = await browser.submit(`${page}/reset-second-step`, { reason: '  ', reset_password: 'yes' })
    assert.equal(silent.statusCode, 422)
    assert.match(textIn(silent.body, 'reason-error'), /^Give a reason\.$/)
    assert.match(silent.body, /name="reset_password"\s+value="yes"\s+checked/)
    assert.equal((await theirs.open('/account')).statusCode, 200)
    const reason = 'New phone; “called” back <b>'
    assertLeadsTo(await browser.submit(`${page}/reset-second-step`, { reason }), `${page}?done=reset`)
    assertSignedOut(await theirs.open('/account'))
    const { body } = await browser.open(`${page}?done=reset`)
    assert.match(body, /The second step is reset\. At their next sign-in/)
    assert.match(textIn(body, 'second-step'), /No second step yet/)
    assert.match(
      textIn(body, 'activity'),
      /Second step reset “New phone; “called” back &lt;b&gt;” just now root 127\.0\.0\.1/,
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

test('a reset that is pressed twice is done once, and both answers show the invitation that works', async (t) => {
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

onEitherDatabase('a user is disabled after a question, and enabled at once', async (t, dialect) => {
  const { server, browser, ada, page } = await scene(t, dialect)
  const theirs = await signedInBrowser(ada)
  const asked = await browser.open(`${page}/disable`)
  assert.match(asked.body, /<h1>Disable the account of <bdi>Ada Lovelace \(ada\)<\/bdi>\?<\/h1>/)
  assert.equal((await stored(server, 'ada')).disabled, false)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/disable`, {}), `${page}?done=disabled`)
  }
  assertSignedOut(await theirs.open('/account'))
  const { body } = await browser.open(page)
  assert.match(body, /class="chip plain"[\s\S]*?Disabled/)
  assert.ok(body.includes(`action="${page}/enable"`) && !body.includes(`href="${page}/disable"`))
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/enable`, {}), `${page}?done=enabled`)
  }
  assert.equal((await stored(server, 'ada')).disabled, false)
})

onEitherDatabase('a user is deleted after their username is typed, and twice is harmless', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  assert.match((await browser.open(`${page}/delete`)).body, /To confirm, type the username: <bdi>ada</)
  for (const typed of ['', 'Ada', 'root', 'ada ada']) {
    const { statusCode, body } = await browser.submit(`${page}/delete`, { username: typed })
    assert.equal(statusCode, 422)
    assert.match(textIn(body, 'username-error'), /This is not the username/)
  }
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/delete`, { username: ' ada ' }), '/admin/users?done=deleted')
  }
  assert.match((await browser.open('/admin/users?done=deleted')).body, /The account is deleted\./)
  assert.equal(await findUserByName(server.operator(), 'ada'), undefined)
  assert.equal((await browser.open(page)).statusCode, 404)
})

onEitherDatabase(
  'on one’s own page nothing of the danger zone is there, with the reason, and forms that try it are refused in words',
  async (t, dialect) => {
    const { server, browser, own } = await scene(t, dialect)
    const { body } = await browser.open(own)
    assert.match(textIn(body, 'danger'), /This is your own account\.[\s\S]*another admin can/)
    for (const below of ['/disable', '/delete', '/reset-second-step', '/sign-out']) {
      assert.ok(!body.includes(`"${own}${below}"`), below)
    }
    assert.match(body, /You cannot change your own role/)
    assert.match(textIn(body, 'sessions'), /Where you are signed in\./)
    assert.ok(!body.includes('name="role"'))
    const lastAdmin = /This is the last active admin\. Make another admin first\./
    const demoted = await browser.submit(own, { username: 'root', role: 'user' })
    const disabled = await browser.submit(`${own}/disable`, {})
    const deleted = await browser.submit(`${own}/delete`, { username: 'root' })
    const reset = await browser.submit(`${own}/reset-second-step`, { reason: 'because' })
    for (const answer of [demoted, disabled, deleted, reset]) {
      assert.equal(answer.statusCode, 409)
      assert.match(answer.body, lastAdmin)
    }
    await changeUser(server.operator(), await stored(server, 'ada'), { role: 'admin' })
    const notYourself = /This cannot be done to your own account here/
    assert.match((await browser.submit(`${own}/disable`, {})).body, notYourself)
    assert.match((await browser.submit(own, { username: 'root', role: 'user' })).body, notYourself)
    const { role, disabled: off } = await stored(server, 'root')
    assert.deepEqual([role, off], ['admin', false])
  },
)

test('an action that the account’s status rules out is not offered', async (t) => {
  const { server, browser, page } = await scene(t)
  const offered = async (at: string): Promise<string> => textIn((await browser.open(at)).body, 'danger')
  const ada = await offered(page)
  assert.match(ada, /Reset second step[\s\S]*Disable[\s\S]*Delete/)
  const { user } = await createUser(server.operator(), { username: 'emil' })
  const emil = `/admin/users/${user.id}`
  assert.doesNotMatch(await offered(emil), /Reset second step|Sign out everywhere/)
  const { body } = await browser.open(emil)
  assert.match(textIn(body, 'second-step'), /They set one up through an invitation\./)
  assert.doesNotMatch((await browser.open(`${emil}/disable`)).body, /API tokens are revoked/)
  assert.match((await browser.open(`${emil}/disable`)).body, /The open invitation stops working/)
  await browser.submit(`${emil}/disable`, {})
  assert.match(await offered(emil), /Enable There is no password yet, so they then need an invitation/)
  const disabled = (await browser.open(emil)).body
  assert.match(disabled, /href="#enable">Enable it before you invite them\.[\s\S]*id="enable"/)
  assert.doesNotMatch(textIn(disabled, 'second-step'), /They set one up/)
})

test('a URL that names no user is not found, whatever its id, and links to the list', async (t) => {
  const { browser } = await scene(t)
  for (const id of ['0', '-1', '99999', '1e3', 'ada', '99999999999999999999']) {
    const { statusCode, body } = await browser.open(`/admin/users/${id}`)
    assert.equal(statusCode, 404, id)
    assert.match(body, /class="side"[\s\S]*href="\/admin\/users">To the list of users/)
  }
})

test('input of an anonymous client is text on the page', async (t) => {
  const { server, browser } = await scene(t)
  const spite = '"><script>alert(1)</script>'
  const { user } = await createUser(server.operator(), { username: 'eve', fullName: spite })
  await new Visitor(server, { agent: spite }).submit('/sign-in', { username: 'eve', password: 'x' })
  await resetSecondFactor(server.operator(), user, { reason: spite })
  for (const below of ['', '/disable', '/sign-out', '/delete', '/reset-second-step']) {
    const { body } = await browser.open(`/admin/users/${user.id}${below}`)
    assert.ok(!body.includes('<script>alert'), below)
    assert.ok(body.includes('&lt;script&gt;alert'), below)
  }
})

test('each page shows the same with the API as a command that works', async (t) => {
  const { browser, admin, ada, page } = await scene(t)
  const { id } = await apiTokenOf(await ada.signsIn())
  const pages: string[] = []
  // One of the user's page ends their tokens too.
  for (const below of [`/tokens/${id}/revoke`, '', '/disable', '/sign-out', '/reset-second-step', '/delete'])
    pages.push((await browser.open(page + below)).body)
  for (const shown of pages) assert.ok(commandsOn(shown).length > 0, shown)
  const commands = pages.flatMap(commandsOn)
  for (const { method, path, payload } of commands) {
    // The reset and the deletion are the last ones, and need the proof that a sign-in gives.
    const { status, raw } = await admin.asks(method, path, payload)
    assert.ok(status === 200 || status === 204, `${method} ${path}: ${raw.body}`)
  }
})
