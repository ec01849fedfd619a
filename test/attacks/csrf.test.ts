// Threat (CSRF): another site makes the browser of a signed-in user send a form or a request. Nothing may change: the browser
// names the origin of the request, and only forms of our own pages are accepted.
import assert from 'node:assert/strict'

import { issueLink } from '#domain/links/link.service.ts'
import { startSession } from '#domain/sessions/session.service.ts'
import { hours } from '#foundation/kernel/time.ts'
import { durableRowsOf } from '../support/databases/database-dump.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { ask, firstAdmin, PASSWORD, type Person, postForm } from '../support/people/people.ts'
import { opensAttempt, rowOf } from '../support/people/second-factors.ts'
import { inTurn, triedInTurn } from '../support/requests/in-turn.ts'
import { type LiveRoute, liveRoutes } from '../support/requests/live-routes.ts'
import { Contract, isForAnyone } from '../support/requests/openapi.ts'
import { idOf, invitationIn } from '../support/requests/replies.ts'
import { exampleBodies, newScene, readyRequest, type Scene, sendReady } from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

const OURS = 'http://localhost:8000'
type Headers = Readonly<Record<string, string>>

const FOREIGN: Readonly<Record<string, Headers>> = {
  'no word of where it came from': {},
  'another site': { 'sec-fetch-site': 'cross-site' },
  'a sister site': { 'sec-fetch-site': 'same-site' },
  nowhere: { 'sec-fetch-site': 'none' },
  'a made-up word': { 'sec-fetch-site': 'Same-Origin, same-origin' },
  'a foreign origin': { origin: 'https://evil.example' },
  'a null origin': { origin: 'null' },
  'an origin that begins like ours': { origin: `${OURS}.evil.example` },
  'our name at another port': { origin: 'http://localhost:8001' },
  'our name under another scheme': { origin: 'https://localhost:8000' },
  'our name without the port': { origin: 'http://localhost' },
  'another site that says our origin': { 'sec-fetch-site': 'cross-site', origin: OURS },
  'a foreign origin with our page as referer': { origin: 'https://evil.example', referer: `${OURS}/account` },
  'our page as referer only': { referer: `${OURS}/account` },
  'our Host only': { host: 'localhost:8000' },
}
/** So many origins are tried at each form and operation: one function checks all requests. */
const FEW = 4
const OWN: readonly Headers[] = [{ 'sec-fetch-site': 'same-origin' }, { origin: OURS }]

interface Visit {
  readonly url: string
  readonly form: Form
  readonly cookie: string
}
type Form = Readonly<Record<string, string>>

/** For each page the request that would take effect if the form were accepted; a signed-in user's form has the session's form token. */
async function visitsOf(scene: Scene, posts: readonly LiveRoute[]): Promise<Visit[]> {
  const open = await openVisits(scene)
  const missing = Object.keys(open).filter((url) => !posts.some((post) => post.url === url))
  assert.deepEqual(missing, [], 'a page that is not there')
  return Promise.all(posts.map(async (post) => open[post.url] ?? signedInVisit(scene, post)))
}

/** The pages that need no session, with the fields that make each take effect. */
async function openVisits(scene: Scene): Promise<Record<string, Visit>> {
  const { server, ada } = scene
  const attempt = `attempt=${await opensAttempt(ada)}`
  const link = { purpose: 'set-up', subject: null, epoch: 0, lifetime: hours(1) } as const
  const setup = (await issueLink(server.operator(), link)).token.reveal()
  const invitation = invitationIn(await scene.admin.asks('POST', '/users', { username: 'grace' }))
  const payload = { token: invitation, password: PASSWORD }
  const accepted = await ask(server, 'POST', '/invitations/accept', { payload })
  const enrolling = `attempt=${String(accepted.body['attempt'])}`
  return {
    '/sign-in': { url: '/sign-in', form: { username: 'ada', password: ada.password }, cookie: '' },
    '/sign-in/second-step': { url: '/sign-in/second-step', form: { code: ada.code() }, cookie: attempt },
    '/enrolment/app': { url: '/enrolment/app', form: { code: '123456' }, cookie: enrolling },
    '/enrolment/passkey': { url: '/enrolment/passkey', form: { passkey: '{}' }, cookie: enrolling },
    '/setup': { url: '/setup', form: { setup_token: setup }, cookie: '' },
    '/setup/:token': { url: `/setup/${setup}`, form: { username: 'eve', password: PASSWORD }, cookie: '' },
    '/setup/:token/strength': { url: `/setup/${setup}/strength`, form: { password: PASSWORD }, cookie: '' },
    '/invitation/:token/strength': {
      url: `/invitation/${invitation}/strength`,
      form: { password: PASSWORD },
      cookie: '',
    },
    '/invitation/:token': { url: `/invitation/${invitation}`, form: { password: PASSWORD }, cookie: '' },
  }
}

