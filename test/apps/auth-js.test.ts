// An app with Auth.js: it shows who has signed in, and its sign-out ends the session there and here.
import assert from 'node:assert/strict'

import { openBrowser } from '../support/browser/browser.ts'
import { moveOn, pagePath } from '../support/browser/page-actions.ts'
import { registerApp } from '../support/openid/apps.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { answers } from '../support/server/started-program.ts'
import { installApp, signsInOn, startApp } from './installed-app.ts'

exhaustive('an app with Auth.js shows who has signed in, and its sign-out ends the session here too', async (t) => {
  await installApp('auth-js')
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const admin = await firstAdmin(server)
  await (await admin.signsIn()).asks('PATCH', '/users/me', { full_name: 'Zoë 山田' })
  const port = await freePort()
  const app = `http://127.0.0.1:${port}`
  const { client, secret } = await registerApp(server, {
    redirectUris: [`${app}/auth/callback/doorward`],
    logoutUris: [`${app}/bye`],
  })
  const env = { ISSUER: `${baseUrl}/oidc`, CLIENT_ID: client.id, CLIENT_SECRET: secret, PORT: String(port) }
  await startApp(t, 'auth-js', 'app.js', { env, ready: () => answers(app) })

  const page = await openBrowser(t)
  const session = async (): Promise<unknown> => {
    await page.goto(app)
    return JSON.parse((await page.textContent('body')) ?? '')
  }
  const signIn = async (): Promise<void> => {
    await page.goto(`${app}/auth/signin`)
    await moveOn(page, () => page.getByRole('button', { name: 'Sign in with Doorward' }).click())
  }
  assert.equal(await session(), null)
  await signIn()
  await signsInOn(page, admin)
  await page.waitForURL(`${app}/**`)
  const { user } = (await session()) as { user: unknown }
  const { subject } = await stored(server, admin.username)
  assert.deepEqual(user, { id: subject, username: admin.username, name: 'Zoë 山田' })

  await page.goto(`${app}/sign-out`)
  await moveOn(page, () => page.getByRole('button', { name: 'Sign out' }).click())
  await page.waitForURL(`${app}/bye`)
  assert.equal(await session(), null)
  await page.goto(`${baseUrl}/account`)
  assert.equal(pagePath(page), '/sign-in')
  await signIn()
  assert.equal(pagePath(page), '/sign-in')
})
