// One user’s page in an admin’s browser without scripts: what it shows, and the form for the details.
import assert from 'node:assert/strict'

import { toBase32 } from '#domain/factors/totp/base32.ts'
import { selectConfirmedTotp } from '#domain/factors/totp/totp.queries.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { resetSecondFactor } from '#use-cases/administration/credentials/credentials.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, hiddenIn, signedInBrowser } from '../support/pages/page-answers.ts'
import { stored, userPageScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'

onEitherDatabase('a user’s page shows the details, the factors and the events of the user', async (t, dialect) => {
  const { browser, ada, page } = await userPageScene(t, { dialect })
  await signedInBrowser(ada, { agent: FIREFOX })
  const answer = await browser.open(page)
  assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [200, 'no-store'])
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8')
  const shown = parsePage(answer)
  assert.match(shown.title, /^Ada Lovelace – Users – /)
  assert.equal(shown.heading, 'Ada Lovelace')
  assert.match(shown.main.text, /^Users Ada Lovelace Reset second step ada Active /)
  assert.deepEqual([shown.sent('username'), shown.sent('email')], ['ada', 'ada@example.org'])
  const signIn = await browser.page(`${page}/sign-in`)
  assert.match(signIn.part('second-step').text, /Authenticator app Added just now/)
  const sessions = signIn.part('sessions')
  assert.match(
    sessions.text,
    /Firefox on Linux 127\.0\.0\.1 · Last seen just now Signed in just now, password and authenticator app/,
  )
  assert.ok(sessions.has('button', 'Sign out – Firefox on Linux'), 'the button does not say what it ends')
  const activity = (await browser.page(`${page}/activity`)).part('activity').text
  assert.match(activity, /Signed in just now 127\.0\.0\.1/)
  assert.ok(!signIn.hasPart('tries') && !shown.hasPart('invitation'))
})

leaveToTestAll()

test('the activity of a user marks what failed, and names others only', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  await new Visitor(server).submit('/sign-in', { username: 'ada', password: 'not the one' })
  const shown = await browser.page(`${page}/activity`)
  const { text } = shown.part('activity')
  assert.equal(shown.markup.match(/class="state warn"/g)?.length, 1)
  assert.match(text, /Sign-in failed The password was wrong\s· Not signed in just now 127/)
  assert.match(text, /Account created By root /)
  assert.doesNotMatch(text, /ada/)
})

test('each tab is a page of its own, marked in the head that all of them share, and says where it is', async (t) => {
  const { browser, page } = await userPageScene(t)
  const tabs = { '': 'Overview', '/help': 'Help', '/sign-in': 'Sign-in', '/groups': 'Groups and apps' }
  for (const [below, label] of Object.entries({ ...tabs, '/requirements': 'Requirements', '/activity': 'Activity' })) {
    const shown = await browser.page(page + below)
    assert.equal(shown.heading, 'Ada Lovelace')
    assert.match(shown.title, below === '' ? /^Ada Lovelace – / : new RegExp(`^${label} – Ada Lovelace – `))
    assert.equal(shown.main.link('Reset second step'), `${page}/reset-second-step`)
    const marked = `<a href="${page}${below}" aria-current="page">${label}</a>`
    assert.ok(shown.markup.includes(marked), `${label} is not marked`)
  }
})

test('the head offers what the state asks for', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const { user } = await createUser(server.operator(), { username: 'emil' })
  const emil = `/admin/users/${user.id}`
  for (const below of ['', '/sign-in', '/groups']) {
    assert.deepEqual((await browser.page(emil + below)).linksTo(`${emil}/invitation`), ['Invite again'])
    assert.deepEqual((await browser.page(page + below)).linksTo(`${page}/invitation`), [])
  }
})

test('a page of a user with permissions has no help, and an old address of it leads to the overview', async (t) => {
  const { browser, own } = await userPageScene(t)
  assert.deepEqual((await browser.page(own)).linksTo(`${own}/help`), [])
  assertLeadsTo(await browser.open(`${own}/help`), own)
})

test('neither the secret of a second factor nor the name its owner gave it is shown', async (t) => {
  const { server, browser, ada, page } = await userPageScene(t)
  await ada.signsIn()
  const ctx = server.operator()
  const { subject } = await stored(server, 'ada')
  const [app] = await selectConfirmedTotp(ctx.db, subject)
  assert.ok(app)
  const renamed = await ada.asks('PATCH', `/users/me/totp/${app.id}`, { name: 'The red phone' })
  assert.equal(renamed.status, 200)
  const secret = ctx.keyring.open(app.sealedSecret, { purpose: 'totp-secret', subject, factorId: app.id })
  for (const below of ['', '/sign-in', '/reset-second-step']) {
    const shown = await browser.page(page + below)
    for (const hidden of ['red phone', toBase32(secret), app.sealedSecret])
      assert.ok(!shown.markup.includes(hidden), hidden)
  }
})

test('every section is in German too', async (t) => {
  const { browser, page, own } = await userPageScene(t, { language: 'de' })
  const sections: string[] = []
  for (const below of ['', '/sign-in', '/requirements', '/activity', '/groups']) {
    const shown = await browser.page(page + below)
    assert.equal(shown.language, 'de')
    sections.push(...shown.headings(2))
  }
  for (const title of [
    'Angaben',
    'Zweiter Schritt',
    'Sitzungen',
    'Anforderungen',
    'Aktivität',
    'Gruppen',
    'Gefahrenbereich',
  ])
    assert.ok(sections.includes(title), sections.join(' | '))
  assert.match((await browser.page(own)).part('danger').text, /Fragen Sie einen anderen Admin/)
  assert.match((await browser.page(`${page}/reset-second-step`)).text, /1 Authenticator-App.*Rufen Sie an/)
})

