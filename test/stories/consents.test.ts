// What an app that is not trusted may learn of its users: what they agree to, once, until they take it back.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { deleteClient, updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { createGroup } from '#use-cases/administration/groups/groups.service.ts'
import {
  answerAt,
  authorizationOf,
  exchange,
  follow,
  registerApp,
  signInAt,
  type TestApp,
} from '../support/openid/apps.ts'
import { changeApp, isAlive, refreshAs } from '../support/openid/attack-scene.ts'
import { asked, consentsIn, onwardIn, presses, withdraw } from '../support/openid/consents.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { ownPageScene, type OwnPageScene, stored, visitorScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const EVERYTHING = 'openid profile email roles groups'
const ALL = ['openid', 'profile', 'email', 'roles', 'groups'] as const
const MEALS = { name: 'Meals', trusted: false, scopes: ALL } as const
const ON_DEVICE = { kind: 'native', authMethod: 'none', redirectUris: ['http://127.0.0.1/cb'] } as const

type Tokens = Awaited<ReturnType<typeof signInAt>>

function userinfo({ config }: TestApp, { access_token: token }: Pick<Tokens, 'access_token'>) {
  return oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck) as Promise<Record<string, unknown>>
}

/** Agrees on the page, and returns what the app gets. */
async function allows(browser: OwnPageScene['browser'], app: TestApp, parameters = {}): Promise<Tokens> {
  const question = await asked(browser, app, parameters)
  return exchange(app, await presses(browser, question.path, 'Allow'), question)
}

/** The error that an app gets which asks without a page. */
async function errorWithoutPage(
  browser: OwnPageScene['browser'],
  app: TestApp,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const { url } = await authorizationOf(app, { ...parameters, prompt: 'none' })
  return (await follow(browser, url)).searchParams.get('error')
}

async function scene(t: Parameters<typeof ownPageScene>[0], row: Partial<ClientFields> = {}, options = {}) {
  const { server, browser } = await ownPageScene(t, options)
  const clock = shareClock(t, server)
  const app = await registerApp(server, { ...MEALS, ...row })
  const { subject } = await stored(server, 'ada')
  return { server, browser, clock, app, subject }
}

test('a user who is not the one who is signed in goes on as themselves, and agrees for themselves alone', async (t) => {
  const { server, admin, browser } = await ownPageScene(t)
  shareClock(t, server)
  const app = await registerApp(server, MEALS)
  const question = await asked(browser, app)
  assert.match(question.page.text, /Signed in here as ada Not you\?/)
  const { headers: left } = await browser.submit(`${question.path}/other`, {})
  assert.equal((await browser.open('/account')).statusCode, 303, 'the session has ended')
  const { username, password } = admin
  const { headers: identified } = await browser.submit(String(left.location), { username, password })
  const proven = await browser.submit(String(identified.location), { code: admin.code() })
  assert.equal(onwardIn(proven.body), question.path)
  assert.match((await browser.page(question.path)).text, new RegExp(`${username} Signed in here Not you`))
  const tokens = await exchange(app, await presses(browser, question.path, 'Allow'), question)
  assert.equal(tokens.claims()?.sub, (await stored(server, username)).subject)
  const { grants, events } = await consentsIn(server)
  assert.deepEqual([grants, events], [1, 1])
})

