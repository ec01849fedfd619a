// A refused form of a sign-in is answered by a redirect to its page. What went wrong is sealed in the URL and what was typed in a cookie: what
// they carry, to whom they open, and what a browser without cookies sees.
import type { LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'

import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import { invitationPath, ownPageScene, visitorScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { isRefusedForm, locationOf, Visitor } from '../support/pages/visitor.ts'
import { PASSWORD } from '../support/people/people.ts'
import { letDevicesBeRemembered } from '../support/people/remembered-devices.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const STEP = '/sign-in/second-step'
const SIGN_IN = '/sign-in?next=%2Faccount'
const WRONG = { username: 'root', password: 'not the password' }
const REFUSED = /don’t match/

/** Sends a form as the browser does, without following its redirect. */
async function sent(
  visitor: Visitor,
  server: Server,
  url: string,
  fields: Readonly<Record<string, string>>,
): Promise<LightMyRequestResponse> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const origin = server.doorward.config.publicUrl
  const headers = { cookie, origin, 'content-type': 'application/x-www-form-urlencoded' }
  const payload = new URLSearchParams(fields).toString()
  return server.app.inject({ method: 'POST', url, headers, payload })
}

/** What the field of the name contains. */
function nameOn(page: ParsedPage): string {
  return page.field(/^Username/).value
}

function typedIn(answer: LightMyRequestResponse): string {
  const { value = '' } = answer.cookies.find(({ name }) => name === 'refused') ?? {}
  return value
}

/** The URL to which a refused form at `path` leads. */
function urlBehind(answer: LightMyRequestResponse, path: string): URL {
  assert.ok(isRefusedForm(answer), answer.body)
  return new URL(locationOf(answer, path), 'http://localhost')
}

/** A browser after a wrong password, before it follows the redirect. */
async function refusedScene(t: Parameters<typeof visitorScene>[0]) {
  const scene = await visitorScene(t)
  const answer = await sent(scene.visitor, scene.server, SIGN_IN, WRONG)
  const { pathname, search } = urlBehind(answer, SIGN_IN)
  return { ...scene, answer, path: pathname + search, typed: typedIn(answer) }
}

test('a refused form leads to its page, which says why, keeps the name and has the status of the refusal', async (t) => {
  const { visitor, answer, path, typed } = await refusedScene(t)
  assert.match(path, /^\/sign-in\?next=%2Faccount&refused=[\w.-]+$/)
  assert.equal(answer.body, '')
  visitor.cookies.set('refused', typed)
  const page = await visitor.page(path, 401)
  assert.match(page.part('error-summary').text, REFUSED)
  assert.equal(nameOn(page), 'root')
  assert.ok(page.actions().includes(SIGN_IN), page.actions().join(' '))
})

leaveToTestAll()

test('neither the URL nor the cookie contains in plain text what was typed or what went wrong', async (t) => {
  const { answer, path, typed } = await refusedScene(t)
  for (const text of [path, typed, ...[path, typed].flatMap((one) => one.split(/[.=&]/).map(decoded))])
    assert.doesNotMatch(text, /root|not the password|incorrect/)
  const [set = ''] = [answer.headers['set-cookie']].flat()
  assert.match(set, /^refused=[\w.-]+; Max-Age=60; Path=\/; HttpOnly; SameSite=Lax$/)
  function decoded(part: string): string {
    return Buffer.from(part, 'base64url').toString('latin1')
  }
})

test('a cookie that was changed or belongs to another refusal is ignored, and the page still says why', async (t) => {
  const { server, visitor, path, typed } = await refusedScene(t)
  const other = typedIn(await sent(visitor, server, SIGN_IN, WRONG))
  for (const value of [changed(typed), 'nonsense', other]) {
    visitor.cookies.set('refused', value)
    const page = await visitor.page(path, 401)
    assert.equal(nameOn(page), '', value)
  }
})

test('a cookie in another browser shows nothing, and neither does a URL that was changed, is too old or of another page', async (t) => {
  const { server, visitor, path, typed } = await refusedScene(t)
  const sealed = new URLSearchParams(path.split('?')[1]).get('refused') ?? ''
  const stranger = new Visitor(server)
  stranger.cookies.set('refused', typed)
  await showsNothing(stranger, '/sign-in')
  visitor.cookies.set('refused', typed)
  await showsNothing(visitor, SIGN_IN)
  await showsNothing(visitor, `/sign-in?refused=${changed(sealed)}`)
  await showsNothing(visitor, '/sign-in?refused=sign_in.incorrect')
  await showsNothing(visitor, '/sign-in?refused=')
  await showsNothing(visitor, `${path}&refused=${sealed}`)
  const elsewhere = await visitor.page(`/forgot-password?refused=${sealed}`)
  assert.ok(!elsewhere.hasPart('error-summary') && !elsewhere.text.includes('root'))
  server.clock.pass(minutes(1))
  await showsNothing(visitor, path)

  async function showsNothing(by: Visitor, url: string): Promise<void> {
    const page = await by.page(url)
    assert.ok(!page.hasPart('error-summary'), url)
    assert.equal(nameOn(page), '', url)
  }
})

/** The sealed text with another character in its middle. */
function changed(sealed: string): string {
  const middle = (sealed.length * 3) >> 2
  return sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1)
}

