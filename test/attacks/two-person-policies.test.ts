// Threat: one admin stops all other admins at once by a policy, a group or the end of an exemption, while the two-person rule is on.
import assert from 'node:assert/strict'

import { listEvents } from '#domain/audit/audit.service.ts'
import { days, hours, toRfc3339 } from '#foundation/kernel/time.ts'
import { carryOutAllReady } from '#use-cases/administration/approvals/approval-decision.service.ts'
import { addGroupMember } from '#use-cases/administration/groups/groups.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import { type RuledScene, startWithRule } from '../support/people/admins.ts'
import type { Person, Reply } from '../support/people/people.ts'
import { storeGroup } from '../support/policies/stored-policies.ts'
import { idOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const STRICT = { second_factor: 'phishing-resistant' } as const

function waitingIn({ status, body, raw }: Reply): string {
  assert.equal(status, 202, raw.body)
  return String(body['id'])
}

function doneIn({ status, body, raw }: Reply): Record<string, unknown> {
  assert.ok([200, 204].includes(status), raw.body)
  return body
}

const approve = (by: Person, id: string): Promise<Reply> => by.asks('POST', `/approvals/${id}/approve`)

async function isStopped(person: Person): Promise<boolean> {
  return (await person.asks('GET', '/session')).status !== 200
}

async function policiesIn({ server }: RuledScene): Promise<number> {
  return (await server.doorward.db.selectFrom('policy_version').select('id').execute()).length
}

async function isMember({ server }: RuledScene, id: number): Promise<boolean> {
  const query = server.doorward.db
    .selectFrom('group_member')
    .innerJoin('users', 'users.subject', 'group_member.subject')
  return (await query.select('users.id').where('users.id', '=', id).execute()).length > 0
}

onEitherDatabase(
  'a policy that would stop another admin within a week waits for a second admin',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { server, root, mia, noa, ada } = scene
    const { db, clock } = { ...server, ...server.doorward }
    for (const group of ['team', 'own', 'plain']) await storeGroup(db, group, [])
    const ids = { root: await idOf(root), mia: await idOf(mia), ada: await idOf(ada) }
    doneIn(await root.asks('PUT', `/groups/team/members/${ids.mia}`))
    doneIn(await root.asks('PUT', `/groups/own/members/${ids.root}`))
    doneIn(await root.asks('PUT', `/groups/plain/members/${ids.ada}`))
    const team = { name: 'Team', scope: 'group', scope_ref: 'team', ...STRICT }
    const inDays = (count: number) => toRfc3339(clock.now() + days(count))

    const id = waitingIn(await root.asks('POST', '/policies', team))
    assert.equal(waitingIn(await root.asks('POST', '/policies', team)), id)
    const early = waitingIn(await root.asks('POST', '/policies', { ...team, in_force_from: inDays(6.9) }))
    const everyone = waitingIn(
      await root.asks('POST', '/policies', { name: 'All', scope: 'everyone', factors: ['passkey'] }),
    )
    assert.equal(await policiesIn(scene), 0)
    assert.equal(await isStopped(mia), false)

    const pages = await signedInBrowser(root)
    const form = { name: 'Team', whom: 'group:team', ...STRICT, start: 'now' }
    const check = await pages.submit('/admin/policies/new', form)
    assert.match(check.body, /Users with permissions[^]*mia[^]*so it waits for a second admin/)
    assertLeadsTo(
      await pages.submit('/admin/policies/new', { ...form, confirmed: 'yes' }),
      `/admin/approvals/${id}?done=asked`,
    )
    const shown = await (await signedInBrowser(noa)).page(`/admin/approvals/${id}`)
    assert.match(
      shown.text,
      /Create policy Team\?[^]*Second step\s+Required\s+Passkey required\s+Applies to[^]*team[^]*From[^]*Immediately/,
    )

    // Nobody but who asks, and users without permissions.
    doneIn(await root.asks('POST', '/policies', { ...team, name: 'Plain', scope_ref: 'plain' }))
    doneIn(await root.asks('POST', '/policies', { ...team, name: 'Own', scope_ref: 'own', in_force_from: inDays(1) }))
    doneIn(await noa.asks('POST', `/approvals/${everyone}/decline`))
    assert.equal((await approve(noa, id)).status, 200)
    assert.equal(await isStopped(mia), true)
    assert.deepEqual(refusalIn(await approve(noa, early)), [409, 'approval.lapsed'])

    // A week is enough to act.
    const other = { name: 'Admins', scope: 'role', scope_ref: 'admin', ...STRICT }
    const planned = doneIn(await noa.asks('POST', '/policies', { ...other, in_force_from: inDays(7) }))
    doneIn(await noa.asks('DELETE', `/policies/${String(planned['id'])}/versions/1`))
    const at = { second_factor: 'phishing-resistant', in_force_from: inDays(0.5) }
    waitingIn(await noa.asks('POST', `/policies/${String(planned['id'])}/versions`, at))
  },
)

