// Attributes: an operator declares further fields of the profile, and users, admins and people who join give them values.
import assert from 'node:assert/strict'

import { changeDeclared } from '#domain/attributes/attribute.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { minutes } from '#foundation/kernel/time.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { startWithRule } from '../support/people/admins.ts'
import { DECLARED, declares, reserveKey } from '../support/people/attributes.ts'
import { ask, newcomer, PASSWORD, type Person, type Reply, startWithAdmin } from '../support/people/people.ts'
import { APPROVAL, mailedToken, OPEN, submitsAccount } from '../support/people/registrations.ts'
import { newSignedInUser } from '../support/people/replaceable-users.ts'
import { beginsEnrolment } from '../support/people/second-factors.ts'
import { bearer } from '../support/requests/held-request.ts'
import { fieldErrorsIn, idOf, invitationIn, itemsOf, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import type { Server } from '../support/server/start.ts'

const keysOf = (reply: Reply): unknown[] => itemsOf(reply).map(({ key }) => key)

async function userWithAttributes(...scene: Parameters<typeof startWithAdmin>) {
  const { server, root } = await startWithAdmin(...scene)
  const ada = await (await newcomer(root, 'ada')).signsIn()
  await root.signsIn()
  await declares(root)
  return { server, root, ada, path: `/users/${await idOf(ada)}/attributes` }
}

async function eventsOf(root: Person, action: string): Promise<Record<string, unknown>[]> {
  return itemsOf(await root.asks('GET', `/audit-events?action=${action}`))
}

onEitherDatabase('an admin declares, orders, changes and deletes attributes', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  await declares(root)
  const all = DECLARED.map(({ key }) => key)
  assert.deepEqual(keysOf(await root.asks('GET', '/attributes')), all)
  const first = await root.asks('PATCH', '/attributes/born', { position: 1, label: 'Birthday' })
  assert.deepEqual([first.status, first.body['label'], first.body['at_joining']], [200, 'Birthday', 'optional'])
  assert.deepEqual(keysOf(await root.asks('GET', '/attributes')), ['born', 'note', 'department', 'desk', 'vegetarian'])
  assert.deepEqual(refusalIn(await root.asks('POST', '/attributes', { ...DECLARED[0] })), [409, 'attribute.key_taken'])
  const wrong = await root.asks('POST', '/attributes', {
    key: 'email',
    label: ' ',
    choices: ['a'],
    visible_to: 'admin',
    changed_by: 'user',
  })
  assert.deepEqual(fieldErrorsIn(wrong), [
    '/key attribute.key_reserved',
    '/label field.missing',
    '/choices attribute.choices_unused',
    '/changed_by attribute.changed_unseen',
  ])
  assert.deepEqual((await root.asks('DELETE', '/attributes/note')).body, { users: 0 })
  assert.deepEqual(refusalIn(await root.asks('GET', '/attributes/note')), [404, 'attribute.not_found'])
  for (const action of ['attribute.declared', 'attribute.changed', 'attribute.deleted'])
    assert.ok((await eventsOf(root, action)).length > 0, action)
})

leaveToTestAll()

onEitherDatabase('who may declare attributes reads all declarations, and no values', async (t, dialect) => {
  const { server, root, ada, path } = await userWithAttributes(t, { dialect })
  assert.equal((await root.asks('PATCH', path, { note: 'Met in Rome' })).status, 200)
  await createRole(server.operator(), { name: 'officer', description: '', permissions: ['policy:write'] })
  const { token } = await newSignedInUser(server, 'officer')
  const pia = {
    asks: (method: 'GET' | 'PATCH', url: string, payload?: object) =>
      ask(server, method, url, { headers: bearer({ token }), payload }),
  }
  assert.deepEqual(
    keysOf(await pia.asks('GET', '/attributes')),
    DECLARED.map(({ key }) => key),
  )
  assert.equal((await pia.asks('GET', '/attributes/note')).status, 200)
  for (const [method, url, body] of [
    ['GET', path, undefined],
    ['PATCH', path, {}],
    ['GET', `/users/${await idOf(ada)}`, undefined],
  ] as const)
    assert.deepEqual(refusalIn(await pia.asks(method, url, body)), [403, 'access.insufficient_permissions'])
})

