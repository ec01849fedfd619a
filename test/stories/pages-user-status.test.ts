// Disabling, enabling and deleting on one user’s page, and the actions that the page does not offer.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createUser } from '../../src/use-cases/administration/invitations/new-user.service.ts'
import { changeUser } from '../../src/use-cases/administration/users/change-user.service.ts'
import { findUserByName } from '../../src/domain/users/user.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, assertSignedOut, signedInBrowser, textIn } from '../support/pages/page-answers.ts'
import { scene, stored } from '../support/pages/user-page-scene.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

onEitherDatabase('a user is disabled after a question, and enabled at once', async (t, dialect) => {
  const { server, browser, ada, page } = await scene(t, dialect)
  const theirs = await signedInBrowser(ada)
  const asked = await browser.open(`${page}/disable`)
  assert.equal(parsePage(asked).heading, 'Disable the account of Ada Lovelace (ada)?')
  assert.equal((await stored(server, 'ada')).disabled, false)
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/disable`, {}), `${page}?done=disabled`)
  }
  assertSignedOut(await theirs.open('/account'))
  const { body } = await browser.open(page)
  assert.match(parsePage(body).main.text, /^Ada Lovelace ada Disabled /)
  assert.ok(parsePage(body).actions().includes(`${page}/enable`) && !body.includes(`href="${page}/disable"`))
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/enable`, {}), `${page}?done=enabled`)
  }
  assert.equal((await stored(server, 'ada')).disabled, false)
})

onEitherDatabase('a user is deleted after their username is typed, and twice is harmless', async (t, dialect) => {
  const { server, browser, page } = await scene(t, dialect)
  assert.ok(
    parsePage(await browser.open(`${page}/delete`))
      .fields()
      .includes('To confirm, type the username: ada'),
  )
  for (const typed of ['', 'Ada', 'root', 'ada ada']) {
    const { statusCode, body } = await browser.submit(`${page}/delete`, { username: typed })
    assert.equal(statusCode, 422)
    assert.match(textIn(body, 'username-error'), /This is not the username/)
  }
  for (let presses = 0; presses < 2; presses++) {
    assertLeadsTo(await browser.submit(`${page}/delete`, { username: ' ada ' }), '/admin/users?done=deleted')
  }
  assert.match(parsePage(await browser.open('/admin/users?done=deleted')).text, /The account is deleted\./)
  assert.equal(await findUserByName(server.operator(), 'ada'), undefined)
  assert.equal((await browser.open(page)).statusCode, 404)
})

onEitherDatabase(
  'on one’s own page the danger zone is missing, with the reason, and its forms are refused with a sentence',
  async (t, dialect) => {
    const { server, browser, own } = await scene(t, dialect)
    const { body } = await browser.open(own)
    assert.match(textIn(body, 'danger'), /This is your own account\.[\s\S]*another admin can/)
    for (const below of ['/disable', '/delete', '/reset-second-step', '/sign-out']) {
      assert.ok(!body.includes(`"${own}${below}"`), below)
    }
    assert.match(body, /You cannot change your own role/)
    assert.match(textIn(body, 'sessions'), /Where you are signed in\./)
    assert.ok(!body.includes('name="role"'))
    const lastAdmin = /This is the last active admin\. Make another admin first\./
    const demoted = await browser.submit(own, { username: 'root', role: 'user' })
    const disabled = await browser.submit(`${own}/disable`, {})
    const deleted = await browser.submit(`${own}/delete`, { username: 'root' })
    const reset = await browser.submit(`${own}/reset-second-step`, { reason: 'because' })
    for (const answer of [demoted, disabled, deleted, reset]) {
      assert.equal(answer.statusCode, 409)
      assert.match(answer.body, lastAdmin)
    }
    await changeUser(server.operator(), await stored(server, 'ada'), { role: 'admin' })
    const notYourself = /This cannot be done to your own account here/
    assert.match((await browser.submit(`${own}/disable`, {})).body, notYourself)
    assert.match((await browser.submit(own, { username: 'root', role: 'user' })).body, notYourself)
    const { role, disabled: off } = await stored(server, 'root')
    assert.deepEqual([role, off], ['admin', false])
  },
)

test('an action that the account’s status rules out is not offered', async (t) => {
  const { server, browser, page } = await scene(t)
  const offered = async (at: string): Promise<string> => textIn((await browser.open(at)).body, 'danger')
  const ada = await offered(page)
  assert.match(ada, /Reset second step[\s\S]*Disable[\s\S]*Delete/)
  const { user } = await createUser(server.operator(), { username: 'emil' })
  const emil = `/admin/users/${user.id}`
  assert.doesNotMatch(await offered(emil), /Reset second step|Sign out everywhere/)
  const { body } = await browser.open(emil)
  assert.match(textIn(body, 'second-step'), /They set one up through an invitation\./)
  assert.doesNotMatch((await browser.open(`${emil}/disable`)).body, /API tokens are revoked/)
  assert.match(parsePage(await browser.open(`${emil}/disable`)).text, /The open invitation stops working/)
  await browser.submit(`${emil}/disable`, {})
  assert.match(await offered(emil), /Enable There is no password yet, so they then need an invitation/)
  const disabled = (await browser.open(emil)).body
  assert.equal(parsePage(disabled).link('Enable it before you invite them.'), '#enable')
  assert.ok(parsePage(disabled).part('enable').buttons().length > 0)
  assert.doesNotMatch(textIn(disabled, 'second-step'), /They set one up/)
})
