// Threat: an app goes on for a user who may not use it any more. What it got is compared at each use with the rows as they are, and a right that
// comes back is worth a new authorization.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { updateClient } from '#domain/clients/client.service.ts'
import type { ClientFields } from '#domain/clients/client.ts'
import { days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import {
  answerAt,
  authorizationOf,
  confirmsAt,
  follow,
  registerApp,
  signInAt,
  type TestApp,
} from '../support/openid/apps.ts'
import {
  changeApp,
  codeFor,
  exchangeAs,
  type GivenCode,
  isAlive,
  postAs,
  refreshAs,
} from '../support/openid/attack-scene.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { ownPageScene } from '../support/pages/page-scenes.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { newGroup } from '../support/people/groups.ts'
import { ask, type Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { storePolicyVersion } from '../support/policies/stored-policies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const OFFLINE = ['openid', 'profile', 'email', 'offline_access'] as const

function restrict(server: Server, app: TestApp, fields: Partial<ClientFields>): Promise<unknown> {
  return changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, ...fields }))
}

interface Held {
  readonly app: TestApp
  readonly code: GivenCode
  readonly access: unknown
  readonly refresh: unknown
}

/** An app with a code, an access token and a refresh token of the user in the browser. */
async function heldBy(server: Server, app: TestApp, browser: Visitor): Promise<Held> {
  const { body } = await exchangeAs(server, app, await codeFor(browser, app))
  return { app, code: await codeFor(browser, app), access: body['access_token'], refresh: body['refresh_token'] }
}

const errorOf = ({ status, body }: Reply) => [status, body['error']]

/** Asserts that no use of what an app holds is accepted, each with the error of its endpoint. */
async function assertRefused(server: Server, { app, code, access, refresh }: Held, about = ''): Promise<void> {
  assert.equal(await isAlive(server, app, access), false, about)
  const info = await ask(server, 'GET', '/oidc/me', { headers: { authorization: `Bearer ${String(access)}` } })
  assert.deepEqual(errorOf(info), [401, 'invalid_token'], about)
  assert.deepEqual(errorOf(await refreshAs(server, app, refresh)), [400, 'invalid_grant'], about)
  assert.deepEqual((await postAs(server, app, '/token/introspection', { token: String(refresh) })).body, {
    active: false,
  })
  assert.deepEqual(errorOf(await exchangeAs(server, app, code)), [400, 'invalid_grant'], about)
}

async function twoApps(server: Server, fields: Partial<ClientFields>): Promise<readonly TestApp[]> {
  const app = await registerApp(server, fields)
  return [app, await registerApp(server, { ...fields, name: 'Phone', scopes: OFFLINE })]
}

async function scene(t: TestContext, dialect: Dialect) {
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
  const clock = shareClock(t, server)
  return { server, admin, ada, browser, clock, row: await rowOf(ada) }
}

onEachDatabase(
  'an app has nothing more of a user who left the group, and a new authorization once they are back',
  async (t, dialect) => {
    const { server, admin, ada, browser, row } = await scene(t, dialect)
    const group = await newGroup(admin, 'Staff', { members: [ada] })
    const member = `/groups/${group}/members/${row.id}`
    const apps = await twoApps(server, { allowedGroups: [group] })
    const held: Held[] = []
    for (const app of apps) held.push(await heldBy(server, app, browser))
    assert.equal((await admin.asks('DELETE', member)).status, 204)
    for (const one of held) await assertRefused(server, one)
    assert.equal((await admin.asks('PUT', member)).status, 204)
    for (const app of apps) assert.equal((await signInAt(browser, app, { prompt: 'none' })).claims()?.sub, row.subject)
  },
)

leaveToTestAll()

onEachDatabase(
  'an app has nothing more of a user with another role, and a new authorization with the former one',
  async (t, dialect) => {
    const { server, admin, ada, browser, row } = await scene(t, dialect)
    assert.equal((await admin.asks('POST', '/roles', { name: 'crew', permissions: [] })).status, 200)
    const apps = await twoApps(server, { allowedRoles: ['user'] })
    const held: Held[] = []
    for (const app of apps) held.push(await heldBy(server, app, browser))
    const becomes = async (role: string) =>
      assert.equal((await admin.asks('PATCH', `/users/${row.id}`, { role })).status, 200)
    await becomes('crew')
    for (const one of held) await assertRefused(server, one)
    server.clock.pass(minutes(1))
    const again = await signedInBrowser(ada)
    for (const app of apps) {
      const quiet = await authorizationOf(app, { prompt: 'none' })
      assert.equal((await answerAt(again, app, quiet)).searchParams.get('error'), 'access_denied')
    }
    await becomes('user')
    server.clock.pass(minutes(1))
    const back = await signedInBrowser(ada)
    for (const app of apps) assert.equal((await signInAt(back, app, { prompt: 'none' })).claims()?.sub, row.subject)
    // What ended with the change of the role stays ended.
    for (const one of held) await assertRefused(server, one)
  },
)