onEitherDatabase('declaring attributes needs a recent authentication', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  server.clock.pass(minutes(15))
  const refused = await root.asks('POST', '/attributes', { ...DECLARED[0] })
  assert.deepEqual(refusalIn(refused), [401, 'access.reauthentication_required'])
})

onEitherDatabase('a change of an attribute that another admin has changed since is refused', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  await declares(root)
  const tag = String((await root.asks('GET', '/attributes/desk')).raw.headers['etag'])
  await root.asks('PATCH', '/attributes/desk', { label: 'Table' })
  const late = { headers: { authorization: `Bearer ${root.token}`, 'if-match': tag }, payload: { label: 'Chair' } }
  assert.deepEqual(refusalIn(await ask(root.server, 'PATCH', '/attributes/desk', late)), [412, 'resource.stale'])
})

onEitherDatabase(
  'users see and change what they may, and learn nothing of what only admins see',
  async (t, dialect) => {
    const { root, ada, path } = await userWithAttributes(t, { dialect })
    await root.asks('PATCH', path, { note: 'on leave', department: 'Sales' })
    const own = await ada.asks('GET', '/users/me/attributes')
    assert.deepEqual(own.body, { department: 'Sales', desk: null, born: null, vegetarian: null })
    assert.deepEqual(keysOf(await ada.asks('GET', '/attributes')), ['department', 'desk', 'born', 'vegetarian'])
    const [unseen, unknown] = [await ada.asks('GET', '/attributes/note'), await ada.asks('GET', '/attributes/nothing')]
    const { instance: _, ...said } = unseen.body
    assert.deepEqual({ ...unknown.body, instance: undefined }, { ...said, instance: undefined })
    const wrong = await ada.asks('PATCH', '/users/me/attributes', { note: 'x', nothing: 1, department: 'Workshop' })
    assert.deepEqual(fieldErrorsIn(wrong), [
      '/note field.unknown',
      '/nothing field.unknown',
      '/department attribute.admin_only',
    ])
    const changed = await ada.asks('PATCH', '/users/me/attributes', {
      desk: 12.5,
      born: '1815-12-10',
      vegetarian: false,
    })
    assert.deepEqual(changed.body, { department: 'Sales', desk: 12.5, born: '1815-12-10', vegetarian: false })
    const removed = await ada.asks('PATCH', '/users/me/attributes', { desk: null })
    assert.equal(removed.body['desk'], null)
    // What is required at joining is not emptied by the user, once it is answered.
    const emptied = await ada.asks('PATCH', '/users/me/attributes', { vegetarian: null })
    assert.deepEqual(fieldErrorsIn(emptied), ['/vegetarian field.missing'])
    for (const url of ['/users/me', '/users/me/activity', '/users/me/attributes', '/attributes'])
      assert.doesNotMatch((await ada.asks('GET', url)).raw.body, /on leave|note/i, url)
    assert.deepEqual((await root.asks('GET', path)).body, {
      note: 'on leave',
      department: 'Sales',
      desk: null,
      born: '1815-12-10',
      vegetarian: false,
    })
  },
)

onEitherDatabase('events name the attributes that were changed, and never a value', async (t, dialect) => {
  const { root, ada, path } = await userWithAttributes(t, { dialect })
  await root.asks('PATCH', path, { note: 'on leave', department: 'Sales' })
  await root.asks('PATCH', path, { note: 'on leave' })
  await ada.asks('PATCH', '/users/me/attributes', { desk: 7411 })
  const events = await eventsOf(root, 'user.attributes_changed')
  assert.equal(events.length, 2, 'a change to the same value is none')
  assert.match(JSON.stringify(events), /"attributes":"desk".*"attributes":"note department"/)
  assert.doesNotMatch(JSON.stringify(events), /on leave|7411/)
})

