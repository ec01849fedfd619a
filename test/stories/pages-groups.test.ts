// The pages of groups: an admin's list and forms, the section of a user's page, and what a manager does.
import assert from 'node:assert/strict'

import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import {
  adminScene,
  invite,
  namesOn,
  ownPageScene,
  stored,
  ticked,
  userPageScene,
} from '../support/pages/page-scenes.ts'
import { membersIn, namePolicyFor, newGroup } from '../support/people/groups.ts'
import { newcomer } from '../support/people/people.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

leaveToTestAll()

onEitherDatabase('an admin creates a group, finds it, edits it and deletes it after a question', async (t, dialect) => {
  const { browser } = await adminScene(t, { dialect })
  const empty = await browser.page('/admin/groups')
  assert.match(empty.main.text, /No groups yet/)
  assert.equal(empty.link('New group'), '/admin/groups/new')
  await browser.page('/admin/groups/new')
  const refused = await browser.pageAfter('/admin/groups/new', { name: 'A;B', description: 'x' }, 422)
  assert.match(refused.alert().text, /semicolons/)
  assert.equal(refused.field('Description (optional)').value, 'x')
  const made = await browser.submit('/admin/groups/new', { name: 'Engineering', description: 'All who build' })
  assert.equal(made.statusCode, 303)
  const path = String(made.headers.location).replace('?done=created', '')
  const page = await browser.page(`${path}?done=created`)
  assert.equal(page.heading, 'Engineering')
  assert.match(page.text, /Group created/)
  assert.match(page.main.text, /All who build/)
  assert.deepEqual((await browser.page('/admin/groups?q=ENG')).table().rows.length, 1)
  assert.match(
    (await browser.page('/admin/groups?q=none')).main.text,
    /No groups match “none” Clear search Show as API call/,
  )
  const edit = await browser.page(`${path}/edit`)
  assert.equal(edit.field('Name').value, 'Engineering')
  assertLeadsTo(
    await browser.submit(`${path}/edit`, { name: 'Builders', seen: edit.sent('seen') ?? '' }),
    `${path}?done=saved`,
  )
  const stale = await browser.pageAfter(`${path}/edit`, { name: 'Others', seen: edit.sent('seen') ?? '' }, 412)
  assert.match(stale.alert().text, /Someone changed this/)
  const question = await browser.page(`${path}/delete`)
  assert.equal(question.heading, 'Delete Builders?')
  assert.equal(question.link('Cancel'), path)
  assertLeadsTo(await browser.submit(`${path}/delete`, {}), '/admin/groups?done=deleted')
  assertLeadsTo(await browser.submit(`${path}/delete`, {}), '/admin/groups?done=deleted')
  assert.match((await browser.page('/admin/groups?done=deleted')).text, /Group deleted/)
  await browser.page(path, 404)
})

onEitherDatabase('an admin pastes a list of members, reads the report, and removes one', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  await invite(server, 'ada', 'bob')
  const id = await newGroup(admin, 'Engineering')
  const path = `/admin/groups/${id}`
  await browser.page(path)
  assertLeadsTo(await browser.submit(`${path}/members`, { users: 'ada\r\n' }), `${path}?done=added`)
  const added = await browser.page(`${path}?done=added`)
  assert.match(added.statuses().join(' '), /ada added to Engineering\./)
  assert.doesNotMatch((await browser.page(`${path}?done=added`)).text, /added to/)
  const report = await browser.pageAfter(`${path}/members`, { users: 'ada, bob;nobody' })
  assert.equal(report.heading, '1 member added to Engineering')
  assert.match(report.statuses().join(' '), /1 entry was skipped/)
  assert.match(report.main.text, /1\. ada.*Already a member.*2\. bob.*Added.*3\. nobody.*no such user.*Skipped/)
  assert.equal(
    (await browser.pageAfter(`${path}/members`, { users: ' ' }, 422)).field('Usernames or email addresses').invalid,
    true,
  )
  const page = await browser.page(path)
  assert.match(page.main.text, /Members \(2\)/)
  assert.equal((await browser.page(`${path}?q=bo`)).table().rows.length, 1)
  const { id: ada } = await stored(server, 'ada')
  assertLeadsTo(await browser.submit(`${path}/members/${ada}/remove`, {}), `${path}?done=removed`)
  assert.deepEqual(await membersIn(server, id), ['bob'])
  const list = await browser.page(page.link('Show in the list of users'))
  assert.deepEqual(namesOn(list), ['bob'])
  assert.match(list.main.text, /Members of Engineering/)
  assert.equal(list.link('Show users of all groups'), '/admin/users')
  const unknown = await browser.page('/admin/users?group=None')
  assert.deepEqual(namesOn(unknown), [])
  assert.match(unknown.main.text, /There’s no group “None”\. Show users of all groups/)
})

