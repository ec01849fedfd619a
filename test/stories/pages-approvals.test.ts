// Approvals on the pages: asking, deciding, taking an invitation, and objecting.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { hours } from '#foundation/kernel/time.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { startWithRule } from '../support/people/admins.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Submits a form that needs a second admin; returns the path of the page of its request. */
async function asks(browser: Visitor, url: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const { statusCode, headers, body } = await browser.submit(url, fields)
  assert.equal(statusCode, 303, body)
  const [path = ''] = String(headers.location).split('?')
  assert.equal(headers.location, `${path}?done=asked`)
  const page = await browser.page(String(headers.location))
  assert.equal(page.heading, 'Waiting for a second admin')
  assert.deepEqual(page.statuses().slice(0, 1), ['Request sent. Nothing has changed yet.'])
  return path
}

leaveToTestAll()

test('what asks before a change of a user with permissions says that a second admin is asked, and until when', async (t) => {
  const { root, mia, ada } = await startWithRule(t, 'sqlite')
  const browser = await signedInBrowser(root)
  for (const [below, verb, submit] of [
    ['/disable', 'disable', 'Disable user'],
    ['/delete', 'delete', 'Delete user'],
    ['/reset-second-step', 'reset the second step of', 'Reset second step'],
  ] as const) {
    const ofAdmin = await browser.page(`/admin/users/${await idOf(mia)}${below}`)
    assert.equal(ofAdmin.heading, `Ask a second admin to ${verb} mia?`)
    assert.match(ofAdmin.main.text, /Takes effect when another admin approves, at the latest on \w+, \d+ \w+ \d{4}/)
    assert.ok(ofAdmin.button('Send request'))
    const ofUser = await browser.page(`/admin/users/${await idOf(ada)}${below}`)
    assert.match(ofUser.heading ?? '', new RegExp(`^${verb} ada\\?$`, 'i'))
    assert.doesNotMatch(ofUser.main.text, /another admin/)
    assert.ok(ofUser.button(submit))
  }
})

onEitherDatabase('a form leads to the page of its request, where another admin approves it', async (t, dialect) => {
  const { server, root, mia, noa } = await startWithRule(t, dialect)
  const [mine, theirs, targets] = [await signedInBrowser(root), await signedInBrowser(noa), await signedInBrowser(mia)]
  const path = await asks(mine, `/admin/users/${await idOf(mia)}/disable`, {})
  assert.deepEqual(
    (await mine.page(path)).actions().filter((action) => action.startsWith(path)),
    [`${path}/withdraw`],
  )
  const concerned = await targets.page(path)
  assert.deepEqual(
    concerned.actions().filter((action) => action.startsWith(path)),
    [],
  )
  assert.match(concerned.main.text, /about your own account/)
  assert.match(concerned.main.text, /\w{3}, \d+ \w{3} \d{4}, \d\d:\d\d UTC · in (?:1 day|23 hours)/)
  assert.match((await theirs.page('/admin')).main.text, /1 request is waiting for a second admin/)
  assert.equal((await theirs.page('/admin/approvals')).linksTo(path).length, 1)
  assertLeadsTo(await theirs.submit(`${path}/approve`, {}), `${path}?done=approved`)
  assert.equal((await findUserByName(server.operator(), 'mia'))?.disabled, true)
  assert.match((await theirs.page(path)).main.text, /Done.*Decided by.*noa/s)
  assert.match((await theirs.pageAfter(`${path}/approve`, {}, 409)).alert().text, /already ended/)
})

onEitherDatabase(
  'the link of an approved invitation is shown to the admin who approved it, once',
  async (t, dialect) => {
    const { server, root, noa } = await startWithRule(t, dialect)
    const path = await asks(await signedInBrowser(root), '/admin/users/new', { username: 'eve', role: 'admin' })
    const browser = await signedInBrowser(noa)
    assert.match((await browser.page(path)).main.text, /Role\s+Admin/)
    const shown = await browser.pageAfter(`${path}/approve`, {})
    assert.match(shown.main.text, /\/invitation\/dwl_/)
    assert.doesNotMatch((await browser.page(path)).main.text, /dwl_/)
    assert.equal((await findUserByName(server.operator(), 'eve'))?.role, 'admin')
  },
)

onEitherDatabase('a request whose waiting time is over is carried out with one button', async (t, dialect) => {
  const { server, root, noa } = await startWithRule(t, dialect)
  const path = await asks(await signedInBrowser(root), '/admin/users/new', { username: 'eve', role: 'admin' })
  server.clock.pass(hours(24))
  const browser = await signedInBrowser(noa)
  const page = await browser.page(path)
  assert.match(page.main.text, /no longer needs a second admin/)
  assert.ok(page.actions().includes(`${path}/carry-out`))
  assert.match((await browser.pageAfter(`${path}/carry-out`, {})).main.text, /\/invitation\/dwl_/)
})

onEitherDatabase('a request is declined by another admin, or withdrawn by the one who asked', async (t, dialect) => {
  const { root, mia, noa } = await startWithRule(t, dialect)
  const [mine, theirs] = [await signedInBrowser(root), await signedInBrowser(noa)]
  const url = `/admin/users/${await idOf(mia)}/disable`
  const declined = await asks(mine, url, {})
  assertLeadsTo(await theirs.submit(`${declined}/decline`, {}), `${declined}?done=declined`)
  const withdrawn = await asks(mine, url, {})
  assert.notEqual(withdrawn, declined)
  assertLeadsTo(await mine.submit(`${withdrawn}/withdraw`, {}), `${withdrawn}?done=withdrawn`)
  assert.match((await mine.page('/admin/approvals')).main.text, /No requests waiting/)
})

onEitherDatabase('the person concerned sees the request under Security and objects', async (t, dialect) => {
  const { root, ada } = await startWithRule(t, dialect)
  const path = await asks(await signedInBrowser(root), `/admin/users/${await idOf(ada)}`, {
    username: 'ada',
    role: 'admin',
  })
  const browser = await signedInBrowser(ada)
  const own = '/account/security/requests'
  assert.equal((await browser.page('/account/security')).linksTo(own).length, 1)
  const page = await browser.page(own)
  assert.match(page.main.text, /Make ada an admin/)
  assert.match(page.main.text, /\w{3}, \d+ \w{3} \d{4}, \d\d:\d\d UTC · in (?:1 day|23 hours)/)
  const [object = ''] = page.actions().filter((action) => action.endsWith('/object'))
  assertLeadsTo(await browser.submit(object, {}), `${own}?done=objected`)
  assert.match((await browser.page(own)).main.text, /No requests about you/)
  assert.match((await (await signedInBrowser(root)).page(path)).main.text, /Objection/)
})

onEitherDatabase('a bulk action makes requests for admins and is done for the others', async (t, dialect) => {
  const { server, root, mia, ada } = await startWithRule(t, dialect)
  const fields = {
    action: 'disable',
    confirmed: 'yes',
    [`user-${await idOf(mia)}`]: 'yes',
    [`user-${await idOf(ada)}`]: 'yes',
  }
  const report = await (await signedInBrowser(root)).pageAfter('/admin/users/bulk', fields)
  assert.match(report.main.text, /1 waiting for a second admin/)
  assert.equal((await findUserByName(server.operator(), 'ada'))?.disabled, true)
  assert.equal((await findUserByName(server.operator(), 'mia'))?.disabled, false)
})