onEitherDatabase('details are saved, and each error is shown beside its field with the input', async (t, dialect) => {
  const { server, browser, page } = await userPageScene(t, { dialect })
  const fields = { username: 'ada', email: '', full_name: 'Ada King', role: 'user' }
  assertLeadsTo(await browser.submit(page, fields), `${page}?done=saved`)
  assert.deepEqual((await browser.page(`${page}?done=saved`)).statuses(), ['Saved'])
  const { email, fullName } = await stored(server, 'ada')
  assert.deepEqual([email, fullName], [null, 'Ada King'])
  for (const [label, wrong, status, said] of [
    ['Username', { username: 'ROOT' }, 409, /That username is taken/],
    ['Username', { username: '' }, 422, /Enter a username\./],
    ['Email (optional)', { email: 'nowhere@x' }, 422, /Enter an email address like/],
  ] as const) {
    const shown = await browser.pageAfter(page, { ...fields, full_name: 'Typed <b>', ...wrong }, status)
    assert.ok(shown.field(label).invalid)
    assert.match(shown.field(label).description, said)
    assert.equal(shown.field('Full name (optional)').value, 'Typed <b>')
  }
})

onEitherDatabase('a concurrent change keeps what was typed and shows the current value', async (t, dialect) => {
  const { server, browser, page } = await userPageScene(t, { dialect })
  const seen = hiddenIn(await browser.page(page), 'seen')
  await changeUser(server.operator(), await stored(server, 'ada'), { fullName: 'Ada Byron' })
  const fields = { username: 'ada', email: 'ada@example.org', full_name: 'Ada King', role: 'user' }
  const answer = await browser.pageAfter(page, { ...fields, seen }, 412)
  assert.match(answer.text, /Someone changed this while you were editing/)
  assert.match(answer.part('full_name-error').text, /Current value: Ada Byron/)
  assert.equal(answer.sent('full_name'), 'Ada King')
  assert.equal((await stored(server, 'ada')).fullName, 'Ada Byron')
  const again = await browser.submit(page, { ...fields, seen: hiddenIn(answer, 'seen') })
  assertLeadsTo(again, `${page}?done=saved`)
  assert.equal((await stored(server, 'ada')).fullName, 'Ada King')
})

test('a sign-in of the user between opening and saving is no conflict', async (t) => {
  const { browser, ada, page } = await userPageScene(t)
  const seen = hiddenIn(await browser.page(page), 'seen')
  await ada.signsIn()
  const fields = { username: 'ada', email: '', full_name: '', role: 'user', seen }
  assertLeadsTo(await browser.submit(page, fields), `${page}?done=saved`)
})

test('making a user an admin with an old authentication says what to do first and keeps what was typed', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const fields = { username: 'ada', email: '', full_name: 'Ada King', role: 'admin' }
  server.clock.pass(minutes(11))
  const late = await browser.pageAfter(page, fields, 401)
  assert.match(late.part('role-error').text, /Giving a role with permissions needs confirmation/)
  assert.ok(late.linksTo(`/confirm?next=${encodeURIComponent(page)}`).length > 0)
  assert.equal(late.sent('full_name'), 'Ada King')
  assert.equal(late.sent('role'), 'admin')
  assert.equal((await stored(server, 'ada')).role, 'user')
})

test('a URL that names no user is not found, whatever its id, and links to the list', async (t) => {
  const { browser } = await userPageScene(t)
  for (const id of ['0', '-1', '99999', '1e3', 'ada', '99999999999999999999']) {
    const page = await browser.page(`/admin/users/${id}`, 404)
    assert.equal(page.region('Administration').link('Users'), '/admin/users')
    assert.equal(page.link('Back to users'), '/admin/users')
  }
})

test('input of an anonymous client is text on the page', async (t) => {
  const { server, browser } = await userPageScene(t)
  const spite = '"><script>alert(1)</script>'
  const { user } = await createUser(server.operator(), { username: 'eve', fullName: spite })
  await new Visitor(server, { agent: spite }).submit('/sign-in', { username: 'eve', password: 'x' })
  const users = server.doorward.db.updateTable('users').set({ invited_at: null })
  await users.where('id', '=', user.id).execute()
  await resetSecondFactor(server.operator(), user, { reason: spite })
  for (const below of ['', '/disable', '/sign-out', '/delete', '/reset-second-step']) {
    const page = await browser.page(`/admin/users/${user.id}${below}`)
    assert.ok(!page.markup.includes('<script>alert'), below)
    assert.ok(page.markup.includes('&lt;script&gt;alert'), below)
  }
})

test('each page shows the same with the API as a command that works', async (t) => {
  const { browser, admin, ada, page } = await userPageScene(t)
  const { id } = await apiTokenOf(await ada.signsIn())
  const pages: ParsedPage[] = []
  // One of the requests on the user's page revokes the user's tokens too.
  for (const below of [
    `/tokens/${id}/revoke`,
    '',
    '/sign-in',
    '/disable',
    '/sign-out',
    '/reset-second-step',
    '/delete',
  ])
    pages.push(await browser.page(page + below))
  for (const shown of pages) assert.ok(commandsOn(shown).length > 0, shown.title)
  for (const { method, path, payload } of pages.flatMap(commandsOn)) {
    // The reset and the deletion come last; they need a recent authentication, which the sign-in gives.
    const { status, raw } = await admin.asks(method, path, payload)
    assert.ok(status === 200 || status === 204, `${method} ${path}: ${raw.body}`)
  }
})
