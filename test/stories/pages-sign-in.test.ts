// The states of a sign-in on the pages, in a browser without scripts.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { newcomer, PASSWORD } from '../support/people/people.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const ROOT = { username: 'root', password: PASSWORD }
const STEP = '/sign-in/second-step'

onEitherDatabase(
  'a server without users leads every visitor to its set-up, and one with users does not',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const visitor = new Visitor(server)
    assertLeadsTo(await visitor.open('/'), '/sign-in')
    assertLeadsTo(await visitor.open('/sign-in'), '/setup')
    await visitor.page('/setup')
    await createUser(server.operator(), { username: 'ada' })
    await visitor.page('/sign-in')
  },
)

leaveToTestAll()

test('an expired enrolment is reported on the sign-in page', async (t) => {
  const visitor = new Visitor(await start(t))
  assertLeadsTo(await visitor.open('/sign-in?because=ended'), '/setup?because=ended')
  assert.match((await visitor.page('/setup?because=ended')).text, /This page timed out/)
})

onEitherDatabase(
  'an ended session is explained with its reason, and the sign-in leads back to the same page',
  async (t, dialect) => {
    const { server, admin } = await visitorScene(t, { dialect, settings: { session_absolute: '3h' } })
    const ends: readonly [said: RegExp, end: (visitor: Visitor) => Promise<unknown> | void][] = [
      [/You were signed out after 1\u00A0hour without activity\./, () => server.clock.pass(hours(1))],
      [/You were signed out because sessions end after 3\u00A0hours\./, keepsBusy],
      [/You’ve been signed out\. Sign\u00A0in again\./, signsOutElsewhere],
    ]
    async function keepsBusy(visitor: Visitor): Promise<void> {
      server.clock.pass(hours(3))
      const used = { last_seen_at: server.clock.now() - minutes(5) }
      await server.doorward.db.updateTable('session').set(used).where('revoked_at', 'is', null).execute()
      await visitor.page('/sign-in')
    }
    async function signsOutElsewhere(visitor: Visitor): Promise<void> {
      const copy = new Visitor(server)
      for (const [name, value] of visitor.cookies) copy.cookies.set(name, value)
      await copy.open('/account')
      assertLeadsTo(await copy.submit('/sign-out', {}), '/sign-out')
    }
    for (const [said, end] of ends) {
      const visitor = new Visitor(server)
      await signsIn(visitor, admin)
      await end(visitor)
      const path = '/sign-in?next=%2Faccount%2Fsecurity%3Fx%3D1&because=signed-out'
      assertLeadsTo(await visitor.open('/account/security?x=1'), path)
      const page = await visitor.page(path)
      assert.match(page.text, said)
      assert.ok(page.actions().includes('/sign-in?next=%2Faccount%2Fsecurity%3Fx%3D1'))
    }
    const { text } = await new Visitor(server).page('/sign-in?because=signed-out')
    assert.match(text, /You’ve been signed out\. Sign\u00A0in/)
  },
)

test('a form that is sent after the session has ended leads to the sign-in, which says that the change was not saved', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await signsIn(visitor, admin)
  await visitor.page('/account')
  server.clock.pass(hours(1))
  const path = '/sign-in?next=%2Faccount&because=unsaved'
  const change = { full_name: 'Root of All', locale: '', time_zone: '' }
  assertLeadsTo(await visitor.submit('/account', change), path)
  assert.match((await visitor.page(path)).text, /without activity\. Your change wasn’t saved\./)
  const stranger = new Visitor(server)
  await stranger.page('/sign-in')
  assertLeadsTo(await stranger.submit('/account', change), path)
  assert.match((await stranger.page(path)).text, /You’ve been signed out\..* Your change wasn’t saved\./)
  assert.equal((await findUserByName(server.operator(), 'root'))?.fullName, null)
  assert.doesNotMatch((await stranger.page('/sign-in?because=signed-out')).text, /saved/)
})