test('an app that is not trusted asks its user once, gets an error on a refusal, and loses everything with the consent', async (t) => {
  const { server, browser, app, subject } = await scene(t)
  const quiet = await authorizationOf(app, { prompt: 'none' })
  const refused = (await answerAt(browser, app, quiet)).searchParams
  assert.deepEqual([refused.get('error'), refused.get('state')], ['consent_required', quiet.state])
  const question = await asked(browser, app)
  assert.equal(question.page.heading, 'Sign in to Meals?')
  assert.match(question.page.text, /Meals at app\.example wants to sign you in/)
  assert.match(question.page.text, /Ada Lovelace Signed in here as ada/)
  assert.match(question.page.text, /Profile Username, full name.+Email Once you’ve verified it.+at most 24 hours/)
  assert.doesNotMatch(question.page.text, /Role|Groups|New/)
  const denied = (await presses(browser, question.path, 'Cancel')).searchParams
  assert.deepEqual(
    [denied.get('error'), denied.get('state'), denied.get('iss')],
    ['access_denied', question.state, 'http://localhost:8000/oidc'],
  )
  assert.deepEqual(await consentsIn(server), { items: [], grants: 0, events: 0 })
  const tokens = await allows(browser, app)
  assert.equal((await userinfo(app, tokens))['preferred_username'], 'ada')
  assert.deepEqual(await consentsIn(server), { items: [['scope:email', 'scope:profile']], grants: 1, events: 1 })
  // It is remembered, for less too, and asked again for more.
  await signInAt(browser, app)
  await signInAt(browser, app, { scope: 'openid', prompt: 'none' })
  assert.equal(await errorWithoutPage(browser, app, { scope: EVERYTHING }), 'consent_required')
  const more = await asked(browser, app, { scope: EVERYTHING })
  assert.match(more.page.text, /asks for more than you’ve allowed so far.+Role New.+Groups New/)
  assert.doesNotMatch(more.page.text, /(?:Profile|Email|in) New/)
  assert.equal(await withdraw(server.operator(), app.client, subject), true)
  assert.equal(await isAlive(server, app, tokens.access_token), false)
  assert.equal((await refreshAs(server, app, tokens.refresh_token)).status, 400)
  assert.equal(await errorWithoutPage(browser, app), 'consent_required')
  assert.equal(await withdraw(server.operator(), app.client, subject), false)
})

leaveToTestAll()

/** Declares an attribute that admins see. */
async function declare({ doorward: { db } }: Server, key: string, label: string): Promise<void> {
  const access = { visible_to: 'admin', changed_by: 'admin', at_joining: 0 } as const
  const row = { key, label, type: 'text', choices: '[]', position: 0, created_at: 1, revision: 1, ...access } as const
  await db.insertInto('attribute').values(row).execute()
}

async function makeGroup(server: Server, name: string): Promise<string> {
  return (await createGroup(server.operator(), { name })).id
}

test('the page says what the app gets in words: groups by their names, attributes by their labels, and for how long', async (t) => {
  const { server, browser, app } = await scene(t, {
    scopes: [...ALL, 'offline_access'],
    unconfirmedEmail: true,
    attributes: [{ key: 'desk', claim: 'place', allowedBy: null }],
  })
  await declare(server, 'desk', 'Place of work')
  const [staff, board] = [await makeGroup(server, 'Staff'), await makeGroup(server, 'Board')]
  const set = (changes: Partial<ClientFields>) =>
    changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, ...changes }))
  const read = async (parameters = {}) => (await asked(browser, app, { scope: EVERYTHING, ...parameters })).page.text
  assert.match(await read(), /Email Even if it isn’t verified Role Your role here, currently User Groups None at the/)
  assert.match(await read(), /More about you Place of work Stays signed in In the background, for up to 180 days/)
  await set({ sharedGroups: [staff, board] })
  assert.match(await read(), /Groups Whether you’re in: Board, Staff/)
  await set({ sharedGroups: 'all', unconfirmedEmail: false })
  assert.match(await read(), /Groups All groups you’re in/)
  const { db } = server.doorward
  await db.updateTable('users').set({ email_verified_at: server.clock.now() }).execute()
  assert.match(await read(), /Email ada@example\.org/)
  const little = await read({ scope: 'openid' })
  assert.match(little, /That it’s you An ID that never changes/)
  assert.doesNotMatch(little, /Profile|Email|Role|Groups|More about you/)
  // A claim that is named asks for its scope.
  const named = await read({ scope: 'openid', claims: JSON.stringify({ userinfo: { roles: null } }) })
  assert.match(named, /Role Your role/)
  assert.doesNotMatch(named, /Email/)
})

