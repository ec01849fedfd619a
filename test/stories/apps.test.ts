// Apps through the API: registered, listed, changed, disabled and deleted, and their secrets.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findClientWithSecrets, hasClients } from '#domain/clients/client.service.ts'
import { insertGrant } from '#domain/grants/grant.queries.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { days } from '#foundation/kernel/time.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { declares, reserveKey } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import { newcomer, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { refusedWith } from '../support/refused-with.ts'
import { assertRefused, fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const REDIRECT = 'https://wiki.example.org/callback'

async function newApp(root: Person, fields: object = {}): Promise<Reply> {
  const made = await root.asks('POST', '/apps', { name: 'Wiki', redirect_uris: [REDIRECT], ...fields })
  assert.equal(made.status, 200, made.raw.body)
  return made
}

/** The hashes of the secrets with which the app can authenticate now. */
async function hashesOf(server: Server, id: string): Promise<string[]> {
  const found = await findClientWithSecrets(server.operator(), id)
  return found?.secrets.map(({ hash }) => hash) ?? []
}

onEitherDatabase(
  'an admin registers an app, gets its secret once, and changes it on the state that was read',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const { body } = await newApp(root)
    const { client_secret: secret, approval, id, issuer, ...settings } = body
    assert.match(String(secret), /^dwc_[\w-]{43}$/)
    assert.equal(approval, null)
    assert.equal(issuer, `${server.doorward.config.publicUrl}/oidc`)
    assert.deepEqual(
      { ...settings, created_at: null, created_by: null },
      {
        name: 'Wiki',
        kind: 'web',
        redirect_uris: [REDIRECT],
        logout_uris: [],
        auth_method: 'client_secret_basic',
        id_token_alg: 'ES256',
        scopes: ['openid', 'profile', 'email'],
        refresh_tokens: true,
        require_pkce: true,
        allow_http: false,
        claims_in_id_token: false,
        unconfirmed_email: false,
        shared_groups: [],
        attributes: [],
        device_sign_in: false,
        backchannel_uri: null,
        backchannel_session_required: false,
        trusted: true,
        allowed_roles: [],
        allowed_groups: [],
        least_assurance: null,
        max_age: null,
        start_url: null,
        hidden: false,
        preset: null,
        created_at: null,
        created_by: null,
        disabled_at: null,
      },
    )
    assert.deepEqual(await hashesOf(server, String(id)), [hashOf(Secret.of(String(secret)))])

    const path = `/apps/${String(id)}`
    const read = await root.asks('GET', path)
    const tag = String(read.raw.headers['etag'])
    assert.ok(!read.raw.body.includes(String(secret)) && !read.raw.body.includes(hashOf(Secret.of(String(secret)))))
    const changed = await root.asks('PATCH', path, { name: 'Notes', scopes: ['groups'] }, { 'if-match': tag })
    assert.deepEqual(
      [changed.status, changed.body['name'], changed.body['scopes'], changed.body['redirect_uris']],
      [200, 'Notes', ['openid', 'groups'], [REDIRECT]],
    )
    assert.deepEqual(refusalIn(await root.asks('PATCH', path, { name: 'X' }, { 'if-match': tag })), [
      412,
      'resource.stale',
    ])
    assert.equal((await root.asks('DELETE', path, undefined, { 'if-match': tag })).status, 412)
    assert.equal((await root.asks('DELETE', path)).status, 204)
    assertRefused(await root.asks('GET', path), 'app.not_found')
    assertRefused(await root.asks('DELETE', path), 'app.not_found')
    assert.deepEqual(await hashesOf(server, String(id)), [])
  },
)

