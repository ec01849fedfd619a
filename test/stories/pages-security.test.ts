// The pages of password, authenticator apps and sessions in a browser without scripts.
import { sql } from 'kysely'
import assert from 'node:assert/strict'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  assertLeadsTo,
  assertShowsCodes,
  assertSignedOut,
  authenticatorOn,
  hiddenIn,
  signedInBrowser,
} from '../support/pages/page-answers.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { PASSWORD } from '../support/people/people.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const ANOTHER = 'a kettle full of stars'
const SECURITY = '/account/security'

/** The ids of the factors of that kind, in the order of the page. */
function idsOn(page: ParsedPage, kind: 'app' | 'passkeys'): string[] {
  const path = `${SECURITY}/${kind}/rename/`
  return page.targets(path).map((target) => target.slice(path.length))
}

/** Adds an app on its page. */
async function addApp(server: Server, browser: Visitor): Promise<void> {
  const page = await browser.page(`${SECURITY}/app/new`)
  const fields = { id: hiddenIn(page, 'id'), code: authenticatorOn(page).code(server.clock.now()), name: 'Tablet' }
  assertLeadsTo(await browser.submit(`${SECURITY}/app/new`, fields), `${SECURITY}?done=added`)
}

onEitherDatabase('the page says in one sentence what to do next', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  const one = await browser.page(SECURITY)
  assert.match(one.text, /You have only one way to sign in\. Add a backup/)
  assert.equal(one.link(/^Add a backup/), `${SECURITY}/passkeys/new`)
  await addApp(server, browser)
  assert.match((await browser.page(SECURITY)).text, /Your account is well protected/)
  await sql`update users set password_change_asked_at = 1 where username = 'ada'`.execute(server.doorward.db)
  const asked = await browser.page(SECURITY)
  assert.match(asked.text, /asked to change your password\. Change password/)
  assert.equal(asked.link(/^Change password/), `${SECURITY}/password`)
})

leaveToTestAll()

onEitherDatabase(
  'a changed password ends every other session and copies of its own cookie, and none here',
  async (t, dialect) => {
    const { server, ada, browser: here } = await ownPageScene(t, { dialect })
    const elsewhere = await signedInBrowser(ada)
    const page = await here.page(`${SECURITY}/password`)
    assert.deepEqual([page.sent('username'), page.count('[name=username][autocomplete=username]')], ['ada', 1])
    server.clock.pass(minutes(30))
    const fields = { username: 'ada', current: PASSWORD, new: ANOTHER }
    const thief = new Visitor(server)
    for (const [name, value] of here.cookies) thief.cookies.set(name, value)
    const presses = [0, 1].map(() => here.submit(`${SECURITY}/password`, fields))
    for (const press of presses) assertLeadsTo(await press, `${SECURITY}?done=password`)
    assertLeadsTo(await here.submit(`${SECURITY}/password`, fields), `${SECURITY}?done=password`)
    const after = await here.page(`${SECURITY}?done=password`)
    assert.match(after.statuses().join(' '), /Password changed\./)
    assert.match(after.part('password').text, /Last changed just now/)
    for (const other of [elsewhere, thief]) assertSignedOut(await other.open('/account'))
    ada.password = ANOTHER
    await signedInBrowser(ada)
  },
)

test('a form in another tab is accepted after the password changed', async (t) => {
  const { browser } = await ownPageScene(t)
  const form_token = hiddenIn(await browser.page(SECURITY), 'form_token')
  const fields = { current: PASSWORD, new: ANOTHER }
  assertLeadsTo(await browser.submit(`${SECURITY}/password`, fields), `${SECURITY}?done=password`)
  const sent = await browser.submit(`${SECURITY}/sessions/end-others`, { form_token })
  assert.equal(sent.statusCode, 303, sent.body)
})

test('removing a factor by a double submit keeps the session', async (t) => {
  const { server, ada, browser } = await ownPageScene(t)
  for (let phone = 0; phone < 2; phone++) await givePasskey(ada)
  await server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
  const page = await browser.page(SECURITY)
  for (const [path, done] of [
    [`${SECURITY}/passkeys/remove/${idsOn(page, 'passkeys')[0]}`, 'passkey-removed'],
    [`${SECURITY}/app/remove/${idsOn(page, 'app')[0]}`, 'removed'],
  ] as const) {
    for (const answer of await browser.submitTwice(path, {})) assertLeadsTo(answer, `${SECURITY}?done=${done}`)
    await browser.page('/account')
  }
})