test('the page is in the language of its user', async (t) => {
  const { server, browser, app } = await scene(t)
  await server.doorward.db.updateTable('users').set({ locale: 'de' }).execute()
  const { page } = await asked(browser, app, { scope: EVERYTHING })
  assert.equal(page.heading, 'Bei Meals anmelden?')
  assert.match(
    page.text,
    /Hier angemeldet als ada Nicht Sie\? Abmelden und anderes Konto verwenden Was Meals bekommt Dass Sie es sind/,
  )
  assert.deepEqual(page.main.buttons(), ['Nicht Sie? Abmelden und anderes Konto verwenden', 'Erlauben', 'Abbrechen'])
})

const WIDER: Readonly<Record<string, (server: Server) => Promise<Partial<ClientFields>>>> = {
  'another attribute': async (server) => {
    await declare(server, 'pay', 'Salary')
    return { attributes: [{ key: 'pay', claim: 'pay', allowedBy: null }] }
  },
  'another group': async (server) => ({ sharedGroups: [await makeGroup(server, 'Board')] }),
  'all groups': async () => ({ sharedGroups: 'all' }),
  'emails that are not verified': async () => ({ unconfirmedEmail: true }),
  'staying signed in in the background': async () => ({ scopes: [...ALL, 'offline_access'] }),
}
for (const [what, widerBy] of Object.entries(WIDER))
  test(`an app that gets ${what} asks its user again`, async (t) => {
    const { server, browser, app } = await scene(t)
    await allows(browser, app, { scope: EVERYTHING })
    await signInAt(browser, app, { scope: EVERYTHING, prompt: 'none' })
    const wider = await widerBy(server)
    await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, ...wider }))
    assert.equal(await errorWithoutPage(browser, app, { scope: EVERYTHING }), 'consent_required')
    assert.match((await asked(browser, app, { scope: EVERYTHING })).page.text, /asks for more.+New/)
    await allows(browser, app, { scope: EVERYTHING })
    await signInAt(browser, app, { scope: EVERYTHING, prompt: 'none' })
    assert.equal((await consentsIn(server)).events, 2)
  })

test('an app whose row is widened gets no more by what its users agreed to before: nowhere, and by no refresh', async (t) => {
  const { server, browser, app } = await scene(t, { scopes: ['openid', 'profile', 'groups'], claimsInIdToken: true })
  const ada = await stored(server, 'ada')
  const { db } = server.doorward
  await declare(server, 'pay', 'Salary')
  const staff = await makeGroup(server, 'Staff')
  await db
    .insertInto('user_attribute')
    .values({ subject: ada.subject, key: 'pay', value: '7', changed_at: 1 })
    .execute()
  await db.insertInto('group_member').values({ group_id: staff, subject: ada.subject, added_at: 1 }).execute()
  // What it names before its row allows it is not given either.
  const claims = JSON.stringify({ userinfo: { email: null, roles: null }, id_token: { email: null, roles: null } })
  const tokens = await allows(browser, app, { scope: 'openid profile groups', claims })
  await changeApp(server, app, (tx, client) =>
    updateClient(tx, client, {
      ...client,
      scopes: ALL,
      sharedGroups: 'all',
      unconfirmedEmail: true,
      attributes: [{ key: 'pay', claim: 'pay', allowedBy: null }],
    }),
  )
  const refreshed = await oidc.refreshTokenGrant(app.config, tokens.refresh_token ?? '')
  assert.equal(
    (await refreshAs(server, app, refreshed.refresh_token, { scope: EVERYTHING })).body['error'],
    'invalid_scope',
  )
  for (const token of [tokens.access_token, refreshed.access_token]) {
    const known = await userinfo(app, { access_token: token })
    assert.deepEqual(Object.keys(known).toSorted(), ['groups', 'name', 'preferred_username', 'sub'])
    assert.deepEqual(known['groups'], [])
    const introspected = (await oidc.tokenIntrospection(app.config, token)) as Record<string, unknown>
    assert.deepEqual([introspected['groups'], introspected['roles']], [[], undefined])
  }
  const inIdToken = refreshed.claims() as Record<string, unknown>
  assert.deepEqual([inIdToken['preferred_username'], inIdToken['groups']], ['ada', []])
  assert.deepEqual(
    ['email', 'roles', 'pay'].filter((claim) => claim in inIdToken),
    [],
  )
  // Once the user has agreed, a new sign-in gets it, and the former one still does not.
  const wide = await userinfo(app, await allows(browser, app, { scope: EVERYTHING }))
  assert.deepEqual([wide['groups'], wide['pay'], wide['email']], [['Staff'], '7', 'ada@example.org'])
  assert.equal('pay' in (await userinfo(app, refreshed)), false)
})

