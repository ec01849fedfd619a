// Groups through the API: created, listed, filled, managed and deleted.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene } from '../support/pages/page-scenes.ts'
import { startWithUser } from '../support/people/admin-and-user.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { membersIn, namePolicyFor, newGroup } from '../support/people/groups.ts'
import { newcomer, type Reply, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { assertRefused, fieldErrorsIn, refusalIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

type Item = Readonly<Record<string, unknown>>

function itemsIn({ body }: Reply): readonly Item[] {
  return body['items'] as readonly Item[]
}

function namesIn(reply: Reply, field = 'name'): unknown[] {
  return itemsIn(reply).map((item) => item[field])
}

onEitherDatabase(
  'an admin creates a group, changes it on the state that was read, and deletes it',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    const made = await root.asks('POST', '/groups', { name: ' Engineering ', description: 'All who build' })
    assert.equal(made.status, 200)
    const { id, name, description, policies } = made.body
    assert.deepEqual([name, description, policies], ['Engineering', 'All who build', []])
    const tag = String(made.raw.headers['etag'])
    const path = `/groups/${String(id)}`
    assert.equal((await root.asks('GET', path)).raw.headers['etag'], tag)
    const changed = await root.asks('PATCH', path, { name: 'Builders' }, { 'if-match': tag })
    assert.deepEqual(
      [changed.status, changed.body['name'], changed.body['description']],
      [200, 'Builders', 'All who build'],
    )
    const stale = await root.asks('PATCH', path, { name: 'Others' }, { 'if-match': tag })
    assert.deepEqual(refusalIn(stale), [412, 'resource.stale'])
    assert.equal((await root.asks('DELETE', path, undefined, { 'if-match': tag })).status, 412)
    assert.equal((await root.asks('DELETE', path)).status, 204)
    assertRefused(await root.asks('GET', path), 'group.not_found')
    assertRefused(await root.asks('DELETE', path), 'group.not_found')
  },
)

leaveToTestAll()

onEitherDatabase(
  'a name is taken in every case and Unicode form, and has at most 64 characters',
  async (t, dialect) => {
    const { root } = await startWithAdmin(t, { dialect })
    await newGroup(root, 'Straße')
    const other = await newGroup(root, 'Sales')
    for (const name of ['straße', 'STRASSE', ' Strasse ', 'Ｓtraße']) {
      const taken = await root.asks('POST', '/groups', { name })
      assert.deepEqual(refusalIn(taken), [409, 'group.name_taken'], name)
    }
    assertRefused(await root.asks('PATCH', `/groups/${other}`, { name: 'STRASSE' }), 'group.name_taken')
    assert.equal((await root.asks('PATCH', `/groups/${other}`, { name: 'SALES' })).status, 200)
    for (const [fields, error] of [
      [{ name: '  ' }, '/name field.missing'],
      [{ name: 'x'.repeat(65) }, '/name field.too_long'],
      [{ name: 'A;B' }, '/name group.name_characters'],
      [{ name: 'A\nB' }, '/name group.name_characters'],
      [{ name: 'A', description: 'x'.repeat(301) }, '/description field.too_long'],
      [{ name: 'A', description: 'x\ny' }, '/description field.characters'],
    ] as const)
      assert.deepEqual(fieldErrorsIn(await root.asks('POST', '/groups', fields)), [error], JSON.stringify(fields))
  },
)

onEitherDatabase(
  'groups are listed by name with their members counted, page by page, and found by a part of it',
  async (t, dialect) => {
    const { root, ada } = await startWithUser(t, { dialect })
    for (const name of ['Sales', 'engineering', 'On call %', 'Board']) await newGroup(root, name, { members: [ada] })
    await newGroup(root, 'Empty')
    const first = await root.asks('GET', '/groups?limit=3')
    assert.deepEqual(namesIn(first), ['Board', 'Empty', 'engineering'])
    assert.deepEqual(namesIn(first, 'members'), [1, 0, 1])
    const next = String(first.body['next_cursor'])
    assert.match(String(first.raw.headers['link']), /rel="next"/)
    const second = await root.asks('GET', `/groups?limit=3&cursor=${next}`)
    assert.deepEqual([namesIn(second), second.body['next_cursor']], [['On call %', 'Sales'], null])
    assert.deepEqual(namesIn(await root.asks('GET', '/groups?q=E')), ['Empty', 'engineering', 'Sales'])
    assert.deepEqual(namesIn(await root.asks('GET', '/groups?q=%25')), ['On call %'])
    assert.deepEqual(namesIn(await root.asks('GET', `/users/${(await rowOf(ada)).id}/groups`)), [
      'Board',
      'engineering',
      'On call %',
      'Sales',
    ])
  },
)

onEitherDatabase(
  'a group has members, who are added and removed any number of times without an error',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const bob = await newcomer(root, 'bob')
    const id = await newGroup(root, 'Engineering', { members: [ada] })
    const [adaId, bobId] = [(await rowOf(ada)).id, (await rowOf(bob)).id]
    for (let round = 0; round < 2; round++)
      assert.equal((await root.asks('PUT', `/groups/${id}/members/${bobId}`)).status, 204)
    assert.deepEqual(namesIn(await root.asks('GET', `/groups/${id}/members`), 'username'), ['ada', 'bob'])
    assert.deepEqual(namesIn(await root.asks('GET', `/groups/${id}/members?q=B`), 'username'), ['bob'])
    const page = await root.asks('GET', `/groups/${id}/members?limit=1`)
    assert.deepEqual(itemsIn(page), [{ id: adaId, username: 'ada', full_name: null }])
    const rest = await root.asks('GET', `/groups/${id}/members?cursor=${String(page.body['next_cursor'])}`)
    assert.deepEqual(namesIn(rest, 'username'), ['bob'])
    for (let round = 0; round < 2; round++)
      assert.equal((await root.asks('DELETE', `/groups/${id}/members/${adaId}`)).status, 204)
    assert.deepEqual(await membersIn(server, id), ['bob'])
    assertRefused(await root.asks('PUT', `/groups/${id}/members/999`), 'user.not_found')
    assertRefused(await root.asks('PUT', `/groups/none/members/${bobId}`), 'group.not_found')
    const { body } = await root.asks('GET', '/audit-events?limit=10')
    const actions = (body['items'] as Item[]).map((event) => event['action'])
    assert.equal(actions.filter((action) => action === 'group.member_added').length, 2)
    assert.equal(actions.filter((action) => action === 'group.member_removed').length, 1)
  },
)

