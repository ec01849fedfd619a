// An app that is not trusted gets tokens for an API only after its user has agreed to that API and to what the app may do there.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { updateClient } from '#domain/clients/client.service.ts'
import { deleteResource, lockResource, storeResource, updateResource } from '#domain/clients/resource.service.ts'
import type { ResourceFields } from '#domain/clients/resource.ts'
import { inTransaction } from '#foundation/context.ts'
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
import { changeApp, type Parameters } from '../support/openid/attack-scene.ts'
import { asked, consentsIn, presses, withdraw } from '../support/openid/consents.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { introspect, registerApi, RESOURCE_URI, type TestApi, verify } from '../support/openid/resources.ts'
import { ownPageScene, type OwnPageScene, stored } from '../support/pages/page-scenes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const READ = { resource: RESOURCE_URI, scope: 'openid read' }
const ALL = { resource: RESOURCE_URI, scope: 'openid read write' }

async function scene(t: globalThis.Parameters<typeof ownPageScene>[0], wanted: Partial<ResourceFields> = {}) {
  const { server, browser } = await ownPageScene(t)
  shareClock(t, server)
  const orders = await registerApi(server, wanted)
  const app = await registerApp(server, { name: 'Meals', trusted: false, scopes: ['openid', 'profile', 'roles'] })
  return { server, browser, app, orders }
}

/** Agrees on the page, and returns what the app gets. */
async function allows(browser: OwnPageScene['browser'], app: TestApp, parameters: Parameters) {
  const question = await asked(browser, app, parameters)
  return exchange(app, await presses(browser, question.path, 'Allow'), question)
}

/** The error that an app gets which asks without a page. */
async function errorWithoutPage(browser: OwnPageScene['browser'], app: TestApp, parameters: Parameters) {
  const { url } = await authorizationOf(app, { ...parameters, prompt: 'none' })
  return (await follow(browser, url)).searchParams.get('error')
}

function change(server: Server, { resource }: TestApi, fields: Partial<ResourceFields>) {
  return inTransaction(server.operator(), async (tx) => {
    const before = await lockResource(tx, resource.id)
    return updateResource(tx, before, { ...before, ...fields })
  })
}

test('its user reads which API the app will call and what it may do there, agrees once, and is asked for more', async (t) => {
  const { server, browser, app, orders } = await scene(t)
  assert.equal(await errorWithoutPage(browser, app, READ), 'consent_required')
  const question = await asked(browser, app, READ)
  assert.match(question.page.text, /Access to Orders In your name, at https:\/\/api\.example\/orders May read Stays/)
  const tokens = await exchange(app, await presses(browser, question.path, 'Allow'), question)
  const { active, scope } = await introspect(orders, tokens.access_token)
  assert.deepEqual([active, scope], [true, 'read'])
  const item = `resource:${orders.resource.id}`
  assert.deepEqual(await consentsIn(server), { items: [[item, `${item}#read`]], grants: 1, events: 1 })
  assert.match((await browser.page('/account/apps')).text, /Meals.+access to Orders in your name/)

  // The same and less are not asked again. More is, and so is another API.
  await signInAt(browser, app, READ)
  await signInAt(browser, app, { ...READ, scope: 'openid' })
  assert.equal(await errorWithoutPage(browser, app, ALL), 'consent_required')
  const more = await asked(browser, app, ALL)
  assert.match(more.page.text, /asks for more than.+Access to Orders New In your name.+May read and change/)
  await registerApi(server, { uri: 'https://mail.example/', name: 'Mail', scopes: ['read'] })
  assert.equal(await errorWithoutPage(browser, app, { ...READ, resource: 'https://mail.example/' }), 'consent_required')

  const { subject } = await stored(server, 'ada')
  assert.equal(await withdraw(server.operator(), app.client, subject), true)
  assert.deepEqual(await introspect(orders, tokens.access_token), { active: false })
  assert.equal(await errorWithoutPage(browser, app, READ), 'consent_required')
})

leaveToTestAll()

test('a resource that is widened gives no more before its user agrees', async (t) => {
  const { server, browser, app, orders } = await scene(t, { scopes: ['read'] })
  const tokens = await allows(browser, app, ALL)
  assert.equal(tokens.scope, 'read')
  await change(server, orders, { scopes: ['read', 'write'] })
  const renewed = await oidc.refreshTokenGrant(app.config, tokens.refresh_token ?? '')
  assert.equal((await introspect(orders, renewed.access_token)).scope, 'read')
  assert.equal(await errorWithoutPage(browser, app, ALL), 'consent_required')
  // A request without scopes is for all that there are.
  assert.equal(
    await errorWithoutPage(browser, app, { resource: RESOURCE_URI, scope: undefined, nonce: undefined }),
    'consent_required',
  )
})