onEitherDatabase(
  'a second secret is valid beside the first until that is ended, and there is no third',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const id = String((await newApp(root)).body['id'])
    const other = String((await newApp(root, { name: 'Other' })).body['id'])
    const added = await root.asks('POST', `/apps/${id}/secrets`)
    assert.deepEqual([added.status, added.body['approval']], [200, null])
    assert.equal((await hashesOf(server, id)).length, 2)
    assertRefused(await root.asks('POST', `/apps/${id}/secrets`), 'app.too_many_secrets')

    const [first, second] = await secretsOf(root, id)
    assert.equal(second?.['id'], added.body['id'])
    assertRefused(await root.asks('DELETE', `/apps/${other}/secrets/${String(first?.['id'])}`), 'app.secret_not_found')
    assert.equal((await root.asks('DELETE', `/apps/${id}/secrets/${String(first?.['id'])}`)).status, 204)
    assert.deepEqual(await hashesOf(server, id), [hashOf(Secret.of(String(added.body['client_secret'])))])
    assertRefused(await root.asks('DELETE', `/apps/${id}/secrets/${String(first?.['id'])}`), 'app.secret_not_found')
    assert.equal((await root.asks('POST', `/apps/${id}/secrets`)).status, 200)

    // What has ended is shown for a week.
    assert.equal((await secretsOf(root, id)).length, 3)
    server.clock.pass(days(8))
    await root.signsIn()
    const [, last] = (await secretsOf(root, id)).slice(1)
    await root.asks('DELETE', `/apps/${id}/secrets/${String(last?.['id'])}`)
    assert.equal((await root.asks('POST', `/apps/${id}/secrets`)).status, 200)
    assert.deepEqual(
      (await secretsOf(root, id)).map(({ expires_at: end }) => end === null),
      [true, false, true],
    )
  },
)

leaveToTestAll()

async function secretsOf(root: Person, id: string) {
  return (await root.asks('GET', `/apps/${id}`)).body['secrets'] as Readonly<Record<string, unknown>>[]
}

onEitherDatabase(
  'an app without a secret gets none, and one that becomes public loses its secrets',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const made = await newApp(root, { kind: 'browser' })
    assert.deepEqual([made.body['auth_method'], made.body['client_secret']], ['none', null])
    assertRefused(await root.asks('POST', `/apps/${String(made.body['id'])}/secrets`), 'app.no_secret')

    const id = String(
      (await newApp(root, { name: 'Phone', kind: 'native', auth_method: 'client_secret_post' })).body['id'],
    )
    assert.equal((await hashesOf(server, id)).length, 1)
    await storeGrant(server, id, 'g1')
    assert.equal((await root.asks('PATCH', `/apps/${id}`, { auth_method: 'none' })).status, 200)
    assert.deepEqual(await hashesOf(server, id), [])
    assert.deepEqual(await livingGrants(server), [])
  },
)

/** A sign-in of nobody in particular to an app. */
async function storeGrant({ doorward: { db }, clock }: Server, clientId: string, id: string): Promise<void> {
  const user = await db.selectFrom('users').select('subject').executeTakeFirstOrThrow()
  const grant = {
    id,
    clientId,
    subject: String(user.subject),
    epoch: 0,
    sessionId: 's',
    methods: ['password'],
    payload: '{}',
    resourceId: null,
  }
  const now = clock.now()
  await insertGrant(db, { ...grant, authenticatedAt: now, createdAt: now, expiresAt: now + days(1) })
}

async function livingGrants({ doorward: { db } }: Server): Promise<string[]> {
  const rows = await db.selectFrom('client_grant').select('id').where('revoked_at', 'is', null).orderBy('id').execute()
  return rows.map(({ id }) => id)
}

