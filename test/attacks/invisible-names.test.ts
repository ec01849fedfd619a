// A second group or policy that looks like another one on every page, because its name has a character that no page shows.
import assert from 'node:assert/strict'

import { signedInBrowser } from '../support/pages/page-answers.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { newGroup } from '../support/people/groups.ts'
import { fieldErrorsIn, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { command } from '../support/server/command-line.ts'

const LOOK_ALIKES = ['Sta\u200Bff', 'Staff\u2060', 'Sta\uFEFFff', 'Sta\u00ADff', 'Staff\u3164', 'Sta\u200Fff']
const POLICY = { scope: 'role', scope_ref: 'user', session_idle: 600 }

test('no group and no policy has a name that looks like another one by an invisible character', async (t) => {
  const { server, root } = await startWithUser(t)
  const staff = await newGroup(root, 'Staff')
  const policy = String((await root.asks('POST', '/policies', { name: 'Staff', ...POLICY })).body['id'])
  for (const name of [...LOOK_ALIKES, 'Night  shift']) {
    for (const reply of [
      await root.asks('POST', '/groups', { name }),
      await root.asks('PATCH', `/groups/${staff}`, { name }),
    ])
      assert.deepEqual(fieldErrorsIn(reply), ['/name group.name_characters'], JSON.stringify(name))
    for (const reply of [
      await root.asks('POST', '/policies', { name, ...POLICY, scope_ref: 'admin' }),
      await root.asks('PATCH', `/policies/${policy}`, { name }),
    ])
      assert.deepEqual(fieldErrorsIn(reply), ['/name policy.name_characters'], JSON.stringify(name))
  }
  const made = await command(t, ['group', 'create', 'Sta\u200Bff', '--json'], server)
  assert.match(made.stderr, /group\.name_characters/)
  const office = await signedInBrowser(root)
  const refused = await office.submit('/admin/groups/new', { name: 'Sta\u200Bff', description: '' })
  assert.match(refused.body, /double spaces or invisible characters/)
})

leaveToTestAll()

test('joiners stay in names and count for nothing when they are compared', async (t) => {
  const { root } = await startWithUser(t)
  const name = 'می\u200Cخواهم'
  const id = await newGroup(root, name)
  assert.equal((await root.asks('GET', `/groups/${id}`)).body['name'], name)
  for (const other of [name.replace('\u200C', ''), name.replace('\u200C', '\u200D'), `\u200D${name}\u200C`])
    assert.deepEqual(refusalIn(await root.asks('POST', '/groups', { name: other })), [409, 'group.name_taken'])
  const found = await root.asks('GET', `/groups?q=${encodeURIComponent(name.replace('\u200C', ''))}`)
  assert.deepEqual(
    itemsOf(found).map((group) => group['id']),
    [id],
  )
  const list = await root.asks('POST', '/invitations/bulk', {
    csv: `username,groups\nbob,${name.replace('\u200C', '')}`,
  })
  assert.equal(list.body['accepted'], 1, list.raw.body)
  assert.equal((await root.asks('PATCH', `/groups/${id}`, { name: name.replace('\u200C', '') })).status, 200)
})

test('a name of an earlier version stays while other fields change, and what changes it follows the rule', async (t) => {
  const { server, root } = await startWithUser(t)
  const { db } = server.doorward
  const id = await newGroup(root, 'Staff')
  const twin = await newGroup(root, 'Twin')
  const [odd, oddTwin] = ['Zero\u200Bwidth', 'Sta\u200Cff']
  await db.updateTable('user_group').set({ name: oddTwin, name_key: 'sta\u200Cff' }).where('id', '=', twin).execute()
  const other = await newGroup(root, 'Other')
  await db.updateTable('user_group').set({ name: odd, name_key: 'zero\u200Bwidth' }).where('id', '=', other).execute()
  for (const [group, name] of [
    [other, odd],
    [twin, oddTwin],
  ] as const) {
    const changed = await root.asks('PATCH', `/groups/${group}`, { name, description: 'Told apart by its description' })
    assert.deepEqual([changed.status, changed.body['name']], [200, name])
  }
  const keys = await db.selectFrom('user_group').select('name_key').orderBy('name_key').execute()
  assert.deepEqual(
    keys.map((row) => row.name_key),
    ['sta\u200Cff', 'staff', 'zero\u200Bwidth'].toSorted(),
  )
  assert.deepEqual(refusalIn(await root.asks('PATCH', `/groups/${twin}`, { name: 'Staff' })), [409, 'group.name_taken'])
  assert.equal((await root.asks('GET', `/groups/${id}`)).body['name'], 'Staff')

  const policy = String((await root.asks('POST', '/policies', { name: 'Staff', ...POLICY })).body['id'])
  await db.updateTable('policy').set({ name: odd }).where('id', '=', policy).execute()
  const office = await signedInBrowser(root)
  const version = { second_factor: 'required', session_idle: '5m', start: 'now' }
  const planned = await office.pageAfter(`/admin/policies/${policy}/change`, version)
  assert.match(planned.text, /Zero/)
  const added = await root.asks('POST', `/policies/${policy}/versions`, { session_idle: 300 })
  assert.equal(added.status, 200, added.raw.body)
  assert.equal((await root.asks('PATCH', `/policies/${policy}`, { name: odd })).status, 200)
})
