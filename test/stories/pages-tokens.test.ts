// The pages of API tokens in a browser without scripts: one's own, and those of another user as an admin.
import assert from 'node:assert/strict'

import { minutes } from '../../src/foundation/kernel/time.ts'
import { startSession } from '../../src/domain/sessions/session.service.ts'
import { findUserByName } from '../../src/domain/users/user.service.ts'
import { apiTokenOf, asksWith } from '../support/people/api-tokens.ts'
import { onEachDatabase, onEitherDatabase } from '../support/databases/each-database.ts'
import { assertLeadsTo, textIn, valueIn } from '../support/pages/page-answers.ts'
import { ask, firstAdmin, newcomer, PASSWORD } from '../support/people/people.ts'
import type { Person } from '../support/people/people.ts'
import { idOf, itemsOf } from '../support/requests/replies.ts'
import { start } from '../support/server/start.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { parsePage } from '../support/pages/parsed-page.ts'

const NEW = '/account/security/tokens/new'
const WISH = { name: 'Nightly report', 'scopes-self:read': 'yes', expires_in_days: '30' }

/** A browser in which the user has a session that began just now. */
async function browserOf({ server, username }: Person): Promise<Visitor> {
  const ctx = server.operator()
  const user = await findUserByName(ctx, username)
  assert.ok(user)
  const { token } = await startSession(ctx, { user, methods: ['password', 'totp'], transport: 'cookie' })
  const browser = new Visitor(server)
  browser.cookies.set('session', token.reveal())
  return browser
}

function tokenOn(page: string): string {
  const token = textIn(page, 'api-token')
  assert.match(token, /^dwp_[\w-]{43}$/)
  return token
}

onEachDatabase(
  'a user creates a token on the page, copies it, uses it as the page shows, and revokes it',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const ada = await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')
    const browser = await browserOf(ada)
    const before = (await browser.open('/account/security')).body
    assert.ok(before.includes('No API tokens. Make one to use the API from a script.'))
    assert.equal(parsePage(before).linksTo(NEW).length, 1)

    const form = (await browser.open(NEW)).body
    assert.equal(valueIn(form, 'expires_in_days'), '90')
    assert.ok(
      form.includes('scopes-self:write') && !form.includes('scopes-users:read'),
      'a user is offered what admins may',
    )
    const made = await browser.submit(NEW, WISH)
    assert.equal(made.statusCode, 200)
    assert.equal(made.headers['cache-control'], 'no-store')
    const token = tokenOn(made.body)
    assert.match(textIn(made.body, 'token-command'), /^curl '[^ ]+\/users\/me' \\ -H "Authorization: Bearer \$TOKEN"$/)
    const me = await asksWith(server, { token }, 'GET', '/users/me')
    assert.equal(me.body['username'], 'ada')
    assert.equal((await asksWith(server, { token }, 'PATCH', '/users/me', { full_name: 'x' })).status, 403)

    const security = (await browser.open('/account/security')).body
    assert.ok(security.includes('Nightly report') && security.includes('See my account') && !security.includes(token))
    const [ask = ''] = /\/account\/security\/tokens\/revoke\/[\w-]+/.exec(security) ?? []
    assert.ok((await browser.open(ask)).body.includes('Revoke the API token “<bdi>Nightly report</bdi>”'))
    for (let presses = 0; presses < 2; presses++) {
      assertLeadsTo(await browser.submit(ask, {}), '/account/security?done=token-revoked#api-tokens')
    }
    assert.ok((await browser.open('/account/security?done=token-revoked')).body.includes('The API token is revoked.'))
    assert.equal((await asksWith(server, { token }, 'GET', '/users/me')).status, 401)
    assert.equal((await browser.open(ask)).statusCode, 404)
  },
)

onEitherDatabase('an incomplete form comes back with its input, and creates no token', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await (await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')).signsIn()
  const browser = await browserOf(ada)
  await browser.open(NEW)
  for (const [fields, sentence] of [
    [{ ...WISH, name: '' }, 'This is needed.'],
    [{ name: 'Nightly report', expires_in_days: '365' }, 'Choose at least one thing that it may do.'],
    // The scope is not offered to a user, so sending it selects none.
    [{ name: 'Nightly report', 'scopes-users:write': 'yes' }, 'Choose at least one thing that it may do.'],
    [{ ...WISH, expires_in_days: '9999' }, 'This must be one of'],
  ] as const) {
    const { statusCode, body } = await browser.submit(NEW, fields)
    assert.equal(statusCode, 422, sentence)
    assert.ok(body.includes(sentence), sentence)
    if (fields.name !== '') assert.equal(valueIn(body, 'name'), 'Nightly report')
  }
  await ada.signsIn()
  assert.deepEqual(itemsOf(await ada.asks('GET', '/users/me/tokens')), [])
  const { body } = await browser.submit(NEW, { name: 'x'.repeat(65), expires_in_days: '30' })
  for (const sentence of ['Use at most 64 characters.', 'Choose at least one thing that it may do.'])
    assert.ok(body.includes(sentence), `not reported with the other error: ${sentence}`)
})