/** The fields that make each form of a signed-in user take effect; a form that is not listed is sent empty. */
const FORMS: Readonly<Record<string, Form>> = {
  '/theme': { theme: 'dark', next: '/account' },
  '/account': { username: 'eve', full_name: 'Eve' },
  '/account/security/password': { current: PASSWORD, new: 'a kettle full of stars' },
  '/account/security/app/rename/:id': { name: 'Taken over' },
  '/admin/users/new': { username: 'eve', role: 'user' },
  '/admin/users/:id': { username: 'eve', role: 'user' },
  '/admin/users/:id/delete': { username: 'ada' },
  '/admin/users/:id/reset-second-step': { reason: 'Nobody asked.', reset_password: 'yes' },
}

async function signedInVisit({ server, admin, ada }: Scene, { url, config }: LiveRoute): Promise<Visit> {
  const who = config.access === 'signed-in' ? ada : admin
  const cookie = await cookieOf(who)
  const id = await idFor(url, who === admin ? ada : who)
  const ofMany = url.endsWith('/bulk') ? { action: 'disable', confirmed: 'yes', [`user-${id}`]: 'yes' } : {}
  const form = { ...FORMS[url], ...ofMany, form_token: await formTokenOf(server, cookie) }
  return { url: url.replace(':id', id).replace(':session', await sessionOf(ada)), form, cookie }
}

/** The id of the user's app or session, or of the user: whichever the URL names. */
async function idFor(url: string, person: Person): Promise<string> {
  if (url.includes('/sessions/:id')) return sessionOf(person)
  if (!url.includes('/app/')) return String(await idOf(person))
  const { body } = await person.asks('GET', '/users/me/factors')
  return String((body['totp'] as readonly { id: string }[])[0]?.id)
}

async function sessionOf(person: Person): Promise<string> {
  return String((await person.asks('GET', '/session')).body['id'])
}

/** The form token of this session's pages. */
async function formTokenOf({ app }: Server, cookie: string): Promise<string> {
  const token = parsePage(await app.inject({ url: '/sign-out', headers: { cookie } })).hidden('form_token')
  assert.match(token ?? '', /^.{40,}$/)
  return token ?? ''
}

async function pagePosts(server: Server): Promise<LiveRoute[]> {
  return (await liveRoutes(server)).filter(({ method, config }) => method === 'POST' && config.page)
}

/** The cookie of a new session of the user. */
async function cookieOf(person: Person): Promise<string> {
  const wanted = { user: await rowOf(person), methods: ['password', 'totp'], transport: 'cookie' } as const
  return `session=${(await startSession(person.server.operator(), wanted)).token.reveal()}`
}

triedInTurn('a form of another origin changes nothing, and one of our own pages is accepted', FEW, async (t, count) => {
  const scene = await newScene(t)
  const { server } = scene
  const visits = await visitsOf(scene, await pagePosts(server))
  const before = await durableRowsOf(server.doorward.db)
  for (const [index, { url, form, cookie }] of visits.entries()) {
    for (const [what, headers] of inTurn(Object.entries(FOREIGN), index, count)) {
      const { status, raw } = await postForm(server, url, form, { cookie, ...headers })
      assert.equal(status, 403, `${url} from ${what}: ${raw.body.slice(0, 200)}`)
      assert.equal(raw.headers['set-cookie'], undefined, `${url} from ${what} sets a cookie`)
      assert.match(String(raw.headers['content-type']), /^text\/html/)
    }
  }
  assert.deepEqual(await durableRowsOf(server.doorward.db), before)
  for (const { url, form, cookie } of visits) {
    const { status, raw } = await postForm(server, url, form, { cookie, ...OWN[0] })
    assert.notEqual(status, 403, `${url}: ${raw.body.slice(0, 200)}`)
  }
})

leaveToTestAll()

