// The pages of password, authenticator apps and sessions in a browser without scripts.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sql } from 'kysely'

import { minutes, seconds } from '../../src/foundation/kernel/time.ts'
import type { Authenticator } from '../support/people/authenticator.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  assertLeadsTo,
  assertShowsCodes,
  assertSignedOut,
  authenticatorOn,
  buttonsIn,
  hiddenIn,
  signedInBrowser,
  textIn,
  valueIn,
} from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const ANOTHER = 'a kettle full of stars'

async function adaOn(server: Server): Promise<Person> {
  const admin = await (await firstAdmin(server)).signsIn()
  return newcomer(admin, 'ada')
}

/** The ids at the end of the links below that path. */
function idsIn(page: string, path: string): string[] {
  return parsePage(page)
    .targets(path)
    .map((target) => target.slice(path.length))
}

/** The ids of the apps, in the order of the page. */
function appsOn(page: string): string[] {
  return idsIn(page, '/account/security/app/rename/')
}

function passkeysOn(page: string): string[] {
  return idsIn(page, '/account/security/passkeys/rename/')
}

/** Adds an app on its page; returns it with the ids of the apps that the page then lists. */
async function addApp(server: Server, browser: Visitor, name: string): Promise<{ app: Authenticator; ids: string[] }> {
  const page = (await browser.open('/account/security/app/new')).body
  const app = authenticatorOn(page)
  const fields = { id: hiddenIn(page, 'id'), code: app.code(server.clock.now()), name }
  assertLeadsTo(await browser.submit('/account/security/app/new', fields), '/account/security?done=added')
  return { app, ids: appsOn((await browser.open('/account/security')).body) }
}

onEachDatabase('the page says in one sentence what to do next', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const one = (await browser.open('/account/security')).body
  assert.match(one, /Only one way to do the second step\.\s*<a href="\/account\/security\/passkeys\/new">Add another</)
  await addApp(server, browser, 'Tablet')
  assert.match(parsePage(await browser.open('/account/security')).text, /All good/)
  await sql`update users set password_change_asked_at = 1 where username = 'ada'`.execute(server.doorward.db)
  const asked = (await browser.open('/account/security')).body
  assert.match(asked, /asked to choose a new password\.\s*<a href="\/account\/security\/password">Change it/)
})

onEitherDatabase(
  'a changed password ends every other session and copies of its own cookie, and none here',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ada = await adaOn(server)
    const [here, elsewhere] = [await signedInBrowser(ada), await signedInBrowser(ada)]
    const page = (await here.open('/account/security/password')).body
    assert.match(page, /name="username"[\s\S]*autocomplete="username"[\s\S]*value="ada"/)
    server.clock.pass(minutes(30))
    const fields = { username: 'ada', current: PASSWORD, new: ANOTHER }
    const thief = new Visitor(server)
    for (const [name, value] of here.cookies) thief.cookies.set(name, value)
    const presses = [0, 1].map(() => here.submit('/account/security/password', fields))
    for (const press of presses) assertLeadsTo(await press, '/account/security?done=password')
    assertLeadsTo(await here.submit('/account/security/password', fields), '/account/security?done=password')
    const after = (await here.open('/account/security?done=password')).body
    assert.match(after, /Your password is changed\./)
    assert.match(textIn(after, 'password'), /Set just now/)
    for (const other of [elsewhere, thief]) assertSignedOut(await other.open('/account'))
    ada.password = ANOTHER
    await signedInBrowser(ada)
  },
)

test('a form in another tab is accepted after the password changed', async (t) => {
  const server = await start(t)
  const browser = await signedInBrowser(await adaOn(server))
  const form_token = hiddenIn((await browser.open('/account/security')).body, 'form_token')
  const fields = { current: PASSWORD, new: ANOTHER }
  assertLeadsTo(await browser.submit('/account/security/password', fields), '/account/security?done=password')
  const sent = await browser.submit('/account/security/sessions/end-others', { form_token })
  assert.equal(sent.statusCode, 303, sent.body)
})

