// Other apps sign in with Doorward: the whole story with a certified client library.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { minutes, seconds } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import {
  answerAt,
  authorizationOf,
  exchange,
  follow,
  pushedAuthorizationOf,
  registerApp,
  signInAt,
} from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { assertLeadsTo, signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'

onEitherDatabase(
  'an app signs a user in, and asks again without a page while the session lives',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const clock = shareClock(t, server)
    const app = await registerApp(server)
    const asked = await authorizationOf(app)
    const at = await follow(visitor, asked.url)
    assert.equal(at.pathname, '/sign-in')
    const { username, password } = admin
    const query = at.search
    const second = await visitor.submit(`/sign-in${query}`, { username, password })
    assert.equal(second.statusCode, 303)
    const done = await visitor.submit(String(second.headers.location), { code: admin.code() })
    // The form must not be redirected to another site: a page in between goes on.
    assert.equal(done.statusCode, 200, done.body)
    const interaction = /url=([^"]+)"/.exec(done.body)?.[1] ?? ''
    const answer = await follow(visitor, interaction)
    assert.ok(answer.href.startsWith('https://app.example/callback?'), answer.href)
    const tokens = await exchange(app, answer, asked)
    const claims = tokens.claims()
    assert.equal(claims?.['acr'], 'urn:doorward:two-factors')
    assert.deepEqual(claims?.['amr'], ['pwd', 'otp', 'mfa'])
    assert.equal(claims?.auth_time, Math.floor(server.clock.now() / 1000))
    assert.equal(claims?.['preferred_username'], undefined)
    const info = await oidc.fetchUserInfo(app.config, tokens.access_token, claims?.sub ?? '')
    assert.equal(info.preferred_username, admin.username)
    clock.pass(minutes(2))
    const again = await signInAt(visitor, app, { prompt: 'none' })
    assert.equal(again.claims()?.sub, claims?.sub)
    assert.equal(again.claims()?.['sid'], claims?.['sid'])
  },
)

onEitherDatabase(
  'refresh tokens rotate, are given again within the grace, and end their family when they are reused',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const clock = shareClock(t, server)
    await signsIn(visitor, admin)
    const app = await registerApp(server)
    const first = await signInAt(visitor, app)
    const second = await oidc.refreshTokenGrant(app.config, first.refresh_token ?? '')
    clock.pass(seconds(5))
    const again = await oidc.refreshTokenGrant(app.config, first.refresh_token ?? '')
    assert.equal(again.refresh_token, second.refresh_token, 'another successor')
    const third = await oidc.refreshTokenGrant(app.config, second.refresh_token ?? '')
    assert.notEqual(third.refresh_token, second.refresh_token)
    // The successor was used, so its client had its answer: who comes with the first one now has stolen it.
    await assert.rejects(oidc.refreshTokenGrant(app.config, first.refresh_token ?? ''), { error: 'invalid_grant' })
    await assert.rejects(oidc.refreshTokenGrant(app.config, third.refresh_token ?? ''), { error: 'invalid_grant' })
    const { active } = await oidc.tokenIntrospection(app.config, third.access_token)
    assert.equal(active, false)
    assert.ok((await signInAt(visitor, app)).refresh_token, 'the app cannot begin again')
  },
)

onEitherDatabase('a code works once, and its second use ends what the first one got', async (t, dialect) => {
  const { server, admin, visitor } = await visitorScene(t, { dialect })
  const clock = shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const asked = await authorizationOf(app)
  const answer = await answerAt(visitor, app, asked)
  const tokens = await exchange(app, answer, asked)
  assert.equal((await oidc.tokenIntrospection(app.config, tokens.access_token)).active, true)
  await assert.rejects(exchange(app, answer, asked), { error: 'invalid_grant' })
  assert.equal((await oidc.tokenIntrospection(app.config, tokens.access_token)).active, false)
  const later = await authorizationOf(app)
  const second = await answerAt(visitor, app, later)
  const kept = await exchange(app, second, later)
  clock.pass(minutes(2))
  await assert.rejects(exchange(app, second, later), { error: 'invalid_grant' })
  assert.equal((await oidc.tokenIntrospection(app.config, kept.access_token)).active, false, 'a late reuse')
})

onEitherDatabase('signing out at the app signs out here, and ends its tokens', async (t, dialect) => {
  const { server, admin, visitor } = await visitorScene(t, { dialect })
  shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server, { logoutUris: ['https://app.example/bye'] })
  const tokens = await signInAt(visitor, app)
  const url = oidc.buildEndSessionUrl(app.config, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: 'https://app.example/bye',
    state: 'x1',
  })
  const at = await follow(visitor, url)
  assert.equal(at.href, 'https://app.example/bye?state=x1')
  assert.equal((await oidc.tokenIntrospection(app.config, tokens.access_token)).active, false)
  const asked = await authorizationOf(app, { prompt: 'none' })
  assert.equal((await answerAt(visitor, app, asked)).searchParams.get('error'), 'login_required')
  assertLeadsTo(await visitor.open('/account'), '/sign-in?next=%2Faccount')
})

onEitherDatabase(
  'a pushed request is finished after its minute, once, for who has signed in meanwhile',
  async (t, dialect) => {
    const { server, admin, visitor } = await visitorScene(t, { dialect })
    const clock = shareClock(t, server)
    const app = await registerApp(server)
    const asked = await pushedAuthorizationOf(app)
    assert.match(
      String(asked.url),
      /\?request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Adwq_[\w-]{43}&client_id=[\w-]+$/,
    )
    const at = await follow(visitor, asked.url)
    assert.equal(at.pathname, '/sign-in')
    clock.pass(minutes(50))
    await signsIn(visitor, admin)
    clock.pass(0)
    const answer = await follow(visitor, at.searchParams.get('next') ?? '')
    const tokens = await exchange(app, answer, asked)
    assert.equal((await oidc.tokenIntrospection(app.config, tokens.access_token)).active, true)
    assert.match((await visitor.page(asked.url.pathname + asked.url.search, 400)).heading, /took too long/)
    const again = await pushedAuthorizationOf(app, { prompt: 'none' })
    assert.ok((await exchange(app, await answerAt(visitor, app, again), again)).refresh_token)
  },
)
