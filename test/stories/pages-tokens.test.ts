// The pages of API tokens in a browser without scripts: one's own, and those of another user as an admin.
import assert from 'node:assert/strict'

import { minutes } from '#foundation/kernel/time.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo } from '../support/pages/page-answers.ts'
import { ownPageScene, userPageScene } from '../support/pages/page-scenes.ts'
import { type ParsedPage, parsePage } from '../support/pages/parsed-page.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { PASSWORD } from '../support/people/people.ts'
import { itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'

const SECURITY = '/account/security'
const NEW = `${SECURITY}/tokens/new`
const WISH = { name: 'Nightly report', 'scopes-self:read': 'yes', expires_in_days: '30' }

function tokenOn(page: ParsedPage): string {
  const token = page.part('api-token').text
  assert.match(token, /^dwp_[\w-]{43}$/)
  return token
}

leaveToTestAll()

onEachDatabase(
  'a user creates a token on the page, copies it, uses it as the page shows, and revokes it',
  async (t, dialect) => {
    const { server, browser } = await ownPageScene(t, { dialect })
    const before = (await browser.page(SECURITY)).part('api-tokens')
    assert.match(before.text, /No API tokens yet\. They let scripts act as you/)
    assert.equal(before.linksTo(NEW).length, 1)

    const form = await browser.page(NEW)
    assert.equal(form.sent('expires_in_days'), '90')
    const offered = [form.sent('scopes-self:write'), form.sent('scopes-users:read')]
    assert.deepEqual(offered, ['yes', undefined], 'a user is offered what admins may')
    const made = await browser.submit(NEW, WISH)
    assert.deepEqual([made.statusCode, made.headers['cache-control']], [200, 'no-store'])
    const token = tokenOn(parsePage(made))
    assert.match(
      parsePage(made).part('token-command').text,
      /^curl '[^ ]+\/users\/me' \\ -H "Authorization: Bearer \$TOKEN"$/,
    )
    const me = await asksWith(server, { token }, 'GET', '/users/me')
    assert.equal(me.body['username'], 'ada')
    assert.equal((await asksWith(server, { token }, 'PATCH', '/users/me', { full_name: 'x' })).status, 403)

    const security = await browser.page(SECURITY)
    assert.match(security.part('api-tokens').text, /Nightly report.*See my account/)
    assert.ok(!security.markup.includes(token))
    const [ask = ''] = security.targets(`${SECURITY}/tokens/revoke/`)
    assert.match((await browser.page(ask)).heading, /^Revoke the API token “Nightly report”/)
    for (let presses = 0; presses < 2; presses++) {
      assertLeadsTo(await browser.submit(ask, {}), `${SECURITY}?done=token-revoked#api-tokens`)
    }
    const after = await browser.page(`${SECURITY}?done=token-revoked`)
    assert.ok(after.statuses().includes('API token revoked.'))
    assert.equal((await asksWith(server, { token }, 'GET', '/users/me')).status, 401)
    await browser.page(ask, 404)
  },
)

onEitherDatabase('an incomplete form comes back with its input, and creates no token', async (t, dialect) => {
  const { ada, browser } = await ownPageScene(t, { dialect })
  await browser.page(NEW)
  for (const [fields, sentence] of [
    [{ ...WISH, name: '' }, 'Required.'],
    [{ name: 'Nightly report', expires_in_days: '365' }, 'Choose at least one permission.'],
    // The scope is not offered to a user, so sending it selects none.
    [{ name: 'Nightly report', 'scopes-users:write': 'yes' }, 'Choose at least one permission.'],
    [{ ...WISH, expires_in_days: '9999' }, 'Choose one of'],
  ] as const) {
    const page = await browser.pageAfter(NEW, fields, 422)
    assert.ok(page.main.text.includes(sentence), sentence)
    if (fields.name !== '') assert.equal(page.sent('name'), 'Nightly report')
  }
  await ada.signsIn()
  assert.deepEqual(itemsOf(await ada.asks('GET', '/users/me/tokens')), [])
  const both = (await browser.pageAfter(NEW, { name: 'x'.repeat(65), expires_in_days: '30' }, 422)).alert().text
  assert.match(both, /[Uu]se at most 64 characters\..*[Cc]hoose at least one permission\./)
})

onEitherDatabase('a double submit of the form creates one token and shows it twice', async (t, dialect) => {
  const { ada, browser } = await ownPageScene(t, { dialect })
  await browser.page(NEW)
  const [first, second] = (await browser.submitTwice(NEW, WISH)).map((answer) => tokenOn(parsePage(answer)))
  assert.equal(first, second)
  await ada.signsIn()
  assert.equal(itemsOf(await ada.asks('GET', '/users/me/tokens')).length, 1)
})

onEitherDatabase('the page requires a recent authentication first', async (t, dialect) => {
  const { server, browser } = await ownPageScene(t, { dialect })
  server.clock.pass(minutes(11))
  assertLeadsTo(await browser.open(NEW), `/confirm?next=${encodeURIComponent(NEW)}`)
})

onEitherDatabase('after a change of password the page says how many tokens stay valid', async (t, dialect) => {
  const { browser } = await ownPageScene(t, { dialect })
  const changes = async (current: string, next: string): Promise<ParsedPage> => {
    const answer = await browser.submit(`${SECURITY}/password`, { current, new: next })
    assertLeadsTo(answer, `${SECURITY}?done=password`)
    return browser.page(`${SECURITY}?done=password`)
  }
  assert.doesNotMatch((await changes(PASSWORD, 'a kettle full of stars')).text, /API tokens? still/)
  for (const name of ['Nightly report', 'Backup']) {
    await browser.page(NEW)
    await browser.pageAfter(NEW, { ...WISH, name })
  }
  const page = await changes('a kettle full of stars', PASSWORD)
  assert.match(page.text, /2 API tokens still work\./)
  assert.ok(page.linksTo('#api-tokens').length > 0)
})

onEitherDatabase('a change of password offers to revoke the API tokens, where there are any', async (t, dialect) => {
  const { server, ada, browser } = await ownPageScene(t, { dialect })
  const path = `${SECURITY}/password`
  assert.equal((await browser.page(path)).sent('end_api_tokens'), undefined)
  await ada.signsIn()
  const made = [await apiTokenOf(ada), await apiTokenOf(ada)]
  const choice = (await browser.page(path)).field(/^Also revoke my 2 API tokens/)
  assert.deepEqual([choice.name, choice.checked], ['end_api_tokens', false])
  const change = { current: PASSWORD, new: 'a kettle full of stars', end_api_tokens: 'yes' }
  const wrong = await browser.pageAfter(path, { ...change, current: 'no' }, 403)
  assert.ok(wrong.field(/^Also revoke my 2 API tokens/).checked)
  assertLeadsTo(await browser.submit(path, change), `${SECURITY}?done=password`)
  assert.doesNotMatch((await browser.page(`${SECURITY}?done=password`)).text, /API tokens? still/)
  for (const token of made) assert.equal((await asksWith(server, token, 'GET', '/users/me')).status, 401)
})

onEitherDatabase(
  'an admin sees names and dates of a user’s tokens, and revokes one after a question',
  async (t, dialect) => {
    const { server, browser, ada, page: path } = await userPageScene(t, { dialect })
    const made = await apiTokenOf(await ada.signsIn(), ['self:read'], { name: '<i>Script</i>' })
    const tokens = (await browser.page(`${path}/sign-in`)).part('api-tokens')
    assert.ok(tokens.text.includes('<i>Script</i>') && !tokens.text.includes('See my account'))
    const ask = `${path}/tokens/${made.id}/revoke`
    assert.equal(tokens.linksTo(ask).length, 1)
    await browser.page(ask)
    assertLeadsTo(await browser.submit(ask, {}), `${path}/sign-in?done=token-revoked#api-tokens`)
    assert.equal((await asksWith(server, made, 'GET', '/users/me')).status, 401)
    assert.match((await browser.page(`${path}/sign-in`)).part('api-tokens').text, /No API tokens\./)
  },
)