test('a browser that returns no cookies is redirected once, and sees the refusal without the name', async (t) => {
  const { visitor, path } = await refusedScene(t)
  assert.equal(visitor.cookies.size, 0)
  const page = await visitor.page(path, 401)
  assert.match(page.part('error-summary').text, REFUSED)
  assert.equal(nameOn(page), '')
})

test('a name too long for a cookie is answered in place, and is kept', async (t) => {
  const { server, visitor } = await visitorScene(t)
  const username = 'x'.repeat(4000)
  const answer = await sent(visitor, server, '/sign-in', { ...WRONG, username })
  assert.equal(answer.statusCode, 401)
  assert.equal(nameOn(parsePage(answer)), username)
})

test('who is signed in and signs in as another user sees why that was refused', async (t) => {
  const { browser: visitor } = await ownPageScene(t)
  const refused = await visitor.pageAfter('/sign-in', WRONG, 401)
  assert.match(refused.text, REFUSED)
  assertLeadsTo(await visitor.open('/sign-in'), '/account')
})

test('URL and cookie are as long for an unknown name', async (t) => {
  const { server, visitor, path, typed } = await refusedScene(t)
  const unknown = await sent(visitor, server, SIGN_IN, { ...WRONG, username: 'toor' })
  const { pathname, search } = urlBehind(unknown, SIGN_IN)
  assert.deepEqual([typedIn(unknown).length, (pathname + search).length], [typed.length, path.length])
})

test('guesses count, and the page says how long is left to wait', async (t) => {
  const { server, visitor } = await visitorScene(t)
  let answer: LightMyRequestResponse
  let guesses = 0
  do answer = await visitor.submit('/sign-in', { ...WRONG, password: `guess ${guesses}` })
  while (answer.statusCode === 401 && guesses++ < 200)
  assert.equal(answer.statusCode, 429)
  const { pathname, search } = urlBehind(await sent(visitor, server, '/sign-in', WRONG), '/sign-in')
  const before = Number(answer.headers['retry-after'])
  server.clock.pass(seconds(20))
  const page = await visitor.open(pathname + search)
  assert.equal(page.statusCode, 429)
  assert.equal(Number(page.headers['retry-after']), before - 20)
})

test('a wrong factor leads back to the page of the same factor, which does not contain it', async (t) => {
  const { server, visitor, admin } = await visitorScene(t)
  assertLeadsTo(await visitor.submit('/sign-in', { username: 'root', password: PASSWORD }), STEP)
  for (const [way, field] of [
    ['totp', 'code'],
    ['recovery-code', 'recovery_code'],
    ['passkey', 'passkey'],
  ] as const) {
    const answer = await sent(visitor, server, `${STEP}?way=${way}`, { [field]: '000000' })
    const { pathname, search, searchParams } = urlBehind(answer, `${STEP}?way=${way}`)
    assert.deepEqual([pathname, searchParams.get('way')], [STEP, way])
    assert.equal(typedIn(answer), '', 'a cookie carries what was typed')
    const shown = await visitor.open(pathname + search)
    assert.ok(shown.statusCode >= 400, way)
    assert.ok(!shown.body.includes('000000'), way)
  }
  assertLeadsTo(await visitor.submit(STEP, { code: admin.code() }), '/account')
})

test('the choice to remember this browser survives a wrong code, and what was typed ends with the sign-in', async (t) => {
  const { server, ada } = await ownPageScene(t)
  await letDevicesBeRemembered(server, days(30))
  const visitor = new Visitor(server)
  await visitor.submit('/sign-in', WRONG)
  assert.ok(visitor.cookies.has('refused'))
  await visitor.submit('/sign-in', { username: 'ada', password: PASSWORD })
  const wrong = parsePage(await visitor.submit(STEP, { code: '000000', remember: 'on' }))
  assert.equal(wrong.field(/^Skip this step/).checked, true)
  assertLeadsTo(await visitor.submit(STEP, { code: ada.code() }), '/account')
  assert.ok(!visitor.cookies.has('refused'))
})

test('a disabled user is informed by the page, which ends the sign-in', async (t) => {
  const { server, visitor, admin } = await visitorScene(t)
  await visitor.submit('/sign-in', { username: 'root', password: PASSWORD })
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).execute()
  const { pathname, search } = urlBehind(await sent(visitor, server, STEP, { code: admin.code() }), STEP)
  assert.equal(pathname, STEP)
  const page = await visitor.page(pathname + search, 403)
  assert.equal(page.heading, 'This account is disabled')
  assert.ok(!visitor.cookies.has('attempt'))
})

test('the answer to a refused form behind a link does not repeat the link', async (t) => {
  const { server, visitor, admin } = await visitorScene(t)
  const path = await invitationPath(await admin.signsIn(), 'ada')
  const answer = await sent(visitor, server, path, { password: 'short' })
  assert.match(String(answer.headers.location), /^\?refused=/)
  assert.equal((await visitor.page(locationOf(answer, path), 422)).field('Password').invalid, true)
})

test('a refusal of the API is answered in place', async (t) => {
  const { server } = await visitorScene(t)
  const answer = await server.app.inject({ method: 'POST', url: '/attempts', payload: WRONG })
  assert.deepEqual([answer.statusCode, typedIn(answer), answer.headers.location], [401, '', undefined])
})
