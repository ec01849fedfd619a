// The pages as a browser without scripts uses them: GET, forms, cookies, redirects.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { LightMyRequestResponse } from 'fastify'

import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { hours, minutes, seconds } from '../../src/foundation/kernel/time.ts'
import { issueSetupLink } from '../../src/use-cases/onboarding/setup.service.ts'
import { Authenticator } from '../support/people/authenticator.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { assertShowsCodes, textIn } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import { start } from '../support/server/start.ts'
import type { Server } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

onEachDatabase('the first admin sets the server up on its pages, signs out and in again', async (t, dialect) => {
  const server = await start(t, { dialect })
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  const visitor = new Visitor(server)
  for (const method of ['GET', 'HEAD', 'GET'] as const) {
    assert.equal((await visitor.open(`/setup/${token}`, method)).statusCode, 200)
  }
  assert.equal(visitor.cookies.size, 0)
  const asked = await visitor.submit('/setup', { setup_token: ` http://localhost:8000/setup/${token} ` })
  assertLeadsTo(asked, `/setup/${token}`)
  const short = await visitor.submit(`/setup/${token}`, {
    username: 'ada',
    email: '',
    full_name: 'A <b>',
    password: 'kurz',
  })
  assert.equal(short.statusCode, 422)
  assert.ok(short.body.includes('value="ada"') && short.body.includes('value="A &lt;b&gt;"'))
  assert.ok(!short.body.includes('kurz'))
  const begun = await visitor.submit(`/setup/${token}`, {
    username: 'ada',
    email: '',
    full_name: '',
    password: PASSWORD,
  })
  assertLeadsTo(begun, '/enrolment')
  const authenticator = authenticatorOn((await visitor.open('/enrolment/app')).body)
  assert.equal((await visitor.submit('/enrolment/app', { code: '000000' })).statusCode, 401)
  assert.ok(parsePage(await visitor.open(`/setup/${token}`)).linksTo('/enrolment').length > 0)
  const done = await visitor.submit('/enrolment/app', { code: authenticator.code(server.clock.now()) })
  assertShowsCodes(done, '/admin/checkup?done=set-up')
  assert.deepEqual([...visitor.cookies.keys()], ['session', 'device', 'done'])
  assert.match(parsePage(await visitor.open('/admin/checkup?done=set-up')).text, /You’re all set/)
  assert.doesNotMatch(
    (await visitor.open('/admin/checkup?done=set-up')).body,
    /You’re all set/,
    'a reload claims it again',
  )
  const account = await visitor.open('/account?done=set-up')
  assert.doesNotMatch(account.body, /You’re all set/)
  assert.match(parsePage(account).text, /ada[\s\S]*Admin/)
  assertLeadsTo(await visitor.submit('/sign-out', {}), '/sign-out')
  assert.match(parsePage(await visitor.open('/sign-out')).text, /You’re signed out/)
  assertLeadsTo(await visitor.open('/account'), '/sign-in?next=%2Faccount')
  server.clock.pass(seconds(30))
  await signIn(server, visitor, authenticator, 'ada')
  assert.equal((await visitor.open('/account')).statusCode, 200)
  assert.ok(!server.logText().includes(token), 'the log holds a set-up token')
})