onEitherDatabase(
  'the list of users can be limited to a group, together with a search and a filter',
  async (t, dialect) => {
    const { root, ada } = await startWithUser(t, { dialect })
    const bob = await newcomer(root, 'bob')
    await newGroup(root, 'Engineering', { members: [ada, root] })
    const listed = async (query: string) =>
      namesIn(await root.asks('GET', `/users?group=ENGINEERING${query}`), 'username')
    assert.deepEqual(await listed(''), ['ada', 'root'])
    assert.deepEqual(await listed('&sort=-username'), ['root', 'ada'])
    assert.deepEqual(await listed('&q=ada'), ['ada'])
    assert.deepEqual(await listed(`&q=${bob.username}`), [])
    assert.deepEqual(await listed('&role=admin'), ['root'])
    const page = await root.asks('GET', '/users?group=Engineering&limit=1')
    assert.deepEqual(
      namesIn(
        await root.asks('GET', `/users?group=Engineering&cursor=${String(page.body['next_cursor'])}`),
        'username',
      ),
      ['root'],
    )
    assert.deepEqual(fieldErrorsIn(await root.asks('GET', '/users?group=None')), ['/group group.unknown'])
  },
)

onEitherDatabase('the list goes on after a name that is many times as long when it is folded', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  // NFKC makes eighteen characters of this one.
  const names = ['1', '2'].map((first) => first.padEnd(64, '\uFDFA'))
  for (const name of names) await newGroup(root, name)
  const first = await root.asks('GET', '/groups?limit=1')
  const second = await root.asks('GET', `/groups?limit=1&cursor=${String(first.body['next_cursor'])}`)
  assert.deepEqual([namesIn(first), namesIn(second), second.body['next_cursor']], [[names[0]], [names[1]], null])
})

