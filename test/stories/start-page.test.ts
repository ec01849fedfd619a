// The start page of a user: the apps to open, and the apps to which the user is signed in, each with a way out.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { listEvents } from '#domain/audit/audit.service.ts'
import { storeClient } from '#domain/clients/client.service.ts'
import { type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { insertGrantToken } from '#domain/grants/token.queries.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, minutes } from '#foundation/kernel/time.ts'
import { setAppIcon } from '#use-cases/administration/clients/app-icon.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { grantIn, isAlive } from '../support/openid/app-grants.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { agreesTo } from '../support/openid/consents.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { ownPageScene, userPageScene } from '../support/pages/page-scenes.ts'
import type { ParsedPage } from '../support/pages/parsed-page.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { declares } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer, type Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { pngSquare } from '../support/pictures.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const APPS = '/account/apps'

/** Registers an app that users can open. */
async function appOn(server: Server, name: string, fields: Partial<ClientFields> = {}): Promise<string> {
  const id = name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z\d]/g, '')
  const host = `${id}.example.org`
  const wanted = { ...NEW_CLIENT, name, redirectUris: [`https://${host}/cb`], startUrl: `https://${host}/`, ...fields }
  const stored = await inTransaction(server.operator(), (tx) =>
    storeClient(tx, { id, fields: wanted, createdBy: null }),
  )
  return stored.id
}

async function agrees(server: Server, person: Person, id: string, items: readonly string[]): Promise<void> {
  const { subject } = await rowOf(person)
  await agreesTo(server, id, subject, items)
}

/** The apps that the page opens. */
function opened(page: ParsedPage): string[] {
  return page.main.linksTo(/^https:/).map((name) => name.split(' ')[0] ?? '')
}

interface OwnApps {
  readonly start_page: readonly Readonly<Record<string, unknown>>[]
  readonly sign_ins: readonly Readonly<Record<string, unknown>>[]
}

async function appsOf(person: Person): Promise<OwnApps> {
  const { body, status } = await person.asks('GET', '/users/me/apps')
  assert.equal(status, 200)
  return body as unknown as OwnApps
}

onEachDatabase('a user reviews what apps get, and signs out of one, whose tokens end at once', async (t, dialect) => {
  const scene = await ownPageScene(t, { dialect })
  const { server, browser } = scene
  const clock = shareClock(t, server)
  const ada = await scene.ada.signsIn()
  const app = await registerApp(server, { name: 'Wiki', startUrl: 'https://wiki.example.org/home' })
  const { id } = app.client
  const tokens = await signInAt(browser, app)
  clock.pass(minutes(5))

  const page = await browser.page(APPS)
  assert.deepEqual(page.main.linksTo('https://wiki.example.org/home'), ['Wiki wiki.example.org'])
  assert.match(
    page.part('sign-ins').text,
    /Wiki Signed in 5 minutes ago · Last used 5 minutes ago Sees: who you are, profile, verified email/,
  )
  const shown = await appsOf(ada)
  assert.deepEqual(shown.start_page, [{ id, name: 'Wiki', start_url: 'https://wiki.example.org/home', icon_url: null }])
  const [signIn] = shown.sign_ins
  assert.deepEqual(
    [signIn?.['id'], signIn?.['agreed_at'], signIn?.['items']],
    [id, null, ['scope:email', 'scope:profile']],
  )

  const question = `${APPS}/${id}/sign-out`
  assert.equal(page.main.link('Sign out of Wiki'), question)
  const asked = await browser.page(question)
  assert.equal(asked.heading, 'Sign out of Wiki?')
  assert.match(asked.main.text, /effective immediately.*It may keep you signed in on its own pages/)
  for (let presses = 0; presses < 2; presses++)
    assertLeadsTo(await browser.submit(question, {}), `${APPS}?done=signed-out`)
  const after = await browser.page(`${APPS}?done=signed-out`)
  assert.match(after.statuses().join(), /Signed out of the app/)
  assert.match(after.part('sign-ins').text, /You’re not signed in to any app/)
  await browser.page(question, 404)
  await assert.rejects(oidc.refreshTokenGrant(app.config, tokens.refresh_token ?? ''), { error: 'invalid_grant' })
  await assert.rejects(oidc.fetchUserInfo(app.config, tokens.access_token, tokens.claims()?.sub ?? ''))
  const { items } = await listEvents(server.operator(), { limit: 1 })
  assert.deepEqual([items[0]?.action, items[0]?.details?.['app']], ['app.consent_withdrawn', 'Wiki'])
  assert.equal((await browser.open('/account')).statusCode, 200, 'the session here goes on')
})

leaveToTestAll()

