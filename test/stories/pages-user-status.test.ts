// Disabling, enabling and deleting on one user’s page, and the actions that the page does not offer.
import assert from 'node:assert/strict'

import { findUserByName } from '#domain/users/user.service.ts'
import { createUser } from '#use-cases/administration/invitations/new-user.service.ts'
import { changeUser } from '#use-cases/administration/users/change-user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser } from '../support/pages/page-answers.ts'
import { stored, userPageScene } from '../support/pages/page-scenes.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'

leaveToTestAll()

onEitherDatabase('a user is disabled after a question, and enabled at once', async (t, dialect) => {
  const { server, browser, ada, page } = await userPageScene(t, { dialect })
  const theirs = await signedInBrowser(ada)
  const asked = await browser.page(`${page}/disable`)
  assert.equal(asked.heading, 'Disable Ada Lovelace (ada)?')
  assert.equal((await stored(server, 'ada')).disabled, false)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/disable`, {}), `${page}?done=disabled`)
  }
  assertSignedOut(await theirs.open('/account'))
  const shown = await browser.page(page)
  assert.match(
    shown.main.text,
    /^Users Ada Lovelace Enable user Reset second step ada Disabled Once enabled, they can sign in as before\. /,
  )
  assert.ok(shown.actions().includes(`${page}/enable`))
  assert.deepEqual(shown.linksTo(`${page}/disable`), [])
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/enable`, {}), `${page}?done=enabled`)
  }
  assert.equal((await stored(server, 'ada')).disabled, false)
})

onEitherDatabase('a user is deleted after their username is typed, and twice is harmless', async (t, dialect) => {
  const { server, browser, page } = await userPageScene(t, { dialect })
  const asked = await browser.page(`${page}/delete`)
  assert.ok(asked.fields().includes('To confirm, type the username: ada'))
  assert.deepEqual(asked.statuses(), ['You can’t undo this. Only want to block access? Disable the account instead'])
  assert.equal(asked.count('.panel .avatar'), 1)
  for (const typed of ['', 'Ada', 'root', 'ada ada']) {
    const refused = await browser.pageAfter(`${page}/delete`, { username: typed }, 422)
    assert.match(refused.part('username-error').text, /That doesn’t match/)
  }
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/delete`, { username: ' ada ' }), '/admin/users?done=deleted')
  }
  assert.deepEqual((await browser.page('/admin/users?done=deleted')).statuses().slice(0, 1), ['User deleted.'])
  assert.equal(await findUserByName(server.operator(), 'ada'), undefined)
  await browser.page(page, 404)
})

onEitherDatabase(
  'on one’s own page the danger zone is missing, with the reason, and its forms are refused with a sentence',
  async (t, dialect) => {
    const { server, browser, own } = await userPageScene(t, { dialect })
    const page = await browser.page(own)
    assert.match(page.part('danger').text, /your own account here\. Ask another admin/)
    for (const below of ['/disable', '/delete', '/reset-second-step', '/sign-out']) {
      assert.ok(!page.markup.includes(`"${own}${below}"`), below)
    }
    assert.match(page.text, /You can’t change your own role/)
    assert.match((await browser.page(`${own}/sign-in`)).part('sessions').text, /This session/)
    assert.equal(page.count('[name=role]'), 0)
    const forms = [
      [own, { username: 'root', role: 'user' }],
      [`${own}/disable`, {}],
      [`${own}/delete`, { username: 'root' }],
      [`${own}/reset-second-step`, { reason: 'because' }],
    ] as const
    for (const [path, fields] of forms) {
      const { text } = await browser.pageAfter(path, fields, 409)
      assert.match(text, /This is the only active admin\. Add another admin first\./)
    }
    await changeUser(server.operator(), await stored(server, 'ada'), { role: 'admin' })
    for (const [path, fields] of forms.slice(0, 2)) {
      const { text } = await browser.pageAfter(path, fields, 409)
      assert.match(text, /You can’t do this to your own account here/)
    }
    const { role, disabled: off } = await stored(server, 'root')
    assert.deepEqual([role, off], ['admin', false])
  },
)

test('an action that the account’s status rules out is not offered', async (t) => {
  const { server, browser, page } = await userPageScene(t)
  const offered = async (at: string): Promise<string> => (await browser.page(at)).part('danger').text
  assert.match(await offered(page), /Disable.*Delete/)
  const { user } = await createUser(server.operator(), { username: 'emil' })
  const emil = `/admin/users/${user.id}`
  const shown = await browser.page(`${emil}/sign-in`)
  assert.doesNotMatch(shown.main.text, /Reset second step|Sign out everywhere/)
  assert.match(shown.part('second-step').text, /They’ll set one up through an invitation\./)
  const asked = (await browser.page(`${emil}/disable`)).text
  assert.doesNotMatch(asked, /API tokens are revoked/)
  assert.match(asked, /The open invitation stops working/)
  await browser.submit(`${emil}/disable`, {})
  assert.doesNotMatch(await offered(emil), /Enable|Disable/)
  const disabled = await browser.page(emil)
  assert.match(disabled.text, /Once enabled, they’ll also need an invitation/)
  assert.equal(disabled.button('Enable user').action, `${emil}/enable`)
  assert.equal(disabled.count('.primary'), 1)
  assert.doesNotMatch((await browser.page(`${emil}/sign-in`)).part('second-step').text, /They’ll set one up/)
})
