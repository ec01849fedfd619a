// Node-RED, whose library for OpenID Connect sends no PKCE: refused with what to do, and let in once an admin allows it.
import assert from 'node:assert/strict'

import { openBrowser } from '../support/browser/browser.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { registerApp } from '../support/openid/apps.ts'
import { firstAdmin } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { outputIn, runner } from '../support/server/command-line.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { answers } from '../support/server/started-program.ts'
import { installApp, signsInOn, startApp } from './installed-app.ts'

/** The editor in a page. */
declare const RED: { readonly settings: { readonly user: { readonly username: string } } }

exhaustive(
  'Node-RED sends no PKCE: its users read what to do, and sign in once an admin lets it do without',
  async (t) => {
    await installApp('node-red')
    const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
    const admin = await firstAdmin(server)
    const port = await freePort()
    const app = `http://127.0.0.1:${port}`
    const redirectUris = [`${app}/auth/strategy/callback`]
    const { client, secret } = await registerApp(server, { name: 'Node-RED', redirectUris })
    const env = {
      ISSUER: `${baseUrl}/oidc`,
      CLIENT_ID: client.id,
      CLIENT_SECRET: secret,
      EDITOR: admin.username,
      PORT: String(port),
    }
    const args = ['-u', await temporaryFolder(t), '-s', 'settings.js']
    await startApp(t, 'node-red', 'node_modules/.bin/node-red', { args, env, ready: () => answers(app) })

    const page = await openBrowser(t)
    const signIn = async (): Promise<void> => {
      await page.goto(app)
      await page.getByText('Sign in with Doorward').click()
    }
    await signIn()
    await page
      .getByText(/PKCE is required.* Turn PKCE on in the app\. .* an admin can choose 'Sign in without PKCE'/)
      .waitFor()
    outputIn(await runner(t, server)('app', 'change', 'Node-RED', '--without', 'pkce', '--json'))

    await signIn()
    await page.waitForURL(`${baseUrl}/sign-in**`)
    await signsInOn(page, admin)
    await page.locator('#red-ui-header-button-user').waitFor()
    assert.equal(await page.evaluate(() => RED.settings.user.username), admin.username)
  },
)