onEitherDatabase(
  'values have the type of their attribute, and each wrong one is an error at its key',
  async (t, dialect) => {
    const { root, path } = await userWithAttributes(t, { dialect })
    await declares(root, [{ key: 'motto', label: 'Motto' }])
    const wrong = { motto: '  ', department: 'sales', desk: '7', born: '2023-02-29', vegetarian: 'yes' }
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', path, wrong)).toSorted(), [
      '/born field.format',
      '/department field.choice',
      '/desk attribute.number',
      '/motto field.missing',
      '/vegetarian attribute.yes_no',
    ])
    assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', path, { desk: [], Nope: 1 })).toSorted(), [
      '/Nope field.unknown',
      '/desk field.type',
    ])
    const right = { motto: ' 𝛑 ', department: 'Workshop', desk: 1e21, born: '2024-02-29', vegetarian: true }
    const stored = await root.asks('PATCH', path, right)
    assert.deepEqual(stored.body, { note: null, ...right, motto: '𝛑' })
  },
)

onEitherDatabase('a change of values as read before another change is refused with If-Match', async (t, dialect) => {
  const { server, root, ada } = await userWithAttributes(t, { dialect })
  const tag = String((await ada.asks('GET', '/users/me/attributes')).raw.headers['etag'])
  await ada.asks('PATCH', '/users/me/attributes', { desk: 1 })
  const headers = { authorization: `Bearer ${ada.token}`, 'if-match': tag }
  const late = await ask(server, 'PATCH', '/users/me/attributes', { headers, payload: { desk: 2 } })
  assert.deepEqual(refusalIn(late), [412, 'resource.stale'])
  assert.equal((await ada.asks('GET', '/users/me/attributes')).body['desk'], 1)
  const byAdmin = { authorization: `Bearer ${root.token}`, 'if-match': tag }
  const path = `/users/${await idOf(ada)}/attributes`
  assert.deepEqual(refusalIn(await ask(server, 'PATCH', path, { headers: byAdmin, payload: { desk: 3 } })), [
    412,
    'resource.stale',
  ])
})

onEitherDatabase('another type and the removal of a choice wait until no user has such a value', async (t, dialect) => {
  const { root, path } = await userWithAttributes(t, { dialect })
  await root.asks('PATCH', path, { department: 'Sales', desk: 3 })
  const retyped = await root.asks('PATCH', '/attributes/desk', { type: 'text' })
  assert.deepEqual(fieldErrorsIn(retyped), ['/type attribute.type_in_use'])
  assert.match(retyped.raw.body, /value of the current type: 1\./)
  const shorter = { choices: ['Workshop', 'Office'] }
  assert.deepEqual(fieldErrorsIn(await root.asks('PATCH', '/attributes/department', shorter)), [
    '/choices attribute.choice_in_use',
  ])
  await root.asks('PATCH', path, { department: 'Workshop', desk: null })
  assert.deepEqual((await root.asks('PATCH', '/attributes/department', shorter)).body['choices'], shorter.choices)
  const text = await root.asks('PATCH', '/attributes/desk', { type: 'text' })
  assert.deepEqual([text.status, text.body['type']], [200, 'text'])
})

onEitherDatabase('values go with their attribute, and with their user', async (t, dialect) => {
  const { server, root, path } = await userWithAttributes(t, { dialect })
  await root.asks('PATCH', path, { department: 'Sales', desk: 3, note: 'on leave' })
  const rows = () => server.doorward.db.selectFrom('user_attribute').select(['key']).execute()
  assert.deepEqual((await root.asks('DELETE', '/attributes/note')).body, { users: 1 })
  assert.equal((await rows()).length, 2)
  // A new attribute under the same key begins without the former values.
  await declares(root, [DECLARED[0]])
  assert.equal((await root.asks('GET', path)).body['note'], null)
  assert.equal((await root.asks('DELETE', path.replace('/attributes', ''))).status, 204)
  assert.deepEqual(await rows(), [])
})