onEitherDatabase('a refused change of password names the wrong field and repeats neither', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  const change = (current: string, next: string, status: number) =>
    browser.pageAfter(`${SECURITY}/password`, { current, new: next }, status)
  const wrong = await change('never to be seen', ANOTHER, 403)
  assert.match(wrong.title, /^Error: Change your password/)
  assert.equal(wrong.alert().link(/^That isn’t your current password/), '#current-password')
  assert.match(wrong.part('current-password-error').text, /That isn’t your current password/)
  assert.notEqual(wrong.field('Current password').attribute('autofocus'), null)
  assert.ok(!wrong.markup.includes('never to be seen') && !wrong.markup.includes(`value="${ANOTHER}`))
  const common = await change(PASSWORD, 'password', 422)
  assert.equal(common.alert().link(/^New password: this password is too common/), '#new-password')
  assert.match(common.part('new-password-error').text, /This password is too common/)
  assert.deepEqual((await change('', '', 422)).alert().targets('#'), ['#current-password', '#new-password'])
  assert.ok(!server.logText().includes('never to be seen'))
})

test('too many wrong passwords are answered with the time to wait', async (t) => {
  const { server, browser } = await ownPageScene(t)
  const guess = () => browser.submit(`${SECURITY}/password`, { current: 'wrong', new: ANOTHER })
  let answer = await guess()
  for (let tries = 0; tries < 8 && answer.statusCode === 403; tries++) answer = await guess()
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  const page = parsePage(answer)
  assert.match(page.alert().text, /Too many attempts/)
  assert.ok(Number(page.alert().data('counts-to')) > 0 && page.modules().includes('countdown'))
  server.clock.pass(seconds(Number(answer.headers['retry-after'])))
  const right = { current: PASSWORD, new: ANOTHER }
  assertLeadsTo(await browser.submit(`${SECURITY}/password`, right), `${SECURITY}?done=password`)
})

onEitherDatabase('another app is added with a code, and a reload shows the same key', async (t, dialect) => {
  const { server, ada, browser: here } = await ownPageScene(t, { dialect })
  const elsewhere = await signedInBrowser(ada)
  const page = await here.page(`${SECURITY}/app/new`)
  const app = authenticatorOn(page)
  const id = hiddenIn(page, 'id')
  const path = `${SECURITY}/app/new`
  const wrong = await here.pageAfter(path, { id, code: '000000', name: 'Tablet "x" <b>' }, 403)
  assert.match(wrong.part('code-error').text, /didn’t match/)
  assert.ok(wrong.main.field('Sign out other devices'))
  const code = wrong.main.field(/^Enter the code/)
  assert.ok(code.invalid && code.attribute('autofocus') !== null)
  assert.equal(wrong.sent('name'), 'Tablet "x" <b>')
  const [again, reloaded] = [authenticatorOn(wrong), authenticatorOn(await here.page(path))]
  const now = server.clock.now()
  assert.deepEqual([again.code(now), reloaded.code(now)], [app.code(now), app.code(now)])
  const right = { id, code: app.code(now), name: 'Tablet "x" <b>', sign_out_others: 'yes' }
  assertLeadsTo(await here.submit(path, right), `${SECURITY}?done=added-alone`)
  assertLeadsTo(await here.submit(path, right), `${SECURITY}?done=added-alone`)
  const after = await here.page(`${SECURITY}?done=added-alone`)
  assert.match(after.statuses().join(' '), /App added\. You’ve been signed out on other devices\./)
  assert.match(after.part('second-step').text, /Authenticator app .*Tablet "x" <b>.* Remove/)
  assert.equal(idsOn(after, 'app').length, 2)
  assertSignedOut(await elsewhere.open('/account'))
  server.clock.pass(seconds(30))
  ada.authenticator = app
  await signedInBrowser(ada)
})

