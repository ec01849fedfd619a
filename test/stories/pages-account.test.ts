// The pages of one's own details and activity, and of deleting the account, in a browser without scripts.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { EVENTS } from '../../src/domain/audit/event.ts'
import { minutes } from '../../src/foundation/kernel/time.ts'
import { eventReason, eventSentence, LANGUAGES, texts } from '../../src/foundation/texts/texts.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  assertLeadsTo,
  assertSignedOut,
  hiddenIn,
  signedInBrowser,
  textIn,
  valueIn,
} from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

async function cast(server: Server): Promise<{ admin: Person; ada: Person }> {
  const admin = await (await firstAdmin(server)).signsIn()
  return { admin, ada: await newcomer(admin, 'ada', { email: 'ada@example.org', full_name: 'Ada' }) }
}

/** The fields that a browser sends when the user changes nothing. */
function formOn(page: string): Record<string, string> {
  const names = ['username', 'full_name', 'email', 'locale', 'time_zone', 'seen']
  return Object.fromEntries(names.map((name) => [name, valueIn(page, name) ?? '']))
}

onEachDatabase('users change their details, and the page is then in their language', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const before = await browser.open('/account')
  assert.equal(parsePage(before).heading, 'Account')
  assert.match(parsePage(before).text, /Not confirmed, so/)
  const form = formOn(before.body)
  assert.deepEqual([form['username'], form['full_name'], form['email']], ['ada', 'Ada', 'ada@example.org'])
  const wanted = { ...form, full_name: 'Ada Lovelace', locale: 'de', time_zone: 'Europe/Berlin' }
  assertLeadsTo(await browser.submit('/account', wanted), '/account?done=saved')
  const after = (await browser.open('/account?done=saved')).body
  assert.deepEqual([parsePage(after).language, parsePage(after).heading], ['de', 'Konto'])
  assert.match(parsePage(after).text, /Gespeichert\./)
  assert.deepEqual({ ...formOn(after), seen: '' }, { ...wanted, seen: '' })
  await ada.signsIn()
  const { body } = await ada.asks('GET', '/users/me')
  assert.deepEqual([body['full_name'], body['time_zone']], ['Ada Lovelace', 'Europe/Berlin'])
  assert.match((await browser.open('/account/security')).body, /title="[^"]*MESZ"/)
})

onEitherDatabase('an emptied field is emptied, and a new email is shown as unconfirmed', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const form = formOn((await browser.open('/account')).body)
  const moved = await browser.submit('/account', { ...form, email: 'lovelace@example.org', full_name: '' })
  assertLeadsTo(moved, '/account?done=address')
  const page = (await browser.open('/account?done=address')).body
  assert.match(page, /The new address is not confirmed, so/)
  assert.deepEqual([valueIn(page, 'email'), valueIn(page, 'full_name')], ['lovelace@example.org', undefined])
  assertLeadsTo(await browser.submit('/account', { ...formOn(page), email: '' }), '/account?done=saved')
  assert.equal(valueIn((await browser.open('/account')).body, 'email'), undefined)
})

onEitherDatabase('each error is beside its field, and the input is kept', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const form = formOn((await browser.open('/account')).body)
  const { statusCode, body } = await browser.submit('/account', { ...form, username: 'a@b', email: 'nowhere' })
  assert.equal(statusCode, 422)
  assert.match(parsePage(body).title, /^Error: Account/)
  const alert = parsePage(body).alert()
  assert.match(alert.text, /^There is a problem/)
  assert.deepEqual([alert.linksTo('#username').length, alert.linksTo('#email').length], [1, 1])
  assert.match(textIn(body, 'username-error'), /no @/)
  assert.deepEqual([valueIn(body, 'username'), valueIn(body, 'email')], ['a@b', 'nowhere'])
  const empty = await browser.submit('/account', { ...form, username: '' })
  assert.equal(empty.statusCode, 422)
  assert.match(textIn(empty.body, 'username-error'), /Enter your username/)
  const taken = await browser.submit('/account', { ...form, username: 'ROOT' })
  assert.equal(taken.statusCode, 409)
  assert.match(textIn(taken.body, 'username-error'), /Another user has this username/)
  const zone = await browser.submit('/account', { ...form, time_zone: 'Middle/Earth' })
  assert.equal(zone.statusCode, 422)
  assert.notEqual(textIn(zone.body, 'time_zone-error'), '')
})

