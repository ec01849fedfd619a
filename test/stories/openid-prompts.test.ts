// What an app may ask of the authentication of its user: that it is fresh, strong, somebody's, or a program's.
import assert from 'node:assert/strict'

import { days, minutes, seconds } from '#foundation/kernel/time.ts'
import { answerAt, authorizationOf, exchange, follow, registerApp, signInAt } from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, visitorScene } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { type Person, PASSWORD } from '../support/people/people.ts'
import { OPEN } from '../support/people/registrations.ts'
import { givePasskey } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const PHISHING_RESISTANT = 'urn:doorward:phishing-resistant'

/** Authenticates again at the page where the browser is; returns where the page in between leads. */
async function confirms(visitor: Visitor, at: URL, admin: Person): Promise<string> {
  assert.equal(at.pathname, '/confirm')
  const done = await visitor.submit(at.pathname + at.search, { password: PASSWORD, code: admin.code() })
  assert.equal(done.statusCode, 200, done.body)
  return /url=([^"]+)"/.exec(done.body)?.[1] ?? ''
}

test('an app can ask for a fresh authentication, by prompt and by age, and learns when it was', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  const clock = shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const first = await signInAt(visitor, app)
  clock.pass(minutes(1))
  const login = await authorizationOf(app, { prompt: 'login' })
  const next = await confirms(visitor, await follow(visitor, login.url), admin)
  const again = await exchange(app, await follow(visitor, next), login)
  assert.equal(again.claims()?.auth_time, (first.claims()?.auth_time ?? 0) + 60)
  assert.equal((await signInAt(visitor, app, { max_age: '10000' })).claims()?.auth_time, again.claims()?.auth_time)
  clock.pass(minutes(1))
  const quiet = await authorizationOf(app, { max_age: '30', prompt: 'none' })
  assert.equal((await answerAt(visitor, app, quiet)).searchParams.get('error'), 'login_required')
  const aged = await authorizationOf(app, { max_age: '30' })
  const then = await confirms(visitor, await follow(visitor, aged.url), admin)
  const third = await exchange(app, await follow(visitor, then), aged)
  assert.equal(third.claims()?.auth_time, (first.claims()?.auth_time ?? 0) + 120)
})

leaveToTestAll()

test('an app that asks for a passkey gets one, or the reason why there is none after the user has read it', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  const clock = shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const asked = await authorizationOf(app, { acr_values: PHISHING_RESISTANT })
  const lacking = await follow(visitor, asked.url)
  const page = await visitor.page(lacking.pathname, 403)
  assert.match(page.text, /needs? a passkey|need a passkey/)
  const back = await visitor.submit(`${lacking.pathname}/unmet`, {})
  const answer = await follow(visitor, /url=([^"]+)"/.exec(back.body)?.[1] ?? '')
  assert.equal(answer.searchParams.get('error'), 'unmet_authentication_requirements')
  const none = await authorizationOf(app, { acr_values: PHISHING_RESISTANT, prompt: 'none' })
  assert.equal((await answerAt(visitor, app, none)).searchParams.get('error'), 'unmet_authentication_requirements')
  const phone = await givePasskey(admin)
  clock.pass(seconds(1))
  const strong = await authorizationOf(app, { acr_values: 'phr' })
  const at = await follow(visitor, strong.url)
  assert.match(at.search, /least=phishing-resistant/)
  const options = JSON.parse((await visitor.page(at.pathname + at.search)).data('options') ?? '{}') as object
  const passkey = JSON.stringify(phone.assert(options as never))
  const done = await visitor.submit(`${at.pathname}${at.search}&way=passkey`, { passkey })
  const claims = (
    await exchange(app, await follow(visitor, /url=([^"]+)"/.exec(done.body)?.[1] ?? ''), strong)
  ).claims()
  assert.deepEqual([claims?.['acr'], claims?.['amr']], ['phr', ['pop', 'user', 'mfa']])
})

test('an app that asks for two factors is content with a passkey, and with a remembered device it is not', async (t) => {
  const { server, browser: visitor } = await ownPageScene(t)
  shareClock(t, server)
  const app = await registerApp(server)
  const claims = JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:doorward:two-factors'] } } })
  assert.equal((await signInAt(visitor, app, { claims })).claims()?.['acr'], 'urn:doorward:two-factors')
  await storePolicyVersion(server.doorward.db, { id: 'all', rememberFor: days(30) })
  await server.doorward.db
    .updateTable('session')
    .set({ methods: 'password remembered-device', authentication_methods: 'password remembered-device' })
    .execute()
  const one = await authorizationOf(app, { acr_values: 'urn:doorward:two-factors' })
  assert.equal((await follow(visitor, one.url)).pathname, '/confirm')
  const plain = (await signInAt(visitor, app)).claims()
  assert.deepEqual([plain?.['acr'], plain?.['amr']], ['urn:doorward:one-factor', ['pwd']])
})

test('the sign-in has the name and the language that the app expects, and the answer its state and issuer', async (t) => {
  const { server, admin, visitor } = await visitorScene(t, { language: 'en' })
  shareClock(t, server)
  const app = await registerApp(server)
  const asked = await authorizationOf(app, { login_hint: 'root', ui_locales: 'fr de' })
  const at = await follow(visitor, asked.url)
  const page = await visitor.page(at.pathname + at.search)
  assert.equal(page.language, 'de')
  assert.match((await visitor.open(at.pathname + at.search)).body, /value="root"/)
  await signsIn(visitor, admin)
  const answer = await answerAt(visitor, app, asked)
  assert.equal(answer.searchParams.get('state'), asked.state)
  assert.equal(answer.searchParams.get('iss'), 'http://localhost:8000/oidc')
})

test('a public app on the device asks each time, and a refusal reaches it', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const row = { name: 'CLI', kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] } as const
  const app = await registerApp(server, row)
  const redirect_uri = 'http://127.0.0.1:5555/cb'
  const quiet = await authorizationOf(app, { redirect_uri, prompt: 'none' })
  const refused = await follow(visitor, quiet.url)
  assert.equal(refused.searchParams.get('error'), 'interaction_required')
  for (const word of ['consent', 'deny']) {
    const asked = await authorizationOf(app, { redirect_uri })
    const at = await follow(visitor, asked.url)
    const page = await visitor.page(at.pathname)
    assert.match(page.text, /A program on this device says it’s CLI/)
    const pressed = await visitor.submit(`${at.pathname}/${word}`, {})
    const answer = await follow(visitor, /url=([^"]+)"/.exec(pressed.body)?.[1] ?? '')
    assert.ok(answer.href.startsWith(redirect_uri), answer.href)
    if (word === 'deny') assert.equal(answer.searchParams.get('error'), 'access_denied')
    else assert.ok((await exchange(app, answer, asked)).access_token)
  }
})

test('an app that expects another user says so, and is told if that one does not come', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const tokens = await signInAt(visitor, app)
  await server.doorward.db.updateTable('client').set({ id_token_alg: 'ES256' }).execute()
  const own = await signInAt(visitor, app, { id_token_hint: tokens.id_token, prompt: 'none' })
  assert.equal(own.claims()?.sub, tokens.claims()?.sub)
  const claims = JSON.stringify({ id_token: { sub: { value: 'somebody-else' } } })
  const asked = await authorizationOf(app, { claims })
  const at = await follow(visitor, asked.url)
  assert.match((await visitor.page(at.pathname)).text, /expects another account/)
  const denied = await visitor.submit(`${at.pathname}/deny`, {})
  const answer = await follow(visitor, /url=([^"]+)"/.exec(denied.body)?.[1] ?? '')
  assert.equal(answer.searchParams.get('error'), 'access_denied')
})

test('an app that wants a new account leads to the registration where that is open', async (t) => {
  const { server, visitor } = await visitorScene(t, { settings: OPEN })
  shareClock(t, server)
  const app = await registerApp(server)
  const asked = await authorizationOf(app, { prompt: 'create' })
  const at = await follow(visitor, asked.url)
  assert.deepEqual([at.pathname, at.searchParams.get('next')?.startsWith('/oidc/interaction/')], ['/register', true])
})