test('a taken username or email is reported at the first step of the set-up, beside its field', async (t) => {
  const server = await start(t)
  await createUser(server.operator(), { username: 'ada', email: 'ada@example.org' })
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  const visitor = new Visitor(server)
  const faulty = { username: 'a@b', email: '', full_name: '', password: 'short' }
  const both = (await visitor.submit(`/setup/${token}`, faulty)).body
  for (const field of ['username', 'new-password'])
    assert.match(both, new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
  for (const taken of [{ username: 'ADA' }, { email: 'Ada@example.org' }]) {
    const fields = { username: 'eve', email: '', full_name: '', password: PASSWORD, ...taken }
    const { statusCode, body } = await visitor.submit(`/setup/${token}`, fields)
    const [field = ''] = Object.keys(taken)
    assert.equal(statusCode, 409)
    assert.match(body, new RegExp(`id="${field}"[^>]*aria-invalid="true"`))
    assert.match(textIn(body, 'new-password-hint'), /type it again/, 'no text says that the password is gone')
  }
  assert.equal(visitor.cookies.size, 0)
})

test('once the server is set up, its set-up pages are gone', async (t) => {
  const server = await start(t)
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  await firstAdmin(server)
  const visitor = new Visitor(server)
  assert.equal((await visitor.open('/setup')).statusCode, 404)
  assertLeadsTo(await visitor.open(`/setup/${token}`), '/sign-in')
  const late = await visitor.submit(`/setup/${token}`, { username: 'eve', password: PASSWORD })
  assertLeadsTo(late, '/sign-in')
})

test('an expired set-up link says so and how to get another', async (t) => {
  const server = await start(t)
  const token = (await issueSetupLink(server.operator()))?.token.reveal() ?? ''
  server.clock.pass(hours(1))
  const { statusCode, body } = await new Visitor(server).open(`/setup/${token}`)
  assert.equal(statusCode, 404)
  assert.equal(parsePage(body).heading, 'This setup link ran out')
  assert.match(parsePage(body).text, /older than 30 minutes[\s\S]*npm run -s doorward -- setup-link/)
  assert.match(body, /name="setup_token"/)
})

test('a newcomer accepts an invitation on its page, which no number of visits uses up', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const { body } = await admin.asks('POST', '/users', { username: 'bob', full_name: 'Bob <i>' })
  const path = new URL((body['invitation'] as { url: string }).url).pathname
  const visitor = new Visitor(server)
  for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET'] as const) {
    assert.equal((await visitor.open(path, method)).statusCode, 200)
  }
  const page = (await visitor.open(path)).body
  assert.match(parsePage(page).text, /Hello Bob <i>\. The admin root created an account for you/)
  const username = parsePage(page).field('Username')
  assert.ok(username.value === 'bob' && username.attribute('readonly') !== null)
  const common = await visitor.submit(path, { password: 'password' })
  assert.equal(common.statusCode, 422)
  assertLeadsTo(await visitor.submit(path, { password: PASSWORD }), '/enrolment')
  const authenticator = authenticatorOn((await visitor.open('/enrolment/app')).body)
  const code = authenticator.code(server.clock.now())
  const typed = { code: ` ${code.slice(0, 3)}-${code.slice(3)}` }
  assertShowsCodes(await visitor.submit('/enrolment/app', typed), '/account?done=set-up')
  const used = await new Visitor(server).open(path)
  assert.equal(used.statusCode, 404)
  assert.match(parsePage(used).text, /already used/)
  assert.ok(!server.logText().includes(path.split('/').at(-1) ?? path), 'the log holds an invitation token')
})

test('a wrong password keeps the username and shows the password nowhere', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const typed = 'never to be seen'
  const { statusCode, body, headers } = await new Visitor(server).submit('/sign-in', {
    username: 'root',
    password: typed,
  })
  assert.equal(statusCode, 401)
  assert.equal(headers['cache-control'], 'no-store')
  assert.match(parsePage(body).title, /^Error: Sign in/)
  assert.ok(body.includes('value="root"') && !body.includes(typed))
  assert.ok(!server.logText().includes(typed))
})

test('an unknown user and a wrong password get the same page', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const pages = ['root', 'nope'].map((username) => new Visitor(server).submit('/sign-in', { username, password: 'x' }))
  const [known, unknown] = (await Promise.all(pages)).map(({ body }) =>
    // What differs between any two answers: the reference, and the challenge for a passkey.
    body.replace(/(id="refusal-reference">)[^<]+/, '$1').replace(/(challenge&quot;:&quot;)[\w-]{43}/, '$1'),
  )
  assert.ok(known?.includes('id="refusal-reference">') && known.includes('challenge&quot;:&quot;&quot;'))
  assert.equal(known?.replace('root', 'nope'), unknown)
})

test('too many guesses are answered with the time to wait, in words and as a header', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  let answer = await visitor.submit('/sign-in', { username: 'root', password: 'x' })
  for (let tries = 0; tries < 8 && answer.statusCode === 401; tries++) {
    answer = await visitor.submit('/sign-in', { username: 'root', password: 'x' })
  }
  assert.equal(answer.statusCode, 429)
  assert.ok(Number(answer.headers['retry-after']) > 0)
  assert.match(answer.body, /Too many tries\. You can try again in <span data-left>\d+ seconds?<\/span>\./)
  assert.ok(answer.body.includes('value="root"'))
})

test('the sign-in redirects to the page that was requested, and never to another site', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const places = [
    ['/account?x=1', '/account?x=1'],
    ['https://evil.example/', '/account'],
    ['//evil.example/', '/account'],
    ['/\\evil.example/', '/account'],
  ] as const
  for (const [wanted, reached] of places) {
    const visitor = new Visitor(server)
    const query = `?next=${encodeURIComponent(wanted)}`
    const first = await visitor.submit(`/sign-in${query}`, { username: 'root', password: PASSWORD })
    const second = String(first.headers.location)
    assert.ok(second.startsWith('/sign-in/second-step'), second)
    assert.ok(!(await visitor.open(second)).body.includes('evil'))
    assertLeadsTo(await visitor.submit(second, { code: admin.code() }), reached)
    assertLeadsTo(await visitor.open(`/sign-in${query}`), reached)
  }
})

