// Devices whose user may not use the app, whose sign-in is too weak or too old, and who agrees to what the app gets: on the page, and at each use.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { listEvents } from '#domain/audit/audit.service.ts'
import { updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { lockResource, updateResource } from '#domain/clients/resource.service.ts'
import type { ResourceFields } from '#domain/clients/resource.ts'
import { inTransaction } from '#foundation/context.ts'
import { hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { disableApp, enableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { registerApp } from '../support/openid/apps.ts'
import { changeApp, isAlive, postAs, refreshAs } from '../support/openid/attack-scene.ts'
import { consentsIn } from '../support/openid/consents.ts'
import { allows, type AskedCodes, codesFor, PLAYER, poll, typesCode } from '../support/openid/devices.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { registerApi, RESOURCE_URI, verify } from '../support/openid/resources.ts'
import { ownPageScene, type SceneOptions } from '../support/pages/page-scenes.ts'
import { parsePage } from '../support/pages/parsed-page.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

async function scene(t: TestContext, fields: Partial<ClientFields>, options: SceneOptions) {
  const { server, admin, ada, browser } = await ownPageScene(t, options)
  const clock = shareClock(t, server)
  const app = await registerApp(server, { ...PLAYER, redirectUris: [], ...fields })
  /** What the answer to a device says that asks for its tokens. */
  const outcome = async (codes: AskedCodes) => {
    clock.pass(seconds(5))
    const { status, body } = await poll(server, app, codes)
    return status === 200 ? 'tokens' : body['error']
  }
  const types = ({ userCode }: AskedCodes) => browser.submit('/oidc/device', { user_code: userCode })
  const allowsBlindly = ({ userCode }: AskedCodes) =>
    browser.submit('/oidc/device/allow', { user_code: userCode, revision: String(app.client.revision) })
  const change = (changed: Partial<ClientFields>) =>
    changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, ...changed }))
  return { server, admin, ada, browser, clock, app, outcome, types, allowsBlindly, change }
}

async function refusals(server: Server) {
  const { items } = await listEvents(server.operator(), { action: 'app.refused', limit: 50 })
  return items.map(({ reason, target }) => [reason, target])
}

onEachDatabase(
  'who may not use the app of a device reads why, and a device gets nothing while its user is out of the group',
  async (t, dialect) => {
    const fields = { scopes: ['openid', 'profile', 'offline_access'] } as const
    const { server, admin, ada, browser, app, outcome, types, allowsBlindly, change } = await scene(t, fields, {
      dialect,
    })
    const group = await newGroup(admin, 'Board of directors')
    const { id, subject } = await rowOf(ada)
    const member = `/groups/${group}/members/${id}`
    await change({ allowedGroups: [group], leastAssurance: 'phishing-resistant' })
    const codes = await codesFor(server, app, { scope: 'openid offline_access' })
    // The group comes first, so that nobody adds a passkey for an app that they may not use.
    for (const answer of [await types(codes), await types(codes), await allowsBlindly(codes)]) {
      assert.equal(answer.statusCode, 403)
      const page = parsePage(answer.body)
      assert.equal(page.heading, 'You can’t use Player')
      assert.match(page.main.text, /certain groups.*ask an admin.*Signed in here as ada/)
      assert.ok(!answer.body.includes('directors') && !answer.body.includes(group))
    }
    assert.deepEqual(await refusals(server), [['group', subject]], 'one event for one device')
    assert.equal(await outcome(codes), 'authorization_pending')

    await change({ leastAssurance: null })
    assert.equal((await admin.asks('PUT', member)).status, 204)
    await allows(browser, codes.userCode)
    assert.equal((await admin.asks('DELETE', member)).status, 204)
    assert.equal(await outcome(codes), 'invalid_grant')
    assert.equal((await admin.asks('PUT', member)).status, 204)
    const { body: tokens } = await poll(server, app, codes)
    assert.ok(await isAlive(server, app, tokens['access_token']))
    assert.equal((await admin.asks('DELETE', member)).status, 204)
    assert.ok(!(await isAlive(server, app, tokens['access_token'])))
    assert.equal((await refreshAs(server, app, tokens['refresh_token'])).body['error'], 'invalid_grant')
  },
)

leaveToTestAll()

