// Threat: a path around the two-person rule. Every route by which one user changes another is declared here, as covered or as exempt with
// its reason, and each covered one is called: it changes nothing and makes a request.
import assert from 'node:assert/strict'

import { findUserByName, insertUser } from '#domain/users/user.service.ts'
import type { User } from '#domain/users/user.ts'
import { days } from '#foundation/kernel/time.ts'
import { disableApp } from '#use-cases/administration/clients/app-state.service.ts'
import { changeApp, createApp } from '#use-cases/administration/clients/clients.service.ts'
import { createHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { createResource } from '#use-cases/administration/resources/resources.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { type RuledScene, startWithRule } from '../support/people/admins.ts'
import { hostRule } from '../support/people/hosts.ts'
import type { Person } from '../support/people/people.ts'
import { storeExemption, storeGroup, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { guardedRoutes } from '../support/requests/live-routes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { type Server, start } from '../support/server/start.ts'

/**
 * An admin who has a second step, one who is disabled, and one who is only invited; one who holds an authenticator app, and another one, who
 * is exempt from the policy of their group.
 */
type Targets = Readonly<Record<'active' | 'disabled' | 'invited' | 'mia' | 'noa', User>>
type Body = Readonly<Record<string, unknown>>

interface Call {
  readonly target: keyof Targets
  readonly body?: Body
  /** What stands in the URL instead of `:id`; the id of the target if left out. */
  readonly of?: string
  /** The status of a route that answers for several users at once; 202 if left out. */
  readonly status?: number
}

const STRICT = { second_factor: 'phishing-resistant' } as const
const [TOMORROW, DAY] = ['2026-06-02T12:00:00Z', '2026-06-02']

/** The routes that the rule covers, with a call of each that would change an admin account. */
const COVERED: Readonly<Record<string, Call>> = {
  'POST /users': { target: 'active', body: { username: 'eve', role: 'admin' } },
  'PATCH /users/:id': { target: 'active', body: { email: 'thief@example.org' } },
  'DELETE /users/:id': { target: 'active' },
  'POST /users/:id/disable': { target: 'active' },
  'POST /users/:id/enable': { target: 'disabled' },
  'POST /users/:id/invitation': { target: 'invited' },
  'POST /users/:id/reset-second-factor': { target: 'active', body: { reason: 'New phone' } },
  'POST /users/:id/review/lift': { target: 'active' },
  'POST /roles': { target: 'active', body: { name: 'desk', permissions: ['users:read'] } },
  'PATCH /roles/:name': { target: 'active', body: { permissions: ['users:read'] } },
  'POST /invitations/bulk': { target: 'active', body: { csv: 'username,role\nezra,admin\n' }, status: 200 },
  'POST /admin/users/new': { target: 'active', body: { username: 'eli', role: 'admin' } },
  'POST /admin/users/:id': { target: 'active', body: { username: 'active', role: 'user' } },
  'POST /admin/users/:id/delete': { target: 'active', body: { username: 'active' } },
  'POST /admin/users/:id/disable': { target: 'active' },
  'POST /admin/users/:id/enable': { target: 'disabled' },
  'POST /admin/users/:id/invitation': { target: 'invited' },
  'POST /admin/users/:id/reset-second-step': { target: 'active', body: { reason: 'New phone' } },
  'POST /admin/users/:id/expiry': { target: 'active', body: { expires_on: '2099-01-01' } },
  'POST /admin/users/:id/lift-review': { target: 'active' },
  'POST /admin/roles/new': { target: 'active', body: { name: 'clerks', 'permissions-users:write': 'yes' } },
  'POST /admin/roles/:name/change': { target: 'active', body: { 'permissions-users:write': 'yes' } },
  'POST /admin/users/invite-many': {
    target: 'active',
    body: { csv: 'username,role\nesra,admin\n', delivery: 'link', step: 'create' },
  },
  'POST /policies': { target: 'mia', body: { name: 'Passkeys', scope: 'everyone', ...STRICT } },
  'POST /policies/:id/versions': { target: 'mia', of: 'weak', body: STRICT },
  'PUT /policies/:id/exemptions/:user_id': {
    target: 'noa',
    of: 'strict',
    body: { reason: 'New phone', ends_at: TOMORROW },
  },
  'DELETE /policies/:id/exemptions/:user_id': { target: 'noa', of: 'strict' },
  'PUT /groups/:id/members/:user_id': { target: 'mia', of: 'strict' },
  'POST /groups/:id/members': { target: 'mia', of: 'strict', body: { users: ['mia'] }, status: 200 },
  'POST /apps': { target: 'active', body: { name: 'Notes', redirect_uris: ['https://notes.example.org/'] } },
  'PATCH /apps/:id': { target: 'active', of: 'wiki', body: { redirect_uris: ['https://evil.example/'] } },
  'POST /apps/:id/enable': { target: 'active', of: 'shop' },
  'POST /apps/:id/secrets': { target: 'active', of: 'wiki' },
  'PATCH /agents': { target: 'active', body: { enabled: true, allowed_documents: ['agent.example'] } },
  'POST /admin/agents/change': { target: 'active', body: { enabled: 'on', allowed_documents: 'agent.example' } },
  'POST /resources': {
    target: 'active',
    body: { uri: 'https://api.example.org/', name: 'Orders', token_format: 'jwt' },
  },
  'PATCH /resources/:id': { target: 'active', of: 'orders', body: { allowed_clients: 'all' } },
  'POST /hosts': { target: 'active', body: { name: 'photos.example.org' } },
  'PATCH /hosts/:name': { target: 'active', of: 'wiki.example', body: { rules: [{ path: '/', who: 'everyone' }] } },
  'POST /admin/hosts/new': { target: 'active', body: { name: 'files.example.org', who: 'signed-in' } },
  'POST /admin/hosts/:name/change': { target: 'active', of: 'wiki.example', body: { preflights: 'yes' } },
  'POST /admin/hosts/:name/rules/new': { target: 'active', of: 'wiki.example', body: { path: '/a', who: 'everyone' } },
  'POST /admin/hosts/:name/rules/:rule': {
    target: 'active',
    of: 'wiki.example',
    body: { path: '/b', who: 'everyone' },
  },
  'POST /admin/hosts/:name/rules/:rule/move': { target: 'active', of: 'wiki.example', body: { direction: 'down' } },
  'POST /admin/hosts/:name/rules/:rule/remove': { target: 'active', of: 'wiki.example' },
  'POST /admin/resources/new': {
    target: 'active',
    body: { uri: 'https://mail.example.org/', name: 'Mail', token_format: 'jwt', allowed: 'some' },
  },
  'POST /admin/resources/:id/change': {
    target: 'active',
    of: 'orders',
    body: { name: 'orders', token_format: 'jwt', allowed: 'some', scopes: 'admin' },
  },
  'POST /admin/apps/new': { target: 'active', body: { name: 'Notes', redirect_uris: 'https://notes.example.org/' } },
  'POST /admin/apps/:id/change': {
    target: 'active',
    of: 'wiki',
    body: { name: 'wiki', redirect_uris: 'https://evil.example/' },
  },
  'POST /admin/apps/:id/enable': { target: 'active', of: 'shop' },
  'POST /admin/apps/:id/secrets/new': { target: 'active', of: 'wiki' },
  'POST /admin/apps/:id/undo-access': { target: 'active', of: 'team' },
  'POST /admin/policies/new': {
    target: 'mia',
    body: { name: 'Passkeys', whom: 'everyone', ...STRICT, start: 'now', confirmed: 'yes' },
  },
  'POST /admin/policies/:id/change': {
    target: 'mia',
    of: 'weak',
    body: { ...STRICT, start: 'now', confirmed: 'yes' },
  },
  'POST /admin/policies/:id/exemptions/new': {
    target: 'noa',
    of: 'strict',
    body: { user: 'noa', reason: 'New phone', ends_on: DAY },
  },
  'POST /admin/policies/:id/exemptions/:user_id/end': { target: 'noa', of: 'strict' },
  'POST /admin/groups/:id/members': { target: 'mia', of: 'strict', body: { users: 'mia' } },
  'POST /admin/users/:id/groups': { target: 'mia', body: { group: 'strict' } },
  'POST /admin/users/bulk': { target: 'active', body: { action: 'disable', confirmed: 'yes' } },
}

const HARMLESS =
  'ends sessions, tokens or remembered devices only: the person signs in again with their own credentials'
const WITHOUT_USERS = 'takes a role that no user has'
const DETAILS = 'values of attributes, by which nobody takes an account over'
const DECLARES = 'a field of every profile, and no account'
const CONFIRMS = 'mails to the address that the account has, and only a session of its user confirms it'
const HELPS = 'reaches only users without permissions'
const CLOSES_APP = 'lets an app do less, so that nobody gains anything by it'
const CLOSES_HOST = 'lets nobody pass any more'
const SHOWN = 'what people see of an app; where it leads them stays'
const ABOUT_A_REQUEST = 'decides about a request, by the rule itself'

/** The routes that change groups and their managers, or remove members. */
const GROUPS = [
  'POST /groups',
  'PATCH /groups/:id',
  'DELETE /groups/:id',
  'DELETE /groups/:id/members/:user_id',
  ...['PUT', 'DELETE'].map((method) => `${method} /groups/:id/managers/:user_id`),
  ...['new', ':id/edit', ':id/delete', ':id/managers'].map((below) => `POST /admin/groups/${below}`),
  ...['members', 'managers'].map((list) => `POST /admin/groups/:id/${list}/:user/remove`),
  'POST /admin/users/:id/groups/:group/remove',
]
const WEAKENS =
  'stops no user with permissions: it asks for less than what was planned or in force, and they need a second factor under any policy'

/** The other routes that need a permission of an admin and change something. */
const EXEMPT: Readonly<Record<string, string>> = {
  'POST /users/:id/sign-out': HARMLESS,
  'POST /users/:id/unlock': 'lets the person guess their own password again',
  'DELETE /users/:id/tokens/:tokenId': HARMLESS,
  'DELETE /users/:id/apps/:app_id': HARMLESS,
  'POST /admin/users/:id/apps/:app/end': HARMLESS,
  'DELETE /users/:id/remembered-devices': HARMLESS,
  'DELETE /users/:id/remembered-devices/:deviceId': HARMLESS,
  'POST /admin/users/:id/remembered-devices/forget-all': HARMLESS,
  'POST /admin/users/:id/remembered-devices/:deviceId/forget': HARMLESS,
  'POST /admin/users/:id/sign-out': HARMLESS,
  'POST /admin/users/:id/unlock': 'lets the person guess their own password again',
  'POST /admin/users/:id/sessions/:session/end': HARMLESS,
  'POST /admin/users/:id/tokens/:tokenId/revoke': HARMLESS,
  ...Object.fromEntries(
    ['password-link', 'invitation/again', 'exemptions'].map((below) => [`POST /users/:id/${below}`, HELPS]),
  ),
  ...Object.fromEntries(
    ['password-link', 'invitation/again', 'exempt/:policy'].map((below) => [`POST /admin/users/:id/${below}`, HELPS]),
  ),
  'DELETE /roles/:name': WITHOUT_USERS,
  'POST /admin/roles/:name/delete': WITHOUT_USERS,
  'POST /admin/activity/chain': 'reads the audit log',
  'POST /admin/activity/export': 'reads the audit log',
  'POST /admin/get-started/close': 'hides a list',
  'PATCH /users/:id/attributes': DETAILS,
  'POST /admin/users/:id/attributes': DETAILS,
  'POST /attributes': DECLARES,
  'PATCH /attributes/:key': DECLARES,
  'DELETE /attributes/:key': DECLARES,
  ...Object.fromEntries(
    ['new', ':key', ':key/move', ':key/delete'].map((below) => [`POST /admin/attributes/${below}`, DECLARES]),
  ),
  ...Object.fromEntries(
    GROUPS.map((route) => [route, 'a group gives no permission, and leaving a policy needs policy:write']),
  ),
  ...Object.fromEntries(
    [
      'PATCH /policies/:id',
      'DELETE /policies/:id',
      'POST /policies/:id/end',
      'DELETE /policies/:id/versions/:version',
      ...[':id/rename', ':id/end', ':id/delete', ':id/versions/:version/cancel'].map(
        (below) => `POST /admin/policies/${below}`,
      ),
    ].map((route) => [route, WEAKENS]),
  ),
  'POST /policies/plan': 'stores nothing',
  'PUT /apps/:id/icon': SHOWN,
  'DELETE /apps/:id/icon': SHOWN,
  'POST /admin/apps/:id/icon': SHOWN,
  'POST /admin/apps/:id/icon/remove': SHOWN,
  'POST /apps/:id/access-check': 'stores nothing',
  'POST /agents/end-sign-ins': CLOSES_APP,
  'POST /admin/agents/end-sign-ins': CLOSES_APP,
  'DELETE /apps/:id': CLOSES_APP,
  'DELETE /resources/:id': CLOSES_APP,
  'DELETE /hosts/:name': CLOSES_HOST,
  'POST /admin/hosts/:name/delete': CLOSES_HOST,
  'POST /hosts/:name/check': 'stores nothing',
  'POST /admin/resources/:id/delete': CLOSES_APP,
  'POST /apps/:id/disable': CLOSES_APP,
  'DELETE /apps/:id/grants': CLOSES_APP,
  'DELETE /apps/:id/secrets/:secret_id': CLOSES_APP,
  ...Object.fromEntries(
    ['delete', 'disable', 'end-sign-ins', 'secrets/:secret/end'].map((below) => [
      `POST /admin/apps/:id/${below}`,
      CLOSES_APP,
    ]),
  ),
  ...Object.fromEntries(
    ['', '/admin'].flatMap((prefix) =>
      ['approve', 'carry-out', 'decline'].map((decision) => [
        `POST ${prefix}/approvals/:id/${decision}`,
        ABOUT_A_REQUEST,
      ]),
    ),
  ),
  'POST /admin/approvals/:id/withdraw': ABOUT_A_REQUEST,
  ...Object.fromEntries(
    ['', '/admin'].flatMap((prefix) =>
      ['approve', 'decline'].map((decision) => [
        `POST ${prefix}/registrations/:id/${decision}`,
        'whoever registers becomes a user without permissions',
      ]),
    ),
  ),
  ...Object.fromEntries(
    ['', '/admin'].flatMap((prefix) =>
      ['retry', 'drop'].map((act) => [`POST ${prefix}/mails/:id/${act}`, 'about the delivery of one mail']),
    ),
  ),
  'POST /users/email-confirmations': CONFIRMS,
  'POST /admin/users/email-confirmations': CONFIRMS,
  'POST /apps/:id/deliveries/retry': 'about what an app is sent',
  'POST /admin/apps/:id/deliveries/retry': 'about what an app is sent',
  'POST /mails/retry': 'about the delivery of mails',
  'POST /admin/mails/retry': 'about the delivery of mails',
}

test('each route with a permission that changes something is covered by the rule, or exempt with a reason', async (t) => {
  const routes = await guardedRoutes(await start(t))
  const changing = routes.filter(({ method, config }) => method !== 'GET' && config.access !== 'signed-in')
  const found = changing.map(({ method, url }) => `${method} ${url}`)
  const declared = [...Object.keys(COVERED), ...Object.keys(EXEMPT)]
  assert.deepEqual(
    found.filter((route) => !declared.includes(route)),
    [],
    'declare it as covered or as exempt',
  )
  assert.deepEqual(
    Object.keys(COVERED).filter((route) => !found.includes(route)),
    [],
  )
})

test('each covered route of the API declares that it may wait, as the documentation shows, and no other does', async (t) => {
  const routes = await guardedRoutes(await start(t))
  const waiting = routes.filter(({ config }) => config.page !== true && config.refusals?.includes('approval.waiting'))
  const covered = Object.keys(COVERED).filter((route) => !route.includes(' /admin/'))
  assert.deepEqual(waiting.map(({ method, url }) => `${method} ${url}`).toSorted(), covered.toSorted())
})

leaveToTestAll()

async function targetsIn({ server, mia, noa }: RuledScene): Promise<Targets> {
  const ctx = server.operator()
  const admin = { role: 'admin', hashedPassword: null } as const
  const active = await insertUser(ctx, { ...admin, username: 'active', secondFactorAt: ctx.now })
  const disabled = await insertUser(ctx, { ...admin, username: 'disabled', secondFactorAt: ctx.now })
  const invited = await insertUser(ctx, { ...admin, username: 'invited', invitedAt: ctx.now })
  await server.doorward.db.updateTable('users').set({ disabled: 1 }).where('id', '=', disabled.id).execute()
  const reported = { review_required_at: ctx.now }
  await server.doorward.db.updateTable('users').set(reported).where('id', '=', active.id).execute()
  const held = { mia: await findNamed(server, mia), noa: await findNamed(server, noa) }
  await storeStrictGroup(server, held.noa)
  return { active, disabled, invited, ...held }
}

async function findNamed(server: Server, { username }: Person): Promise<User> {
  return (await findUserByName(server.operator(), username)) ?? assert.fail(username)
}

/** A policy for admins that stops nobody, and a group with a strict one, from which its only member is exempt. */
async function storeStrictGroup({ doorward: { db }, clock }: Server, { subject }: User): Promise<void> {
  await storeGroup(db, 'strict', [subject])
  await storePolicyVersion(db, { id: 'weak', scope: 'role', scopeRef: 'admin', secondFactor: 'required' })
  const strict = { id: 'strict', scope: 'group', scopeRef: 'strict', secondFactor: 'phishing-resistant' } as const
  await storePolicyVersion(db, strict)
  await storeExemption(db, { policyId: 'strict', subject, endsAt: clock.now() + days(30) })
}

/** An app, one that is disabled, one of which it was changed who may use it, a resource, and a protected host. */
async function storeApps(server: Server): Promise<void> {
  const ctx = server.operator()
  for (const id of ['wiki', 'shop', 'team'])
    await createApp(ctx, { id, name: id, redirectUris: [`https://${id}.example.org/`] })
  await disableApp(ctx, 'shop')
  await changeApp(ctx, 'team', { allowedRoles: ['admin'] })
  const { id } = await createResource(ctx, { uri: 'https://orders.example.org/', name: 'orders', tokenFormat: 'jwt' })
  await server.doorward.db.updateTable('resource').set({ id: 'orders' }).where('id', '=', id).execute()
  const rules = [hostRule('/log', { who: 'roles', names: ['admin'] }), hostRule('/', { leastAssurance: 'two-factors' })]
  await createHost(ctx, { name: 'wiki.example', rules })
}

onEitherDatabase('each covered route changes nothing and makes one request', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root } = scene
  const targets = await targetsIn(scene)
  await createRole(server.operator(), { name: 'empty', description: '', permissions: [] })
  await storeApps(server)
  const before = await usersIn(scene)
  const browser = await signedInBrowser(root)
  for (const [route, { target, of, body = {}, status = 202 }] of Object.entries(COVERED)) {
    const [method = '', pattern = ''] = route.split(' ')
    const { id } = targets[target]
    const url = pattern
      .replace(':id', of ?? String(id))
      .replace(':user_id', String(id))
      .replace(':name', of ?? 'empty')
      .replace(':rule', '1')
    if (pattern.startsWith('/admin')) {
      const fields = pattern.endsWith('/bulk') ? { ...body, [`user-${id}`]: 'yes' } : body
      // The page of a new secret shows it, and what it waits for.
      const isShown = /\/(bulk|invite-many|groups\/:id\/members|apps\/new|secrets\/new)$/.test(pattern)
      const reply = await browser.submit(url, fields as Record<string, string>)
      const leads = isShown
        ? /Waiting|waiting for a second admin|once another admin has approved/.test(reply.body)
        : String(reply.headers.location).startsWith('/admin/approvals/')
      assert.ok(leads, `${route}: ${reply.statusCode} ${reply.body.slice(0, 500)}`)
    } else {
      const reply = await root.asks(method as 'POST', url, body)
      assert.equal(reply.status, status, `${route}: ${reply.raw.body}`)
      assert.match(reply.raw.body, /"waiting"/, route)
    }
    assert.deepEqual(await usersIn(scene), before, route)
  }
  const waiting = await server.doorward.db.selectFrom('approval_request').select('kind').execute()
  // The same wish on a page and in the API is one request, except that a page names the lifetime of an invitation.
  const roles = ['change-role', 'change-role', 'create-role', 'create-role']
  const changes = [
    'change',
    'change',
    'change',
    ...roles,
    'create-user',
    'create-user',
    'create-user',
    'create-user',
    'delete',
  ]
  const policies = ['add-member', 'change-policy', 'create-policy', 'exempt', 'exempt', 'unexempt']
  // Each app and each secret is another one.
  const secrets = ['add-app-secret', 'add-app-secret', 'create-app', 'create-app']
  const hosts = ['create-host', 'create-host', ...Array.from({ length: 6 }, () => 'change-host')]
  const resources = ['create-resource', 'create-resource', 'change-resource', 'change-resource']
  const apps = [
    ...secrets,
    'change-app',
    'change-app',
    'change-app',
    'enable-app',
    'change-agents',
    ...resources,
    ...hosts,
  ]
  const kinds = [
    ...changes,
    ...policies,
    ...apps,
    'disable',
    'enable',
    'invite',
    'invite',
    'lift-review',
    'reset-second-factor',
  ]
  assert.deepEqual(waiting.map(({ kind }) => kind).toSorted(), kinds.toSorted())
})

async function usersIn({ server }: RuledScene): Promise<unknown> {
  const roles = await server.doorward.db.selectFrom('role').select(['name', 'permissions']).execute()
  const users = await server.doorward.db
    .selectFrom('users')
    .select(['id', 'role', 'disabled', 'email', 'credential_epoch', 'expires_at', 'review_required_at', 'invited_at'])
    .orderBy('id')
    .execute()
  const rows = (
    table:
      | 'policy_version'
      | 'group_member'
      | 'policy_exemption'
      | 'client'
      | 'client_secret'
      | 'resource'
      | 'protected_host',
  ) => server.doorward.db.selectFrom(table).selectAll().execute()
  const policies = [await rows('policy_version'), await rows('group_member'), await rows('policy_exemption')]
  return {
    roles,
    users,
    policies,
    apps: [await rows('client'), await rows('client_secret'), await rows('resource')],
    hosts: await rows('protected_host'),
  }
}