test('the pages of a sign-in attempt redirect to its first page when there is none, or it has ended', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  for (const path of ['/sign-in/second-step', '/enrolment/app', '/enrolment/passkey']) {
    assertLeadsTo(await visitor.open(path), '/sign-in')
    assertLeadsTo(await visitor.submit(path, { code: '123456' }), '/sign-in')
  }
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  assertLeadsTo(await visitor.open('/enrolment'), '/sign-in/second-step')
  server.clock.pass(minutes(16))
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code: '123456' }), '/sign-in?because=ended')
  assert.equal(visitor.cookies.size, 0)
  assert.match(parsePage(await visitor.open('/sign-in?because=ended')).text, /took too long/)
})

test('between password and code there is no session, on any page', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  assert.deepEqual([...visitor.cookies.keys()], ['attempt'])
  visitor.cookies.set('session', visitor.cookies.get('attempt') ?? '')
  assertLeadsTo(await visitor.open('/account'), '/sign-in?next=%2Faccount&because=signed-out')
})

test('a used code is refused with that reason, and the sign-in continues with the next', async (t) => {
  const server = await start(t)
  const admin = await firstAdmin(server)
  const code = admin.code()
  const [one, other] = [new Visitor(server), new Visitor(server)]
  for (const visitor of [one, other]) await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  assertLeadsTo(await one.submit('/sign-in/second-step', { code }), '/account')
  const again = await other.submit('/sign-in/second-step', { code })
  assert.equal(again.statusCode, 401)
  assert.match(parsePage(again).text, /was used a moment ago/)
  assertLeadsTo(await other.submit('/sign-in/second-step', { code: admin.code() }), '/account')
})

test('the answer says that a user is disabled only after the second factor', async (t) => {
  const server = await start(t)
  const admin = await (await firstAdmin(server)).signsIn()
  const bob = await newcomer(admin, 'bob')
  const { body } = await admin.asks('GET', '/users')
  const { id } = (body['items'] as { id: number; username: string }[]).find(({ username }) => username === 'bob') ?? {
    id: 0,
  }
  assert.equal((await admin.asks('POST', `/users/${id}/disable`)).status, 200)
  const visitor = new Visitor(server)
  const first = await visitor.submit('/sign-in', { username: 'bob', password: PASSWORD })
  assertLeadsTo(first, '/sign-in/second-step')
  const { statusCode, body: page } = await visitor.submit('/sign-in/second-step', { code: bob.code() })
  assert.equal(statusCode, 403)
  assert.match(page, /This account is turned off/)
  assert.ok(!visitor.cookies.has('session'))
})

test('the sign-in page and its stylesheet are small enough for two round trips', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  const { body } = await new Visitor(server).open('/sign-in')
  assert.ok(body.length < 14 * 1024)
  const href = /<link rel="stylesheet" href="([^"]+)"/.exec(body)?.[1] ?? ''
  const css = await server.app.inject({ url: href, headers: { 'accept-encoding': 'br' } })
  assert.equal(css.statusCode, 200)
  assert.equal(css.headers['cache-control'], 'public, max-age=31536000, immutable')
  assert.ok(body.length + css.rawPayload.length < 20 * 1024)
})

async function signIn(server: Server, visitor: Visitor, authenticator: Authenticator, username: string): Promise<void> {
  assertLeadsTo(await visitor.submit('/sign-in', { username, password: PASSWORD }), '/sign-in/second-step')
  const code = authenticator.code(server.clock.now())
  assertLeadsTo(await visitor.submit('/sign-in/second-step', { code }), '/account')
}

function authenticatorOn(page: string): Authenticator {
  const key = /<code id="setup-key">([\s\S]*?)<\/code>/.exec(page)?.[1]?.replaceAll(/<[^>]*>|\s/g, '') ?? ''
  assert.match(key, /^[A-Z2-7]{32}$/)
  assert.ok(page.includes(`secret=${key}`), 'the link to the app has another secret')
  return new Authenticator(key)
}

function assertLeadsTo(answer: LightMyRequestResponse, place: string): void {
  assert.deepEqual([answer.statusCode, answer.headers.location], [303, place], answer.body.slice(0, 2000))
}