onEitherDatabase('many users are added at once, with a report for each entry', async (t, dialect) => {
  const { server, root, ada } = await startWithUser(t, { dialect }, { email: 'ada@example.org' })
  await newcomer(root, 'bob', { email: 'bob@example.org' })
  const id = await newGroup(root, 'Engineering', { members: [ada] })
  const users = ['ADA', 'bob@example.org', 'nobody', 'bob']
  const { status, body } = await root.asks('POST', `/groups/${id}/members`, { users })
  assert.equal(status, 200)
  assert.deepEqual([body['added'], body['unchanged'], body['refused']], [1, 2, 1])
  const lines = (body['lines'] as Item[]).map(({ line, text, result, error }) =>
    [line, text, result, (error as { code: string } | null)?.code ?? ''].join(' ').trim(),
  )
  assert.deepEqual(lines, [
    '1 ADA unchanged',
    '2 bob@example.org added',
    '3 nobody refused user.not_found',
    '4 bob unchanged',
  ])
  assert.deepEqual(await membersIn(server, id), ['ada', 'bob'])
  const tooMany = await root.asks('POST', `/groups/${id}/members`, { users: Array.from({ length: 1001 }, () => 'ada') })
  assert.deepEqual(fieldErrorsIn(tooMany), ['/users field.too_many'])
})

onEitherDatabase(
  'a manager lists, adds and removes the members of the own group, and sees names only',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const bob = await newcomer(root, 'bob', { email: 'bob@example.org', full_name: 'Bob B' })
    const id = await newGroup(root, 'Engineering', { managers: [ada] })
    const own = await ada.asks('GET', '/users/me/groups')
    assert.deepEqual(
      itemsIn(own).map(({ name, is_member: isMember, is_manager: isManager }) => [name, isMember, isManager]),
      [['Engineering', false, true]],
    )
    const path = `/users/me/groups/${id}/members`
    const { body } = await ada.asks('POST', path, { users: ['bob', 'ada'] })
    assert.deepEqual([body['added'], body['refused']], [2, 0])
    const bobId = (await rowOf(bob)).id
    const listed = itemsIn(await ada.asks('GET', `${path}?q=bo`))
    assert.deepEqual(listed, [{ id: bobId, username: 'bob', full_name: 'Bob B' }])
    assert.equal((await ada.asks('DELETE', `${path}/${bobId}`)).status, 204)
    assert.deepEqual(await membersIn(server, id), ['ada'])
    assert.deepEqual(namesIn(await root.asks('GET', `/groups/${id}/managers`), 'username'), ['ada'])
    assert.equal((await root.asks('DELETE', `/groups/${id}/managers/${(await rowOf(ada)).id}`)).status, 204)
    assertRefused(await ada.asks('GET', path), 'group.not_found')
    assert.deepEqual(
      itemsIn(await ada.asks('GET', '/users/me/groups')).map((item) => item['is_manager']),
      [false],
    )
  },
)

onEitherDatabase('a group has at most fifty managers', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const id = await newGroup(root, 'Engineering')
  const { db } = server.doorward
  const rows = Array.from({ length: 51 }, (_row, index) => ({
    username: `user-${index}`,
    username_key: `user-${index}`,
    disabled: 0,
  }))
  const made = await db.insertInto('users').values(rows).returning(['id', 'subject']).execute()
  const [last, ...others] = made
  await db
    .insertInto('group_manager')
    .values(others.map(({ subject }) => ({ group_id: id, subject: subject ?? '', added_at: 0 })))
    .execute()
  const refused = await root.asks('PUT', `/groups/${id}/managers/${last?.id}`)
  assert.deepEqual(refusalIn(refused), [409, 'group.too_many_managers'])
  assert.equal((await root.asks('PUT', `/groups/${id}/managers/${others[0]?.id}`)).status, 204)
})

onEitherDatabase(
  'a group that a policy names says so and cannot be deleted; who leaves the users leaves it',
  async (t, dialect) => {
    const { server, root, ada } = await startWithUser(t, { dialect })
    const id = await newGroup(root, 'Engineering', { members: [ada], managers: [ada] })
    await namePolicyFor(server, id, server.clock.now() + 60_000)
    assert.deepEqual((await root.asks('GET', `/groups/${id}`)).body['policies'], ['Staff use passkeys'])
    const refused = await root.asks('DELETE', `/groups/${id}`)
    assert.deepEqual(refusalIn(refused), [409, 'group.named_by_policy'])
    assert.equal((await root.asks('DELETE', `/users/${(await rowOf(ada)).id}`)).status, 204)
    assert.deepEqual(await membersIn(server, id), [])
    assert.deepEqual(itemsIn(await root.asks('GET', `/groups/${id}/managers`)), [])
  },
)