onEitherDatabase('the old app works until the new one is confirmed, and not after', async (t, dialect) => {
  const { server, ada, browser } = await ownPageScene(t, { dialect })
  const [id = ''] = idsOn(await browser.page(SECURITY), 'app')
  const path = `${SECURITY}/app/replace/${id}`
  const page = await browser.page(path)
  assert.equal(page.heading, 'Replace the app “Authenticator app”')
  assert.match(page.text, /keeps working until the new one is set up/)
  const fresh = authenticatorOn(page)
  await signedInBrowser(ada)
  const old = ada.authenticator
  const fields = { id: hiddenIn(page, 'id'), code: fresh.code(server.clock.now()), name: '' }
  assertLeadsTo(await browser.submit(path, fields), `${SECURITY}?done=replaced`)
  const left = idsOn(await browser.page(`${SECURITY}?done=replaced`), 'app')
  assert.ok(left.length === 1 && left[0] !== id)
  server.clock.pass(seconds(60))
  const late = new Visitor(server)
  assertLeadsTo(await late.submit('/sign-in', { username: 'ada', password: PASSWORD }), '/sign-in/second-step')
  await late.pageAfter('/sign-in/second-step', { code: old.code(server.clock.now()) }, 401)
  ada.authenticator = fresh
  await signedInBrowser(ada)
})

test('an expired set-up begins again with another key, and says so', async (t) => {
  const { server, browser } = await ownPageScene(t)
  const path = `${SECURITY}/app/new`
  const page = await browser.page(path)
  const app = authenticatorOn(page)
  const id = hiddenIn(page, 'id')
  const [first = ''] = idsOn(await browser.page(SECURITY), 'app')
  await browser.open(`${SECURITY}/app/replace/${first}`)
  const code = app.code(server.clock.now())
  assertLeadsTo(await browser.submit(path, { id, code }), `${path}?over`)
  const again = await browser.page(`${path}?over`)
  assert.match(again.text, /That code expired/)
  assert.notEqual(authenticatorOn(again).code(server.clock.now()), code)
  assertLeadsTo(await browser.submit(path, { code: '123456' }), `${path}?over`)
  assert.equal(idsOn(await browser.page(SECURITY), 'app').length, 1)
})

test('no setup key is shown or confirmed without re-authentication', async (t) => {
  const { server, browser } = await ownPageScene(t)
  const page = await browser.page(`${SECURITY}/app/new`)
  const [id = ''] = idsOn(await browser.page(SECURITY), 'app')
  server.clock.pass(minutes(11))
  const app = { id: hiddenIn(page, 'id'), code: '000000' }
  for (const path of [`${SECURITY}/app/new`, `${SECURITY}/app/replace/${id}`, `${SECURITY}/app/remove/${id}`]) {
    for (const { statusCode, body } of [await browser.open(path), await browser.submit(path, app)]) {
      assert.ok([303, 401].includes(statusCode), String(statusCode))
      assert.ok(!body.includes('setup-key') && !body.includes('otpauth'))
    }
  }
})

onEitherDatabase('an app is renamed; a name that is too long or missing is reported', async (t, dialect) => {
  const { browser } = await ownPageScene(t, { dialect })
  const [id = ''] = idsOn(await browser.page(SECURITY), 'app')
  const path = `${SECURITY}/app/rename/${id}`
  assert.equal((await browser.page(path)).sent('name'), 'Authenticator app')
  const long = await browser.pageAfter(path, { name: 'x'.repeat(65) }, 422)
  assert.match(long.part('name-error').text, /at most 64 characters/)
  await browser.pageAfter(path, { name: '' }, 422)
  const spite = '<script>alert(1)</script>'
  assertLeadsTo(await browser.submit(path, { name: spite }), `${SECURITY}?done=renamed`)
  const page = await browser.page(`${SECURITY}?done=renamed`)
  assert.ok(page.statuses().includes('Renamed.'))
  assert.ok(page.part('second-step').text.includes(spite) && !page.markup.includes(spite))
  for (const what of ['rename', 'replace', 'remove']) {
    const shown = await browser.page(`${SECURITY}/app/${what}/${id}`)
    assert.ok(shown.markup.includes('&lt;script&gt;alert(1)') && !shown.markup.includes(spite), what)
  }
})

