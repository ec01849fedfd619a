// Attributes on pages: declared by an admin, filled in by their user, by an admin, and by people who join.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertShowsCodes, authenticatorOn, signedInBrowser } from '../support/pages/page-answers.ts'
import { adminScene, invitationPath, userPageScene } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { DECLARED, declares, reserveKey } from '../support/people/attributes.ts'
import { PASSWORD } from '../support/people/people.ts'
import { APPROVAL, mailedToken } from '../support/people/registrations.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const LIST = '/admin/attributes'
const SIZE = { key: 'size', label: 'Shirt size', type: 'choice', choices: 'S\r\nM\r\n\r\nL', access: 'changes' }

function labelsOn(page: { table(): { readonly rows: readonly (readonly string[])[] } }): (string | undefined)[] {
  return page.table().rows.map(([label]) => label)
}

leaveToTestAll()

onEitherDatabase('an admin declares, moves, changes and deletes attributes on pages', async (t, dialect) => {
  const { admin, browser } = await adminScene(t, { dialect })
  assert.match((await browser.page(LIST)).text, /No attributes yet/)
  const form = await browser.page((await browser.page(LIST)).link('New attribute'))
  assert.ok(form.field('The user sees it, admins edit it').checked && form.field('Not asked').checked)
  const wrong = await browser.pageAfter(
    `${LIST}/new`,
    { ...SIZE, key: 'Size', access: 'sees', at_joining: 'optional' },
    422,
  )
  assert.ok(wrong.field('Key').invalid)
  assert.match(wrong.alert().text, /Key: .*lowercase letters.*At sign-up: .*[Oo]nly fields that users can edit/)
  assert.deepEqual(
    [wrong.field('Label').value, wrong.field('The user sees it, admins edit it').checked],
    ['Shirt size', true],
  )
  assertLeadsTo(await browser.submit(`${LIST}/new`, { ...SIZE, at_joining: 'optional' }), `${LIST}?done=created`)
  const taken = await browser.pageAfter(`${LIST}/new`, { ...SIZE, at_joining: 'never' }, 409)
  assert.match(taken.alert().text, /Key: another attribute has this key/)
  await declares(admin, [DECLARED[0], DECLARED[2]])
  const list = await browser.page(LIST)
  assert.deepEqual(labelsOn(list), ['Shirt size size', 'Note of the admins note', 'Desk desk'])
  const { action } = list.button('Move up – Desk')
  assertLeadsTo(await browser.submit(action, { direction: 'up' }), `${LIST}?done=moved`)
  assert.deepEqual(labelsOn(await browser.page(LIST)), ['Shirt size size', 'Desk desk', 'Note of the admins note'])
  const path = list.link('Change – Shirt size')
  const change = await browser.page(path)
  assert.deepEqual([change.field('Label').value, change.sent('choices')?.trim()], ['Shirt size', 'S\nM\nL'])
  const fields = { ...SIZE, at_joining: 'never', seen: change.hidden('seen') ?? '' }
  assertLeadsTo(await browser.submit(path, { ...fields, label: 'Size' }), `${LIST}?done=changed`)
  const stale = await browser.pageAfter(path, { ...fields, label: 'T-shirt' }, 412)
  assert.deepEqual([stale.field('Label').value, stale.hidden('seen')], ['T-shirt', '2'])
  const question = await browser.page(list.link('Delete – Desk'))
  assert.match(question.text, /Delete Desk\?.*No user has a value/)
  assertLeadsTo(await browser.submit(`${LIST}/desk/delete`, {}), `${LIST}?done=deleted`)
  await browser.page(`${LIST}/desk`, 404)
})

