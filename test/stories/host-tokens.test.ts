// API tokens that open one protected host: made on the page of one's own tokens and through the API, and good for nothing else.
import assert from 'node:assert/strict'

import { resolveHostToken } from '#domain/api-tokens/api-token.service.ts'
import { changeHost, removeHost } from '#use-cases/administration/hosts/hosts.service.ts'
import { onEitherDatabase } from '../support/databases/each-database.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { asksWith } from '../support/people/api-tokens.ts'
import { storeTestHost } from '../support/people/hosts.ts'
import { newcomer, PASSWORD, startWithAdmin } from '../support/people/people.ts'
import { rowOf } from '../support/people/second-factors.ts'
import { fieldErrorsIn, itemsOf } from '../support/requests/replies.ts'
import { leaveToTestAll } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { failureIn, outputIn, runner } from '../support/server/command-line.ts'

const HOST = 'wiki.example.org'

onEitherDatabase('a user makes a token for a host that takes tokens, and it opens nothing else', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const ada = await (await newcomer(root, 'ada', { password: PASSWORD })).signsIn()
  const makes = (fields: object) => ada.asks('POST', '/users/me/tokens', { name: 'Backup', ...fields })
  await storeTestHost(server.operator(), { name: HOST })
  for (const host of [HOST, 'none.example.org'])
    assert.deepEqual(fieldErrorsIn(await makes({ host })), ['/host api_token.host_unknown'])
  await changeHost(server.operator(), HOST, { apiTokens: true })
  assert.deepEqual(fieldErrorsIn(await makes({ host: HOST, scopes: ['self:read'] })), [
    '/scopes api_token.scope_at_host',
  ])
  assert.deepEqual(fieldErrorsIn(await makes({})), ['/scopes api_token.no_scope'])
  const made = await makes({ host: 'Wiki.example.org' })
  assert.deepEqual([made.status, made.body['host'], made.body['scopes']], [200, HOST, []])
  const token = { token: String(made.body['token']) }
  for (const path of ['/users/me', '/session']) assert.equal((await asksWith(server, token, 'GET', path)).status, 401)
  const { id } = await rowOf(ada)
  for (const reply of [await ada.asks('GET', '/users/me/tokens'), await root.asks('GET', `/users/${id}/tokens`)])
    assert.deepEqual(
      itemsOf(reply).map(({ host, scopes }) => [host, scopes]),
      [[HOST, []]],
    )
  await removeHost(server.operator(), HOST)
  assert.deepEqual(itemsOf(await ada.asks('GET', '/users/me/tokens')), [])
})

leaveToTestAll()

onEitherDatabase('the page offers the hosts that take tokens', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect })
  const browser = await signedInBrowser(root)
  const form = '/account/security/tokens/new'
  assert.equal((await browser.page(form)).count('#host'), 0)
  await storeTestHost(server.operator(), { name: HOST, apiTokens: true })
  await storeTestHost(server.operator(), { name: 'other.example.org' })
  const page = await browser.page(form)
  assert.match(page.main.text, /The API of this server.*wiki\.example\.org/)
  assert.doesNotMatch(page.main.text, /other\.example\.org/)
  // What was ticked for the API before is left out.
  const made = await browser.submit(form, { name: 'Backup', host: HOST, 'scopes-self:read': 'yes' })
  assert.match(made.body, /Your new API token/)
  assert.match((await browser.page('/account/security')).part('api-tokens').text, /Backup Open wiki\.example\.org/)
  const wrong = await browser.pageAfter(form, { name: 'Backup', host: 'other.example.org' }, 422)
  assert.match(wrong.alert().text, /no host with this name that takes API tokens/)
})

onEitherDatabase('the operator makes a token for a host, and an admin sees which host it opens', async (t, dialect) => {
  const { server, root } = await startWithAdmin(t, { dialect, clock: new TestClock(Date.now()) })
  const ada = await newcomer(root, 'ada', { password: PASSWORD })
  const run = runner(t, server)
  const create = (...words: string[]) => run('token', 'create', 'ada', '--name', 'laptop', ...words, '--json')
  const host = await storeTestHost(server.operator(), { name: HOST })
  assert.deepEqual(failureIn(await create('--for-host', HOST)), [6, 'request.validation_failed'])
  await changeHost(server.operator(), HOST, { apiTokens: true })
  assert.deepEqual(failureIn(await create('--for-host', HOST, '--scope', 'self:read')), [2, 'cli.usage'])
  const made = outputIn(await create('--for-host', 'Wiki.example.org'))
  assert.deepEqual([made['host'], made['scopes']], [HOST, []])
  const found = await resolveHostToken(
    server.operator(),
    { token: String(made['token']), hostId: host.id },
    async () => true,
  )
  assert.equal(found?.user.username, 'ada')
  assert.match((await run('token', 'list', 'ada', '--plain')).stdout, /\tlaptop\twiki\.example\.org\t/)
  const { id } = await rowOf(ada)
  const page = await (await signedInBrowser(root)).page(`/admin/users/${id}/sign-in`)
  assert.match(page.part('api-tokens').text, /laptop Open wiki\.example\.org/)
})