onEitherDatabase(
  'a concurrent change of one’s details is reported, and neither version is lost',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const { ada } = await cast(server)
    const browser = await signedInBrowser(ada)
    const form = formOn((await browser.open('/account')).body)
    await ada.signsIn()
    assert.equal((await ada.asks('PATCH', '/users/me', { full_name: 'A. <b>L.</b>', locale: 'de' })).status, 200)
    const typed = { ...form, full_name: 'Countess', locale: 'en' }
    const { statusCode, body } = await browser.submit('/account', typed)
    assert.equal(statusCode, 412)
    assert.match(parsePage(body).text, /Ihre Angaben wurden geändert.*Der vollständige Name ist jetzt A\./)
    assert.match(textIn(body, 'full_name-error'), /Zurzeit steht hier: A\. <b>L\.<\/b>/)
    assert.match(textIn(body, 'locale-error'), /Deutsch/)
    assert.equal(textIn(body, 'email-error'), '', 'a field in which both agree is said to differ')
    assert.deepEqual([valueIn(body, 'full_name'), valueIn(body, 'locale')], ['Countess', 'en'])
    assert.notEqual(hiddenIn(body, 'seen'), form['seen'])
    assertLeadsTo(await browser.submit('/account', { ...typed, seen: hiddenIn(body, 'seen') }), '/account?done=saved')
    const saved = parsePage(await browser.open('/account'))
    assert.deepEqual([saved.language, saved.field('Full name (optional)').value], ['en', 'Countess'])
  },
)

test('a concurrent sign-in is no change of the details', async (t) => {
  const server = await start(t)
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const form = formOn((await browser.open('/account')).body)
  await ada.signsIn()
  assertLeadsTo(await browser.submit('/account', { ...form, full_name: 'A.' }), '/account?done=saved')
})

onEitherDatabase('a flash message is shown once, and never because of a query parameter', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const done = '/account/security?done=others'
  assert.doesNotMatch((await browser.open(done)).body, /banner ok/, 'nothing was done')
  assertLeadsTo(await browser.submit('/account/security/sessions/end-others', {}), done)
  assert.doesNotMatch(
    (await browser.open('/account/security?done=password')).body,
    /banner ok/,
    'something else was done',
  )
  assert.match((await browser.open(done)).body, /banner ok[\s\S]*You are signed out everywhere but here\./)
  await ada.signsIn()
  assert.doesNotMatch((await browser.open(done)).body, /banner ok/, 'a reload says it again')
})

test('an unknown word in the query shows nothing', async (t) => {
  const server = await start(t)
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  for (const path of ['/account', '/account/security']) {
    for (const word of ['constructor', '<script>', 'toString', '__proto__']) {
      const { statusCode, body } = await browser.open(`${path}?done=${encodeURIComponent(word)}`)
      assert.equal(statusCode, 200)
      assert.ok(!body.includes('banner ok') && !body.includes(word === '<script>' ? 'done=<' : '[native'), word)
    }
  }
})

onEitherDatabase('users delete their account after a confirmation, and are signed out', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { admin, ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  const asked = (await browser.open('/account/delete')).body
  assert.match(parsePage(asked).text, /The account ada will be gone/)
  assert.ok(parsePage(asked).actions().includes('/account/delete'))
  assertLeadsTo(await browser.submit('/account/delete', {}), '/account/deleted')
  assert.deepEqual([...browser.cookies.keys()], ['device'])
  assert.equal(parsePage(await browser.open('/account/deleted')).heading, 'Your account is deleted')
  assertSignedOut(await browser.open('/account'))
  const { body } = await admin.asks('GET', '/users')
  assert.deepEqual(
    (body['items'] as { username: string }[]).map(({ username }) => username),
    ['root'],
  )
})