onEitherDatabase(
  'a user fills in the own details, and sees but does not change those of the admins',
  async (t, dialect) => {
    const { admin, ada, browser, page } = await userPageScene(t, { dialect })
    await declares(admin)
    const own = await signedInBrowser(ada)
    const account = await own.page('/account')
    const section = account.region('Additional details')
    assert.deepEqual(section.fields(), ['Desk (optional)', 'Day of birth (optional)', 'Vegetarian (optional)'])
    assert.match(section.text, /Department Not given Admins change this/)
    assert.doesNotMatch(account.markup, /note/i)
    assert.deepEqual(
      ['Desk (optional)', 'Day of birth (optional)'].map((label) => section.field(label).attribute('type')),
      ['text', 'date'],
    )
    assert.equal(section.field('Desk (optional)').attribute('inputmode'), 'decimal')
    const typed = { 'attributes/desk': 'four', 'attributes/born': '1815-12-10', 'attributes/vegetarian': 'no' }
    const wrong = await own.pageAfter('/account/attributes', typed, 422)
    assert.match(wrong.alert().text, /Desk: enter a number like 12\.5/)
    assert.ok(wrong.field('Desk (optional)').invalid)
    assert.deepEqual([wrong.sent('attributes/born'), wrong.sent('attributes/vegetarian')], ['1815-12-10', 'no'])
    assert.equal(wrong.field('Username').value, 'ada')
    const right = { ...typed, 'attributes/desk': '4', 'attributes/department': 'Sales', 'attributes/note': 'mine' }
    assertLeadsTo(await own.submit('/account/attributes', right), '/account?done=attributes')
    const path = `${page.replace('/admin', '')}/attributes`
    const stored = { desk: 4, born: '1815-12-10', vegetarian: false, department: null, note: null }
    assert.deepEqual((await admin.asks('GET', path)).body, stored)

    const shown = await browser.page(page)
    assert.match(shown.region('Additional details').text, /Only admins see this/)
    const fields = { seen: shown.region('Additional details').hidden('seen') ?? '', 'attributes/note': 'on leave' }
    assertLeadsTo(await browser.submit(`${page}/attributes`, fields), `${page}?done=attributes`)
    const late = await browser.pageAfter(`${page}/attributes`, { ...fields, 'attributes/note': 'back' }, 412)
    const why = /Someone changed this.*Your version is below.*Note of the admins: Current value: on leave/
    assert.match(late.alert().text, why)
    assert.equal(late.field('Note of the admins (optional)').value, 'back')
    const again = { ...fields, seen: late.region('Additional details').hidden('seen') ?? '', 'attributes/note': 'back' }
    assertLeadsTo(await browser.submit(`${page}/attributes`, again), `${page}?done=attributes`)
  },
)

onEitherDatabase(
  'an attribute that users come to see says that what was entered before becomes visible',
  async (t, dialect) => {
    const { admin, browser } = await adminScene(t, { dialect })
    const declared = { key: 'note', label: 'Note', type: 'text', visible_to: 'admin' }
    assert.equal((await admin.asks('POST', '/attributes', declared)).status, 200)
    assert.doesNotMatch((await browser.page(`${LIST}/note`)).text, /entered so far/)
    for (const username of ['grace', 'linus'])
      assert.equal((await admin.asks('POST', '/users', { username, attributes: { note: 'Late payer' } })).status, 200)
    const form = await browser.page(`${LIST}/note`)
    assert.match(form.text, /they’ll also see what admins have entered so far\. 2 users have a value/)
    const fields = { label: 'Note', type: 'text', access: 'sees', at_joining: 'never', seen: form.hidden('seen') ?? '' }
    assertLeadsTo(await browser.submit(`${LIST}/note`, fields), `${LIST}?done=changed`)
    assert.doesNotMatch((await browser.page(`${LIST}/note`)).text, /entered so far/)
  },
)

onEitherDatabase('the page of an attribute with a reserved key offers another one', async (t, dialect) => {
  const { admin, browser } = await adminScene(t, { dialect })
  await declares(admin, [DECLARED[2], DECLARED[3]])
  assert.deepEqual((await browser.page(`${LIST}/desk`)).fields().includes('Key'), false)
  await reserveKey(admin.server, 'desk', 'events')
  const checkup = await browser.page('/admin/checkup')
  assert.equal(checkup.link('View attributes'), LIST)
  const form = await browser.page(`${LIST}/events`)
  assert.match(form.text, /reserved for claims of apps.*custom_events/)
  const fields = {
    key: 'born',
    label: 'Desk',
    type: 'number',
    access: 'changes',
    at_joining: 'never',
    seen: form.hidden('seen') ?? '',
  }
  const taken = await browser.pageAfter(`${LIST}/events`, fields, 409)
  assert.match(taken.alert().text, /Key: another attribute has this key/)
  assertLeadsTo(await browser.submit(`${LIST}/events`, { ...fields, key: 'custom_events' }), `${LIST}?done=changed`)
  assert.deepEqual(labelsOn(await browser.page(LIST)), ['Desk custom_events', 'Day of birth born'])
})

