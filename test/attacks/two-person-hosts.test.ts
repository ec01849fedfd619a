// Threat: a protected host as a way around the two-person rule. Who changes its rules lets anyone pass to the app behind it, or takes the second
// factor away before it.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { findHostByName, listHosts } from '#domain/hosts/host.service.ts'
import { changeHost, createHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithRule } from '../support/people/admins.ts'
import { newGroup } from '../support/people/groups.ts'
import { hostRule } from '../support/people/hosts.ts'
import type { Person } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const NAME = 'wiki.example.org'
const PATH = `/hosts/${NAME}`

async function waiting(person: Person, method: 'POST' | 'PATCH', url: string, body: object): Promise<string> {
  const { status, body: request, raw } = await person.asks(method, url, body)
  assert.equal(status, 202, raw.body)
  assert.equal(request['state'], 'waiting')
  return String(request['id'])
}

function approves(person: Person, id: string) {
  return person.asks('POST', `/approvals/${id}/approve`)
}

onEitherDatabase('a new host waits, and is made as it was asked for', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  const staff = await newGroup(root, 'Big, ideas')
  const rules = [
    { path: '/admin', who: 'groups', names: [staff], methods: ['POST', 'GET'], max_age: 300 },
    { path: '/', who: 'roles', names: ['admin'], least_assurance: 'phishing-resistant' },
  ]
  const wanted = { name: NAME, rules, shared_groups: [staff], api_tokens: true }
  const id = await waiting(root, 'POST', '/hosts', wanted)
  assert.deepEqual((await listHosts(server.operator(), { limit: 9 })).items, [])
  const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${id}`)
  for (const text of ['Protect host', NAME, 'GET, POST /admin', 'Big, ideas', '5 minutes', 'Admin', 'passkey'])
    assert.ok(page.body.includes(text), text)
  assert.deepEqual(refusalIn(await approves(root, id)), [409, 'approval.own_request'])
  assert.equal((await approves(mia, id)).status, 200)
  const [stored] = (await listHosts(server.operator(), { limit: 9 })).items
  const { id: _, createdAt: __, ...row } = stored ?? assert.fail()
  assert.deepEqual(row, {
    name: NAME,
    rules: [
      hostRule('/admin', { methods: ['GET', 'POST'], who: 'groups', names: [staff], maxAge: 300_000 }),
      hostRule('/', { who: 'roles', names: ['admin'], leastAssurance: 'phishing-resistant' }),
    ],
    sharedGroups: [staff],
    apiTokens: true,
    preflights: false,
    createdBy: (await rowOf(root)).subject,
    revision: 1,
  })
})

leaveToTestAll()

onEitherDatabase('what lets more pass waits; what takes access away, and the end, do not', async (t, dialect) => {
  const { server, root, mia } = await startWithRule(t, dialect)
  const staff = await newGroup(root, 'Staff')
  const admins = { path: '/admin', who: 'roles', names: ['admin'] }
  const rules = [hostRule('/admin', { who: 'roles', names: ['admin'] })]
  const { revision: _, ...before } = await createHost(server.operator(), { name: NAME, rules })
  const asked: string[] = []
  for (const change of [
    { rules: [] },
    { rules: [{ ...admins, names: ['admin', 'user'] }] },
    { rules: [{ path: '/', who: 'everyone' }, admins] },
    { shared_groups: [staff] },
    { api_tokens: true },
    { preflights: true },
  ])
    asked.push(await waiting(root, 'PATCH', PATH, change))
  const { revision, ...unchanged } = (await findHostByName(server.operator(), NAME)) ?? assert.fail()
  assert.deepEqual([unchanged, revision], [before, 1])
  const page = await (await signedInBrowser(mia)).open(`/admin/approvals/${asked[1]}`)
  for (const text of ['Change protected host', '/admin: People with the role Admin or User'])
    assert.ok(page.body.includes(text), text)

  assert.equal((await approves(mia, asked[1] ?? '')).status, 200)
  const changed = await findHostByName(server.operator(), NAME)
  assert.deepEqual(changed?.rules, [hostRule('/admin', { who: 'roles', names: ['admin', 'user'] })])
  assert.deepEqual(refusalIn(await approves(mia, asked[0] ?? '')), [409, 'approval.lapsed'])
  assert.equal((await mia.asks('GET', `/approvals/${asked[0]}`)).body['end_reason'], 'host_changed')

  const less = { rules: [{ ...admins, least_assurance: 'two-factors' }], api_tokens: false }
  assert.equal((await root.asks('PATCH', PATH, less)).status, 200)
  const late = await waiting(root, 'PATCH', PATH, { preflights: true })
  assert.equal((await root.asks('DELETE', PATH)).status, 204)
  assert.deepEqual(refusalIn(await approves(mia, late)), [409, 'approval.lapsed'])
  // Otherwise one admin alone could remove the host, and protect it again with other rules.
  await waiting(root, 'POST', '/hosts', { name: NAME, rules: [{ path: '/', who: 'everyone' }] })
})

onEitherDatabase('what the operator does with a host goes past the rule, and is said', async (t, dialect) => {
  const { server } = await startWithRule(t, dialect)
  const operator = server.operator()
  await createHost(operator, { name: NAME })
  await changeHost(operator, NAME, { preflights: true })
  const { items } = await listEvents(operator, { action: 'approval.bypassed', limit: 10 })
  assert.deepEqual(
    items.map(({ details }) => [details?.['username'], details?.['change']]),
    [
      [NAME, 'change-host'],
      [NAME, 'create-host'],
    ],
  )
})