leaveToTestAll()

onEitherDatabase('a policy is raised, and its deadline brought forward, by two admins only', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root, noa } = scene
  const admins = { name: 'Admins', scope: 'role', scope_ref: 'admin' }
  const weak = doneIn(await root.asks('POST', '/policies', { ...admins, session_idle: 600 }))
  const path = `/policies/${String(weak['id'])}`
  doneIn(await root.asks('POST', `${path}/versions`, { second_factor: 'required' }))
  const raised = waitingIn(await root.asks('POST', `${path}/versions`, STRICT))
  doneIn(await root.asks('PATCH', path, { name: 'Staff' }))
  assert.deepEqual(refusalIn(await approve(noa, raised)), [409, 'approval.lapsed'])
  assert.equal((await noa.asks('GET', `/approvals/${raised}`)).body['end_reason'], 'policy_changed')

  // Its instant passes while it waits, and it begins when it is carried out.
  const soon = { ...STRICT, session_absolute: 7200, in_force_from: toRfc3339(server.clock.now() + hours(2)) }
  waitingIn(await root.asks('POST', `${path}/versions`, soon))
  server.clock.pass(hours(24))
  await carryOutAllReady(server.operator())
  const { db } = server.doorward
  const [last] = await db.selectFrom('policy_version').selectAll().orderBy('version', 'desc').limit(1).execute()
  const { second_factor: said, session_absolute: span, in_force_from: from } = last ?? assert.fail()
  assert.deepEqual([said, Number(span), Number(from)], ['phishing-resistant', hours(2), server.clock.now()])
})

onEitherDatabase('an admin joins a group whose policy would stop them by two admins only', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root, mia, noa, ada } = scene
  const { db } = server.doorward
  await storeGroup(db, 'team', [])
  const [miaId, adaId, noaId] = [await idOf(mia), await idOf(ada), await idOf(noa)]
  doneIn(await root.asks('POST', '/policies', { name: 'Team', scope: 'group', scope_ref: 'team', ...STRICT }))
  doneIn(await root.asks('PUT', `/groups/team/members/${adaId}`))
  const id = waitingIn(await root.asks('PUT', `/groups/team/members/${miaId}`))
  const listed = await root.asks('POST', '/groups/team/members', { users: ['mia', 'ada'] })
  assert.deepEqual([listed.body['waiting'], listed.body['unchanged'], listed.body['refused']], [1, 1, 0])
  const pages = await signedInBrowser(root)
  assertLeadsTo(
    await pages.submit(`/admin/users/${miaId}/groups`, { group: 'team' }),
    `/admin/approvals/${id}?done=asked`,
  )
  const bulk = { action: 'add-to-group', group: 'team', confirmed: 'yes', [`user-${miaId}`]: 'yes' }
  assert.match((await pages.submit('/admin/users/bulk', bulk)).body, /Waiting/)
  assert.match((await pages.submit('/admin/groups/team/members', { users: 'mia' })).body, /Waiting/)

  // Its managers can ask for nothing that waits.
  doneIn(await root.asks('PUT', `/groups/team/managers/${noaId}`))
  const managed = await noa.asks('POST', '/users/me/groups/team/members', { users: ['mia'] })
  assert.match(managed.raw.body, /group\.second_admin_needed/)
  assert.deepEqual([await isMember(scene, miaId), await isStopped(mia)], [false, false])

  const own = await (await signedInBrowser(mia)).page('/account/security/requests')
  assert.match(own.text, /Add mia to a group[^]*team/)
  assert.equal((await approve(noa, id)).status, 200)
  assert.deepEqual([await isMember(scene, miaId), await isStopped(mia)], [true, true])
  await addGroupMember(server.operator(), 'team', { id: noaId })
  const { items } = await listEvents(server.operator(), { action: 'approval.bypassed', limit: 9 })
  assert.deepEqual(
    items.map(({ details }) => details?.['change']),
    ['add-member'],
  )
  // Oneself.
  doneIn(await root.asks('PUT', `/groups/team/members/${await idOf(root)}`))
})