test('a page that is older than a change of the resource is shown again', async (t) => {
  const { server, browser, app, orders } = await scene(t, { scopes: ['read'] })
  const question = await asked(browser, app, ALL)
  await change(server, orders, { scopes: ['read', 'write'] })
  const { headers } = await browser.submit(`${question.path}/consent`, {})
  assert.equal(headers.location, question.path)
  assert.match((await browser.page(question.path)).text, /May read and change/)
  assert.deepEqual(await consentsIn(server), { items: [], grants: 0, events: 0 })
})

test('a resource that is deleted while the page is open ends the authorization, and another one with its URI asks anew', async (t) => {
  const { server, browser, app, orders } = await scene(t)
  await allows(browser, app, READ)
  const question = await asked(browser, app, { ...READ, prompt: 'consent' })
  const { resource } = orders
  await inTransaction(server.operator(), (tx) => deleteResource(tx, resource))
  assert.equal((await browser.submit(`${question.path}/consent`, {})).headers.location, question.path)
  assert.doesNotMatch((await browser.page(question.path)).text, /Orders/)
  const ended = await presses(browser, question.path, 'Allow')
  assert.equal(ended.searchParams.get('error'), 'invalid_target')
  // Its user agreed to another API, though it had the same URI.
  await inTransaction(server.operator(), (tx) =>
    storeResource(tx, { id: tx.newId(), fields: { ...resource, name: 'Others' }, createdBy: null }),
  )
  assert.equal(await errorWithoutPage(browser, app, READ), 'consent_required')
  assert.doesNotMatch((await browser.page('/account/apps')).text, /Orders|Others/)
})

test('the page is in the language of its user, and says so where the app names no scope of the API', async (t) => {
  const { server, browser, app } = await scene(t)
  await server.doorward.db.updateTable('users').set({ locale: 'de' }).execute()
  const text = async (parameters: Parameters) => (await asked(browser, app, parameters)).page.text
  assert.match(
    await text(ALL),
    /Zugriff auf Orders In Ihrem Namen, unter https:\/\/api\.example\/orders Darf lesen und ändern/,
  )
  assert.match(
    await text({ ...READ, scope: 'openid' }),
    /Zugriff auf Orders In Ihrem Namen, unter https:\/\/api\.example\/orders Bleibt/,
  )
})

test('an app that is trusted asks for nothing, and its user sees afterwards which API it calls', async (t) => {
  const { server, browser } = await ownPageScene(t)
  shareClock(t, server)
  await registerApi(server)
  const app = await registerApp(server, { name: 'Wiki' })
  assert.ok((await answerAt(browser, app, await authorizationOf(app, READ))).searchParams.get('code'))
  assert.match((await browser.page('/account/apps')).text, /Wiki.+access to Orders in your name/)
})

test('an app whose row is widened tells an API no more than its user has agreed to', async (t) => {
  const { server, browser, orders } = await scene(t)
  await registerApi(server, { uri: 'https://jwt.example/', name: 'JWT', tokenFormat: 'jwt', servedBy: null })
  const app = await registerApp(server, { name: 'Team', trusted: false, scopes: ['openid', 'groups'] })
  const { subject } = await stored(server, 'ada')
  const { id: group } = await createGroup(server.operator(), { name: 'Staff' })
  const { db } = server.doorward
  await db.insertInto('group_member').values({ group_id: group, subject, added_at: 1 }).execute()
  const asks = { resource: RESOURCE_URI, scope: 'openid groups read' }
  const ofJwt = { ...asks, resource: 'https://jwt.example/' }
  const [opaque, jwt] = [await allows(browser, app, asks), await allows(browser, app, ofJwt)]
  await changeApp(server, app, (tx, client) => updateClient(tx, client, { ...client, sharedGroups: 'all' }))
  assert.deepEqual((await introspect(orders, opaque.access_token))['groups'], [])
  const renewed = await oidc.refreshTokenGrant(app.config, jwt.refresh_token ?? '')
  const groupsIn = async (token: string) => (await verify(server, token, ofJwt.resource)).payload['groups']
  assert.deepEqual(await groupsIn(renewed.access_token), [])
  assert.deepEqual(await groupsIn((await allows(browser, app, ofJwt)).access_token), ['Staff'])
})