test('a page’s form needs no Sec-Fetch-Site where the browser sends its origin', async (t) => {
  const { server, ada } = await newScene(t)
  for (const own of OWN) {
    const cookie = await cookieOf(ada)
    const form = { form_token: await formTokenOf(server, cookie) }
    const { status } = await postForm(server, '/sign-out', form, { cookie, ...own })
    assert.equal(status, 303)
    assert.equal((await ask(server, 'GET', '/users/me', { headers: { cookie } })).status, 401, 'the session goes on')
  }
})

test('a form of a signed-in user that no page of the same session wrote changes nothing', async (t) => {
  const scene = await newScene(t)
  const { server } = scene
  const posts = (await pagePosts(server)).filter(({ url }) => !url.includes(':token'))
  const foreign = await formTokenOf(server, await cookieOf(scene.ada))
  const visits = await Promise.all(posts.map((post) => signedInVisit(scene, post)))
  assert.ok(visits.length >= 6)
  const before = await durableRowsOf(server.doorward.db)
  for (const { url, form, cookie } of visits) {
    const { form_token: own = '', ...without } = form
    for (const sent of [undefined, '', foreign, own.slice(1), `${own}A`, own.toLowerCase(), cookie.slice(8)]) {
      const spoilt = { ...without, ...(sent !== undefined && { form_token: sent }) }
      const headers = { cookie, origin: OURS, 'sec-fetch-site': 'same-origin' }
      const { status, raw } = await postForm(server, url, spoilt, headers)
      assert.equal(status, 403, `${url} with ${sent}: ${raw.body.slice(0, 200)}`)
      assert.equal(raw.headers['set-cookie'], undefined, `${url} with ${sent} sets a cookie`)
      assert.notEqual(parsePage(raw).heading, '')
    }
  }
  assert.deepEqual(await durableRowsOf(server.doorward.db), before)
})

test('before the sign-in no page sets a cookie, and no form holds a token', async (t) => {
  const { server, admin } = await newScene(t)
  const invitation = invitationIn(await admin.asks('POST', '/users', { username: 'grace' }))
  for (const url of ['/sign-in', '/sign-out', `/invitation/${invitation}`, '/no-such-page']) {
    const answer = await server.app.inject({ url, headers: { accept: 'text/html' } })
    assert.equal(answer.headers['set-cookie'], undefined, url)
    assert.notEqual(parsePage(answer).buttons().length, 0, `${url} has no form`)
    assert.doesNotMatch(answer.body, /form_token/, url)
  }
})

/** Operations that work from our own pages, and are refused with another session of the same user; with the error code. */
const REFUSED_ELSE: Readonly<Record<string, string>> = {
  // Its options were made for another session.
  addMyPasskey: 'passkey.refused',
  // The user has verified the passkey in another session.
  removeMyPasskey: 'access.stronger_authentication_required',
}

/** Operations that give the session another token: a browser gets it as a cookie, and no script of a page can read it. */
const RENEWING = ['reauthenticate', 'changeMyPassword', 'confirmMyTotp', 'removeMyTotp']

const CLAIM_OF_JSON =
  'a state-changing JSON request with a cookie is refused from another origin, and works from our own pages'

triedInTurn(CLAIM_OF_JSON, FEW, async (t, count) => {
  const contract = await Contract.of(await start(t))
  const changing = contract.operations.filter((operation) => operation.method !== 'GET' && !isForAnyone(operation))
  assert.ok(changing.length > 15)
  for (const [index, operation] of changing.entries()) {
    await t.test(operation.operationId, async (inner) => {
      const scene = await newScene(inner)
      const request = await readyRequest(scene, operation, exampleBodies(contract, operation)[0])
      const cookie = await cookieOf(request.as ?? assert.fail())
      const before = await durableRowsOf(scene.server.doorward.db)
      for (const [what, headers] of inTurn(Object.entries(FOREIGN), index, count)) {
        const reply = await sendReady(scene, request, { cookie, ...headers })
        assert.equal(reply.statusCode, 403, `from ${what}: ${reply.body}`)
        assert.equal(reply.json<{ code: string }>().code, 'request.cross_origin')
      }
      assert.deepEqual(await durableRowsOf(scene.server.doorward.db), before)
      const taken = await sendReady(scene, request, { cookie, 'sec-fetch-site': 'same-origin' })
      const otherwise = REFUSED_ELSE[operation.operationId]
      if (otherwise !== undefined) assert.equal(taken.json<{ code: string }>().code, otherwise)
      else assert.ok(taken.statusCode < 300, `${taken.statusCode} ${taken.body}`)
      const renewed = RENEWING.includes(operation.operationId)
      assert.equal(taken.cookies.find(({ name }) => name === 'session') !== undefined, renewed)
      assert.equal(taken.cookies.length, renewed ? 1 : 0)
      assert.doesNotMatch(taken.body, /access_token|dws_|dwa_/)
    })
  }
})

