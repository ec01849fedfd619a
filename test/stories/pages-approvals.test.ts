// Approvals on the pages: asking, deciding, taking an invitation, and objecting.
import assert from 'node:assert/strict'

import { decodeChange } from '#domain/approvals/approval-change.ts'
import { openApproval } from '#domain/approvals/approval.service.ts'
import type { ApprovalRequest } from '#domain/approvals/approval.ts'
import { findUserByName } from '#domain/users/user.service.ts'
import { inTransaction } from '#foundation/context.ts'
import { days, hours } from '#foundation/kernel/time.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { createRole } from '#use-cases/administration/roles/roles.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, signedInBrowser } from '../support/pages/page-answers.ts'
import type { Visitor } from '../support/pages/visitor.ts'
import { startWithRule } from '../support/people/admins.ts'
import { storeExemption, storePolicyVersion } from '../support/policies/stored-policies.ts'
import { idOf } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

/** Submits a form that needs a second admin; returns the path of the page of its request. */
async function asks(browser: Visitor, url: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const { statusCode, headers, body } = await browser.submit(url, fields)
  assert.equal(statusCode, 303, body)
  const [path = ''] = String(headers.location).split('?')
  assert.equal(headers.location, `${path}?done=asked`)
  const page = await browser.page(String(headers.location))
  assert.match(page.heading ?? '', /\?$/)
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

test('the navigation counts the requests that wait, for those who may see them', async (t) => {
  const { root, mia, ada } = await startWithRule(t, 'sqlite')
  const browser = await signedInBrowser(root)
  const countOn = async (path: string): Promise<string | undefined> =>
    /Policies Approvals (\d+)? ?Apps/.exec((await browser.page(path)).text)?.[1]
  assert.equal(await countOn('/admin'), undefined)
  await asks(browser, `/admin/users/${await idOf(mia)}/disable`, {})
  assert.equal(await countOn('/admin'), '1')
  assert.equal(await countOn(`/admin/users/${await idOf(ada)}`), '1')
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
  const [own, about, others] = await Promise.all(
    [mine, targets, theirs].map(async (one) => (await one.page('/admin/approvals')).main.text),
  )
  assert.match(own ?? '', /Disable mia Your request · .+View/)
  assert.match(about ?? '', /Disable mia root · .+ · About you .+View/)
  assert.match(others ?? '', /Disable mia root · .+Review/)
  assert.match((await mine.page(path)).main.text, /You asked for this change/)
  assertLeadsTo(await theirs.submit(`${path}/approve`, {}), `${path}?done=approved`)
  assert.equal((await findUserByName(server.operator(), 'mia'))?.disabled, true)
  assert.match((await theirs.page(path)).main.text, /Applied.*Decided by.*noa/s)
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
  assert.match((await browser.page('/admin/approvals')).main.text, /Waiting time ends .+You can apply it now/)
  assert.match(page.main.text, /The waiting time is over\. Its link is shown to the admin who applies it\./)
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

onEitherDatabase('a waiting request shows each value as it is now and as it will be', async (t, dialect) => {
  const { server, root, mia, ada, noa } = await startWithRule(t, dialect)
  const ctx = server.operator()
  const [asker, target, user] = await Promise.all([root, mia, ada].map((one) => findUserByName(ctx, one.username)))
  assert.ok(asker && target && user)
  await createRole(ctx, { name: 'support', description: 'Helps', permissions: ['users:read'] })
  await storePolicyVersion(ctx.db, { id: 'all', secondFactor: 'required' })
  await storeExemption(ctx.db, { policyId: 'all', subject: user.subject, endsAt: ctx.now + days(9) })
  const { client } = await createApp(ctx, { name: 'Wiki', redirectUris: ['https://wiki.example/cb'] })
  const browser = await signedInBrowser(noa)
  const shown = async (
    request: ApprovalRequest,
    about: typeof asker | null,
  ): Promise<readonly (readonly string[])[]> => {
    const { id } = await inTransaction(ctx, (tx) => openApproval(tx, request, { asker, target: about }))
    const page = await browser.page(`/admin/approvals/${id}`)
    assert.match(page.main.text, /root asks for this change/)
    return page.table().rows
  }
  const roleOf = { ...decodeChange('change-role', { permissions: 'users:read audit:read' }), newName: 'support' }
  const policy = decodeChange('change-policy', {
    policy_id: 'all',
    scope: 'everyone',
    second_factor: 'phishing-resistant',
    in_force_from: null,
  })
  const app = decodeChange('change-app', {
    client_id: client.id,
    redirect_uris: 'https://b.example/cb',
    trusted: false,
  })
  const exemption = decodeChange('unexempt', { policy: 'all', policy_id: 'all' })
  assert.deepEqual(await shown(decodeChange('change', { role: 'admin' }), user), [['Role', 'User', 'Admin']])
  assert.deepEqual(await shown(decodeChange('change', { email: null }), user), [
    ['Email', user.email ?? '–', 'Removed'],
  ])
  assert.deepEqual(await shown(decodeChange('disable', {}), target), [
    ['Account', 'Enabled', 'Disabled, signed out everywhere'],
  ])
  assert.deepEqual(
    (await shown(roleOf, null)).map(([label, now]) => [label, now]),
    [['Permissions', 'View users']],
  )
  assert.deepEqual(await shown({ ...policy, newName: 'all' }, null), [['Second step', 'Required', 'Passkey required']])
  assert.deepEqual(await shown({ ...app, newName: 'Wiki' }, null), [
    ['Redirect URIs', 'https://wiki.example/cb', 'https://b.example/cb'],
    ['Users aren’t asked', 'Yes', 'No'],
  ])
  const [[label = '', now = '', after = ''] = []] = await shown(exemption, user)
  assert.deepEqual([label, after], ['Exemption ends', 'Immediately'])
  assert.match(now, /\d{4}, \d\d:\d\d UTC · in 9 days/)
})
