// The pages of one's own details and activity, and of deleting the account, in a browser without scripts.
import assert from 'node:assert/strict'

import { EVENTS } from '#domain/audit/event.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import { eventReason, eventSentence, LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, ownPageScene } from '../support/pages/page-scenes.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { newcomer, startWithAdmin } from '../support/people/people.ts'
import { idOf, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** The fields that a browser sends when the user changes nothing. */
function formOn(page: ParsedPage): Record<string, string> {
  const names = ['username', 'full_name', 'email', 'locale', 'time_zone', 'seen']
  return Object.fromEntries(names.map((name) => [name, page.sent(name) ?? '']))
}

leaveToTestAll()

onEachDatabase('users change their details, and the page is then in their language', async (t, dialect) => {
  const { ada, browser } = await ownPageScene(t, { dialect })
  const before = await browser.page('/account')
  assert.equal(before.heading, 'Account')
  assert.match(before.text, /Not verified\. Sign in with your username\./)
  const form = formOn(before)
  assert.deepEqual([form['username'], form['full_name'], form['email']], ['ada', 'Ada Lovelace', 'ada@example.org'])
  const wanted = { ...form, full_name: 'Countess', locale: 'de', time_zone: 'Europe/Berlin' }
  assertLeadsTo(await browser.submit('/account', wanted), '/account?done=saved')
  const after = await browser.page('/account?done=saved')
  assert.deepEqual([after.language, after.heading], ['de', 'Konto'])
  assert.deepEqual(after.statuses(), ['Gespeichert'])
  assert.deepEqual({ ...formOn(after), seen: '' }, { ...wanted, seen: '' })
  await ada.signsIn()
  const { body } = await ada.asks('GET', '/users/me')
  assert.deepEqual([body['full_name'], body['time_zone']], ['Countess', 'Europe/Berlin'])
  const times = (await browser.page('/account/security')).times()
  assert.ok(times.length > 0 && times.every(({ title }) => title.endsWith('MESZ')))
})

onEitherDatabase('an emptied field is emptied, and a new email is shown as unconfirmed', async (t, dialect) => {
  const { browser } = await ownPageScene(t, { dialect })
  const form = formOn(await browser.page('/account'))
  const moved = await browser.submit('/account', { ...form, email: 'lovelace@example.org', full_name: '' })
  assertLeadsTo(moved, '/account?done=address')
  const page = await browser.page('/account?done=address')
  assert.match(page.text, /Your new email isn’t verified yet, so/)
  assert.deepEqual([page.sent('email'), page.sent('full_name')], ['lovelace@example.org', undefined])
  assertLeadsTo(await browser.submit('/account', { ...formOn(page), email: '' }), '/account?done=saved')
  assert.equal((await browser.page('/account')).sent('email'), undefined)
})

onEitherDatabase('each error is beside its field, and the input is kept', async (t, dialect) => {
  const { browser } = await ownPageScene(t, { dialect })
  const form = formOn(await browser.page('/account'))
  const wrong = await browser.pageAfter('/account', { ...form, username: 'a@b', email: 'nowhere' }, 422)
  assert.match(wrong.title, /^Error: Account/)
  assert.match(wrong.alert().text, /^There’s a problem/)
  assert.deepEqual(wrong.alert().targets('#'), ['#username', '#email'])
  assert.match(wrong.part('username-error').text, /Don’t use @/)
  assert.deepEqual([wrong.sent('username'), wrong.sent('email')], ['a@b', 'nowhere'])
  const empty = await browser.pageAfter('/account', { ...form, username: '' }, 422)
  assert.match(empty.part('username-error').text, /Enter your username/)
  const taken = await browser.pageAfter('/account', { ...form, username: 'ROOT' }, 409)
  assert.match(taken.part('username-error').text, /That username is taken/)
  const zone = await browser.pageAfter('/account', { ...form, time_zone: 'Middle/Earth' }, 422)
  assert.notEqual(zone.part('time_zone-error').text, '')
})

onEitherDatabase(
  'a concurrent change of one’s details is reported, and neither version is lost',
  async (t, dialect) => {
    const { ada, browser } = await ownPageScene(t, { dialect })
    const form = formOn(await browser.page('/account'))
    await ada.signsIn()
    assert.equal((await ada.asks('PATCH', '/users/me', { full_name: 'A. <b>L.</b>', locale: 'de' })).status, 200)
    const typed = { ...form, full_name: 'Countess', locale: 'en' }
    const page = await browser.pageAfter('/account', typed, 412)
    assert.match(
      page.alert().text,
      /^Ihre Angaben wurden geändert.*Vollständiger Name Sprache Speichern Sie noch einmal/,
    )
    assert.match(page.part('full_name-hint').text, /Aktueller Wert: A\. <b>L\.<\/b>/)
    assert.match(page.part('locale-hint').text, /Deutsch/)
    assert.doesNotMatch(
      page.part('username-hint').text,
      /Aktueller Wert/,
      'a field in which both agree is said to differ',
    )
    assert.equal(page.alert().link('Die neuen Angaben behalten'), '/account')
    assert.deepEqual([page.sent('full_name'), page.sent('locale')], ['Countess', 'en'])
    const seen = page.hidden('seen') ?? ''
    assert.notEqual(seen, form['seen'])
    assertLeadsTo(await browser.submit('/account', { ...typed, seen }), '/account?done=saved')
    const saved = await browser.page('/account')
    assert.deepEqual([saved.language, saved.field('Full name (optional)').value], ['en', 'Countess'])
  },
)

test('a concurrent sign-in is no change of the details', async (t) => {
  const { ada, browser } = await ownPageScene(t)
  const form = formOn(await browser.page('/account'))
  await ada.signsIn()
  assertLeadsTo(await browser.submit('/account', { ...form, full_name: 'A.' }), '/account?done=saved')
})

onEitherDatabase('a flash message is shown once, and never because of a query parameter', async (t, dialect) => {
  const { ada, browser } = await ownPageScene(t, { dialect })
  const done = '/account/security?done=others'
  const statusesOn = async (path: string): Promise<string[]> => (await browser.page(path)).statuses()
  const before = await statusesOn(done)
  assertLeadsTo(await browser.submit('/account/security/sessions/end-others', {}), done)
  assert.deepEqual(await statusesOn('/account/security?done=password'), before, 'something else was done')
  assert.deepEqual(await statusesOn(done), ['Signed out on all other devices.', ...before])
  await ada.signsIn()
  assert.deepEqual(await statusesOn(done), before, 'a reload says it again')
})

test('an unknown word in the query shows nothing', async (t) => {
  const { browser } = await ownPageScene(t)
  for (const path of ['/account', '/account/security']) {
    const before = (await browser.page(path)).statuses()
    for (const word of ['constructor', '<script>', 'toString', '__proto__']) {
      const page = await browser.page(`${path}?done=${encodeURIComponent(word)}`)
      assert.deepEqual(page.statuses(), before, word)
      assert.ok(!page.markup.includes(word === '<script>' ? 'done=<' : '[native'), word)
    }
  }
})

onEitherDatabase('users delete their account after a confirmation, and are signed out', async (t, dialect) => {
  const { admin, browser } = await ownPageScene(t, { dialect })
  const asked = await browser.page('/account/delete')
  assert.match(asked.text, /This deletes ada for good/)
  assert.ok(asked.actions().includes('/account/delete'))
  assertLeadsTo(await browser.submit('/account/delete', {}), '/account/deleted')
  assert.deepEqual([...browser.cookies.keys()], ['device'])
  assert.equal((await browser.page('/account/deleted')).heading, 'Your account was deleted')
  assertSignedOut(await browser.open('/account'))
  const left = itemsOf(await admin.asks('GET', '/users')).map(({ username }) => username)
  assert.deepEqual(left, ['root'])
})

onEitherDatabase('the last admin sees a sentence why the account cannot be deleted', async (t, dialect) => {
  const { browser } = await adminScene(t, { dialect })
  await browser.page('/account/delete')
  const refused = await browser.pageAfter('/account/delete', {}, 409)
  assert.match(refused.alert().text, /This is the only active admin\. Add another admin first\./)
  await browser.page('/account')
})

test('deleting requires re-authentication', async (t) => {
  const { server, browser } = await ownPageScene(t)
  server.clock.pass(minutes(11))
  for (const answer of [await browser.open('/account/delete'), await browser.submit('/account/delete', {})]) {
    assert.ok([303, 401].includes(answer.statusCode), String(answer.statusCode))
    assert.ok(!answer.body.includes('for good'))
  }
  await browser.page('/account')
})

onEitherDatabase('all activity is shown a page at a time, newest first', async (t, dialect) => {
  const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0'
  const { admin, ada, browser } = await ownPageScene(t, { dialect, agent })
  await ada.signsIn()
  for (let change = 0; change < 55; change++) await ada.asks('PATCH', '/users/me', { full_name: `Ada ${change}` })
  await admin.asks('PATCH', `/users/${await idOf(ada)}`, { full_name: 'Ada' }, { 'user-agent': 'AdminsOwn/1' })
  const first = await browser.page('/account/activity')
  const { rows } = first.table()
  assert.equal(rows.length, 50)
  assert.match(rows[0]?.join(' ') ?? '', /Account changed.*By another person/)
  assert.ok(!first.markup.includes('AdminsOwn'), 'where an admin sat is shown')
  const second = await browser.page(first.related('next') ?? '')
  const older = second.table().rows.map((cells) => cells.join(' '))
  assert.ok(older.some((row) => /Signed in.*Firefox on Linux/.test(row)))
  assert.ok(older.some((row) => /Invitation accepted.*On the server/.test(row)))
  assert.equal(second.related('next'), undefined, 'there is a page after the last')
  assert.equal(second.link('Newest'), '/account/activity')
  assert.equal((await browser.open('/account/activity?cursor=nonsense')).statusCode, 422)
})

test('all activity stands under its days, each with its time in the zone of the user', async (t) => {
  const { server, ada } = await ownPageScene(t)
  server.clock.pass(days(1))
  await ada.signsIn()
  await ada.asks('PATCH', '/users/me', { time_zone: 'Pacific/Auckland' })
  const { headings, rows } = (await (await signedInBrowser(ada)).page('/account/activity')).table()
  const now = new Date(server.clock.now())
  const timeZone = 'Pacific/Auckland'
  const on = (at: Date): string => at.toLocaleDateString('en-GB', { dateStyle: 'full', timeZone })
  assert.deepEqual(headings, [on(now), on(new Date(now.getTime() - days(1)))])
  assert.equal(rows[0]?.[1], now.toLocaleTimeString('en-GB', { timeStyle: 'short', timeZone }))
})

test('all activity is narrowed by what happened and since when, over its pages', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await ada.signsIn()
  for (let change = 0; change < 52; change++) await ada.asks('PATCH', '/users/me', { full_name: `Ada ${change}` })
  server.clock.pass(days(1))
  await ada.signsIn()
  const browser = await signedInBrowser(ada)
  const path = '/account/activity'
  const changes = await browser.page(`${path}?action=user.changed`)
  assert.equal(changes.table().rows.length, 50)
  assert.ok(changes.table().rows.every(([what]) => /Account changed/.test(what ?? '')))
  const rest = await browser.page(changes.related('next') ?? '')
  assert.equal(rest.table().rows.length, 2)
  assert.ok(rest.linksTo(path).length > 0, 'no link shows all again')

  const today = new Date(server.clock.now()).toISOString().slice(0, 10)
  const since = await browser.page(`${path}?action=&from=${today}`)
  assert.match(since.text, new RegExp(`from ${today}`))
  assert.ok(since.table().rows.length > 0)
  assert.ok(since.table().rows.every(([what]) => !/Account changed/.test(what ?? '')))
  assert.match((await browser.page(`${path}?action=user.changed&from=${today}`)).text, /No matching events/)

  const { status, body } = await ada.asks('GET', `/users/me/activity?action=user.changed&since=${today}T00:00:00Z`)
  assert.deepEqual([status, body['items']], [200, []])
})