onEitherDatabase(
  'a role that is lost between the code and the approval, or after it, is missed',
  async (t, dialect) => {
    const { server, ada, browser, app, outcome, types, allowsBlindly } = await scene(
      t,
      { allowedRoles: ['admin'] },
      { dialect },
    )
    const setRole = (role: string) =>
      server.doorward.db.updateTable('users').set({ role }).where('username', '=', ada.username).execute()
    await setRole('admin')
    const [before, after] = [await codesFor(server, app), await codesFor(server, app)]
    assert.equal((await types(before)).statusCode, 200)
    await allows(browser, after.userCode)
    await setRole('user')
    assert.equal((await allowsBlindly(before)).statusCode, 403)
    assert.equal(await outcome(before), 'authorization_pending')
    assert.equal(await outcome(after), 'invalid_grant')
    await setRole('admin')
    assert.equal(await outcome(after), 'tokens')
  },
)

onEitherDatabase(
  'a device asks for the level of its app: on the page, and when it asks for tokens',
  async (t, dialect) => {
    const row = { leastAssurance: 'two-factors' } as const
    const { server, browser, ada, clock, app, outcome, types, allowsBlindly, change } = await scene(t, row, { dialect })
    await storePolicyVersion(server.doorward.db, { id: 'all', rememberFor: hours(24) })
    const weak = 'password remembered-device'
    await server.doorward.db.updateTable('session').set({ methods: weak, authentication_methods: weak }).execute()
    const codes = await codesFor(server, app)
    const { headers } = await types(codes)
    const led = String(headers.location)
    assert.match(led, /^\/confirm\?least=two-factors/)
    assert.equal((await allowsBlindly(codes)).headers.location, led)
    assert.equal(await outcome(codes), 'authorization_pending')
    clock.pass(minutes(1))
    await browser.submit(led, { password: ada.password, code: ada.code() })
    await allows(browser, codes.userCode)
    await change({ leastAssurance: 'phishing-resistant' })
    assert.equal(await outcome(codes), 'invalid_grant')
    await change({ leastAssurance: 'two-factors' })
    assert.equal(await outcome(codes), 'tokens')
  },
)

onEitherDatabase(
  'a device is as recent as at its approval until it has its tokens, and renews them while the sign-in is recent',
  async (t, dialect) => {
    const { server, browser, clock, app, types, allowsBlindly } = await scene(t, { maxAge: 120 }, { dialect })
    const codes = await codesFor(server, app)
    await allows(browser, codes.userCode)
    clock.pass(minutes(5))
    const { status, body } = await poll(server, app, codes)
    assert.equal(status, 200, 'it was approved by a recent sign-in')
    assert.ok(await isAlive(server, app, body['access_token']))
    assert.equal((await refreshAs(server, app, body['refresh_token'])).body['error'], 'invalid_grant')
    const late = await codesFor(server, app)
    assert.match(String((await types(late)).headers.location), /^\/confirm\?since=/)
    assert.match(String((await allowsBlindly(late)).headers.location), /^\/confirm\?since=/)
  },
)

onEitherDatabase(
  'a device gets what its user has read and allowed, each asks, and signing out of the app ends them all',
  async (t, dialect) => {
    const fields = { trusted: false, scopes: ['openid', 'profile', 'email', 'roles', 'offline_access'] } as const
    const { server, browser, clock, app, outcome, types, change } = await scene(
      t,
      { ...fields, startUrl: 'https://player.example/' },
      { dialect },
    )
    const claims = JSON.stringify({ userinfo: { roles: null } })
    const codes = await codesFor(server, app, { scope: 'openid profile', claims })
    const question = parsePage((await types(codes)).body)
    assert.match(question.main.text, /What Player gets That it’s you .*Profile.*Role.*Stays signed in Until you sign/)
    assert.doesNotMatch(question.main.text, /Email|background/)
    await allows(browser, codes.userCode)
    const items = ['scope:profile', 'scope:roles']
    assert.deepEqual(await consentsIn(server), { items: [items], grants: 1, events: 1 })
    const info = async (token: unknown) =>
      (await ask(server, 'GET', '/oidc/me', { headers: { authorization: `Bearer ${String(token)}` } })).body
    const tokens = (await poll(server, app, codes)).body
    const known = await info(tokens['access_token'])
    assert.deepEqual([known['preferred_username'], known['roles'], known['email']], ['ada', ['user'], undefined])
    // A row that allows more gives no more to a device that was allowed before.
    await change({ unconfirmedEmail: true, attributes: [] })
    const renewed = (await refreshAs(server, app, tokens['refresh_token'])).body
    assert.equal((await info(renewed['access_token']))['email'], undefined)

    // Of two more devices one has its tokens, one has not fetched them yet, and a third waits.
    const [second, third, waiting] = [
      await codesFor(server, app, { scope: 'openid offline_access' }),
      await codesFor(server, app, { scope: 'openid' }),
      await codesFor(server, app, { scope: 'openid' }),
    ]
    for (const { userCode } of [second, third]) await allows(browser, userCode)
    assert.equal((await consentsIn(server)).grants, 3, 'each device has a grant')
    const offline = (await poll(server, app, second)).body
    assert.ok(await isAlive(server, app, offline['access_token']))
    const page = await browser.page('/account/apps')
    assert.deepEqual(page.main.linksTo('https://player.example/'), ['Player player.example'])
    assert.match(page.part('sign-ins').text, /Player Signed in/)
    await browser.submit(`/account/apps/${app.client.id}/sign-out`, {})
    assert.deepEqual(await consentsIn(server), { items: [], grants: 0, events: 2 })
    assert.equal(await outcome(third), 'invalid_grant')
    for (const ended of [renewed, offline]) {
      assert.ok(!(await isAlive(server, app, ended['access_token'])))
      assert.equal((await refreshAs(server, app, ended['refresh_token'])).body['error'], 'invalid_grant')
    }
    // One that waits has got nothing of the user, so it asks as before.
    clock.pass(seconds(5))
    assert.equal(await outcome(waiting), 'authorization_pending')
    await allows(browser, waiting.userCode)
    assert.equal(await outcome(waiting), 'tokens')
  },
)

