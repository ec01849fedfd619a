// What the pages between an app and its user say, and where they lead.
import assert from 'node:assert/strict'

import { deleteClient, setClientDisabled } from '#domain/clients/client.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { authorizationOf, exchange, follow, registerApp } from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, visitorScene } from '../support/pages/page-scenes.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

const WITHOUT_PKCE = { code_challenge: undefined, code_challenge_method: undefined }
const PASSKEY = { acr_values: 'urn:doorward:phishing-resistant' }

test('a program with a scheme of its own is opened by a link, which browsers demand, and by no redirect', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const uri = 'org.example.cli:/callback'
  const row = { name: 'CLI', kind: 'native', authMethod: 'none', redirectUris: [uri], logoutUris: [uri] } as const
  const app = await registerApp(server, row)
  const asked = await authorizationOf(app)
  const { pathname } = await follow(visitor, asked.url)
  const agreed = await visitor.submit(`${pathname}/consent`, {})
  const page = await visitor.page(/url=([^"]+)"/.exec(agreed.body)?.[1] ?? '')
  assert.equal(page.heading, 'Back to the app')
  assert.doesNotMatch(page.markup, /http-equiv="refresh"/)
  const { id_token: hint = '' } = await exchange(app, new URL(page.main.link('Open the app')), asked)
  const end = `/oidc/session/end?id_token_hint=${hint}&post_logout_redirect_uri=${encodeURIComponent(uri)}`
  assert.equal((await visitor.page(end)).main.link('Open the app'), uri)
})

leaveToTestAll()

test('who cannot add the factor that an app asks for reads to ask an admin', async (t) => {
  const { server, browser } = await ownPageScene(t)
  shareClock(t, server)
  const app = await registerApp(server)
  const { pathname } = await follow(browser, (await authorizationOf(app, PASSKEY)).url)
  const addable = await browser.page(pathname, 403)
  assert.equal(addable.main.link('Add a passkey'), '/account/security/passkeys/new')
  await storePolicyVersion(server.doorward.db, { id: 'all', factors: ['totp'] })
  const { main } = await browser.page(pathname, 403)
  assert.match(main.text, /You can’t add one to your account here\. Ask an admin\./)
  assert.deepEqual(main.links(), [])
})

test('who has signed out reads that apps may keep them signed in, where there are apps', async (t) => {
  const { server, visitor } = await visitorScene(t)
  const sentence = /Apps that you opened in this browser may keep you signed in/
  assert.doesNotMatch((await visitor.page('/sign-out')).text, sentence)
  await registerApp(server)
  assert.match((await visitor.page('/sign-out')).text, sentence)
})

test('who is on the way to an app while it is disabled or deleted reads that', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const row = { name: 'CLI', kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] } as const
  const { client, ...app } = await registerApp(server, row)
  const { pathname } = await follow(visitor, (await authorizationOf({ client, ...app })).url)
  assert.equal((await visitor.page(pathname)).heading, 'Continue to CLI?')
  await inTransaction(server.operator(), (tx) => setClientDisabled(tx, client, true))
  assert.equal((await visitor.pageAfter(`${pathname}/consent`, {}, 400)).heading, 'CLI is disabled')
  await inTransaction(server.operator(), (tx) => deleteClient(tx, client))
  assert.equal((await visitor.pageAfter(`${pathname}/consent`, {}, 400)).heading, 'We don’t know this app')
})

test('the error for an app that sends no PKCE says what to switch on, in characters that the answer can contain', async (t) => {
  const { server, visitor } = await visitorScene(t)
  const start = 'PKCE is required, but the app sent no code_challenge. Turn PKCE on in the app.'
  for (const [fields, end] of [
    [{ name: 'Wiki' }, "If the app can't do that, an admin can choose 'Sign in without PKCE' for it in Doorward."],
    [{ name: 'Page', kind: 'browser', authMethod: 'none' }, 'An app without a secret always needs it.'],
  ] as const) {
    const asked = await authorizationOf(await registerApp(server, fields), WITHOUT_PKCE)
    const at = await follow(visitor, asked.url)
    assert.equal(at.searchParams.get('error'), 'invalid_request')
    const description = at.searchParams.get('error_description') ?? ''
    assert.equal(description, `${start} ${end}`)
    // RFC 6749 §4.1.2.1.
    assert.match(description, /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/)
  }
})