onEitherDatabase('an admin appoints and dismisses a manager by name', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  await invite(server, 'ada')
  const path = `/admin/groups/${await newGroup(admin, 'Engineering')}`
  await browser.page(path)
  const unknown = await browser.pageAfter(`${path}/managers`, { manager: 'nobody' }, 404)
  assert.match(unknown.alert().text, /no such user/)
  assertLeadsTo(await browser.submit(`${path}/managers`, { manager: 'ADA' }), `${path}?done=appointed`)
  const page = await browser.page(`${path}?done=appointed`)
  assert.match(page.statuses().join(' '), /ada now manages this group\./)
  assert.match(page.part('managers').text, /ada/)
  const { id } = await stored(server, 'ada')
  assertLeadsTo(await browser.submit(`${path}/managers/${id}/remove`, {}), `${path}?done=dismissed`)
  assert.match((await browser.page(path)).part('managers').text, /No managers/)
})

onEitherDatabase('the page of a user shows the groups, adds one by name and removes one', async (t, dialect) => {
  const { server, admin, browser, page: path } = await userPageScene(t, { dialect })
  const id = await newGroup(admin, 'Engineering')
  const own = `${path}/groups`
  assert.match((await browser.page(own)).part('groups').text, /Not in any group/)
  const unknown = await browser.pageAfter(own, { group: 'None' }, 422)
  assert.match(unknown.alert().text, /no group with this name/)
  assertLeadsTo(await browser.submit(own, { group: 'engineering' }), `${own}?done=group-added`)
  const shown = await browser.page(own)
  assert.equal(shown.main.link('Engineering'), `/admin/groups/${id}`)
  assert.equal(shown.main.link('Overview'), path)
  assertLeadsTo(await browser.submit(`${own}/${id}/remove`, {}), `${own}?done=group-removed`)
  assert.deepEqual(await membersIn(server, id), [])
})

onEitherDatabase('several users are added to a group from the list', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect })
  const [ada = 0, bob = 0] = await invite(server, 'ada', 'bob')
  const id = await newGroup(admin, 'Engineering')
  await browser.page('/admin/users')
  const wish = { action: 'add-to-group', ...ticked(ada, bob) }
  const asked = await browser.pageAfter('/admin/users/bulk', wish)
  assert.equal(asked.heading, 'Add 2 users to a group?')
  const wrong = await browser.pageAfter('/admin/users/bulk', { ...wish, confirmed: 'yes', group: 'None' }, 422)
  assert.match(wrong.alert().text, /no group with this name/)
  const done = await browser.pageAfter('/admin/users/bulk', { ...wish, confirmed: 'yes', group: 'engineering' })
  assert.equal(done.heading, '2 users added to the group')
  const again = await browser.pageAfter('/admin/users/bulk', { ...wish, confirmed: 'yes', group: 'engineering' })
  assert.match(again.statuses().join(' '), /2 were in the group already/)
  assert.deepEqual(await membersIn(server, id), ['ada', 'bob'])
})

onEitherDatabase(
  'who may do less than a user adds them to a group all the same, as was said before',
  async (t, dialect) => {
    const { server, admin } = await adminScene(t, { dialect })
    const permissions = ['users:read', 'users:write', 'groups:write'] as const
    await createRole(server.operator(), { name: 'clerk', description: '', permissions })
    const id = await newGroup(admin, 'Engineering')
    const browser = await signedInBrowser(await newcomer(admin, 'cleo', { role: 'clerk' }))
    await browser.page('/admin/users')
    const wish = { action: 'add-to-group', ...ticked((await stored(server, 'root')).id) }
    assert.equal((await browser.pageAfter('/admin/users/bulk', wish)).heading, 'Add 1 user to a group?')
    const done = await browser.pageAfter('/admin/users/bulk', { ...wish, confirmed: 'yes', group: 'engineering' })
    assert.equal(done.heading, '1 user added to the group')
    assert.deepEqual(await membersIn(server, id), ['root'])
  },
)