test('`prompt=consent` asks each time, at a trusted app as well', async (t) => {
  const { server, browser, app } = await scene(t)
  const trusted = await registerApp(server, { name: 'Wiki' })
  for (const one of [app, trusted]) {
    await allows(browser, one, { prompt: 'consent' })
    await allows(browser, one, { prompt: 'consent' })
    await signInAt(browser, one)
  }
  const { items, events } = await consentsIn(server)
  assert.deepEqual([items.length, events], [1, 1], 'what a trusted app gets was stored')
})

test('a program on the device that is not trusted asks each time, and says what it gets', async (t) => {
  const { browser, app } = await scene(t, ON_DEVICE)
  for (let time = 1; time <= 2; time++) {
    assert.equal(await errorWithoutPage(browser, app), 'interaction_required')
    const { page } = await asked(browser, app)
    assert.match(page.text, /A program on this device says it’s Meals.+Profile/)
    await allows(browser, app)
  }
})

test('an app that may stay signed in outlives the session by the consent, and ends with it', async (t) => {
  const { server, browser, app, subject } = await scene(t, { scopes: [...ALL, 'offline_access'] })
  const tokens = await allows(browser, app, { scope: 'openid' })
  await browser.submit('/sign-out', {})
  const refreshed = await refreshAs(server, app, tokens.refresh_token)
  assert.equal(refreshed.status, 200, refreshed.raw.body)
  await withdraw(server.operator(), app.client, subject)
  assert.equal((await refreshAs(server, app, refreshed.body['refresh_token'])).status, 400)
  assert.equal(await isAlive(server, app, refreshed.body['access_token']), false)
})

test('an app that is not trusted any more loses its sign-ins, and asks', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server)
  const tokens = await signInAt(visitor, app)
  const changed = await (await admin.signsIn()).asks('PATCH', `/apps/${app.client.id}`, { trusted: false })
  assert.equal(changed.status, 200, changed.raw.body)
  assert.equal((await consentsIn(server)).grants, 0)
  assert.equal(await isAlive(server, app, tokens.access_token), false)
  assert.equal(await errorWithoutPage(visitor, app), 'consent_required')
})

test('the grants of an app that was trusted cannot be used once it is not, even if they were not revoked', async (t) => {
  const { server, browser } = await ownPageScene(t)
  shareClock(t, server)
  const app = await registerApp(server)
  const tokens = await signInAt(browser, app)
  const authorization = await authorizationOf(app)
  const answer = await answerAt(browser, app, authorization)
  // An authorization that has read the row before the change, and stores its grant after it.
  await server.doorward.db.updateTable('client').set({ trusted: 0 }).execute()
  assert.equal((await consentsIn(server)).grants, 1)
  assert.equal(await isAlive(server, app, tokens.access_token), false)
  assert.equal((await refreshAs(server, app, tokens.refresh_token)).body['error'], 'invalid_grant')
  await assert.rejects(exchange(app, answer, authorization), { error: 'invalid_grant' })
})

test('consents are deleted with the app, and with the user', async (t) => {
  const { server, browser, app } = await scene(t)
  const other = await registerApp(server, { ...MEALS, name: 'Other' })
  await allows(browser, app)
  await allows(browser, other)
  const { db } = server.doorward
  await changeApp(server, app, (tx, client) => deleteClient(tx, client))
  assert.equal((await consentsIn(server)).items.length, 1)
  await db.deleteFrom('users').where('username', '=', 'ada').execute()
  assert.deepEqual((await consentsIn(server)).items, [])
})