onEitherDatabase('an admin gives values with a new user, and changes them with the user', async (t, dialect) => {
  const { root } = await userWithAttributes(t, { dialect })
  const refused = await root.asks('POST', '/users', { username: 'bob', attributes: { desk: 'x', department: 'Sales' } })
  assert.deepEqual(fieldErrorsIn(refused), ['/attributes/desk attribute.number'])
  const bob = await root.asks('POST', '/users', { username: 'bob', attributes: { desk: 4, note: 'new' } })
  const path = `/users/${String(bob.body['id'])}`
  assert.equal((await root.asks('GET', `${path}/attributes`)).body['desk'], 4)
  const wrong = await root.asks('PATCH', path, { full_name: 'Bob', attributes: { desk: 'x' } })
  assert.deepEqual(fieldErrorsIn(wrong), ['/attributes/desk attribute.number'])
  assert.equal((await root.asks('GET', path)).body['full_name'], null)
  assert.equal((await root.asks('PATCH', path, { full_name: 'Bob', attributes: { desk: null } })).status, 200)
  const { body } = await root.asks('GET', `${path}/attributes`)
  assert.deepEqual([body['desk'], body['note']], [null, 'new'])
})

async function accepts(server: Server, token: string, attributes?: object): Promise<Reply> {
  const payload = { token, password: PASSWORD, ...(attributes && { attributes }) }
  return ask(server, 'POST', '/invitations/accept', { payload })
}

async function enrols(server: Server, opened: Reply): Promise<void> {
  const payload = await beginsEnrolment(server, String(opened.body['attempt']))
  const confirmed = await ask(server, 'POST', '/attempts/totp/confirm', { payload })
  assert.equal(confirmed.status, 200, confirmed.raw.body)
}

onEitherDatabase(
  'a person who accepts an invitation is asked, and the answers wait for the second step',
  async (t, dialect) => {
    const { server, root } = await userWithAttributes(t, { dialect })
    const invited = await root.asks('POST', '/users', { username: 'bob' })
    const path = `/users/${String(invited.body['id'])}/attributes`
    const token = invitationIn(invited)
    assert.deepEqual(fieldErrorsIn(await accepts(server, token)), ['/attributes/vegetarian field.missing'])
    const wrong = await accepts(server, token, { vegetarian: true, born: 'yesterday', desk: 3, note: 'mine' })
    assert.deepEqual(fieldErrorsIn(wrong), [
      '/attributes/born field.format',
      '/attributes/desk field.unknown',
      '/attributes/note field.unknown',
    ])
    const opened = await accepts(server, token, { vegetarian: true, born: '1815-12-10' })
    assert.equal((await root.asks('GET', path)).body['vegetarian'], null, 'written only with the second step')
    // An answer is left out if its attribute was deleted or changed in between.
    await root.asks('DELETE', '/attributes/born')
    await enrols(server, opened)
    const { body } = await root.asks('GET', path)
    assert.deepEqual([body['vegetarian'], 'born' in body], [true, false])
  },
)

onEitherDatabase('an answer that an attribute no longer allows is left out', async (t, dialect) => {
  const { server, root } = await userWithAttributes(t, { dialect })
  const invited = await root.asks('POST', '/users', { username: 'bob', attributes: { vegetarian: false } })
  // The value that an admin has given already counts as the answer.
  const opened = await accepts(server, invitationIn(invited), { born: '1815-12-10' })
  const closing = { changedBy: 'admin', atJoining: 'never' } as const
  await inTransaction(server.operator(), (tx) => changeDeclared(tx, 'born', closing))
  await enrols(server, opened)
  const { body } = await root.asks('GET', `/users/${String(invited.body['id'])}/attributes`)
  assert.deepEqual([body['vegetarian'], body['born']], [false, null])
})

