// Presets of apps: an admin registers a program by its URL alone, and people sign in to it.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as oidc from 'openid-client'

import { findClientByName } from '#domain/clients/client.service.ts'
import { type Client, isPublic } from '#domain/clients/client.ts'
import { findPreset, listPresets } from '#domain/clients/preset.service.ts'
import { fieldsWithUrl, isGeneric, needsUrl, type Preset, presetTitle } from '#domain/clients/preset.ts'
import { ensureSigningKeys } from '#domain/signing-keys/signing-key.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import {
  type Authorization,
  authorizationOf,
  discover,
  exchange,
  follow,
  type TestApp,
} from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { startWithRule } from '../support/people/admins.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const NEW = '/admin/apps/new'
const READER = 'https://reader.example.org'
const CALLBACK = `${READER}/oauth2/oidc/callback`

async function preset(name: string): Promise<Preset> {
  const found = await findPreset(name)
  assert.ok(found, `there is no preset ${name}`)
  return found
}

async function stored(server: Server, name: string): Promise<Client> {
  const client = await findClientByName(server.operator(), name)
  assert.ok(client, `there is no app ${name}`)
  return client
}

onEitherDatabase(
  'an admin chooses a program, enters its address, and copies the settings of the program',
  async (t, dialect) => {
    const { server, browser } = await adminScene(t, { dialect })
    await ensureSigningKeys(server.operator())
    const choice = await browser.page(NEW)
    assert.deepEqual(choice.main.headings(2), ['Any app', 'Programs'])
    const form = await browser.page(choice.main.link(/^Miniflux/))
    assert.equal(form.heading, 'Register Miniflux')
    const { run } = await preset('miniflux')
    assert.match(form.main.text, new RegExp(`Tried with ${RegExp.escape(run?.program ?? '')} on \\d`))
    assert.deepEqual(form.main.fields().slice(0, 2), ['Name', 'Address of the app'])
    assert.equal(form.count('details.more:not([open])'), 1)
    const filled = form.submission(NEW)
    assert.deepEqual([filled['name'], filled['url'], filled['preset']], ['Miniflux', '', 'miniflux'])

    const refused = await browser.pageAfter(NEW, { ...filled, url: 'http://reader.example.org' }, 422)
    assert.match(refused.alert().text, /Address of the app: use https/)
    assert.deepEqual(refused.submission(NEW)['url'], 'http://reader.example.org')
    assert.equal(refused.submission(NEW)['redirect_uris'], '{url}/oauth2/oidc/callback')

    const made = await browser.pageAfter(NEW, { ...filled, url: ' reader.example.org/ ' })
    const client = await stored(server, 'Miniflux')
    assert.deepEqual([client.redirectUris, client.refreshTokens, client.allowHttp], [[CALLBACK], false, false])
    const secret = made.part('client-secret').text
    assert.deepEqual(variablesIn(made), {
      OAUTH2_PROVIDER: 'oidc',
      OAUTH2_OIDC_DISCOVERY_ENDPOINT: `${server.doorward.config.publicUrl}/oidc`,
      OAUTH2_CLIENT_ID: client.id,
      OAUTH2_CLIENT_SECRET: secret,
      OAUTH2_REDIRECT_URL: CALLBACK,
      OAUTH2_USER_CREATION: '1',
    })

    const page = await browser.page(made.main.link('Open the app’s page'))
    assert.equal(page.sent('preset'), 'miniflux')
    assert.equal(variablesIn(page)['OAUTH2_CLIENT_SECRET'], 'CLIENT_SECRET')
    assert.match(page.main.text, /Put the app’s secret in place of CLIENT_SECRET/)
    const plain = await browser.page(`/admin/apps/${client.id}?preset=unknown`)
    assert.equal(plain.sent('preset'), '')
    assert.equal(plain.hasPart('program-0'), false)
  },
)

/** The environment variables that a page shows as the settings of a program. */
function variablesIn(page: ParsedPage): Record<string, string> {
  const lines = page.part('program-0').exact.split('\n')
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]))
}

leaveToTestAll()

const PRESETS = await listPresets()

test('each file of presets/ is a preset that is tried here', () => {
  const files = readdirSync(join(ROOT, 'presets'))
  assert.deepEqual(files.toSorted(), PRESETS.map(({ name }) => `${name}.toml`).toSorted())
})