onEitherDatabase('a double submit of the form creates one token and shows it twice', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await (await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')).signsIn()
  const browser = await browserOf(ada)
  await browser.open(NEW)
  const [first, second] = (await browser.submitTwice(NEW, WISH)).map(({ body }) => tokenOn(body))
  assert.equal(first, second)
  await ada.signsIn()
  assert.equal(itemsOf(await ada.asks('GET', '/users/me/tokens')).length, 1)
})

onEitherDatabase('the page requires a recent authentication first', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')
  const browser = await browserOf(ada)
  server.clock.pass(minutes(11))
  assertLeadsTo(await browser.open(NEW), `/confirm?next=${encodeURIComponent(NEW)}`)
})

onEitherDatabase('after a change of password the page says how many tokens stay valid', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')
  const browser = await browserOf(ada)
  const changes = async (current: string, next: string): Promise<string> => {
    await browser.open('/account/security/password')
    const answer = await browser.submit('/account/security/password', { current, new: next })
    assertLeadsTo(answer, '/account/security?done=password')
    return (await browser.open('/account/security?done=password')).body
  }
  assert.doesNotMatch(await changes(PASSWORD, 'a kettle full of stars'), /API tokens? still/)
  await browser.open(NEW)
  await browser.submit(NEW, WISH)
  await browser.submit(NEW, { ...WISH, name: 'Backup' })
  const page = await changes('a kettle full of stars', PASSWORD)
  assert.match(parsePage(page).text, /2 API tokens still work\./)
  assert.ok(parsePage(page).linksTo('#api-tokens').length > 0)
})

onEitherDatabase('a change of password offers to revoke the API tokens, where there are any', async (t, dialect) => {
  const server = await start(t, { dialect })
  const ada = await newcomer(await (await firstAdmin(server)).signsIn(), 'ada')
  const browser = await browserOf(ada)
  const place = '/account/security/password'
  assert.doesNotMatch((await browser.open(place)).body, /end_api_tokens/)
  await ada.signsIn()
  const made = [await apiTokenOf(ada), await apiTokenOf(ada)]
  const choice = parsePage(await browser.open(place)).field(/^Revoke my 2 API tokens as well/)
  assert.deepEqual([choice.name, choice.checked], ['end_api_tokens', false])
  const change = { current: PASSWORD, new: 'a kettle full of stars', end_api_tokens: 'yes' }
  const wrong = await browser.submit(place, { ...change, current: 'no' })
  assert.ok(parsePage(wrong).field(/^Revoke my 2 API tokens as well/).checked)
  assertLeadsTo(await browser.submit(place, change), '/account/security?done=password')
  assert.doesNotMatch((await browser.open('/account/security?done=password')).body, /API tokens? still/)
  for (const { token } of made) {
    assert.equal((await ask(server, 'GET', '/users/me', { headers: { authorization: `Bearer ${token}` } })).status, 401)
  }
})

onEitherDatabase(
  'an admin sees names and dates of a user’s tokens, and revokes one after a question',
  async (t, dialect) => {
    const server = await start(t, { dialect })
    const root = await (await firstAdmin(server)).signsIn()
    const ada = await (await newcomer(root, 'ada')).signsIn()
    const made = await apiTokenOf(ada, ['self:read'], { name: '<i>Script</i>' })
    const path = `/admin/users/${await idOf(ada)}`
    const browser = await browserOf(root)
    const page = (await browser.open(path)).body
    assert.ok(page.includes('&lt;i&gt;Script&lt;/i&gt;') && !page.includes('See my account'))
    const ask = `${path}/tokens/${made.id}/revoke`
    assert.equal(parsePage(page).linksTo(ask).length, 1)
    assert.equal((await browser.open(ask)).statusCode, 200)
    assertLeadsTo(await browser.submit(ask, {}), `${path}?done=token-revoked#api-tokens`)
    assert.equal((await asksWith(server, made, 'GET', '/users/me')).status, 401)
    assert.ok((await browser.open(path)).body.includes('No API tokens.'))
  },
)