test('removing a factor by a double submit keeps the session', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  for (let phone = 0; phone < 2; phone++) await givePasskey(ada)
  const browser = await signedInBrowser(ada)
  await server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
  const { body } = await browser.open('/account/security')
  for (const [path, done] of [
    [`/account/security/passkeys/remove/${passkeysOn(body)[0]}`, 'passkey-removed'],
    [`/account/security/app/remove/${appsOn(body)[0]}`, 'removed'],
  ] as const) {
    for (const answer of await browser.submitTwice(path, {})) assertLeadsTo(answer, `/account/security?done=${done}`)
    assert.equal((await browser.open('/account')).statusCode, 200)
  }
})

onEitherDatabase('a refused change of password names the wrong field and repeats neither', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  await browser.open('/account/security/password')
  const wrong = await browser.submit('/account/security/password', { current: 'never to be seen', new: ANOTHER })
  assert.equal(wrong.statusCode, 403)
  assert.match(parsePage(wrong).title, /^Error: Change your password/)
  assert.equal(
    parsePage(wrong)
      .alert()
      .link(/^That is not your current password/),
    '#current-password',
  )
  assert.match(textIn(wrong.body, 'current-password-error'), /That is not your current password/)
  assert.notEqual(parsePage(wrong).field('Current password').attribute('autofocus'), null)
  assert.ok(!wrong.body.includes('never to be seen') && !wrong.body.includes(`value="${ANOTHER}`))
  const common = await browser.submit('/account/security/password', { current: PASSWORD, new: 'password' })
  assert.equal(common.statusCode, 422)
  assert.equal(
    parsePage(common)
      .alert()
      .link(/^New password: too many people use this password/),
    '#new-password',
  )
  assert.match(textIn(common.body, 'new-password-error'), /Too many people use this password/)
  const empty = await browser.submit('/account/security/password', { current: '', new: '' })
  assert.equal(empty.statusCode, 422)
  const alert = parsePage(empty).alert()
  assert.deepEqual([alert.linksTo('#current-password').length, alert.linksTo('#new-password').length], [1, 1])
  assert.ok(!server.logText().includes('never to be seen'))
})

test('too many wrong passwords are answered with the time to wait', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  await browser.open('/account/security/password')
  const guess = () => browser.submit('/account/security/password', { current: 'wrong', new: ANOTHER })
  let answer = await guess()
  for (let tries = 0; tries < 8 && answer.statusCode === 403; tries++) answer = await guess()
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  assert.match(answer.body, /data-counts-to="\d+"[\s\S]*Too many tries/)
  assert.match(answer.body, /modules\/countdown\./)
  server.clock.pass(seconds(Number(answer.headers['retry-after'])))
  const right = { current: PASSWORD, new: ANOTHER }
  assertLeadsTo(await browser.submit('/account/security/password', right), '/account/security?done=password')
})

onEitherDatabase('another app is added with a code, and a reload shows the same key', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const [here, elsewhere] = [await signedInBrowser(ada), await signedInBrowser(ada)]
  const page = (await here.open('/account/security/app/new')).body
  const app = authenticatorOn(page)
  const id = hiddenIn(page, 'id')
  const path = '/account/security/app/new'
  const wrong = await here.submit(path, { id, code: '000000', name: 'Tablet "x" <b>' })
  assert.equal(wrong.statusCode, 403)
  assert.match(textIn(wrong.body, 'code-error'), /didn’t match/)
  const code = parsePage(wrong).main.field(/^Enter the code/)
  assert.ok(code.invalid && code.attribute('autofocus') !== null)
  assert.equal(valueIn(wrong.body, 'name'), 'Tablet "x" <b>')
  const [again, reloaded] = [authenticatorOn(wrong.body), authenticatorOn((await here.open(path)).body)]
  const now = server.clock.now()
  assert.deepEqual([again.code(now), reloaded.code(now)], [app.code(now), app.code(now)])
  const right = { id, code: app.code(now), name: 'Tablet "x" <b>' }
  assertLeadsTo(await here.submit(path, right), '/account/security?done=added')
  assertLeadsTo(await here.submit(path, right), '/account/security?done=added')
  const after = (await here.open('/account/security?done=added')).body
  assert.match(after, /The app is added\./)
  assert.match(textIn(after, 'second-step'), /Authenticator app .*Tablet "x" <b>.* Remove/)
  assert.equal(appsOn(after).length, 2)
  assertSignedOut(await elsewhere.open('/account'))
  server.clock.pass(seconds(30))
  ada.authenticator = app
  await signedInBrowser(ada)
})

