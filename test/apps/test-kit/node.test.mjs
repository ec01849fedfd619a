// npm install --save-dev @doorward/test doorward; node --test
import { startDoorward } from '@doorward/test'
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { startApp } from './app.cjs'

let door, app

before(async () => {
  door = await startDoorward()
  app = await startApp()
  app.client = await door.app({ redirectUris: [`${app.url}/callback`] })
})

after(async () => {
  await door?.stop()
  app?.stop()
})

test('someone who signs in with two factors is greeted', async () => {
  const ada = await door.user({ username: 'ada', secondStep: 'passkey' })
  const { body } = await door.browser(ada).open(app.url)
  assert.equal(body, 'Hello ada')
})

test('someone whom an admin has disabled is signed out at once', async () => {
  const grace = await door.user({ username: 'grace' })
  const browser = door.browser(grace)
  assert.equal((await browser.open(app.url)).body, 'Hello grace')
  await door.asAdmin('POST', `/users/${grace.id}/disable`)
  assert.equal((await browser.open(app.url)).body, 'You are signed out.')
})

test('a day later the sign-in is over', async () => {
  const alan = await door.user({ username: 'alan' })
  const browser = door.browser(alan)
  await browser.open(app.url)
  await door.clock.advance('1d')
  assert.equal((await browser.open(app.url)).status, 401)
})