for (const one of PRESETS)
  test(`a user signs in to an app that the preset ${one.name} registers`, async (t) => {
    const { server, browser } = await adminScene(t)
    shareClock(t, server)
    await ensureSigningKeys(server.operator())
    const { client, page } = await registeredBy(one, server, browser)
    const url = 'https://app.example.org:8443/path'
    const { redirectUris, ...fields } = fieldsWithUrl(one.fields, url)
    for (const [field, value] of Object.entries(fields))
      assert.deepEqual(client[field as keyof typeof fields], value, field)
    assert.deepEqual(client.redirectUris, redirectUris.length > 0 ? redirectUris : [`${url}/callback`])
    const secret = isPublic(client) ? '' : page.part('client-secret').text
    assertFilled(one, page, { client, secret, url })

    const app = { client, secret, config: await discover(server, client, secret) }
    const tokens = await signsInByConsent(browser, app)
    assert.equal(tokens.refresh_token !== undefined, client.refreshTokens, 'refresh token')
    const claims = tokens.claims() ?? { sub: '' }
    const known = await oidc.fetchUserInfo(app.config, tokens.access_token, claims.sub)
    assert.equal('preferred_username' in known, client.scopes.includes('profile'), 'userinfo endpoint')
    const isInToken = client.claimsInIdToken && client.scopes.includes('profile')
    assert.equal('preferred_username' in claims, isInToken, 'ID token')
    const [bye] = client.logoutUris
    if (bye !== undefined) {
      const out = { id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: bye }
      assert.equal((await follow(browser, oidc.buildEndSessionUrl(app.config, out))).href, bye)
    }
  })

/** Registers an app as a browser does that shows the form of the preset; only values that the preset does not have are typed. */
async function registeredBy(one: Preset, server: Server, browser: Visitor) {
  const form = await browser.page(`${NEW}?preset=${one.name}`)
  const filled = form.submission(NEW)
  const name = isGeneric(one) ? 'Notes' : presetTitle(one, 'en')
  if (!isGeneric(one)) assert.equal(filled['name'], name)
  const typed = {
    name,
    ...(needsUrl(one) && { url: 'https://app.example.org:8443/path/' }),
    ...(one.fields.redirectUris.length === 0 && { redirect_uris: 'https://app.example.org:8443/path/callback' }),
  }
  const page = await browser.pageAfter(NEW, { ...filled, ...typed })
  return { client: await stored(server, name), page }
}

/** Asserts that the settings name the app, and that nothing in them is left to fill in. */
function assertFilled(
  { settings }: Preset,
  page: ParsedPage,
  { client, secret, url }: { client: Client; secret: string; url: string },
): void {
  const text = settings
    .flatMap(({ values }, index) =>
      values === undefined ? [`program-${index}`] : values.map((_, at) => `program-${index}-${at}`),
    )
    .map((id) => page.part(id).exact)
    .join('\n')
  assert.doesNotMatch(text, /CLIENT_SECRET(?!=)|APP_URL|REDIRECT_URI\b|\{[a-z]+_?[a-z]+\}/)
  const written = settings.flatMap((one) => [one.text ?? '', ...(one.values ?? []).map(([, value]) => value)]).join()
  for (const [name, value] of Object.entries({ '{client_id}': client.id, '{client_secret}': secret, '{url}': url }))
    assert.ok(text.includes(value) || !written.includes(name), name)
}

/** Signs a browser in to an app whose row says how, and agrees where that is asked. */
async function signsInByConsent(browser: Visitor, app: TestApp) {
  const { client } = app
  const scope = client.scopes.join(' ')
  if (client.requirePkce) {
    const { url } = await authorizationOf(app, { scope, code_challenge: undefined, code_challenge_method: undefined })
    assert.equal((await follow(browser, url)).searchParams.get('error'), 'invalid_request', 'a request without PKCE')
  }
  const asked = await authorizationOf(app, {
    scope,
    ...(!client.requirePkce && { code_challenge: undefined, code_challenge_method: undefined }),
  })
  const answer = await answerAfterConsent(browser, asked)
  if (client.requirePkce) return exchange(app, answer, asked)
  const { verifier: _, ...plain } = asked
  return exchange(app, answer, plain)
}