onEitherDatabase(
  'one of two apps is removed after a question; the last one can only be replaced',
  async (t, dialect) => {
    const { server, browser } = await ownPageScene(t, { dialect })
    const [only = ''] = idsOn(await browser.page(SECURITY), 'app')
    assert.deepEqual((await browser.page(SECURITY)).targets(`${SECURITY}/app/remove/`), [])
    const remove = `${SECURITY}/app/remove/${only}`
    const refused = await browser.page(remove)
    assert.match(refused.text, /You can’t remove your only allowed second step/)
    assert.equal(refused.targets(`${SECURITY}/app/replace/`).length, 1)
    assert.ok(!refused.actions().includes(remove))
    assertLeadsTo(await browser.submit(remove, {}), remove)
    await addApp(server, browser)
    const ids = idsOn(await browser.page(SECURITY), 'app')
    assert.equal(ids.length, 2)
    assert.equal((await browser.page(remove)).main.button(/^Remove/).action, remove)
    for (const _press of ['first', 'second'])
      assertLeadsTo(await browser.submit(remove, {}), `${SECURITY}?done=removed`)
    const page = await browser.page(`${SECURITY}?done=removed`)
    assert.match(page.statuses().join(' '), /App removed\./)
    assert.deepEqual(idsOn(page, 'app'), [ids.find((id) => id !== only)])
  },
)

onEitherDatabase('a passkey is renamed and removed on its pages; the last second step stays', async (t, dialect) => {
  const { server, ada, browser } = await ownPageScene(t, { dialect })
  await givePasskey(ada)
  const [id = ''] = idsOn(await browser.page(SECURITY), 'passkeys')
  const rename = `${SECURITY}/passkeys/rename/${id}`
  assert.equal((await browser.page(rename)).sent('name'), 'Phone')
  assert.match((await browser.pageAfter(rename, { name: 'x'.repeat(65) }, 422)).part('name-error').text, /at most 64/)
  assertLeadsTo(await browser.submit(rename, { name: '<b>Key</b>' }), `${SECURITY}?done=renamed`)
  assert.match((await browser.page(SECURITY)).part('passkeys').text, /<b>Key<\/b>/)
  // The app alone does not suffice for re-authentication of a user with a passkey.
  const remove = `${SECURITY}/passkeys/remove/${id}`
  assert.match(String((await browser.open(remove)).headers.location), /^\/confirm\?/)
  await server.doorward.db.updateTable('session').set({ authentication_methods: 'passkey' }).execute()
  assert.equal((await browser.page(remove)).main.button(/^Remove/).action, remove)
  await server.doorward.db.deleteFrom('totp_factor').execute()
  assert.match((await browser.page(remove)).text, /You can’t remove your only allowed second step/)
  assertLeadsTo(await browser.submit(remove, {}), remove)
  const left = await browser.page(SECURITY)
  assert.deepEqual([idsOn(left, 'passkeys'), left.targets(`${SECURITY}/passkeys/remove/`)], [[id], []])
})

onEitherDatabase('new recovery codes are created after a confirmation, and shown once', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  const path = `${SECURITY}/recovery-codes`
  assert.match((await browser.page(path)).text, /Your old codes stop working/)
  const [one, two] = await browser.submitTwice(path, {})
  assert.ok(one && two)
  const codes = assertShowsCodes(one, `${SECURITY}?done=codes`)
  assert.deepEqual(assertShowsCodes(two, `${SECURITY}?done=codes`), codes)
  const left = await server.doorward.db.selectFrom('recovery_code').select('id').execute()
  assert.equal(left.length, 20, 'hers and the admin’s')
  server.clock.pass(minutes(11))
  assert.match(String((await browser.submit(path, {})).headers.location), /^\/confirm\?/)
})

onEitherDatabase('another user’s app answers as an unknown one does', async (t, dialect) => {
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
  const before = await (await signedInBrowser(admin)).page(SECURITY)
  const [theirs = ''] = idsOn(before, 'app')
  for (const what of ['rename', 'replace', 'remove']) {
    const answers = []
    for (const id of [theirs, 'none']) {
      await browser.page(`${SECURITY}/app/${what}/${id}`, 404)
      const code = ada.authenticator.code(server.clock.now())
      const sent = await browser.submit(`${SECURITY}/app/${what}/${id}`, { id, code, name: 'mine' })
      answers.push([sent.statusCode, String(sent.headers.location).replace(id, 'ID')])
    }
    assert.deepEqual(answers[0], answers[1], what)
  }
  const after = await (await signedInBrowser(admin)).page(SECURITY)
  assert.deepEqual(idsOn(after, 'app'), [theirs])
  assert.doesNotMatch(after.text, /mine/)
})