onEitherDatabase(
  'a disabled or deleted app has no sign-ins, and fewer scopes or no refresh tokens end them too',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const ids = []
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) ids.push(String((await newApp(root, { name })).body['id']))
    for (const [index, id] of ids.entries()) await storeGrant(server, id, `g${index}`)
    assert.equal((await root.asks('GET', `/apps/${ids[0]}`)).body['sign_ins'], 1)

    const disabled = await root.asks('POST', `/apps/${ids[0]}/disable`)
    assert.ok(disabled.body['disabled_at'])
    assert.equal(disabled.body['sign_ins'], 0)
    assert.equal((await root.asks('POST', `/apps/${ids[0]}/enable`)).body['disabled_at'], null)
    assert.equal((await root.asks('DELETE', `/apps/${ids[1]}`)).status, 204)
    assert.deepEqual((await root.asks('DELETE', `/apps/${ids[2]}/grants`)).body, { ended: 1 })
    assert.equal((await root.asks('PATCH', `/apps/${ids[3]}`, { scopes: ['email'] })).status, 200)
    assert.equal((await root.asks('PATCH', `/apps/${ids[4]}`, { scopes: ['profile', 'email', 'groups'] })).status, 200)
    assert.equal((await root.asks('PATCH', `/apps/${ids[5]}`, { refresh_tokens: false })).status, 200)
    assert.deepEqual(await livingGrants(server), ['g4'])

    const { items } = await listEvents(server.operator(), { limit: 50 })
    const actions = items.map(({ action }) => action).filter((action) => action.startsWith('app.'))
    const registered = ids.flatMap(() => ['app.created', 'app.secret_added'])
    const ended = [
      'app.disabled',
      'app.enabled',
      'app.deleted',
      'app.grants_ended',
      ...Array<string>(3).fill('app.changed'),
    ]
    assert.deepEqual(actions.toReversed(), [...registered, ...ended])
  },
)

onEitherDatabase('apps are listed by name, page by page, and found by a part of it', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  for (const name of ['Zulip', 'café', 'Grafana', 'Audio 100%']) await newApp(root, { name })
  const namesIn = ({ body }: Reply) => (body['items'] as { readonly name: string }[]).map(({ name }) => name)
  const first = await root.asks('GET', '/apps?limit=3')
  assert.deepEqual(namesIn(first), ['Audio 100%', 'café', 'Grafana'])
  assert.deepEqual(namesIn(await root.asks('GET', `/apps?cursor=${String(first.body['next_cursor'])}`)), ['Zulip'])
  assert.deepEqual(namesIn(await root.asks('GET', '/apps?q=AF')), ['café', 'Grafana'])
  assert.deepEqual(namesIn(await root.asks('GET', '/apps?q=%25')), ['Audio 100%'])
  assert.deepEqual(namesIn(await root.asks('GET', '/apps?q=_')), [])
  assertRefused(await root.asks('POST', '/apps', { name: 'CAFÉ', redirect_uris: [REDIRECT] }), 'app.name_taken')
  assert.ok(await hasClients(server.operator()))
})

onEitherDatabase('what is wrong with an app is said at its field, and nothing is stored', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  for (const [fields, error] of [
    [{ name: ' ' }, '/name field.missing'],
    [{ redirect_uris: [] }, '/redirect_uris app.uri_missing'],
    [{ redirect_uris: [REDIRECT, 'http://wiki.example.org/'] }, '/redirect_uris app.uri_http'],
    [{ logout_uris: ['https://wiki.example.org/#'] }, '/logout_uris app.uri_fragment'],
    [{ kind: 'browser', auth_method: 'client_secret_basic' }, '/auth_method app.browser_secret'],
    [{ kind: 'native', require_pkce: false }, '/require_pkce app.public_without_pkce'],
    [{ shared_groups: ['none'] }, '/shared_groups app.group_unknown'],
    [{ allowed_roles: ['none'] }, '/allowed_roles app.role_unknown'],
    [{ allowed_groups: ['none'] }, '/allowed_groups app.group_unknown'],
    [{ least_assurance: 'one-factor' }, '/least_assurance field.choice'],
    [{ max_age: 0 }, '/max_age app.max_age'],
    [{ start_url: 'http://wiki.example.org/' }, '/start_url app.start_url'],
    [{ attributes: [{ key: 'none', claim: 'none' }] }, '/attributes app.attribute_unknown'],
    [{ kind: 'server' }, '/kind field.choice'],
    [{ scopes: ['admin'] }, '/scopes/0 field.choice'],
    [{ secret: 'x'.repeat(40) }, '/secret field.unknown'],
    [{ id: 'wiki' }, '/id field.unknown'],
  ] as const) {
    const body = { name: 'Wiki', redirect_uris: [REDIRECT], ...fields }
    assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/apps', body)), [error], JSON.stringify(fields))
  }
  assert.ok(!(await hasClients(server.operator())))
})