test('a fault in the filter of one’s activity is named, and the list is left out', async (t) => {
  const { browser } = await ownPageScene(t)
  const faulty = await browser.page('/account/activity?from=yesterday', 422)
  assert.match(faulty.alert().text, /From: Enter a full date/)
  assert.match(faulty.text, /Fix the filter to see results/)
})

test('the filter of one’s activity offers what only admins do to those alone who have permissions', async (t) => {
  const { admin, browser } = await ownPageScene(t)
  const theirs = await (await signedInBrowser(admin)).page('/account/activity')
  const mine = await browser.page('/account/activity')
  assert.match(theirs.markup, /value="audit\.exported"/)
  assert.doesNotMatch(mine.markup, /value="audit\.exported"/)
  for (const action of ['sign_in.refused', 'policy.exempted', 'group.member_added', 'host.entered']) {
    assert.ok(mine.markup.includes(`value="${action}"`), action)
  }
})

test('a cursor of another user’s page shows only one’s own activity', async (t) => {
  const { admin, browser } = await ownPageScene(t)
  for (let change = 0; change < 51; change++) await admin.asks('PATCH', '/users/me', { full_name: `Root ${change}` })
  const theirs = await (await signedInBrowser(admin)).page('/account/activity')
  const mine = await browser.page(theirs.related('next') ?? '')
  assert.ok(!mine.table().rows.flat().join().includes('Account changed'))
})