onEitherDatabase('sessions are described in words; one is ended, then all others', async (t, dialect) => {
  const { ada, browser: here } = await ownPageScene(t, { dialect, agent: FIREFOX })
  const phone = await signedInBrowser(ada, { agent: SAFARI })
  const other = await signedInBrowser(ada)
  await ada.signsIn()
  const page = await here.page(SECURITY)
  const sessions = page.part('sessions').text
  assert.match(
    sessions,
    /Firefox on Linux This session Signed in with password and authenticator app 127\.0\.0\.1 .*Safari on iOS/,
  )
  assert.match(sessions, /A program/)
  const ends = page
    .part('sessions')
    .buttons()
    .filter((name) => name.includes(' – '))
  assert.equal(ends.length, 4, 'each session but this one has a button')
  assert.ok(!ends.some((name) => name.includes('Firefox')), 'this session can be ended from the list')
  const end = page.part('sessions').button('Sign out – Safari on iOS').action
  assertLeadsTo(await here.submit(end, {}), `${SECURITY}?done=ended`)
  assertLeadsTo(await here.submit(end, {}), `${SECURITY}?done=ended`)
  assertSignedOut(await phone.open('/account'))
  await other.page('/account')
  const all = `${SECURITY}/sessions/end-others`
  assertLeadsTo(await here.submit(all, {}), `${SECURITY}?done=others`)
  assertSignedOut(await other.open('/account'))
  const alone = await here.page(`${SECURITY}?done=others`)
  assert.match(alone.text, /Signed out on all other devices.*This is your only session/)
  assert.ok(!alone.actions().includes(all))
})

onEitherDatabase('another user’s session stays', async (t, dialect) => {
  const { admin, browser } = await ownPageScene(t, { dialect })
  const theirs = String((await admin.asks('GET', '/session')).body['id'])
  assertLeadsTo(await browser.submit(`${SECURITY}/sessions/${theirs}/end`, {}), `${SECURITY}?done=ended`)
  assertLeadsTo(await browser.submit(`${SECURITY}/sessions/end-others`, {}), `${SECURITY}?done=others`)
  assert.equal((await admin.asks('GET', '/session')).status, 200)
})

test('recent activity shows the last five and leads to all', async (t) => {
  const { server, ada, browser } = await ownPageScene(t)
  await ada.signsIn()
  await new Visitor(server, { agent: 'curl/8.5.0' }).submit('/sign-in', { username: 'ada', password: 'wrong' })
  const activity = async (): Promise<string[]> => {
    const { rows } = (await browser.page(SECURITY)).part('activity').table()
    return rows.map((cells) => cells.join(' '))
  }
  const [newest = ''] = await activity()
  assert.match(newest, /Sign-in failed.*The password was wrong.*curl/)
  for (let change = 0; change < 6; change++) await ada.asks('PATCH', '/users/me', { full_name: `Ada ${change}` })
  assert.equal((await activity()).length, 5)
  assert.ok((await browser.page(SECURITY)).linksTo('/account/activity').length > 0)
})

test('the pages speak German to a browser that asks for it', async (t) => {
  const { browser } = await ownPageScene(t, { language: 'de-AT,de;q=0.9', agent: FIREFOX })
  const page = await browser.page(SECURITY)
  assert.deepEqual([page.language, page.heading], ['de', 'Sicherheit'])
  assert.match(page.text, /nur auf eine Art bestätigen, dass Sie es sind/)
  assert.match(page.text, /Authenticator-App.*Firefox auf Linux.*Diese Sitzung.*Angemeldet/)
  assert.equal((await browser.page(`${SECURITY}/password`)).heading, 'Passwort ändern')
  assert.equal((await browser.page(`${SECURITY}/app/new`)).heading, 'Authenticator-App hinzufügen')
  assert.equal((await browser.page('/account/delete')).heading, 'Mein Konto löschen')
})
