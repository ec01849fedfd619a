// What an app learns of a user: by scope, by its row, and by what it asks for by name.
import assert from 'node:assert/strict'
import * as oidc from 'openid-client'

import { joinGroup } from '#domain/groups/membership.service.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { createGroup } from '#use-cases/administration/groups/groups.service.ts'
import { registerApp, signInAt, type TestApp } from '../support/openid/apps.ts'
import { shareClock } from '../support/openid/openid-clock.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { visitorScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const ALL = 'openid profile email roles groups'
const SCOPES = ['openid', 'profile', 'email', 'roles', 'groups'] as const

type Tokens = Awaited<ReturnType<typeof signInAt>>

function userinfo({ config }: TestApp, tokens: Tokens): Promise<Record<string, unknown>> {
  return oidc.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
}

/** Puts the admin into new groups with these names; returns their ids. */
async function joins(server: Server, names: readonly string[]): Promise<string[]> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, 'root')
  assert.ok(user)
  return inTransaction(ctx, async (tx) => {
    const ids: string[] = []
    for (const name of names) {
      const group = await createGroup(tx, { name })
      await joinGroup(tx, group, user)
      ids.push(group.id)
    }
    return ids
  })
}

test('an app learns by scope, an email once it is confirmed, and only the groups that its row names', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const [crew = '', secret = ''] = await joins(server, ['x,admins', 'Secret'])
  const { db } = server.doorward
  await db.updateTable('users').set({ email: 'root@example.org', email_key: 'root@example.org' }).execute()
  const quiet = await registerApp(server, { name: 'Quiet', scopes: SCOPES })
  const plain = await userinfo(quiet, await signInAt(visitor, quiet, { scope: 'openid' }))
  assert.deepEqual(Object.keys(plain), ['sub'])
  const given = await userinfo(quiet, await signInAt(visitor, quiet, { scope: ALL }))
  assert.deepEqual([given['preferred_username'], given['roles'], given['groups']], ['root', ['admin'], []])
  assert.equal('email' in given || 'email_verified' in given, false, 'an unconfirmed email is given')
  await db.updateTable('users').set({ email_verified_at: server.clock.now() }).execute()
  const crewed = await registerApp(server, { name: 'Crew', scopes: SCOPES, sharedGroups: [crew] })
  const tokens = await signInAt(visitor, crewed, { scope: ALL })
  const known = await userinfo(crewed, tokens)
  assert.deepEqual([known['email'], known['email_verified']], ['root@example.org', true])
  assert.deepEqual(known['groups'], ['x,admins'])
  const claims: Record<string, unknown> = tokens.claims() ?? {}
  assert.deepEqual(
    ['email', 'roles', 'groups', 'preferred_username'].filter((name) => name in claims),
    [],
    'the ID token holds what belongs to the userinfo endpoint',
  )
  const introspected = await oidc.tokenIntrospection(crewed.config, tokens.access_token)
  assert.deepEqual([introspected['roles'], introspected['groups']], [['admin'], ['x,admins']])
  assert.deepEqual([introspected['acr'], introspected.sub], ['urn:doorward:two-factors', claims['sub']])
  const all = await registerApp(server, { name: 'All', scopes: SCOPES, sharedGroups: 'all' })
  assert.deepEqual((await userinfo(all, await signInAt(visitor, all, { scope: ALL })))['groups'], [
    'Secret',
    'x,admins',
  ])
  assert.notEqual(secret, '')
})

leaveToTestAll()

test('an app whose row says so gets the claims in the ID token, but for a list of groups that is too long', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  await joins(
    server,
    Array.from({ length: 200 }, (_, index) => `group ${index}`),
  )
  const row = { scopes: SCOPES, sharedGroups: 'all', claimsInIdToken: true } as const
  const app = await registerApp(server, row)
  const claims: Record<string, unknown> = (await signInAt(visitor, app, { scope: ALL })).claims() ?? {}
  assert.deepEqual([claims['preferred_username'], claims['roles']], ['root', ['admin']])
  assert.equal((claims['groups'] as string[]).length, 200)
  await joins(server, ['one more'])
  // Nor where it is asked for by its name.
  const tokens = await signInAt(visitor, app, { scope: ALL, claims: '{"id_token":{"groups":null}}' })
  assert.equal('groups' in (tokens.claims() ?? {}), false)
  assert.equal(((await userinfo(app, tokens))['groups'] as string[]).length, 201)
})

test('an app gets the attributes that its row names under the names that it gives', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const { db } = server.doorward
  const user = await findUserByName(server.operator(), 'root')
  const declared = { choices: '[]', visible_to: 'admin', changed_by: 'admin', at_joining: 0, revision: 1 } as const
  for (const [position, key] of ['desk', 'badge'].entries())
    await db
      .insertInto('attribute')
      .values({ key, label: key, type: 'text', position, created_at: 1, ...declared })
      .execute()
  for (const key of ['desk', 'badge'])
    await db
      .insertInto('user_attribute')
      .values({ subject: user?.subject ?? '', key, value: `${key} 7`, changed_at: 1 })
      .execute()
  const app = await registerApp(server, { attributes: [{ key: 'desk', claim: 'desk_number', allowedBy: null }] })
  const known = await userinfo(app, await signInAt(visitor, app))
  assert.equal(known['desk_number'], 'desk 7')
  assert.equal(JSON.stringify(known).includes('badge'), false)
  const without = await userinfo(app, await signInAt(visitor, app, { scope: 'openid email' }))
  assert.equal('desk_number' in without, false)
})

test('a claim that is asked for by its name is given if the app may ask for its scope, and otherwise left out', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const app = await registerApp(server, { scopes: ['openid', 'profile'] })
  const claims = JSON.stringify({
    userinfo: { preferred_username: { essential: true }, roles: null },
    id_token: { preferred_username: null },
  })
  const tokens = await signInAt(visitor, app, { scope: 'openid', claims })
  assert.equal(tokens.claims()?.['preferred_username'], 'root')
  const known = await userinfo(app, tokens)
  assert.equal(known['preferred_username'], 'root')
  assert.equal('roles' in known, false)
})

test('an app that accepts unconfirmed emails learns that they are not confirmed', async (t) => {
  const { server, admin, visitor } = await visitorScene(t)
  shareClock(t, server)
  await signsIn(visitor, admin)
  const { db } = server.doorward
  await db.updateTable('users').set({ email: 'root@example.org', email_key: 'root@example.org' }).execute()
  const app = await registerApp(server, { unconfirmedEmail: true })
  const known = await userinfo(app, await signInAt(visitor, app))
  assert.deepEqual([known['email'], known['email_verified']], ['root@example.org', false])
})
