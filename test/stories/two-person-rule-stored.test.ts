// Requests that the version before stored are opened and carried out, from rows as it wrote them.
import assert from 'node:assert/strict'

import { stateOfTarget } from '#domain/approvals/approval.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { onEachDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { type RuledScene, startWithRule } from '../support/people/admins.ts'
import { refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

interface StoredRow {
  readonly kind: string
  /** The name of a user to be created, of a role or of a policy; the username of a user who exists. */
  readonly about: string
  readonly parameters: string
  readonly reason?: string
}

/** Stores a request of root as a row, and returns its id. */
async function storeRow({ server, root }: RuledScene, { kind, about, parameters, reason }: StoredRow): Promise<string> {
  const ctx = server.operator()
  const asker = await findUserByName(ctx, root.username)
  const target = await findUserByName(ctx, about)
  assert.ok(asker)
  const id = ctx.newId()
  const row = {
    id,
    kind,
    actor: asker.subject,
    actor_epoch: asker.credentialEpoch,
    target: target?.subject ?? null,
    target_name: about,
    target_state: target ? stateOfTarget(target) : null,
    wish_key: id,
    parameters,
    password_hash: null,
    reason: reason ?? null,
    state: 'waiting',
    created_at: ctx.now,
    ready_at: ctx.now + hours(24),
    expires_at: ctx.now + hours(24) + days(7),
    decided_by: null,
    decided_at: null,
    end_reason: null,
  } as const
  await server.doorward.db.insertInto('approval_request').values(row).execute()
  return id
}

onEachDatabase('requests as the version before stored them are shown, approved and carried out', async (t, dialect) => {
  const scene = await startWithRule(t, dialect)
  const { root, noa } = scene
  const group = await root.asks('POST', '/groups', { name: 'Sales' })
  const browser = await signedInBrowser(noa)
  const opened = async (row: StoredRow, shown: RegExp): Promise<Record<string, unknown>> => {
    const id = await storeRow(scene, row)
    const { body } = await noa.asks('GET', `/approvals/${id}`)
    assert.deepEqual(body['parameters'], JSON.parse(row.parameters))
    assert.match((await browser.page(`/admin/approvals/${id}`)).text, shown)
    const reply = await noa.asks('POST', `/approvals/${id}/approve`)
    assert.equal(reply.status, 200, reply.raw.body)
    return reply.body['user'] as Record<string, unknown>
  }

  const first = `{"username":"eve","email":null,"full_name":"Eve","role":"admin","invite":true,"lifetime":null,"locale":"de"}`
  const eve = await opened({ kind: 'create-user', about: 'eve', parameters: first }, /Full name\s+Eve/)
  assert.deepEqual([eve['full_name'], eve['role'], eve['locale']], ['Eve', 'admin', 'de'])

  const later = `{"username":"kim","email":"kim@example.org","full_name":null,"role":"admin","invite":false,"lifetime":86400000,"locale":null,"delivery":null,"expires_at":"2099-01-01T00:00:00.000Z","attributes":null,"groups":"Sales"}`
  const kim = await opened({ kind: 'create-user', about: 'kim', parameters: later }, /Groups\s+Sales/)
  assert.equal(kim['expires_at'], '2099-01-01T00:00:00.000Z')
  const members = await root.asks('GET', `/groups/${String(group.body['id'])}/members`)
  assert.match(JSON.stringify(members.body), /kim/)

  const change = `{"role":"admin","full_name":"Ada L.","time_zone":"Europe/Berlin"}`
  const changed = await opened({ kind: 'change', about: 'ada', parameters: change }, /Time zone\s+\S+\s+Europe\/Berlin/)
  assert.deepEqual([changed['role'], changed['full_name']], ['admin', 'Ada L.'])

  const reset = { kind: 'reset-second-factor', about: 'mia', parameters: '{"reset_password":true}', reason: 'Lost bag' }
  await opened(reset, /Also reset the password\s+Yes/)
  await opened({ kind: 'invite', about: 'mia', parameters: '{"lifetime":3600000}' }, /Invite mia/)
  await opened({ kind: 'disable', about: 'ada', parameters: '{}' }, /Disable ada/)

  const role = '{"description":"Looks","permissions":"users:read"}'
  await opened({ kind: 'create-role', about: 'looker', parameters: role }, /Description\s+Looks/)
  assert.deepEqual((await root.asks('GET', '/roles/looker')).body['permissions'], ['users:read'])

  const policy = '{"scope":"everyone","second_factor":"required","session_idle":600,"in_force_from":null}'
  await opened({ kind: 'create-policy', about: 'All', parameters: policy }, /Everyone/i)
  const [stored] = (await root.asks('GET', '/policies')).body['items'] as Record<string, unknown>[]
  assert.match(JSON.stringify(stored), /"session_idle":600/)
})

leaveToTestAll()

onEachDatabase(
  'a request with a value that only a newer version knows lapses, and changes nothing',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { root, noa } = scene
    const parameters = '{"role":"admin","badge":"7"}'
    const id = await storeRow(scene, { kind: 'change', about: 'ada', parameters })
    assert.equal((await noa.asks('GET', '/approvals')).status, 200)
    assert.deepEqual(refusalIn(await noa.asks('POST', `/approvals/${id}/approve`)), [409, 'approval.lapsed'])
    const { body } = await root.asks('GET', `/approvals/${id}`)
    assert.deepEqual([body['state'], body['end_reason']], ['lapsed', 'unreadable'])
    assert.equal((await findUserByName(scene.server.operator(), 'ada'))?.role, 'user')
  },
)