test('an app may say who is expected to sign in, which fills in the form and decides nothing', async (t) => {
  const { admin, visitor } = await visitorScene(t)
  const field = async (hint: string) => {
    const page = await visitor.page(`/sign-in?login_hint=${encodeURIComponent(hint)}&next=/account/security`)
    assert.ok(page.actions().includes('/sign-in?next=%2Faccount%2Fsecurity'), 'the hint stands in the form alone')
    return [page.field('Username or email').value, page.field('Password').attribute('autofocus') !== null]
  }
  assert.deepEqual(await field('ada@example.org'), ['ada@example.org', true])
  assert.deepEqual(await field('"><script>alert(1)</script>'), ['"><script>alert(1)</script>', true])
  assert.deepEqual(await field('x'.repeat(254)), ['x'.repeat(254), true])
  for (const refused of ['', 'x'.repeat(255), 'a\u0000b', 'a\nb']) assert.deepEqual(await field(refused), ['', false])
  const doubled = await visitor.page('/sign-in?login_hint=ada&login_hint=root')
  assert.equal(doubled.field('Username or email').value, '')
  const { username, password } = admin
  const hinted = '/sign-in?login_hint=ada'
  assertLeadsTo(await visitor.submit(hinted, { username, password }), STEP)
  const refused = await visitor.pageAfter(hinted, { username: 'eve', password }, 401)
  assert.equal(refused.field('Username or email').value, 'eve')
})

test('an unknown word in the query shows nothing', async (t) => {
  const { visitor } = await visitorScene(t)
  // Each page has another challenge, and its own path in the form of the theme.
  const withoutChance = async (path: string): Promise<string> =>
    (await visitor.page(path)).markup.replace(/challenge&quot;:&quot;[\w-]+/, 'challenge').replace(/<footer.*/s, '')
  const plain = await withoutChance('/sign-in')
  for (const because of ['nothing', '<b>', 'toString', '__proto__'])
    assert.equal(await withoutChance(`/sign-in?because=${encodeURIComponent(because)}`), plain)
})

test('a block counts down from the time that the server gives, and the button stays', async (t) => {
  const { server } = await visitorScene(t)
  for (const [language, sentence, over] of [
    ['en', /Too many attempts\. Try again in 1 minute\./, 'You can try again now.'],
    [
      'de',
      /Zu viele Versuche\. Versuchen Sie es in 1 Minute noch einmal\./,
      'Sie können es jetzt noch einmal versuchen.',
    ],
  ] as const) {
    const visitor = new Visitor(server, { language })
    const username = `nobody-${language}`
    for (let tries = 0; tries < 5; tries++) await visitor.submit('/sign-in', { username, password: 'x' })
    server.clock.pass(seconds(30))
    await visitor.submit('/sign-in', { username, password: 'x' })
    const answer = await visitor.submit('/sign-in', { username, password: 'x' })
    assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [429, '60'])
    const page = parsePage(answer)
    assert.match(page.alert().text, sentence)
    assert.deepEqual([page.alert().data('counts-to'), page.alert().data('over')], ['60', over])
    assert.ok(page.modules().includes('countdown'))
    assert.deepEqual([page.sent('username'), page.count(':disabled')], [username, 0])
  }
})

test('a block at the second step counts down beside its field', async (t) => {
  const { visitor } = await visitorScene(t)
  await visitor.submit('/sign-in', ROOT)
  for (let tries = 0; tries < 5; tries++) await visitor.submit(STEP, { code: '000000' })
  const page = await visitor.pageAfter(STEP, { code: '000000' }, 429)
  assert.equal(page.part('code-error').data('counts-to'), '30')
})

test('a code is submitted by itself only the first time, and the page says so', async (t) => {
  const { visitor } = await visitorScene(t)
  await visitor.submit('/sign-in', ROOT)
  const fresh = await visitor.page(STEP)
  assert.equal(fresh.data('sends-itself'), '6')
  assert.match(fresh.text, /Submits once you’ve entered all six digits\./)
  assert.ok(fresh.modules().includes('submit-code'))
  const wrong = await visitor.pageAfter(STEP, { code: '000000' }, 401)
  assert.doesNotMatch(wrong.markup, /data-sends-itself|entered all six/)
})