test('scripts in names and agents are shown as text on every page of the account', async (t) => {
  const { root: admin } = await startWithAdmin(t)
  const spite = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
  const eve = await newcomer(admin, spite, { full_name: spite })
  const browser = await signedInBrowser(eve, { agent: spite })
  const pages = ['/account', '/account/security', '/account/activity', '/account/delete', '/account/security/password']
  for (const path of pages) {
    const { markup } = await browser.page(path)
    assert.ok(!/<script>alert|<img src=x/.test(markup), path)
    assert.ok(markup.includes('&lt;script&gt;alert(1)'), `${path} does not show the name at all`)
  }
})

for (const language of LANGUAGES) {
  test(`every event has a sentence in ${language}, and every reason that is shown`, () => {
    const say = texts(language)
    for (const action of Object.keys(EVENTS)) {
      for (const result of ['done', 'refused']) {
        assert.notEqual(eventSentence(say, { action, result, details: null }), action)
      }
    }
    assert.equal(eventSentence(say, { action: 'later.added', result: 'done', details: {} }), 'later.added')
    assert.equal(eventSentence(say, { action: 'constructor', result: 'done', details: {} }), 'constructor')
    assert.equal(eventReason(say, 'toString'), undefined)
    assert.notEqual(eventReason(say, 'wrong_password'), undefined)
  })
}
