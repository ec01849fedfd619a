// Threat: an app as a way around the two-person rule. Who changes where an app sends people, or knows its secret, can be anybody at that app.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findClient, findClientWithSecrets } from '#domain/clients/client.service.ts'
import { hashOf } from '#foundation/kernel/secret-token.ts'
import { Secret } from '#foundation/kernel/secret.ts'
import { hours } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { changeApp, createApp } from '#use-cases/administration/clients/clients.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithRule } from '../support/people/admins.ts'
import { declares } from '../support/people/attributes.ts'
import { newGroup } from '../support/people/groups.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const REDIRECTS = ['https://wiki.example.org/callback', 'https://old.example.org/callback']

/** Asks for something that waits; returns the id of the request and the answer. */
async function waiting(person: Person, method: 'POST' | 'PATCH', url: string, body?: object) {
  const reply = await person.asks(method, url, body)
  assert.equal(reply.status, 202, reply.raw.body)
  const { approval = reply.body } = reply.body as { approval?: unknown }
  const { id, state } = approval as Readonly<Record<string, unknown>>
  assert.equal(state, 'waiting')
  assert.equal(reply.raw.headers.location, `/approvals/${String(id)}`)
  return { id: String(id), body: reply.body }
}

function approves(person: Person, id: string): Promise<Reply> {
  return person.asks('POST', `/approvals/${id}/approve`)
}

async function secretHashes(server: Server, id: string): Promise<string[] | undefined> {
  const found = await findClientWithSecrets(server.operator(), id)
  return found?.secrets.map(({ hash }) => hash)
}

async function storeWiki(server: Server): Promise<string> {
  return (await createApp(server.operator(), { id: 'wiki', name: 'Wiki', redirectUris: REDIRECTS })).client.id
}