onEitherDatabase('a manager finds the group on the account page and changes its members', async (t, dialect) => {
  const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
  assert.match((await browser.page('/account/groups')).main.text, /You’re not in any group/)
  await newcomer(admin, 'bob')
  await admin.signsIn()
  const id = await newGroup(admin, 'Engineering', { managers: [ada], members: [ada] })
  const own = await browser.page('/account/groups')
  assert.match(own.table().rows.join(' '), /Engineering.*Member.*Manager/)
  const path = own.link(/Manage members of Engineering/)
  assert.equal(path, `/account/groups/${id}`)
  await browser.page(path)
  assertLeadsTo(await browser.submit(`${path}/members`, { users: 'bob' }), `${path}?done=added`)
  const { id: bob } = await stored(server, 'bob')
  assertLeadsTo(await browser.submit(`${path}/members/${bob}/remove`, {}), `${path}?done=removed`)
  const report = await browser.pageAfter(`${path}/members`, { users: 'nobody' })
  assert.equal(report.heading, 'No members added to Engineering')
  assert.deepEqual(await membersIn(server, id), ['ada'])
})

onEitherDatabase('who is added by a manager reads that another person did it', async (t, dialect) => {
  const { admin, ada } = await ownPageScene(t, { dialect })
  const bob = await newcomer(admin, 'bob')
  await admin.signsIn()
  await newGroup(admin, 'Engineering', { managers: [bob] })
  const byManager = await signedInBrowser(bob)
  const path = (await byManager.page('/account/groups')).link(/Manage members of Engineering/)
  await byManager.page(path)
  assertLeadsTo(await byManager.submit(`${path}/members`, { users: 'ada' }), `${path}?done=added`)
  const { rows } = (await (await signedInBrowser(ada)).page('/account/activity')).table()
  assert.ok(
    rows.some((cells) => /Added to group.*By another person/.test(cells.join(' '))),
    rows.join('\n'),
  )
})

onEitherDatabase(
  'where a policy names the group, pages say so and offer no removal to a manager',
  async (t, dialect) => {
    const { server, admin, ada, browser } = await ownPageScene(t, { dialect })
    const id = await newGroup(admin, 'Engineering', { managers: [ada], members: [ada] })
    const before = await browser.page(`/account/groups/${id}`)
    assert.ok(before.actions().some((action) => action.endsWith('/remove')))
    await namePolicyFor(server, id)
    const page = await browser.page(`/account/groups/${id}`)
    assert.match(page.main.text, /A policy uses this group/)
    assert.ok(!page.actions().some((action) => action.endsWith('/remove')))
    const of = await signedInBrowser(admin)
    const named = await of.page(`/admin/groups/${id}`)
    assert.match(named.part('details').text, /Staff use passkeys/)
    const locked = await of.page(`/admin/groups/${id}/delete`)
    assert.equal(locked.heading, 'Engineering can’t be deleted')
    assert.match(locked.main.text, /End or change them first: Staff use passkeys Show policies/)
    const refused = await of.submit(`/admin/groups/${id}/delete`, {})
    assert.equal(refused.statusCode, 409)
  },
)

onEachDatabase('a NUL in what is searched or chosen finds no group', async (t, dialect) => {
  const { admin, browser } = await adminScene(t, { dialect })
  const path = `/admin/groups/${await newGroup(admin, 'Engineering')}`
  for (const searched of ['/admin/groups', path])
    assert.match((await browser.page(`${searched}?q=%00`)).main.text, /No (?:groups|members found)/)
  const chosen = { name: 'Of a group', whom: 'group:\0', second_factor: 'required', start: 'now' }
  assert.match((await browser.pageAfter('/admin/policies/new', chosen, 422)).alert().text, /group/)
})