onEachDatabase('a role that is written past this program ends the use, too', async (t, dialect) => {
  const { server, browser, row } = await scene(t, dialect)
  const apps = await twoApps(server, { allowedRoles: ['user'] })
  const held: Held[] = []
  for (const app of apps) held.push(await heldBy(server, app, browser))
  await server.doorward.db.updateTable('users').set({ role: 'admin' }).where('id', '=', row.id).execute()
  for (const one of held) await assertRefused(server, one)
  // An unknown role counts as `user`.
  await server.doorward.db.updateTable('users').set({ role: 'nothing' }).where('id', '=', row.id).execute()
  for (const { app, access } of held) assert.equal(await isAlive(server, app, access), true)
})

onEachDatabase(
  'an app that is restricted now ends what it got before; a change that keeps the user does not',
  async (t, dialect) => {
    const { server, admin, ada, browser } = await scene(t, dialect)
    const [staff, board] = [await newGroup(admin, 'Staff', { members: [ada] }), await newGroup(admin, 'Board')]
    for (const app of await twoApps(server, {})) {
      const held = await heldBy(server, app, browser)
      for (const fields of [{ allowedGroups: [staff, board] }, { allowedRoles: ['user'], allowedGroups: [board] }]) {
        await restrict(server, app, fields)
        assert.equal(await isAlive(server, app, held.access), true)
      }
      await restrict(server, app, { allowedRoles: ['admin'], allowedGroups: [board] })
      await assertRefused(server, held)
      await restrict(server, app, { allowedRoles: [], allowedGroups: [] })
      assert.ok((await signInAt(browser, app, { prompt: 'none' })).access_token)
    }
  },
)

onEachDatabase(
  'an app that requires more than was verified has nothing more until that is verified',
  async (t, dialect) => {
    const { server, ada, browser, clock } = await scene(t, dialect)
    await storePolicyVersion(server.doorward.db, { id: 'all', rememberFor: days(30) })
    const one = { methods: 'password remembered-device', authentication_methods: 'password remembered-device' }
    await server.doorward.db.updateTable('session').set(one).execute()
    const apps = await twoApps(server, {})
    const held: Held[] = []
    for (const app of apps) held.push(await heldBy(server, app, browser))
    for (const app of apps) await restrict(server, app, { leastAssurance: 'two-factors' })
    for (const one of held) await assertRefused(server, one)
    clock.pass(minutes(1))
    const [app] = apps
    assert.ok(app)
    const asked = await authorizationOf(app)
    assert.ok((await confirmsAt(browser, await follow(browser, asked.url), ada)).searchParams.has('code'))
    for (const app of apps) assert.ok((await signInAt(browser, app, { prompt: 'none' })).access_token)
    // What could have been stolen before does not become stronger by what its user verified afterwards.
    for (const one of held) await assertRefused(server, one)
  },
)

onEitherDatabase('a session that took an app over must reach what the app requires itself', async (t, dialect) => {
  const { server, browser } = await scene(t, dialect)
  const app = await registerApp(server, { leastAssurance: 'two-factors' })
  await storePolicyVersion(server.doorward.db, { id: 'all', rememberFor: days(30) })
  const held = await heldBy(server, app, browser)
  assert.equal(await isAlive(server, app, held.access), true)
  // As if the browser had signed in again on a remembered device after an hour without a request.
  await server.doorward.db.updateTable('session').set({ methods: 'password remembered-device' }).execute()
  await assertRefused(server, held)
})

onEachDatabase(
  'a policy that tightens ends the use in an app with requirements as in every other',
  async (t, dialect) => {
    const { server, browser } = await scene(t, dialect)
    const apps = await twoApps(server, { leastAssurance: 'two-factors', allowedRoles: ['user'] })
    const held: Held[] = []
    for (const app of apps) held.push(await heldBy(server, app, browser))
    await storePolicyVersion(server.doorward.db, {
      id: 'users',
      scope: 'role',
      scopeRef: 'user',
      secondFactor: 'phishing-resistant',
    })
    for (const one of held) await assertRefused(server, one)
    await server.doorward.db.deleteFrom('policy_version').execute()
    for (const app of apps) assert.ok((await signInAt(browser, app, { prompt: 'none' })).access_token)
  },
)