onEitherDatabase('a user sees the apps that the role or a group lets them use, and no other', async (t, dialect) => {
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
  const staff = await newGroup(admin, 'Staff', { members: [ada] })
  const board = await newGroup(admin, 'Board')
  await appOn(server, 'Everyone')
  await appOn(server, 'Admins', { allowedRoles: ['admin'] })
  await appOn(server, 'Users', { allowedRoles: ['user'], allowedGroups: [board] })
  await appOn(server, 'Staff', { allowedGroups: [staff, board] })
  await appOn(server, 'Board', { allowedGroups: [board] })
  await appOn(server, 'Hidden', { hidden: true })
  await appOn(server, 'Pathless', { startUrl: null })
  const disabled = await appOn(server, 'Disabled')
  await admin.asks('POST', `/apps/${disabled}/disable`)
  assert.deepEqual(opened(await browser.page(APPS)), ['Everyone', 'Staff', 'Users'])
  const names = async (person: Person) => (await appsOf(person)).start_page.map(({ name }) => name)
  assert.deepEqual(await names(await ada.signsIn()), ['Everyone', 'Staff', 'Users'])
  assert.deepEqual(await names(admin), ['Admins', 'Everyone'])

  await setAppIcon(server.operator(), 'staff', pngSquare(32))
  const [, withIcon] = (await appsOf(ada)).start_page
  assert.deepEqual((await browser.page(APPS)).main.pictures(), [withIcon?.['icon_url']])
})

onEitherDatabase('without an app no page has the entry, and none asks for apps', async (t, dialect) => {
  const heard: string[] = []
  const { server, browser } = await ownPageScene(t, { dialect, onStatement: (text) => heard.push(text) })
  heard.length = 0
  const plain = await browser.page('/account')
  assert.deepEqual(plain.banner.linksTo(APPS), [])
  assert.deepEqual(
    heard.filter((text) => /\bfrom "?client/.test(text.replaceAll(/exists \(select 1 from client\)/g, ''))),
    [],
  )
  const empty = await browser.page(APPS)
  assert.match(empty.main.text, /No apps for you yet.*If one is missing, ask your admin/)
  assert.equal(empty.main.link('Go to your account'), '/account')
  // As another node or the command line does.
  await appOn(server, 'Wiki')
  assert.deepEqual((await browser.page('/account')).banner.linksTo(APPS), ['Apps'])
})

onEitherDatabase('an empty page leads a user who may register apps to them', async (t, dialect) => {
  const { server, admin } = await ownPageScene(t, { dialect })
  await appOn(server, 'Hidden', { hidden: true })
  const page = await (await signedInBrowser(admin)).page(APPS)
  assert.deepEqual(
    [page.main.link('Register an app'), page.main.link('Manage apps')],
    ['/admin/apps/new', '/admin/apps'],
  )
})

onEitherDatabase('a consent is listed without a sign-in, in words, and can be withdrawn', async (t, dialect) => {
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
  await declares(admin, [{ key: 'desk', label: 'Desk' }])
  const [staff, board] = [await newGroup(admin, 'Staff', { members: [ada] }), await newGroup(admin, 'Board')]
  const id = await appOn(server, 'Meals', { trusted: false, startUrl: null })
  const items = ['attribute:desk', 'email:unconfirmed', `group:${staff}`, `group:${board}`, 'scope:email']
  await agrees(server, ada, id, [...items, 'scope:groups', 'scope:offline_access', 'scope:roles'])
  const page = await browser.page(APPS)
  assert.match(page.main.text, /No apps to open from here yet/)
  assert.match(
    page.part('sign-ins').text,
    /Meals Not signed in now · Allowed just now Sees: who you are, email, role, groups \(Staff\), Desk, works in the background/,
  )
  const [signIn] = (await appsOf(await ada.signsIn())).sign_ins
  assert.deepEqual([signIn?.['signed_in_at'], signIn?.['last_used_at']], [null, null])
  const question = page.main.link('Withdraw what you’ve allowed Meals')
  assert.match((await browser.page(question)).main.text, /When you open it again, you’re asked first/)
  assertLeadsTo(await browser.submit(question, {}), `${APPS}?done=signed-out`)
  assert.deepEqual((await appsOf(ada)).sign_ins, [])
})

onEitherDatabase('an app is listed as long as its tokens can be used', async (t, dialect) => {
  const { server, ada, browser } = await ownPageScene(t, { dialect })
  const [wiki, notes] = [await appOn(server, 'Wiki'), await appOn(server, 'Notes')]
  const other = await signedInBrowser(ada)
  const here = await grantIn(server, browser, { app: wiki })
  const there = await grantIn(server, other, { app: notes, isOffline: true })
  const now = server.clock.now()
  const token = { id: 'offline', kind: 'refresh', grantId: there.grantId, isOffline: true, payload: '{}' } as const
  await insertGrantToken(server.doorward.db, { ...token, createdAt: now, expiresAt: now + days(30) })
  const names = async () => (await appsOf(ada)).sign_ins.map(({ name }) => name)
  await ada.signsIn()
  assert.deepEqual(await names(), ['Notes', 'Wiki'])

  // Time without a request ends the session here, and not what apps got in it.
  server.clock.pass(minutes(90))
  await ada.signsIn()
  assert.deepEqual([await names(), await isAlive(server, here)], [['Notes', 'Wiki'], true])
  server.clock.pass(days(2))
  await ada.signsIn()
  assert.deepEqual([await names(), await isAlive(server, here)], [['Notes'], false])
  assert.equal(await isAlive(server, { ...there, isOffline: true }), true)
  await server.doorward.db.updateTable('users').set({ credential_epoch: 99 }).where('username', '=', 'ada').execute()
  await ada.signsIn()
  assert.deepEqual([await names(), await isAlive(server, there)], [[], false])
})

onEitherDatabase('by the API a user signs out of an app, once or more often, and no other user', async (t, dialect) => {
  const { server, admin, ada } = await ownPageScene(t, { dialect })
  await ada.signsIn()
  const id = await appOn(server, 'Wiki')
  for (const person of [ada, admin]) await agrees(server, person, id, ['scope:email'])
  const reader = await apiTokenOf(ada, ['self:read'])
  assert.equal((await asksWith(server, reader, 'GET', '/users/me/apps')).status, 200)
  assert.equal((await asksWith(server, reader, 'DELETE', `/users/me/apps/${id}`)).status, 403)
  const writer = await apiTokenOf(ada, ['self:read', 'self:write'])
  assert.equal((await asksWith(server, writer, 'DELETE', `/users/me/apps/${id}`)).status, 204)
  for (const gone of [id, 'none'])
    assert.equal((await asksWith(server, writer, 'DELETE', `/users/me/apps/${gone}`)).status, 204)
  assert.equal((await appsOf(admin)).sign_ins.length, 1)
})

onEitherDatabase('many apps are found by a part of their name', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  for (let at = 0; at < 25; at++) await appOn(server, `App${at}`)
  await appOn(server, 'Ärztekalender')
  const all = await browser.page(APPS)
  assert.equal(opened(all).length, 26)
  assert.deepEqual(opened(await browser.page(`${APPS}?q=%C3%A4RZTE`)), ['Ärztekalender'])
  const none = await browser.page(`${APPS}?q=zzz`)
  assert.match(none.main.text, /No apps with this name/)
  assert.equal(none.main.link('Clear search'), APPS)
})