onEitherDatabase('the old app works until the new one is confirmed, and not after', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const [id = ''] = appsOn((await browser.open('/account/security')).body)
  const path = `/account/security/app/replace/${id}`
  const page = (await browser.open(path)).body
  assert.equal(parsePage(page).heading, 'Replace the app “Authenticator app”')
  assert.match(parsePage(page).text, /works until the new one has replaced it/)
  const fresh = authenticatorOn(page)
  await signedInBrowser(ada)
  const old = ada.authenticator
  const fields = { id: hiddenIn(page, 'id'), code: fresh.code(server.clock.now()), name: '' }
  assertLeadsTo(await browser.submit(path, fields), '/account/security?done=replaced')
  const left = appsOn((await browser.open('/account/security?done=replaced')).body)
  assert.equal(left.length, 1)
  assert.notEqual(left[0], id)
  server.clock.pass(seconds(60))
  const late = new Visitor(server)
  assertLeadsTo(await late.submit('/sign-in', { username: 'ada', password: PASSWORD }), '/sign-in/second-step')
  const refused = await late.submit('/sign-in/second-step', { code: old.code(server.clock.now()) })
  assert.equal(refused.statusCode, 401)
  ada.authenticator = fresh
  await signedInBrowser(ada)
})

test('an expired set-up begins again with another key, and says so', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const path = '/account/security/app/new'
  const page = (await browser.open(path)).body
  const app = authenticatorOn(page)
  const id = hiddenIn(page, 'id')
  const [first = ''] = appsOn((await browser.open('/account/security')).body)
  await browser.open(`/account/security/app/replace/${first}`)
  const code = app.code(server.clock.now())
  assertLeadsTo(await browser.submit(path, { id, code }), `${path}?over`)
  const again = await browser.open(`${path}?over`)
  assert.match(parsePage(again).text, /That setup is over/)
  assert.notEqual(authenticatorOn(again.body).code(server.clock.now()), code)
  assertLeadsTo(await browser.submit(path, { code: '123456' }), `${path}?over`)
  assert.equal(appsOn((await browser.open('/account/security')).body).length, 1)
})

test('no setup key is shown or confirmed without re-authentication', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const page = (await browser.open('/account/security/app/new')).body
  const [id = ''] = appsOn((await browser.open('/account/security')).body)
  server.clock.pass(minutes(11))
  const app = { id: hiddenIn(page, 'id'), code: '000000' }
  const answers = [
    await browser.open('/account/security/app/new'),
    await browser.open(`/account/security/app/replace/${id}`),
    await browser.open(`/account/security/app/remove/${id}`),
    await browser.submit('/account/security/app/new', app),
    await browser.submit(`/account/security/app/replace/${id}`, app),
    await browser.submit(`/account/security/app/remove/${id}`, {}),
  ]
  for (const { statusCode, body } of answers) {
    assert.ok([303, 401].includes(statusCode), String(statusCode))
    assert.ok(!body.includes('setup-key') && !body.includes('otpauth'))
  }
})

onEitherDatabase('an app is renamed; a name that is too long or missing is reported', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const [id = ''] = appsOn((await browser.open('/account/security')).body)
  const path = `/account/security/app/rename/${id}`
  assert.equal(valueIn((await browser.open(path)).body, 'name'), 'Authenticator app')
  const long = await browser.submit(path, { name: 'x'.repeat(65) })
  assert.equal(long.statusCode, 422)
  assert.match(textIn(long.body, 'name-error'), /at most 64 characters/)
  assert.equal((await browser.submit(path, { name: '' })).statusCode, 422)
  const spite = '<script>alert(1)</script>'
  assertLeadsTo(await browser.submit(path, { name: spite }), '/account/security?done=renamed')
  const page = (await browser.open('/account/security?done=renamed')).body
  assert.match(page, /Renamed\.[\s\S]*&lt;script&gt;alert\(1\)/)
  assert.ok(!page.includes(spite))
  for (const what of ['rename', 'replace', 'remove']) {
    const { body } = await browser.open(`/account/security/app/${what}/${id}`)
    assert.ok(body.includes('&lt;script&gt;alert(1)') && !body.includes(spite), what)
  }
})