onEachDatabase(
  'an old authentication ends the refresh, not an access token; a new one lets the app go on',
  async (t, dialect) => {
    const { server, ada, browser, clock } = await scene(t, dialect)
    const [app, offline] = await twoApps(server, { maxAge: 3600 })
    assert.ok(app && offline)
    clock.pass(minutes(59))
    const held = await heldBy(server, app, browser)
    const lasting = await heldBy(server, offline, browser)
    clock.pass(seconds(59))
    assert.equal((await refreshAs(server, app, held.refresh)).status, 200)
    const late = [await heldBy(server, app, browser), await heldBy(server, offline, browser)]
    clock.pass(seconds(30))
    for (const one of [held, lasting, ...late]) {
      assert.equal(await isAlive(server, one.app, one.access), true, 'ended by its age alone')
      assert.equal((await refreshAs(server, one.app, one.refresh)).status, 400)
    }
    // The authentication was recent when the code was issued, and a code lives for a minute.
    for (const one of late) assert.equal((await exchangeAs(server, one.app, one.code)).status, 200)
    await restrict(server, app, { maxAge: 1800 })
    clock.pass(minutes(1))

    const asked = await authorizationOf(app)
    assert.ok((await confirmsAt(browser, await follow(browser, asked.url), ada)).searchParams.has('code'))
    const { status, body } = await refreshAs(server, app, late[0]?.refresh)
    assert.equal(status, 200, JSON.stringify(body))
    // What outlives the session knows the authentication of its grant alone.
    assert.deepEqual(errorOf(await refreshAs(server, offline, late[1]?.refresh)), [400, 'invalid_grant'])
    assert.ok((await signInAt(browser, offline, { prompt: 'none' })).refresh_token)
  },
)

onEitherDatabase('a code ends with an age that was shortened since', async (t, dialect) => {
  const { server, browser, clock } = await scene(t, dialect)
  const app = await registerApp(server)
  clock.pass(minutes(10))
  const code = await codeFor(browser, app)
  await restrict(server, app, { maxAge: 300 })
  assert.deepEqual(errorOf(await exchangeAs(server, app, code)), [400, 'invalid_grant'])
})

onEitherDatabase(
  'an app can revoke what its user may not use, so that it does not come back with the right',
  async (t, dialect) => {
    const { server, admin, ada, browser, row } = await scene(t, dialect)
    const group = await newGroup(admin, 'Staff', { members: [ada] })
    const member = `/groups/${group}/members/${row.id}`
    const app = await registerApp(server, { allowedGroups: [group] })
    const [held, kept] = [
      await heldBy(server, app, browser),
      await heldBy(server, await registerApp(server, { name: 'Other', allowedGroups: [group] }), browser),
    ]
    await admin.asks('DELETE', member)
    assert.equal((await postAs(server, app, '/token/revocation', { token: String(held.refresh) })).status, 200)
    await admin.asks('PUT', member)
    await assertRefused(server, held)
    assert.equal(await isAlive(server, kept.app, kept.access), true)
    assert.equal((await refreshAs(server, kept.app, kept.refresh)).status, 200)
  },
)

onEitherDatabase('a restricted app learns nothing of the tokens of another, which may use them', async (t, dialect) => {
  const { server, browser } = await scene(t, dialect)
  const open = await registerApp(server)
  const closed = await registerApp(server, { name: 'Closed', allowedRoles: ['admin'] })
  const held = await heldBy(server, open, browser)
  assert.deepEqual((await postAs(server, closed, '/token/introspection', { token: String(held.access) })).body, {
    active: false,
  })
  assert.deepEqual(errorOf(await refreshAs(server, closed, held.refresh)), [400, 'invalid_grant'])
  assert.equal((await refreshAs(server, open, held.refresh)).status, 200)
})

onEitherDatabase('a user deleted from the group while the page is open gets no code', async (t, dialect) => {
  const { server, admin, ada, browser, clock, row } = await scene(t, dialect)
  const group = await newGroup(admin, 'Staff', { members: [ada] })
  const app = await registerApp(server, { allowedGroups: [group], maxAge: 3600 })
  clock.pass(hours(1) - minutes(1))
  await browser.open('/account')
  clock.pass(minutes(2))
  const at = await follow(browser, (await authorizationOf(app)).url)
  await admin.signsIn()
  assert.equal((await admin.asks('DELETE', `/groups/${group}/members/${row.id}`)).status, 204)
  const shown = await confirmsAt(browser, at, ada)
  assert.match((await browser.page(shown.pathname, 403)).heading, /can’t use Wiki/)
})