onEitherDatabase(
  'invited users join the groups of their line; an unknown group is an error in the dry run',
  async (t, dialect) => {
    const { server, root } = await startWithAdmin(t, { dialect })
    const [one, two] = [await newGroup(root, 'Engineering'), await newGroup(root, 'On call')]
    const csv = 'username,groups\nada,engineering;On Call\nbob,Nothing\ncy,\n'
    const dry = await root.asks('POST', '/invitations/bulk', { csv, dry_run: true })
    const results = (reply: Reply) =>
      (reply.body['lines'] as Item[]).map(({ username, result, errors }) => [
        username,
        result,
        ...(errors as Item[]).flatMap(({ pointer, code }) => [pointer, code]),
      ])
    const refused = ['bob', 'refused', '/groups', 'group.unknown']
    assert.deepEqual(results(dry), [['ada', 'valid'], refused, ['cy', 'valid']])
    assert.deepEqual(await membersIn(server, one), [])
    const done = await root.asks('POST', '/invitations/bulk', { csv })
    assert.deepEqual(results(done), [['ada', 'created'], refused, ['cy', 'created']])
    assert.deepEqual([await membersIn(server, one), await membersIn(server, two)], [['ada'], ['ada']])
  },
)

onEitherDatabase(
  'an admin chooses the groups of a new user by API and page, which needs groups:write',
  async (t, dialect) => {
    const { server, admin: root, browser } = await adminScene(t, { dialect })
    const [sales, choir] = [await newGroup(root, 'Sales'), await newGroup(root, 'Choir')]
    const made = await root.asks('POST', '/users', { username: 'ada', groups: ['sales', 'Choir', 'SALES'] })
    assert.equal(made.status, 200, made.raw.body)
    const unknown = await root.asks('POST', '/users', { username: 'eve', groups: ['Sales', 'Nobody'] })
    assert.deepEqual([unknown.status, fieldErrorsIn(unknown)], [422, ['/groups group.unknown']])
    const page = await browser.pageAfter(
      '/admin/users/new',
      { username: 'eve', role: 'user', groups: 'Choir; Nobody' },
      422,
    )
    assert.match(page.alert().text, /no group with this name/)
    assert.equal(page.sent('groups'), 'Choir; Nobody', 'what was typed is lost')
    const taken = await browser.pageAfter(
      '/admin/users/new',
      { username: 'ada', role: 'user', groups: '', [`groups-${choir}`]: 'Choir' },
      409,
    )
    assert.deepEqual(
      ['Choir', 'Sales'].map((name) => taken.field(name).checked),
      [true, false],
    )
    const ticked = { [`groups-${choir}`]: 'Choir', [`groups-${sales}`]: 'Sales' }
    await browser.submit('/admin/users/new', { username: 'bob', role: 'user', groups: '', ...ticked })
    assert.deepEqual(
      [await membersIn(server, sales), await membersIn(server, choir)],
      [
        ['ada', 'bob'],
        ['ada', 'bob'],
      ],
    )
    // Without groups:write nobody is created, and the form has no field.
    await root.asks('POST', '/roles', { name: 'desk', permissions: ['users:read', 'users:write'] })
    const desk = await (await newcomer(root, 'desk', { role: 'desk' })).signsIn()
    const refused = await desk.asks('POST', '/users', { username: 'cy', groups: ['Sales'] })
    assert.deepEqual(refusalIn(refused), [403, 'access.insufficient_permissions'])
    assert.ok(!(await (await signedInBrowser(desk)).page('/admin/users/new')).text.includes('Groups (optional)'))
    const { token } = await apiTokenOf(root, ['users:write', 'users:read'])
    const byToken = await asksWith(server, { token }, 'POST', '/users', { username: 'cy', groups: ['Sales'] })
    assert.equal(byToken.status, 403)
    assert.equal(await findUserByName(server.operator(), 'cy'), undefined)
  },
)

test('beyond twenty groups their names are suggested while one types, and several are separated by semicolons', async (t) => {
  const { server, admin: root, browser } = await adminScene(t)
  const ids: string[] = []
  for (let at = 0; at < 21; at += 1) ids.push(await newGroup(root, `Team ${at}`))
  const field = (await browser.page('/admin/users/new')).field('Groups (optional)')
  assert.deepEqual([field.name, field.type, field.attribute('list')], ['groups', 'text', 'groups-known'])
  const { body } = await browser.open('/admin/users/new')
  assert.equal(body.match(/<option value="Team \d+">/g)?.length, 21)
  await browser.submit('/admin/users/new', { username: 'ada', role: 'user', groups: 'Team 3; team 20' })
  assert.deepEqual([await membersIn(server, ids[3] ?? ''), await membersIn(server, ids[20] ?? '')], [['ada'], ['ada']])
})