onEitherDatabase(
  'one of two apps is removed after a question; the last one can only be replaced',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ada = await adaOn(server)
    const browser = await signedInBrowser(ada)
    const [only = ''] = appsOn((await browser.open('/account/security')).body)
    assert.ok(!(await browser.open('/account/security')).body.includes('/app/remove/'))
    const refused = (await browser.open(`/account/security/app/remove/${only}`)).body
    assert.match(refused, /can’t be removed[\s\S]*href="\/account\/security\/app\/replace\//)
    assert.ok(!refused.includes('button danger'))
    const forced = await browser.submit(`/account/security/app/remove/${only}`, {})
    assertLeadsTo(forced, `/account/security/app/remove/${only}`)
    const { ids } = await addApp(server, browser, 'Tablet')
    assert.equal(ids.length, 2)
    assert.match((await browser.open(`/account/security/app/remove/${only}`)).body, /class="button danger sure"/)
    for (const _press of ['first', 'second']) {
      assertLeadsTo(await browser.submit(`/account/security/app/remove/${only}`, {}), '/account/security?done=removed')
    }
    const page = (await browser.open('/account/security?done=removed')).body
    assert.match(page, /The app is removed\./)
    assert.deepEqual(
      appsOn(page),
      ids.filter((id) => id !== only),
    )
  },
)

onEitherDatabase('a passkey is renamed and removed on its pages; the last second step stays', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  await givePasskey(ada)
  const [id = ''] = passkeysOn((await browser.open('/account/security')).body)
  const rename = `/account/security/passkeys/rename/${id}`
  assert.equal(valueIn((await browser.open(rename)).body, 'name'), 'Phone')
  assert.match(textIn((await browser.submit(rename, { name: 'x'.repeat(65) })).body, 'name-error'), /at most 64/)
  assertLeadsTo(await browser.submit(rename, { name: '<b>Key</b>' }), '/account/security?done=renamed')
  assert.match((await browser.open('/account/security')).body, /&lt;b&gt;Key&lt;\/b&gt;/)
  // The app alone does not suffice for re-authentication of a user with a passkey.
  const remove = `/account/security/passkeys/remove/${id}`
  assert.match(String((await browser.open(remove)).headers.location), /^\/confirm\?/)
  await server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
  assert.match((await browser.open(remove)).body, /class="button danger sure"/)
  await server.doorward.db.deleteFrom('totp_factor').execute()
  assert.match(parsePage(await browser.open(remove)).text, /can’t be removed/)
  assertLeadsTo(await browser.submit(remove, {}), remove)
  assert.deepEqual(passkeysOn((await browser.open('/account/security')).body), [id])
  assert.ok(!(await browser.open('/account/security')).body.includes('/passkeys/remove/'))
})

onEitherDatabase('new recovery codes are created after a confirmation, and shown once', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  const path = '/account/security/recovery-codes'
  assert.match(parsePage(await browser.open(path)).text, /Those from before stop working/)
  const [one, two] = await browser.submitTwice(path, {})
  assert.ok(one && two)
  const codes = assertShowsCodes(one, '/account/security?done=codes')
  assert.deepEqual(assertShowsCodes(two, '/account/security?done=codes'), codes)
  const left = await server.doorward.db.selectFrom('recovery_code').select('id').execute()
  assert.equal(left.length, 20, 'hers and the admin’s')
  server.clock.pass(minutes(11))
  assert.match(String((await browser.submit(path, {})).headers.location), /^\/confirm\?/)
})

onEitherDatabase('another user’s app answers as an unknown one does', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada')
  const [theirs = ''] = appsOn((await (await signedInBrowser(admin)).open('/account/security')).body)
  const browser = await signedInBrowser(ada)
  for (const id of [theirs, 'none']) {
    for (const what of ['rename', 'replace', 'remove']) {
      assert.equal((await browser.open(`/account/security/app/${what}/${id}`)).statusCode, 404, what)
      const code = ada.authenticator.code(server.clock.now())
      const sent = await browser.submit(`/account/security/app/${what}/${id}`, { id, code, name: 'mine' })
      assert.ok([404, 303].includes(sent.statusCode), `${what}: ${sent.statusCode}`)
    }
  }
  assert.deepEqual(appsOn((await (await signedInBrowser(admin)).open('/account/security')).body), [theirs])
})