onEitherDatabase(
  'an app gets groups and attributes that exist, each attribute allowed by an admin',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const [sales, gone] = [await newGroup(root, 'Sales'), await newGroup(root, 'Gone')]
    await declares(root, [
      { key: 'desk', label: 'Desk' },
      { key: 'team', label: 'Team' },
    ])
    const attributes = [
      { key: 'desk', claim: 'desk' },
      { key: 'team', claim: 'crew' },
    ]
    const { body } = await newApp(root, { shared_groups: [sales, gone], attributes })
    const path = `/apps/${String(body['id'])}`
    const allowedBy = (await rowOf(root)).subject
    const shown = attributes.map((one) => ({ ...one, allowed_by: allowedBy }))
    assert.deepEqual(body['attributes'], [shown[1], shown[0]])

    // An attribute that is declared again under the same key is another one.
    assert.equal((await root.asks('DELETE', '/attributes/desk')).status, 200)
    await declares(root, [{ key: 'desk', label: 'Salary' }])
    assert.equal((await root.asks('DELETE', `/groups/${gone}`)).status, 204)
    const changed = await root.asks('PATCH', path, { id_token_alg: 'RS256' })
    assert.deepEqual([changed.body['shared_groups'], changed.body['attributes']], [[sales], [shown[1]]])
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', path, { shared_groups: [gone] })), [
      '/shared_groups app.group_unknown',
    ])

    // A key that was reserved later gets another one, and the app keeps the attribute.
    await reserveKey(server, 'team', 'nonce')
    await server.doorward.db.updateTable('client_attribute').set({ key: 'nonce' }).where('key', '=', 'team').execute()
    assert.equal((await root.asks('PATCH', '/attributes/nonce', { key: 'group_of' })).status, 200)
    assert.deepEqual((await root.asks('GET', path)).body['attributes'], [{ ...shown[1], key: 'group_of' }])
  },
)

onEitherDatabase('a role or group to which an app is restricted cannot be deleted', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const sales = await newGroup(root, 'Sales')
  const role = { name: 'auditor', description: 'Reads the log', permissions: ['audit:read'] }
  assert.equal((await root.asks('POST', '/roles', role)).status, 200)
  const wanted = {
    allowed_roles: ['auditor', 'admin'],
    allowed_groups: [sales],
    least_assurance: 'phishing-resistant',
    max_age: 3600,
    start_url: 'https://wiki.example.org/',
    hidden: true,
    trusted: false,
    preset: 'wiki',
  }
  const { body } = await newApp(root, wanted)
  const path = `/apps/${String(body['id'])}`
  const stored = { ...wanted, allowed_roles: ['admin', 'auditor'] }
  assert.deepEqual({ ...(await root.asks('GET', path)).body, ...stored }, (await root.asks('GET', path)).body)
  for (const [resource, code] of [
    ['/roles/auditor', 'role.named_by_app'],
    [`/groups/${sales}`, 'group.named_by_app'],
  ] as const) {
    const refused = await root.asks('DELETE', resource)
    assert.deepEqual([...refusalIn(refused), refused.body['apps']], [409, code, ['Wiki']])
  }
  assert.equal((await root.asks('PATCH', path, { allowed_roles: [], allowed_groups: [] })).status, 200)
  assert.equal((await root.asks('DELETE', '/roles/auditor')).status, 204)
  assert.equal((await root.asks('DELETE', `/groups/${sales}`)).status, 204)
})