async function answerAfterConsent(browser: Visitor, { url }: Authorization): Promise<URL> {
  const at = await follow(browser, url)
  if (!at.pathname.startsWith('/oidc/')) return at
  const agreed = await browser.submit(`${at.pathname}/consent`, {})
  return follow(browser, /url=([^"]+)"/.exec(agreed.body)?.[1] ?? '')
}

test('a form by a preset keeps what was changed in it, and opens what is wrong behind “More settings”', async (t) => {
  const { server, browser } = await adminScene(t)
  await ensureSigningKeys(server.operator())
  const filled = (await browser.page(`${NEW}?preset=miniflux`)).submission(NEW)
  for (const [typed, sentence, isOpen] of [
    [{ url: '' }, /Address of the app: required|Address of the app: enter/i, false],
    [{ url: 'https://a.example/?x' }, /at which people open the app/, false],
    [{ url: READER, name: '' }, /Name: required/, false],
    [{ url: READER, redirect_uris: '{url}/a\n{url}/b c' }, /Redirect URIs: line 2/, true],
    [{ url: READER, logout_uris: 'http://reader.example.org' }, /After signing out: use https/, true],
  ] as const) {
    const page = await browser.pageAfter(NEW, { ...filled, ...typed }, 422)
    assert.match(page.alert().text, sentence)
    assert.equal(page.count('details.more[open]'), isOpen ? 1 : 0, sentence.source)
    for (const [field, value] of Object.entries(typed)) assert.equal(page.submission(NEW)[field], value, field)
    assert.equal(page.heading, 'Register Miniflux')
  }
  const http = { ...filled, url: 'http://192.168.0.9:8080', allow_http: 'yes', logout_uris: '{url}/bye' }
  const made = await browser.pageAfter(NEW, { ...http, redirect_uris: '{url}/oauth2/oidc/callback\n{url}/second' })
  const { redirectUris, logoutUris } = await stored(server, 'Miniflux')
  const at = 'http://192.168.0.9:8080'
  assert.deepEqual([redirectUris, logoutUris], [[`${at}/oauth2/oidc/callback`, `${at}/second`], [`${at}/bye`]])
  assert.equal(variablesIn(made)['OAUTH2_REDIRECT_URL'], `${at}/oauth2/oidc/callback`)
})

test('without a preset `{url}` stands for nothing, and the form of any app asks for every setting', async (t) => {
  const { server, browser } = await adminScene(t)
  const form = await browser.page((await browser.page(NEW)).main.link(/^Something else/))
  assert.equal(form.heading, 'Register an app')
  assert.equal(form.sent('url'), undefined)
  const typed = { ...form.submission(NEW), name: 'Notes', redirect_uris: '{url}/callback', url: READER }
  assert.match((await browser.pageAfter(NEW, typed, 422)).alert().text, /Redirect URIs: /)
  assert.equal(await findClientByName(server.operator(), 'Notes'), undefined)
  assert.equal((await browser.page(`${NEW}?preset=none-such`)).sent('name'), undefined)
})

test('an app without a secret is given settings without one', async (t) => {
  const { server, browser } = await adminScene(t)
  await ensureSigningKeys(server.operator())
  const filled = (await browser.page(`${NEW}?preset=opkssh`)).submission(NEW)
  const made = await browser.pageAfter(NEW, filled)
  const { id } = await stored(server, 'opkssh')
  const issuer = `${server.doorward.config.publicUrl}/oidc`
  assert.equal(made.part('program-0').text, `${issuer} ${id} 24h`)
  assert.equal(made.hasPart('client-secret'), false)
  const page = await browser.page(made.main.link('Open the app’s page'))
  assert.doesNotMatch(page.main.text, /CLIENT_SECRET/)
})

test('under the two-person rule the settings are shown while the app waits', async (t) => {
  const { server, root } = await startWithRule(t, 'sqlite')
  await ensureSigningKeys(server.operator())
  const browser = await signedInBrowser(root)
  const filled = (await browser.page(`${NEW}?preset=miniflux`)).submission(NEW)
  const made = parsePage(await browser.submit(NEW, { ...filled, url: READER }))
  assert.equal(made.heading, 'Miniflux is waiting for a second admin')
  assert.equal(variablesIn(made)['OAUTH2_REDIRECT_URL'], CALLBACK)
})

test('in German the generic presets have German names, and their own words', async (t) => {
  const { browser } = await adminScene(t, { language: 'de' })
  const { main } = await browser.page(NEW)
  assert.match(main.text, /Beliebige App.*Web-App.*Programme.*Miniflux.*Feed-Reader/)
})
