const { startDoorward } = require('@doorward/test')
const { startApp } = require('./app.cjs')

let door, app

beforeAll(async () => {
  door = await startDoorward()
  app = await startApp()
  app.client = await door.app({ redirectUris: [`${app.url}/callback`] })
}, 60_000)

afterAll(async () => {
  await door?.stop()
  app?.stop()
})

test('the app gets a user with two factors and the role that it asks for', async () => {
  const ada = await door.user({ username: 'ada', role: 'editor', secondStep: 'passkey' })
  expect((await door.browser(ada).open(app.url)).body).toBe('Hello ada')
  const { claims, accessToken } = await app.client.signIn(ada)
  expect(claims).toMatchObject({ sub: ada.subject, amr: ['pwd', 'pop', 'user', 'mfa'] })
  await door.clock.advance('1h')
  expect(await app.client.introspect(accessToken)).toEqual({ active: false })
}, 60_000)

test('a mail reaches its user', async () => {
  const ida = await door.user({ username: 'ida', verifiedEmail: true })
  expect((await door.mails.next(ida)).subject).toContain('Welcome')
}, 60_000)

test('production is refused', async () => {
  const { NODE_ENV } = process.env
  process.env.NODE_ENV = 'production'
  await expect(startDoorward()).rejects.toThrow('Set NODE_ENV=test')
  process.env.NODE_ENV = NODE_ENV
})