onEitherDatabase('a person who registers is asked', async (t, dialect) => {
  const { server, root } = await userWithAttributes(t, { dialect, settings: OPEN })
  const token = await mailedToken(server, 'grace@example.org')
  assert.deepEqual(fieldErrorsIn(await submitsAccount(server, token)), ['/attributes/vegetarian field.missing'])
  await enrols(server, await submitsAccount(server, token, { attributes: { vegetarian: false } }))
  const [grace] = itemsOf(await root.asks('GET', '/users?q=grace'))
  const { body } = await root.asks('GET', `/users/${String(grace?.['id'])}/attributes`)
  assert.equal(body['vegetarian'], false)
})

onEitherDatabase('the answers of a person who waits for approval are kept until it', async (t, dialect) => {
  const { server, root } = await userWithAttributes(t, { dialect, settings: APPROVAL })
  const token = await mailedToken(server, 'grace@example.org')
  await submitsAccount(server, token, { attributes: { vegetarian: true } })
  const [waiting] = itemsOf(await root.asks('GET', '/registrations'))
  assert.deepEqual(waiting?.['attributes'], { vegetarian: true })
  const user = await root.asks('POST', `/registrations/${String(waiting?.['id'])}/approve`)
  const { body } = await root.asks('GET', `/users/${String(user.body['id'])}/attributes`)
  assert.equal(body['vegetarian'], true)
  const kept = await server.doorward.db.selectFrom('registration').select('attributes').execute()
  assert.ok(
    kept.every(({ attributes }) => attributes === null),
    'what was typed is erased with the decision',
  )
})

onEitherDatabase(
  'an attribute whose key was reserved later is a finding, can be changed, and keeps its values under another key',
  async (t, dialect) => {
    const { server, root, ada, path } = await userWithAttributes(t, { dialect, settings: APPROVAL })
    assert.equal((await ada.asks('PATCH', '/users/me/attributes', { desk: 4 })).status, 200)
    await reserveKey(server, 'desk', 'events')
    const { body: checkup } = await root.asks('GET', '/checkup')
    const found = (checkup['findings'] as { code: string; fix: string }[]).filter(({ code }) => code === 'attributes')
    assert.deepEqual(found.length, 1)
    assert.match(String(found[0]?.fix), /attribute rename events custom_events/)
    assert.equal((await root.asks('PATCH', '/attributes/events', { label: 'Table' })).status, 200)
    const refused = async (key: string, wanted: string): Promise<unknown> => {
      const reply = await root.asks('PATCH', `/attributes/${key}`, { key: wanted })
      return reply.status === 422 ? fieldErrorsIn(reply) : refusalIn(reply)
    }
    assert.deepEqual(await refused('events', 'cnf'), ['/key attribute.key_reserved'])
    assert.deepEqual(await refused('events', 'born'), [409, 'attribute.key_taken'])
    assert.deepEqual(await refused('born', 'birthday'), ['/key attribute.key_permanent'])
    const renamed = await root.asks('PATCH', '/attributes/events', { key: 'custom_events', position: 1 })
    assert.deepEqual([renamed.status, renamed.body['key'], renamed.body['label']], [200, 'custom_events', 'Table'])
    assert.equal(keysOf(await root.asks('GET', '/attributes'))[0], 'custom_events')
    assert.equal((await root.asks('GET', path)).body['custom_events'], 4)
    const [event] = await eventsOf(root, 'attribute.changed')
    assert.match(JSON.stringify(event), /"former_key":"events"/)
    const { body: after } = await root.asks('GET', '/checkup')
    assert.doesNotMatch(JSON.stringify(after), /attribute rename/)
  },
)

