// One user’s page in an admin’s browser without scripts: what it shows, and the form for the details.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { resetSecondFactor } from '../../src/use-cases/administration/credentials/credentials.service.ts'
import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { changeUser } from '../../src/use-cases/administration/users/change-user.service.ts'
import { toBase32 } from '../../src/domain/factors/totp/base32.ts'
import { selectConfirmedTotp } from '../../src/domain/factors/totp/totp.queries.ts'
import { minutes } from '../../src/foundation/kernel/time.ts'
import { apiTokenOf } from '../support/people/api-tokens.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, buttonsIn, hiddenIn, signedInBrowser, textIn, valueIn } from '../support/pages/page-answers.ts'
import { commandsOn } from '../support/pages/shown-commands.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { scene, stored } from '../support/pages/user-page-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0'

onEachDatabase('a user’s page shows the details, the factors and the events of the user', async (t, dialect) => {
  const { browser, ada, page } = await scene(t, dialect)
  await signedInBrowser(ada, { agent: FIREFOX })
  const { statusCode, body, headers } = await browser.open(page)
  assert.equal(statusCode, 200)
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(parsePage(body).title, /^Ada Lovelace – Users – /)
  assert.equal(parsePage(body).heading, 'Ada Lovelace')
  assert.match(parsePage(body).main.text, /^Ada Lovelace ada Active /)
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

test('neither the secret of a second factor nor the name its owner gave it is shown', async (t) => {
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

test('every section is in German too', async (t) => {
  const { browser, page, own } = await scene(t, 'sqlite', 'de')
  const { body } = await browser.open(page)
  assert.equal(parsePage(body).language, 'de')
  const sections = parsePage(body).headings(2)
  for (const title of ['Angaben', 'Zweiter Schritt', 'Sitzungen', 'Aktivität', 'Gefahrenbereich'])
    assert.ok(sections.includes(title), sections.join(' | '))
  assert.match(textIn((await browser.open(own)).body, 'danger'), /ein anderer Admin kann es/)
  assert.match(
    parsePage(await browser.open(`${page}/reset-second-step`)).text,
    /1 Authenticator-App[\s\S]*rufen Sie an/,
  )
})

onEitherDatabase('details are saved, and each error is shown beside its field with the input', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  const fields = { username: 'ada', email: '', full_name: 'Ada King', role: 'user' }
  assertLeadsTo(await browser.submit(page, fields), `${page}?done=saved`)
  assert.match((await browser.open(`${page}?done=saved`)).body, /Saved\./)
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
    const shown = parsePage(answer)
    assert.ok(shown.field(name === 'email' ? 'Email (optional)' : 'Username').invalid)
    assert.equal(shown.field('Full name (optional)').value, 'Typed <b>')
  }
})

onEitherDatabase('a concurrent change keeps what was typed and shows the current value', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  const seen = hiddenIn((await browser.open(page)).body, 'seen')
  await changeUser(server.operator(), await stored(server, 'ada'), { fullName: 'Ada Byron' })
  const fields = { username: 'ada', email: 'ada@example.org', full_name: 'Ada King', role: 'user' }
  const answer = await browser.submit(page, { ...fields, seen })
  assert.equal(answer.statusCode, 412)
  assert.match(parsePage(answer).text, /Someone changed this while you were editing/)
  assert.match(textIn(answer.body, 'full_name-error'), /The current value is: Ada Byron/)
  assert.equal(valueIn(answer.body, 'full_name'), 'Ada King')
  assert.equal((await stored(server, 'ada')).fullName, 'Ada Byron')
  const again = await browser.submit(page, { ...fields, seen: hiddenIn(answer.body, 'seen') })
  assertLeadsTo(again, `${page}?done=saved`)
  assert.equal((await stored(server, 'ada')).fullName, 'Ada King')
})

test('a sign-in of the user between opening and saving is no conflict', async (t) => {
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
  assert.ok(parsePage(late).field('Admin').checked)
  assert.equal((await stored(server, 'ada')).role, 'user')
})

test('a URL that names no user is not found, whatever its id, and links to the list', async (t) => {
  const { browser } = await scene(t)
  for (const id of ['0', '-1', '99999', '1e3', 'ada', '99999999999999999999']) {
    const { statusCode, body } = await browser.open(`/admin/users/${id}`)
    assert.equal(statusCode, 404, id)
    assert.equal(parsePage(body).region('Administration').link('Users'), '/admin/users')
    assert.equal(parsePage(body).link('To the list of users'), '/admin/users')
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
  // One of the requests on the user's page revokes the user's tokens too.
  for (const below of [`/tokens/${id}/revoke`, '', '/disable', '/sign-out', '/reset-second-step', '/delete'])
    pages.push((await browser.open(page + below)).body)
  for (const shown of pages) assert.ok(commandsOn(shown).length > 0, shown)
  const commands = pages.flatMap(commandsOn)
  for (const { method, path, payload } of commands) {
    // The reset and the deletion come last; they need a recent authentication, which the sign-in gives.
    const { status, raw } = await admin.asks(method, path, payload)
    assert.ok(status === 200 || status === 204, `${method} ${path}: ${raw.body}`)
  }
})