onEitherDatabase(
  'who could not use an app is counted without changing it, and named to who may see users',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const ada = await newcomer(root, 'ada', { full_name: 'Ada Lovelace' })
    const { id: adaId } = await rowOf(ada)
    await newcomer(root, 'ben')
    const staff = await newGroup(root, 'Staff', { members: [ada] })
    const { body } = await newApp(root, { allowed_roles: ['user'] })
    const path = `/apps/${String(body['id'])}`
    const check = (wanted: object, by = root) => by.asks('POST', `${path}/access-check`, wanted)
    const open = (await check({})).body
    assert.deepEqual(open, {
      users: 3,
      refused: 1,
      newly_refused: 0,
      counts: [{ reason: 'role', users: 1, newly_refused: 0 }],
      first: [],
    })
    const strict = await check({ allowed_groups: [staff], allowed_roles: [], least_assurance: 'phishing-resistant' })
    assert.deepEqual(strict.body, {
      users: 3,
      refused: 3,
      newly_refused: 2,
      counts: [
        { reason: 'group', users: 2, newly_refused: 1 },
        { reason: 'no_passkey', users: 1, newly_refused: 1 },
      ],
      first: [
        { user_id: adaId, username: 'ada', full_name: 'Ada Lovelace', reason: 'no_passkey' },
        { user_id: adaId + 1, username: 'ben', full_name: null, reason: 'group' },
      ],
    })
    assert.deepEqual((await root.asks('GET', path)).body['allowed_roles'], ['user'])
    for (const [wanted, error] of [
      [{ allowed_roles: ['none'] }, '/allowed_roles app.role_unknown'],
      [{ allowed_groups: ['none'] }, '/allowed_groups app.group_unknown'],
      [{ least_assurance: 'one-factor' }, '/least_assurance field.choice'],
      [{ max_age: 60 }, '/max_age field.unknown'],
    ] as const)
      assert.deepEqual(fieldErrorsIn(await check(wanted)), [error])
    assert.deepEqual(refusalIn(await root.asks('POST', '/apps/none/access-check', {})), [404, 'app.not_found'])

    // A script that may not see users gets the numbers.
    const token = await apiTokenOf(root, ['apps:write'])
    const numbers = await asksWith(server, token, 'POST', `${path}/access-check`, { allowed_roles: ['admin'] })
    assert.deepEqual([numbers.status, numbers.body['newly_refused'], numbers.body['first']], [200, 2, null])
    const both = await apiTokenOf(root, ['apps:write', 'users:read'], { name: 'Both' })
    const named = await asksWith(server, both, 'POST', `${path}/access-check`, { allowed_roles: ['admin'] })
    assert.equal((named.body['first'] as object[]).length, 2)
    await root.asks('POST', `/users/${adaId}/disable`)
    assert.deepEqual((await check({ allowed_roles: ['admin'] })).body['users'], 2)
  },
)

onEitherDatabase('the first app brings the keys that sign ID tokens', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const keys = async () => (await server.doorward.db.selectFrom('signing_key').select('alg').execute()).length
  assert.equal(await keys(), 0)
  await newApp(root)
  assert.equal(await keys(), 2)
  await newApp(root, { name: 'Notes' })
  assert.equal(await keys(), 2)
})

onEitherDatabase(
  'the operator gives an id and a secret, so that the same app exists on every server',
  async (t, dialect) => {
    const { server } = await startWithAdmin(t, { dialect })
    const ctx = server.operator()
    const wanted = { id: 'wiki', secret: Secret.of('x'.repeat(32)), name: 'Wiki', redirectUris: [REDIRECT] }
    const { client, secret } = await createApp(ctx, wanted)
    assert.deepEqual([client.id, secret?.reveal()], ['wiki', 'x'.repeat(32)])
    assert.deepEqual(await hashesOf(server, 'wiki'), [hashOf(wanted.secret)])
    await assert.rejects(createApp(ctx, { ...wanted, name: 'Other' }), refusedWith('app.id_taken'))
    await assert.rejects(createApp(ctx, { ...wanted, id: 'a b' }), refusedWith('request.validation_failed'))
    const short = { ...wanted, id: 'notes', secret: Secret.of('x'.repeat(31)) }
    await assert.rejects(createApp(ctx, short), refusedWith('request.validation_failed'))
  },
)
