import assert from 'node:assert/strict'

import { attackScene, basic, postRaw } from '#test/support/openid/attack-scene.ts'
import { leaveToTestAll, test } from '#test/support/runner/scope.ts'
import { createApp } from '#use-cases/administration/clients/clients.service.ts'
import { clientIdIn } from './client-guess.service.ts'

test('the id of a client is found by either way of authentication, as it was before it was encoded', () => {
  const body = (text: string): Buffer => Buffer.from(text)
  assert.equal(clientIdIn(basic('my.wiki', 'secret').authorization, undefined), 'my.wiki')
  assert.equal(clientIdIn(`Basic ${btoa('a%2Eb+c:secret')}`, undefined), 'a.b c')
  assert.equal(clientIdIn(`Basic ${btoa('100%:secret')}`, undefined), '100%')
  assert.equal(clientIdIn(undefined, body('x=1&client_id=my.wiki')), 'my.wiki')
  assert.equal(clientIdIn('Bearer x', body('client_id=wiki')), 'wiki')
  assert.equal(clientIdIn(undefined, undefined), '')
  assert.equal(clientIdIn(undefined, body(`client_id=${'x'.repeat(500)}`)).length, 200)
})

leaveToTestAll()

test('an app with a wrong secret stops no other one in its network, whatever ids the operator has given them', async (t) => {
  const { server } = await attackScene(t)
  const secrets: string[] = []
  for (const id of ['home.wiki', 'home.photos']) {
    const wanted = { name: id, id, redirectUris: ['https://app.example/'] }
    const { secret } = await createApp(server.operator(), wanted)
    secrets.push(secret?.reveal() ?? '')
  }
  const revoke = (id: string, secret: string) =>
    postRaw(server, '/token/revocation', { token: 'x' }, { headers: basic(id, secret) })
  let status = 0
  for (let tries = 0; tries < 50 && status !== 429; tries += 1) status = (await revoke('home.wiki', 'wrong')).status
  assert.equal(status, 429)
  assert.equal((await revoke('home.photos', secrets[1] ?? '')).status, 200)
})
