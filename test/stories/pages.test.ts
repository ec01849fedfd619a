// The pages as a browser without scripts uses them: GET, forms, cookies, redirects.
import assert from 'node:assert/strict'

import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertShowsCodes, authenticatorOn } from '../support/pages/page-answers.ts'
import { invitationPath, setupPath, visitorScene } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const ADA = { username: 'ada', email: '', full_name: '', password: PASSWORD }

onEachDatabase('the first admin sets the server up on its pages, signs out and in again', async (t, dialect) => {
  const server = await start(t, { dialect })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    assert.equal((await visitor.open(path, method)).statusCode, 200)
  }
  assert.equal(visitor.cookies.size, 0)
  assertLeadsTo(await visitor.submit('/setup', { setup_token: ` http://localhost:8000${path} ` }), path)
  const short = await visitor.pageAfter(path, { ...ADA, full_name: 'A <b>', password: 'kurz' }, 422)
  assert.deepEqual([short.sent('username'), short.sent('full_name')], ['ada', 'A <b>'])
  assert.ok(!short.markup.includes('kurz'))
  assertLeadsTo(await visitor.submit(path, ADA), '/enrolment')
  const app = authenticatorOn(await visitor.page('/enrolment/app'))
  await visitor.pageAfter('/enrolment/app', { code: '000000' }, 401)
  assert.ok((await visitor.page(path)).linksTo('/enrolment').length > 0)
  const done = await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) })
  assertShowsCodes(done, '/admin?done=set-up')
  assert.deepEqual([...visitor.cookies.keys()], ['session', 'device', 'done'])
  assert.match((await visitor.page('/admin?done=set-up')).text, /You’re all set/)
  const reloaded = await visitor.page('/admin?done=set-up')
  assert.doesNotMatch(reloaded.markup, /You’re all set/, 'a reload claims it again')
  const account = await visitor.page('/account?done=set-up')
  assert.doesNotMatch(account.markup, /You’re all set/)
  assert.match(account.text, /ada.*Admin/)
  assertLeadsTo(await visitor.submit('/sign-out', {}), '/sign-out')
  assert.match((await visitor.page('/sign-out')).text, /You’re signed out/)
  assertLeadsTo(await visitor.open('/account'), '/sign-in?next=%2Faccount')
  server.clock.pass(seconds(30))
  assertLeadsTo(await visitor.submit('/sign-in', ADA), '/sign-in/second-step')
  const code = app.code(server.clock.now())
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code }), '/account')
  await visitor.page('/account')
  assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds a set-up token')
})

leaveToTestAll()

test('a taken username or email is reported at the first step of the set-up, beside its field', async (t) => {
  const server = await start(t)
  await createUser(server.operator(), { username: 'ada', email: 'ada@example.org' })
  const path = await setupPath(server)
  const visitor = new Visitor(server)
  const both = await visitor.pageAfter(path, { ...ADA, username: 'a@b', password: 'short' }, 422)
  for (const label of [/^Username/, /^Password/]) assert.ok(both.field(label).invalid)
  for (const [label, taken] of [
    [/^Username/, { username: 'ADA' }],
    [/^Email/, { username: 'eve', email: 'Ada@example.org' }],
  ] as const) {
    const page = await visitor.pageAfter(path, { ...ADA, ...taken }, 409)
    assert.ok(page.field(label).invalid)
    assert.match(page.part('new-password-hint').text, /Enter it again/, 'no text says that the password is gone')
  }
  assert.deepEqual([...visitor.cookies.keys()], ['refused'])
})

test('once the server is set up, its set-up pages are gone', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  await visitor.page('/setup', 404)
  assertLeadsTo(await visitor.open(path), '/sign-in')
  assertLeadsTo(await visitor.submit(path, { username: 'eve', password: PASSWORD }), '/sign-in')
})

test('an expired set-up link says so and how to get another', async (t) => {
  const server = await start(t)
  const path = await setupPath(server)
  server.clock.pass(hours(1))
  const page = await new Visitor(server).page(path, 404)
  assert.equal(page.heading, 'This setup link has expired')
  assert.match(page.text, /older than 30 minutes.*npm run -s doorward -- setup-link/)
  assert.equal(page.main.count('input[name=setup_token]'), 1)
})