test('a page with the most apps is no larger than 96 KB, and says that there are more', async (t) => {
  const { server, browser } = await ownPageScene(t)
  for (let at = 0; at < 201; at++) await appOn(server, `App${at}`)
  const answer = await browser.open(APPS)
  assert.ok(answer.rawPayload.length < 96 * 1024, `${answer.rawPayload.length}`)
  assert.match(answer.body, /These are the first 200\. Search for the others\./)
})

onEitherDatabase(
  'an admin who may read the log sees the apps of a user, and signs the user out',
  async (t, dialect) => {
    const { server, admin, ada, browser, page } = await userPageScene(t, { dialect })
    const id = await appOn(server, 'Wiki')
    assert.equal((await browser.page(`${page}/groups`)).hasPart('apps'), false)
    await agrees(server, ada, id, ['scope:email'])
    const api = `/users/${String((await rowOf(ada)).id)}/apps`
    const section = (await browser.page(`${page}/groups`)).part('apps')
    assert.match(section.text, /Wiki Not signed in now · Allowed just now Sees: who they are, profile, verified email/)
    assert.equal((await admin.asks('GET', api)).body['items'] instanceof Array, true)

    await createRole(server.operator(), { name: 'desk', description: '', permissions: ['users:read', 'users:write'] })
    const desk = await newcomer(admin, 'dora', { role: 'desk' })
    assert.equal((await (await signedInBrowser(desk)).page(`${page}/groups`)).hasPart('apps'), false)
    await desk.signsIn()
    for (const refused of [await desk.asks('GET', api), await desk.asks('DELETE', `${api}/${id}`)])
      assert.equal(refused.status, 403)

    await browser.page(page)
    for (let presses = 0; presses < 2; presses++)
      assertLeadsTo(await browser.submit(`${page}/apps/${id}/end`, {}), `${page}/groups?done=app-ended`)
    assert.match((await browser.page(`${page}/groups?done=app-ended`)).statuses().join(), /Signed out of the app/)
    assert.equal((await browser.page(`${page}/groups`)).hasPart('apps'), false)
    assert.equal((await admin.asks('DELETE', `${api}/${id}`)).status, 204)
    const { items } = await listEvents(server.operator(), { limit: 10 })
    assert.equal(items.filter(({ action }) => action === 'app.consent_withdrawn').length, 1)
  },
)