onEitherDatabase('the answers of people who wait for approval go with the key of an attribute', async (t, dialect) => {
  const { server, root } = await userWithAttributes(t, { dialect, settings: APPROVAL })
  const token = await mailedToken(server, 'grace@example.org')
  await submitsAccount(server, token, { attributes: { vegetarian: true } })
  await reserveKey(server, 'vegetarian', 'act')
  await server.doorward.db.updateTable('registration').set({ attributes: '{"act":true}' }).execute()
  assert.equal((await root.asks('PATCH', '/attributes/act', { key: 'custom_act' })).status, 200)
  const [waiting] = itemsOf(await root.asks('GET', '/registrations'))
  assert.deepEqual(waiting?.['attributes'], { custom_act: true })
  const user = await root.asks('POST', `/registrations/${String(waiting?.['id'])}/approve`)
  const { body } = await root.asks('GET', `/users/${String(user.body['id'])}/attributes`)
  assert.equal(body['custom_act'], true)
})

onEitherDatabase('a list of invitations has a column for each attribute', async (t, dialect) => {
  const { root } = await userWithAttributes(t, { dialect })
  const csv = 'username,Attribute:desk,attribute:department\r\nbob,7,Sales\r\ncy,seven,Kitchen\r\ndi,,\r\n'
  for (const dry of [true, false]) {
    const { body } = await root.asks('POST', '/invitations/bulk', { csv, dry_run: dry })
    const lines = (body['lines'] as Record<string, unknown>[]).map(({ username, result, errors }) => [
      username,
      result,
      (errors as { pointer: string }[]).map(({ pointer }) => pointer).toSorted(),
    ])
    assert.deepEqual(lines, [
      ['bob', dry ? 'valid' : 'created', []],
      ['cy', 'refused', ['/attribute:department', '/attribute:desk']],
      ['di', dry ? 'valid' : 'created', []],
    ])
  }
  const [bob] = itemsOf(await root.asks('GET', '/users?q=bob'))
  const { body } = await root.asks('GET', `/users/${String(bob?.['id'])}/attributes`)
  assert.deepEqual([body['desk'], body['department']], [7, 'Sales'])
  const unknown = await root.asks('POST', '/invitations/bulk', { csv: 'username,attribute:size\nbob,M' })
  assert.deepEqual(fieldErrorsIn(unknown), ['/csv csv.columns'])
  assert.match(unknown.raw.body, /attribute:desk/)
})

onEitherDatabase(
  'a change that waits for a second admin keeps its values, which the person concerned does not see',
  async (t, dialect) => {
    const scene = await startWithRule(t, dialect)
    const { root, noa, ada } = scene
    await declares(root)
    const path = `/users/${await idOf(ada)}`
    // Values alone need no second admin.
    assert.equal((await root.asks('PATCH', `${path}/attributes`, { desk: 1 })).status, 200)
    const wrong = await root.asks('PATCH', path, { role: 'admin', attributes: { desk: 'x', nothing: 1 } })
    assert.deepEqual(fieldErrorsIn(wrong), ['/attributes/desk attribute.number', '/attributes/nothing field.unknown'])
    assert.deepEqual(itemsOf(await root.asks('GET', '/approvals')), [], 'a request that could only lapse waits')
    const asked = await root.asks('PATCH', path, { role: 'admin', attributes: { note: 'on leave', desk: 2 } })
    assert.equal(asked.status, 202, asked.raw.body)
    assert.doesNotMatch((await ada.asks('GET', '/users/me/approvals')).raw.body, /on leave/)
    const approved = await noa.asks('POST', `/approvals/${String(asked.body['id'])}/approve`)
    assert.equal(approved.status, 200, approved.raw.body)
    const { body } = await root.asks('GET', `${path}/attributes`)
    assert.deepEqual([body['note'], body['desk']], ['on leave', 2])
  },
)