test('a newcomer accepts an invitation on its page, which no number of visits uses up', async (t) => {
  const { server, root: admin } = await startWithAdmin(t)
  const path = await invitationPath(admin, 'bob', { full_name: 'Bob <i>' })
  const visitor = new Visitor(server)
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET'] as const) {
    assert.equal((await visitor.open(path, method)).statusCode, 200)
  }
  const page = await visitor.page(path)
  assert.match(page.text, /Hello Bob <i>\. root created an account for you/)
  const username = page.field('Username')
  assert.ok(username.value === 'bob' && username.attribute('readonly') !== null)
  await visitor.pageAfter(path, { password: 'password' }, 422)
  assertLeadsTo(await visitor.submit(path, { password: PASSWORD }), '/enrolment')
  const code = authenticatorOn(await visitor.page('/enrolment/app')).code(server.clock.now())
  const typed = { code: ` ${code.slice(0, 3)}-${code.slice(3)}` }
  assertShowsCodes(await visitor.submit('/enrolment/app', typed), '/account?done=set-up')
  const used = await new Visitor(server).page(path, 404)
  assert.match(used.text, /already used/)
  assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds an invitation token')
})

test('a wrong password keeps the username and shows the password nowhere', async (t) => {
  const { server, visitor } = await visitorScene(t)
  const typed = 'never to be seen'
  const answer = await visitor.submit('/sign-in', { username: 'root', password: typed })
  assert.deepEqual([answer.statusCode, answer.headers['cache-control']], [401, 'no-store'])
  const page = parsePage(answer)
  assert.match(page.title, /^Error: Sign in/)
  assert.ok(page.sent('username') === 'root' && !page.markup.includes(typed))
  assert.ok(!server.logText().includes(typed))
})

test('an unknown user and a wrong password get the same page', async (t) => {
  const { server } = await visitorScene(t)
  const pages = ['root', 'nope'].map((username) => new Visitor(server).submit('/sign-in', { username, password: 'x' }))
  const [known, unknown] = (await Promise.all(pages)).map(({ body }) =>
    // What differs between any two answers: the reference, and the challenge for a passkey.
    body.replace(/(id="refusal-reference">)[^<]+/, '$1').replace(/(challenge&quot;:&quot;)[\w-]{43}/, '$1'),
  )
  assert.ok(known?.includes('id="refusal-reference">') && known.includes('challenge&quot;:&quot;&quot;'))
  assert.equal(known?.replace('root', 'nope'), unknown)
})

test('the sign-in redirects to the page that was requested, and never to another site', async (t) => {
  const { server, admin } = await visitorScene(t)
  const redirects = [
    ['/account?x=1', '/account?x=1'],
    ['https://evil.example/', '/account'],
    ['//evil.example/', '/account'],
    ['/\\evil.example/', '/account'],
  ] as const
  for (const [wanted, reached] of redirects) {
    const visitor = new Visitor(server)
    const query = `?next=${encodeURIComponent(wanted)}`
    const first = await visitor.submit(`/sign-in${query}`, { username: 'root', password: PASSWORD })
    const second = String(first.headers.location)
    assert.ok(second.startsWith('/sign-in/second-step'), second)
    assert.ok(!(await visitor.page(second)).markup.includes('evil'))
    assertLeadsTo(await visitor.submit(second, { code: admin.code() }), reached)
    assertLeadsTo(await visitor.open(`/sign-in${query}`), reached)
  }
})

test('the pages of a sign-in attempt redirect to its first page when there is none, or it has ended', async (t) => {
  const { server, visitor } = await visitorScene(t)
  for (const path of ['/sign-in/second-step', '/enrolment/app', '/enrolment/passkey']) {
    assertLeadsTo(await visitor.open(path), '/sign-in')
    assertLeadsTo(await visitor.submit(path, { code: '123456' }), '/sign-in')
  }
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  assertLeadsTo(await visitor.open('/enrolment'), '/sign-in/second-step')
  server.clock.pass(minutes(16))
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: '123456' }), '/sign-in?because=ended')
  assert.equal(visitor.cookies.size, 0)
  assert.match((await visitor.page('/sign-in?because=ended')).text, /took too long/)
})

test('between password and code there is no session, on any page', async (t) => {
  const { visitor } = await visitorScene(t)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  assert.deepEqual([...visitor.cookies.keys()], ['attempt'])
  visitor.cookies.set('session', visitor.cookies.get('attempt') ?? '')
  assertLeadsTo(await visitor.open('/account'), '/sign-in?next=%2Faccount&because=signed-out')
})