onEitherDatabase(
  'a new app waits with the hash of its secret, which only the admin who asked has seen',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const group = await newGroup(root, 'Sales')
    await declares(root, [{ key: 'desk', label: 'Desk' }])
    const asked = {
      name: 'Wiki',
      redirect_uris: REDIRECTS,
      scopes: ['openid', 'groups', 'profile'],
      require_pkce: false,
      shared_groups: [group],
      attributes: [{ key: 'desk', claim: 'place' }],
    }
    const { id, body } = await waiting(root, 'POST', '/apps', asked)
    const secret = Secret.of(String(body['client_secret']))
    const client = String(body['id'])
    assert.equal(await findClient(server.operator(), client), undefined)

    // Neither the secret nor its hash is in what others read.
    const read = await mia.asks('GET', `/approvals/${id}`)
    const parameters = read.body['parameters'] as Readonly<Record<string, unknown>>
    assert.deepEqual([parameters['redirect_uris'], parameters['shared_group_names']], [REDIRECTS.join(' '), 'Sales'])
    const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${id}`)
    assert.match(page.body, /old\.example\.org/)
    for (const text of [read.raw.body, page.body]) {
      assert.ok(!text.includes(secret.reveal()))
      assert.ok(!text.includes(hashOf(secret)))
    }

    assert.deepEqual(refusalIn(await approves(root, id)), [409, 'approval.own_request'])
    assert.equal((await approves(mia, id)).status, 200)
    assert.deepEqual(await secretHashes(server, client), [hashOf(secret)])
    const stored = await findClient(server.operator(), client)
    const { subject } = await rowOf(root)
    assert.deepEqual(
      [
        stored?.name,
        stored?.redirectUris,
        stored?.scopes,
        stored?.requirePkce,
        stored?.sharedGroups,
        stored?.createdBy,
      ],
      ['Wiki', REDIRECTS, ['openid', 'profile', 'groups'], false, [group], subject],
    )
    assert.deepEqual(stored?.attributes, [{ key: 'desk', claim: 'place', allowedBy: subject }])
    const { db } = server.doorward
    assert.deepEqual(await db.selectFrom('approval_request').select('password_hash').execute(), [
      { password_hash: null },
    ])
  },
)

leaveToTestAll()

onEitherDatabase('a further secret works once a second admin has approved it, and not before', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  const app = await storeWiki(server)
  const [first] = (await secretHashes(server, app)) ?? []
  const { id, body } = await waiting(root, 'POST', `/apps/${app}/secrets`)
  const hash = hashOf(Secret.of(String(body['client_secret'])))
  assert.deepEqual(await secretHashes(server, app), [first])
  const other = await waiting(root, 'POST', `/apps/${app}/secrets`)
  assert.notEqual(other.id, id, 'each has a secret of its own')
  assert.equal((await approves(mia, id)).status, 200)
  assert.deepEqual(await secretHashes(server, app), [first, hash])
  // The third is one too many by now.
  assert.deepEqual(refusalIn(await approves(mia, other.id)), [409, 'approval.lapsed'])
  assert.equal((await secretHashes(server, app))?.length, 2)
})

onEitherDatabase('without an objection a request is carried out when its time has passed', async (t, dialect) => {
  const { server, root } = await startWithRule(t, dialect)
  const { body } = await waiting(root, 'POST', '/apps', { name: 'Phone', kind: 'native', redirect_uris: ['a.b:/c'] })
  assert.equal(body['client_secret'], null)
  const made = await waiting(root, 'POST', '/apps', { name: 'Wiki', redirect_uris: REDIRECTS })
  server.clock.pass(hours(24))
  await carryOutAllReady(server.operator())
  assert.deepEqual(await secretHashes(server, String(body['id'])), [])
  assert.equal((await secretHashes(server, String(made.body['id'])))?.length, 1)
})

onEitherDatabase(
  'what lets an app do more waits; its name, fewer URIs, disabling and ending do not',
  async (t, dialect) => {
    const { server, root, mia } = await startWithRule(t, dialect)
    const app = await storeWiki(server)
    const path = `/apps/${app}`
    const read = () => findClient(server.operator(), app)
    const before = await read()
    for (const change of [
      { redirect_uris: [...REDIRECTS, 'https://evil.example/'] },
      { logout_uris: ['https://evil.example/'] },
      { require_pkce: false },
      { unconfirmed_email: true },
      { scopes: ['openid', 'email', 'profile', 'groups'], name: 'Other' },
      { shared_groups: 'all' },
      { auth_method: 'none' },
    ])
      await waiting(root, 'PATCH', path, change)
    assert.deepEqual(await read(), before)

    assert.equal((await root.asks('PATCH', path, { name: 'Notes', redirect_uris: REDIRECTS.slice(1) })).status, 200)
    assert.equal((await root.asks('POST', `${path}/disable`)).status, 200)
    const { id } = await waiting(root, 'POST', `${path}/enable`)
    assert.equal((await waiting(root, 'POST', `${path}/enable`)).id, id, 'the same wish waits once')
    assert.ok((await read())?.disabledAt)
    assert.equal((await approves(mia, id)).status, 200)
    assert.equal((await read())?.disabledAt, null)
    assert.equal((await root.asks('POST', `${path}/enable`)).status, 200, 'nothing changes')
    assert.equal((await root.asks('DELETE', `${path}/grants`)).status, 200)
    const { secrets } = (await root.asks('GET', path)).body as { readonly secrets: readonly { readonly id: string }[] }
    assert.equal((await root.asks('DELETE', `${path}/secrets/${secrets[0]?.id}`)).status, 204)
    assert.equal((await root.asks('DELETE', path)).status, 204)
  },
)

onEitherDatabase('an approved change is made as it was asked for, on the app as it was read', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  const app = await storeWiki(server)
  const wanted = {
    name: 'Notes',
    redirect_uris: ['https://notes.example.org/'],
    scopes: ['email'],
    shared_groups: 'all',
  }
  const asked = await waiting(root, 'PATCH', `/apps/${app}`, wanted)
  const other = await waiting(root, 'PATCH', `/apps/${app}`, { allow_http: true })
  assert.equal((await approves(mia, asked.id)).status, 200)
  const changed = await findClient(server.operator(), app)
  assert.deepEqual(
    [changed?.name, changed?.redirectUris, changed?.scopes, changed?.sharedGroups, changed?.allowHttp],
    ['Notes', wanted.redirect_uris, ['openid', 'email'], 'all', false],
  )
  assert.deepEqual(refusalIn(await approves(mia, other.id)), [409, 'approval.lapsed'])
  assert.equal((await mia.asks('GET', `/approvals/${other.id}`)).body['end_reason'], 'app_changed')

  const late = await waiting(root, 'POST', `/apps/${app}/secrets`)
  assert.equal((await root.asks('DELETE', `/apps/${app}`)).status, 204)
  assert.deepEqual(refusalIn(await approves(mia, late.id)), [409, 'approval.lapsed'])
  assert.equal(await findClient(server.operator(), app), undefined)
})

onEitherDatabase('who asked must still be allowed to, and who approves must be', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const operator = server.operator()
  const app = await storeWiki(server)
  const [clerk, keeper] = [
    ['users:read', 'users:write'],
    ['users:read', 'apps:write'],
  ] as const
  await createRole(operator, { name: 'clerk', description: '', permissions: clerk })
  await createRole(operator, { name: 'keeper', description: '', permissions: keeper })
  await changeUser(operator, { id: await idOf(mia) }, { role: 'clerk' })
  await changeUser(operator, { id: await idOf(noa) }, { role: 'keeper' })
  await mia.signsIn()
  await noa.signsIn()
  const asked = await waiting(noa, 'PATCH', `/apps/${app}`, { require_pkce: false })
  assert.deepEqual(refusalIn(await approves(mia, asked.id)), [403, 'role.beyond_own'])
  assert.equal((await approves(root, asked.id)).status, 200)

  const again = await waiting(noa, 'PATCH', `/apps/${app}`, { allow_http: true })
  await changeUser(operator, { id: await idOf(noa) }, { role: 'clerk' })
  assert.deepEqual(refusalIn(await approves(root, again.id)), [409, 'approval.lapsed'])
  assert.equal((await findClient(operator, app))?.allowHttp, false)
})

onEitherDatabase('what the operator does on the server goes past the rule, and is said', async (t, dialect) => {
  const { server } = await startWithRule(t, dialect)
  const operator = server.operator()
  const app = await storeWiki(server)
  await changeApp(operator, app, { name: 'Notes' })
  await changeApp(operator, app, { allowHttp: true })
  assert.equal((await findClient(operator, app))?.allowHttp, true)
  const { items } = await listEvents(operator, { action: 'approval.bypassed', limit: 10 })
  assert.deepEqual(
    items.map(({ details }) => [details?.['username'], details?.['change']]),
    [
      ['Notes', 'change-app'],
      ['Wiki', 'create-app'],
    ],
  )
})