onEitherDatabase('an exemption that protects an admin ends by two admins only', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { server, root, mia, noa } = scene
  await storeGroup(server.doorward.db, 'team', [])
  const miaId = await idOf(mia)
  doneIn(await root.asks('PUT', `/groups/team/members/${miaId}`))
  const body = { name: 'Team', scope: 'group', scope_ref: 'team', session_idle: 600 }
  const path = `/policies/${String(doneIn(await root.asks('POST', '/policies', body))['id'])}`
  const exempts = (span: number) =>
    root.asks('PUT', `${path}/exemptions/${miaId}`, {
      reason: 'New phone',
      ends_at: toRfc3339(server.clock.now() + span),
    })
  doneIn(await exempts(hours(1)))
  waitingIn(await root.asks('POST', `${path}/versions`, STRICT))
  doneIn(await exempts(days(30)))
  doneIn(await root.asks('POST', `${path}/versions`, STRICT))
  doneIn(await exempts(days(20)))
  const shorter = waitingIn(await exempts(days(6)))
  const ended = waitingIn(await root.asks('DELETE', `${path}/exemptions/${miaId}`))
  const pages = await signedInBrowser(root)
  const submitted = await pages.submit(`/admin${path}/exemptions/${miaId}/end`, {})
  assertLeadsTo(submitted, `/admin/approvals/${ended}?done=asked`)
  assert.equal(await isStopped(mia), false)
  assert.equal((await approve(noa, shorter)).status, 200)
  assert.equal(await isStopped(mia), false)
  assert.equal((await approve(noa, ended)).status, 200)
  assert.equal(await isStopped(mia), true)
  doneIn(await root.asks('POST', `${path}/end`, {}))
})

onEitherDatabase(
  'a short exemption hides no admin, also where the policy asks exempt users for a second factor',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { server, root, mia, noa } = scene
    const ids = [await idOf(mia), await idOf(noa)]
    const whoms = [
      { name: 'All', scope: 'everyone' },
      { name: 'Admins', scope: 'role', scope_ref: 'admin', second_factor: 'required' },
    ]
    for (const whom of whoms) {
      const path = `/policies/${String(doneIn(await root.asks('POST', '/policies', { ...whom, session_idle: 600 }))['id'])}`
      const ends_at = toRfc3339(server.clock.now() + hours(1))
      const exemption = { reason: 'New phone', ends_at }
      for (const id of ids) doneIn(await root.asks('PUT', `${path}/exemptions/${id}`, exemption))
      waitingIn(await root.asks('POST', `${path}/versions`, STRICT))
    }
  },
)

onEitherDatabase(
  'a planned version that keeps an admin from being stopped is not cancelled by one admin',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { server, root, mia } = scene
    await storeGroup(server.doorward.db, 'team', [])
    const [miaId, at] = [await idOf(mia), (span: number) => toRfc3339(server.clock.now() + span)]
    const team = { name: 'Team', scope: 'group', scope_ref: 'team', ...STRICT }
    const path = `/policies/${String(doneIn(await root.asks('POST', '/policies', team))['id'])}`
    const loose = { second_factor: 'required', in_force_from: at(hours(2)) }
    doneIn(await root.asks('POST', `${path}/versions`, loose))
    doneIn(await root.asks('PUT', `${path}/exemptions/${miaId}`, { reason: 'New phone', ends_at: at(hours(3)) }))
    doneIn(await root.asks('PUT', `/groups/team/members/${miaId}`))
    const cancelled = await root.asks('DELETE', `${path}/versions/2`)
    assert.deepEqual(refusalIn(cancelled), [403, 'policy.cancelling_stops'])
    waitingIn(await root.asks('POST', `${path}/versions`, { ...STRICT, in_force_from: at(hours(2) + 1000) }))
    doneIn(await root.asks('DELETE', `/groups/team/members/${miaId}`))
    doneIn(await root.asks('DELETE', `${path}/versions/2`))
  },
)