onEitherDatabase('a double submit of the sign-in signs in once', async (t, dialect) => {
  const { server, admin, visitor } = await visitorScene(t, { dialect })
  for (const answer of await visitor.submitTwice('/sign-in', ROOT)) assertLeadsTo(answer, STEP)
  await visitor.page(STEP)
  const [one, two] = await visitor.submitTwice(STEP, { code: admin.code() })
  assert.ok(one && two)
  for (const answer of [one, two]) assertLeadsTo(answer, '/account')
  assert.deepEqual(one.headers['set-cookie'], two.headers['set-cookie'])
  await visitor.page('/account')
  const sessions = server.doorward.db.selectFrom('session').select('id').where('transport', '=', 'cookie')
  assert.equal((await sessions.execute()).length, 1)
  assertLeadsTo(await visitor.open(STEP), '/sign-in')
  for (const answer of await visitor.submitTwice('/sign-out', {})) assertLeadsTo(answer, '/sign-out')
  assert.match((await visitor.page('/sign-out')).text, /You’re signed out/)
})

test('a user who cannot sign in sees whom to ask and which details to give', async (t) => {
  const contacts = [
    ['', 'Otherwise, ask an admin', undefined],
    ['help@example.org', 'help@example.org', 'mailto:help@example.org'],
    ['https://example.org/help', 'https://example.org/help', 'https://example.org/help'],
    ['The desk in room <12>', 'The desk in room <12>', undefined],
    ['javascript:alert(1)', 'javascript:alert(1)', undefined],
  ] as const
  for (const [contact, shown, target] of contacts) {
    const { visitor } = await visitorScene(t, { settings: contact === '' ? {} : { support_contact: contact } })
    assert.equal((await visitor.page('/sign-in?next=/x')).linksTo('/sign-in/help?next=%2Fx').length, 1)
    const help = await visitor.page('/sign-in/help?next=/x')
    assert.ok(help.text.includes(shown), help.text)
    if (target === undefined) assert.ok(!help.main.has('link', shown))
    else assert.equal(help.main.link(shown), target)
    assert.match(help.text, /Never share your password or a code/)
    assert.equal(help.linksTo('/sign-in?next=%2Fx').length, 1)
    await visitor.submit('/sign-in', ROOT)
    assert.equal((await visitor.page(STEP)).link('Can’t use any of these?'), '/sign-in/lost')
  }
})

test('after the second factor, and not before, a disabled user sees whom to ask, and the sign-in attempt ends', async (t) => {
  const { admin, visitor } = await visitorScene(t, { settings: { support_contact: 'help@example.org' } })
  const bob = await newcomer(await admin.signsIn(), 'bob')
  const disabled = await admin.asks('POST', `/users/${await idOf(await bob.signsIn())}/disable`)
  assert.equal(disabled.status, 200)
  assertLeadsTo(await visitor.submit('/sign-in', { username: 'bob', password: PASSWORD }), STEP)
  const page = await visitor.pageAfter(STEP, { code: bob.code() }, 403)
  assert.equal(page.heading, 'This account is disabled')
  assert.equal(page.link('help@example.org'), 'mailto:help@example.org')
  assert.equal(visitor.cookies.size, 0)
})

test('tabs that wait for a sign-in and tabs of a signed-in user are distinguished', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  await visitor.submit('/sign-in', ROOT)
  for (const path of ['/sign-in', STEP]) {
    const page = await visitor.page(path)
    assert.deepEqual([page.setting('waits'), page.setting('signed-in')], ['', undefined], path)
    assert.ok(page.modules().includes('elsewhere'), path)
  }
  await signsIn(visitor, admin)
  const account = await visitor.page('/account')
  assert.deepEqual([account.setting('waits'), account.setting('signed-in')], [undefined, ''])
  assert.ok(account.modules().includes('elsewhere'))
  assert.doesNotMatch((await new Visitor(server).page('/sign-out')).markup, /data-waits|data-signed-in|elsewhere/)
})