onEitherDatabase('without attributes no page speaks of them', async (t, dialect) => {
  const { ada, browser, page } = await userPageScene(t, { dialect })
  for (const shown of [await (await signedInBrowser(ada)).page('/account'), await browser.page(page)])
    assert.doesNotMatch(shown.text, /Additional details/)
})

onEitherDatabase('an invited person answers beside the password, and nothing typed is lost', async (t, dialect) => {
  const { server, admin } = await adminScene(t, { dialect })
  await declares(admin)
  const path = await invitationPath(admin, 'bob', { attributes: { born: '1815-12-10', note: 'secret' } })
  const visitor = new Visitor(server)
  const page = await visitor.page(path)
  assert.deepEqual(page.fields().slice(-2), ['Day of birth (optional)', 'Vegetarian'])
  assert.equal(page.field('Day of birth (optional)').value, '1815-12-10')
  assert.doesNotMatch(page.markup, /secret|note/i)
  const lacking = await visitor.pageAfter(path, { password: PASSWORD, 'attributes/born': '1816-01-01' }, 422)
  assert.match(lacking.alert().text, /Vegetarian: required/)
  assert.equal(lacking.field('Day of birth (optional)').value, '1816-01-01')
  const answers = { 'attributes/born': '1816-01-01', 'attributes/vegetarian': 'yes' }
  assertLeadsTo(await visitor.submit(path, { password: PASSWORD, ...answers }), '/enrolment')
  const app = authenticatorOn(await visitor.page('/enrolment/app'))
  assertShowsCodes(
    await visitor.submit('/enrolment/app', { code: app.code(server.clock.now()) }),
    '/account?done=set-up',
  )
  const section = (await visitor.page('/account')).region('Additional details')
  assert.deepEqual(
    [section.field('Day of birth (optional)').value, section.sent('attributes/vegetarian')],
    ['1816-01-01', 'yes'],
  )
})

onEitherDatabase('a person who registers answers, and the admin who decides reads it', async (t, dialect) => {
  const { server, admin, browser } = await adminScene(t, { dialect, settings: APPROVAL })
  await declares(admin)
  const visitor = new Visitor(server)
  const path = `/registration/${await mailedToken(server, 'grace@example.org')}`
  const fields = { username: 'grace', password: PASSWORD, 'attributes/born': '1906-12-09' }
  const lacking = await visitor.pageAfter(path, fields, 422)
  assert.deepEqual([lacking.field('Username').value, lacking.sent('attributes/born')], ['grace', '1906-12-09'])
  assertLeadsTo(await visitor.submit(path, { ...fields, 'attributes/vegetarian': 'no' }), '/register/waiting')
  const queue = await browser.page('/admin/registrations')
  assert.match((await browser.page(queue.link('Review – grace'))).text, /Day of birth 1906-12-09 Vegetarian No/)
})

onEitherDatabase('an admin gives values to a new user on the form that creates them', async (t, dialect) => {
  const { admin, browser } = await adminScene(t, { dialect })
  await declares(admin)
  const fields = { username: 'bob', role: 'user', 'attributes/department': 'Workshop', 'attributes/desk': 'x' }
  const wrong = await browser.pageAfter('/admin/users/new', fields, 422)
  assert.equal(wrong.sent('attributes/department'), 'Workshop')
  assert.ok(wrong.field('Desk (optional)').invalid)
  await browser.pageBehind('/admin/users/new', { ...fields, 'attributes/desk': '8' })
  const [bob] = itemsOf(await admin.asks('GET', '/users?q=bob'))
  const { body } = await admin.asks('GET', `/users/${String(bob?.['id'])}/attributes`)
  assert.deepEqual([body['department'], body['desk']], ['Workshop', 8])
})

onEitherDatabase('the pages of attributes speak German', async (t, dialect) => {
  const { admin, browser } = await adminScene(t, { dialect, language: 'de' })
  await declares(admin)
  const list = await browser.page(LIST)
  assert.match(list.text, /Neues Attribut.*Der Benutzer sieht es, Admins ändern es/)
  assert.match((await browser.page('/account')).text, /Weitere Angaben.*Keine Angabe.*Das ändern Admins/)
})