onEitherDatabase('the last admin sees a sentence why the account cannot be deleted', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { admin } = await cast(server)
  const browser = await signedInBrowser(admin)
  await browser.open('/account/delete')
  const { statusCode, body } = await browser.submit('/account/delete', {})
  assert.equal(statusCode, 409)
  assert.match(body, /This is the last active admin\. Make another admin first\./)
  assert.equal((await browser.open('/account')).statusCode, 200)
})

test('deleting requires re-authentication', async (t) => {
  const server = await start(t)
  const { ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  await browser.open('/account')
  server.clock.pass(minutes(11))
  for (const answer of [await browser.open('/account/delete'), await browser.submit('/account/delete', {})]) {
    assert.ok([303, 401].includes(answer.statusCode), String(answer.statusCode))
    assert.ok(!answer.body.includes('will be gone'))
  }
  assert.equal((await browser.open('/account')).statusCode, 200)
})

onEitherDatabase('all activity is shown a page at a time, newest first', async (t, dialect) => {
  const server = await start(t, { dialect })
  const { admin, ada } = await cast(server)
  const browser = await signedInBrowser(ada, { agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' })
  await ada.signsIn()
  for (let change = 0; change < 55; change++) await ada.asks('PATCH', '/users/me', { full_name: `Ada ${change}` })
  const { body } = await ada.asks('GET', '/users/me')
  await admin.asks('PATCH', `/users/${String(body['id'])}`, { full_name: 'Ada' }, { 'user-agent': 'AdminsOwn/1' })
  const first = (await browser.open('/account/activity')).body
  assert.equal(parsePage(first).table().rows.length, 50)
  const newest = /<tbody>\s*(<tr[\s\S]*?<\/tr>)/.exec(first)?.[1] ?? ''
  assert.match(newest, /Account changed[\s\S]*By an admin/)
  assert.ok(!first.includes('AdminsOwn'), 'where an admin sat is shown')
  const next = parsePage(first).related('next') ?? ''
  const second = (await browser.open(next)).body
  assert.match(second, /Signed in[\s\S]*Firefox on Linux/)
  assert.match(second, /Invitation accepted[\s\S]*On the server itself/)
  assert.equal(parsePage(second).related('next'), undefined, 'there is a page after the last')
  assert.equal(parsePage(second).link('Back to the newest'), '/account/activity')
  assert.equal((await browser.open('/account/activity?cursor=nonsense')).statusCode, 422)
})

test('a cursor of another user’s page shows only one’s own activity', async (t) => {
  const server = await start(t)
  const { admin, ada } = await cast(server)
  const browser = await signedInBrowser(ada)
  for (let change = 0; change < 51; change++) await admin.asks('PATCH', '/users/me', { full_name: `Root ${change}` })
  const theirs = (await (await signedInBrowser(admin)).open('/account/activity')).body
  const next = parsePage(theirs).related('next') ?? ''
  const mine = (await browser.open(next)).body
  assert.ok(!mine.includes('Account changed'))
})

test('scripts in names and agents are shown as text on every page of the account', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const spite = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
  const eve = await newcomer(admin, spite, { full_name: spite })
  const browser = await signedInBrowser(eve, { agent: spite })
  const pages = ['/account', '/account/security', '/account/activity', '/account/delete', '/account/security/password']
  for (const path of pages) {
    const { statusCode, body } = await browser.open(path)
    assert.equal(statusCode, 200, path)
    assert.ok(!/<script>alert|<img src=x/.test(body), path)
    assert.ok(body.includes('&lt;script&gt;alert(1)'), `${path} does not show the name at all`)
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

test('an anonymous client sees none of it', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const anonymous = new Visitor(server)
  for (const path of ['/account', '/account/activity', '/account/delete']) {
    assertLeadsTo(await anonymous.open(path), `/sign-in?next=${encodeURIComponent(path)}`)
  }
})