onEitherDatabase(
  'a device of an app that is disabled waits in vain, and one that was allowed stays ended',
  async (t, dialect) => {
    const { server, browser, app, outcome, types } = await scene(t, {}, { dialect })
    const [waiting, allowed] = [await codesFor(server, app), await codesFor(server, app)]
    await allows(browser, allowed.userCode)
    await disableApp(server.operator(), app.client.id)
    assert.equal((await types(waiting)).statusCode, 422)
    assert.equal(await outcome(waiting), 'invalid_client')
    await enableApp(server.operator(), app.client.id)
    assert.equal(await outcome(allowed), 'invalid_grant')
    await allows(browser, waiting.userCode)
    assert.equal(await outcome(waiting), 'tokens')
  },
)

onEitherDatabase('a device gets tokens for the API that it has named, as its user reads', async (t, dialect) => {
  const { server, browser, app, outcome } = await scene(t, { scopes: ['openid', 'offline_access'] }, { dialect })
  const orders = await registerApi(server, { tokenFormat: 'jwt' })
  const device = { resource: RESOURCE_URI, scope: 'openid offline_access read' }
  const unknown = await postAs(server, app, '/device/auth', { ...device, resource: 'https://other.example/' })
  assert.equal(unknown.body['error'], 'invalid_target')

  const codes = await codesFor(server, app, device)
  const typed = await browser.submit('/oidc/device', { user_code: codes.userCode })
  assert.match(parsePage(typed.body).main.text, /Access to Orders In your name, at .* May read/)
  await allows(browser, codes.userCode)
  const { body } = await poll(server, app, codes)
  const { payload } = await verify(server, String(body['access_token']))
  assert.deepEqual([payload.aud, payload['scope'], payload['client_id']], [RESOURCE_URI, 'read', app.client.id])
  const renewed = (await refreshAs(server, app, body['refresh_token'])).body
  assert.equal((await verify(server, String(renewed['access_token']))).payload.aud, RESOURCE_URI)

  const [waiting, old] = [await codesFor(server, app, device), await codesFor(server, app, device)]
  const shown = await typesCode(browser, old.userCode)
  const change = (changed: Partial<ResourceFields>) =>
    inTransaction(server.operator(), async (tx) => {
      const before = await lockResource(tx, orders.resource.id)
      return updateResource(tx, before, { ...before, ...changed })
    })
  await change({ scopes: ['read', 'delete'] })
  const again = await browser.submit('/oidc/device/allow', shown)
  assert.match(parsePage(again.body).main.text, /Access to Orders/, 'what was shown is no longer so')
  assert.equal(await outcome(old), 'authorization_pending')
  await change({ allowedClients: [] })
  assert.equal((await browser.submit('/oidc/device', { user_code: waiting.userCode })).statusCode, 422)
  assert.equal((await refreshAs(server, app, renewed['refresh_token'])).body['error'], 'invalid_grant')
})