test('a body that a simple form of another site can send is not parsed as JSON', async (t) => {
  const { server, ada } = await newScene(t)
  const cookie = await cookieOf(ada)
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const headers = { cookie, 'content-type': type, 'sec-fetch-site': 'same-origin' }
    const { status } = await ask(server, 'PATCH', '/users/me', { headers, payload: '{"full_name":"Eve"}' })
    assert.equal(status, 415, type)
  }
})

test('a JSON sign-in never sets a cookie', async (t) => {
  const contract = await Contract.of(await start(t))
  for (const operation of contract.operations.filter(isForAnyone)) {
    await t.test(operation.operationId, async (inner) => {
      const scene = await newScene(inner)
      const reply = await sendReady(scene, await readyRequest(scene, operation, exampleBodies(contract, operation)[0]))
      assert.ok(reply.statusCode < 300)
      assert.equal(reply.headers['set-cookie'], undefined)
    })
  }
})

test('no page shows a token, and every cookie is out of reach of scripts and other sites', async (t) => {
  const { server, ada } = await newScene(t)
  const browser = new Visitor(server)
  const second = '/sign-in/second-step'
  const answers = [
    await browser.open('/sign-in'),
    await browser.submit('/sign-in', { username: 'ada', password: ada.password }),
    await browser.open(second),
    await browser.submit(second, { code: '000000' }),
    await browser.submit(second, { code: ada.code() }),
    await browser.open('/account'),
    await browser.open('/sign-out'),
  ]
  assert.match(browser.cookies.get('session') ?? '', /^dws_/)
  assert.ok(browser.cookies.has('device'), 'the browser is not known afterwards')
  assert.equal(answers.at(-2)?.statusCode, 200)
  const cookies = answers.flatMap(({ headers }) => headers['set-cookie'] ?? [])
  assert.ok(cookies.length >= 3)
  for (const { body } of answers) assert.doesNotMatch(body, /dw[astl]_[A-Za-z0-9_-]{20}/)
  for (const cookie of cookies) assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Lax/)
})

test('on https every cookie bears the prefix that binds it to this host, and none is sent without encryption', async (t) => {
  const server = await start(t, { settings: { public_url: 'https://id.example.org' } })
  const admin = await firstAdmin(server)
  const browser = new Visitor(server)
  const answers = [
    await browser.submit('/sign-in', { username: admin.username, password: admin.password }),
    await browser.submit('/sign-in/second-step', { code: admin.code() }),
    await browser.submit('/theme', { theme: 'dark' }),
    await browser.submit('/account', { username: admin.username, email: '', full_name: 'Root' }),
    await browser.open('/account'),
    await browser.submit('/single-keys', { keys: 'off' }),
    await browser.submit('/theme', { theme: 'system' }),
    await browser.submit('/single-keys', { keys: 'on' }),
    await browser.submit('/sign-out', {}),
  ]
  const cookies = answers.flatMap(({ headers }) => headers['set-cookie'] ?? [])
  const names = new Set(cookies.map((cookie) => cookie.slice(0, cookie.indexOf('='))))
  for (const name of ['attempt', 'session', 'device', 'theme', 'single-keys', 'done'])
    assert.ok(names.has(`__Host-${name}`), `${name}: ${[...names].join(' ')}`)
  for (const cookie of cookies)
    assert.match(cookie, /^__Host-[a-z-]+=[^;]*;.* Path=\/; HttpOnly; SameSite=Lax; Secure$/)
})

test('a choice that another host has set is not followed on https, and the own one is', async (t) => {
  const server = await start(t, { settings: { public_url: 'https://id.example.org' } })
  const themeWith = async (cookie: string, url = '/sign-in') => {
    const headers = { cookie, accept: 'text/html' }
    return /data-theme="(\w+)"/.exec((await ask(server, 'GET', url, { headers })).raw.body)?.[1]
  }
  assert.equal(await themeWith('theme=dark'), undefined)
  assert.equal(await themeWith('__Host-theme=dark'), 'dark')
  // A path that cannot be decoded reaches no route; its page has the theme too.
  assert.equal(await themeWith('__Host-theme=dark', '/%zz'), 'dark')
})