onEitherDatabase('sessions are described in words; one is ended, then all others', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await adaOn(server)
  const here = await signedInBrowser(ada, { agent: FIREFOX })
  const phone = await signedInBrowser(ada, { agent: SAFARI })
  const other = await signedInBrowser(ada)
  await ada.signsIn()
  const page = (await here.open('/account/security')).body
  const sessions = textIn(page, 'sessions')
  assert.match(
    sessions,
    /Firefox on Linux This session With password and authenticator app 127\.0\.0\.1 .*Safari on iOS/,
  )
  assert.match(sessions, /A program/)
  const rows = /id="sessions"[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page)?.[1]?.split('</tr>') ?? []
  const onPhone = rows.find((row) => row.includes('Safari on iOS')) ?? ''
  assert.ok(!rows[0]?.includes('/end"'), 'this session can be ended from the list')
  assert.ok(buttonsIn(page, 'sessions').includes('Sign out – Safari on iOS'), 'the button does not say what it ends')
  const end = /action="([^"]+\/end)"/.exec(onPhone)?.[1] ?? ''
  assertLeadsTo(await here.submit(end, {}), '/account/security?done=ended')
  assertLeadsTo(await here.submit(end, {}), '/account/security?done=ended')
  assertSignedOut(await phone.open('/account'))
  assert.equal((await other.open('/account')).statusCode, 200)
  const all = '/account/security/sessions/end-others'
  assertLeadsTo(await here.submit(all, {}), '/account/security?done=others')
  assertSignedOut(await other.open('/account'))
  const alone = (await here.open('/account/security?done=others')).body
  assert.match(alone, /signed out everywhere but here[\s\S]*signed in nowhere else/)
  assert.ok(!alone.includes(all))
})

onEitherDatabase('another user’s session stays', async (t, dialect) => {
  const server = await start(t, { dialect })
  const admin = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(admin, 'ada')
  const theirs = String((await admin.asks('GET', '/session')).body['id'])
  const browser = await signedInBrowser(ada)
  await browser.open('/account/security')
  await browser.submit(`/account/security/sessions/${theirs}/end`, {})
  await browser.submit('/account/security/sessions/end-others', {})
  assert.equal((await admin.asks('GET', '/session')).status, 200)
})

test('recent activity shows the last twenty and leads to all', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada)
  await ada.signsIn()
  await new Visitor(server, { agent: 'curl/8.5.0' }).submit('/sign-in', { username: 'ada', password: 'wrong' })
  const tried = (await browser.open('/account/security')).body
  const [newest = ''] = /id="activity"[\s\S]*?<tbody>([\s\S]*?)<\/tr>/.exec(tried)?.slice(1) ?? []
  assert.match(newest, /Sign-in refused[\s\S]*The password was wrong[\s\S]*curl/)
  for (let change = 0; change < 21; change++) await ada.asks('PATCH', '/users/me', { full_name: `Ada ${change}` })
  const page = (await browser.open('/account/security')).body
  const rows = /id="activity"[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(page)?.[1] ?? ''
  assert.equal(rows.match(/<tr/g)?.length, 20)
  assert.ok(parsePage(page).linksTo('/account/activity').length > 0)
})

test('the pages speak German to a browser that asks for it', async (t) => {
  const server = await start(t)
  const ada = await adaOn(server)
  const browser = await signedInBrowser(ada, { language: 'de-AT,de;q=0.9', agent: FIREFOX })
  const page = (await browser.open('/account/security')).body
  assert.deepEqual([parsePage(page).language, parsePage(page).heading], ['de', 'Sicherheit'])
  assert.match(parsePage(page).text, /nur einen Weg für den zweiten Schritt/)
  assert.match(parsePage(page).text, /Authenticator-App.*Firefox auf Linux.*Diese Sitzung.*Angemeldet/)
  assert.equal(parsePage(await browser.open('/account/security/password')).heading, 'Passwort ändern')
  assert.equal(parsePage(await browser.open('/account/security/app/new')).heading, 'Authenticator-App hinzufügen')
  assert.equal(parsePage(await browser.open('/account/delete')).heading, 'Mein Konto löschen')
})
