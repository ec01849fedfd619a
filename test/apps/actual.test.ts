// Actual, a budget on a server of one's own: users who sign in with Doorward get an account there.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { openBrowser } from '../support/browser/browser.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { follow, registerApp } from '../support/openid/apps.ts'
import { signedInBrowser } from '../support/pages/page-answers.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { outputIn, runner } from '../support/server/command-line.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'
import { compile, installApp, signsInOn, startApp } from './installed-app.ts'

exhaustive(
  'Actual makes an account for a user who signs in with Doorward by RS256, and finds it at the next sign-in',
  async (t) => {
    await installApp('actual')
    await compile('actual', 'better-sqlite3', "new (require('better-sqlite3'))(':memory:')")
    const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
    const admin = await firstAdmin(server)
    const port = await freePort()
    const app = `http://127.0.0.1:${port}`
    const { client, secret } = await registerApp(server, { name: 'Actual', redirectUris: [`${app}/openid/callback`] })
    const dataDir = await temporaryFolder(t)
    const env = {
      ACTUAL_DATA_DIR: dataDir,
      ACTUAL_HOSTNAME: '127.0.0.1',
      ACTUAL_PORT: String(port),
      ACTUAL_LOGIN_METHOD: 'openid',
      ACTUAL_OPENID_DISCOVERY_URL: `${baseUrl}/oidc`,
      ACTUAL_OPENID_CLIENT_ID: client.id,
      ACTUAL_OPENID_CLIENT_SECRET: secret,
      ACTUAL_OPENID_SERVER_HOSTNAME: app,
      ACTUAL_USER_CREATION_MODE: 'login',
    }
    const ready = async (): Promise<boolean> => (await fetch(`${app}/health`)).ok
    await startApp(t, 'actual', 'node_modules/.bin/actual-server', { env, ready })
    const page = await openBrowser(t)
    const signIn = async (button: string): Promise<void> => {
      await page.goto(app)
      await page.getByRole('button', { name: button }).click()
    }

    // It takes ID tokens with RS256 only, and new apps get ES256.
    await signIn('Start using OpenID')
    await page.waitForURL(`${baseUrl}/sign-in**`)
    await signsInOn(page, admin)
    await page.waitForURL(`${app}/openid/callback**`)
    assert.match((await page.textContent('body')) ?? '', /openid-grant-failed/)
    outputIn(await runner(t, server)('app', 'change', 'Actual', '--id-token-alg', 'RS256', '--json'))

    await signIn('Start using OpenID')
    const signedIn = page.getByText(`(logged in as: ${admin.username})`)
    await signedIn.waitFor()
    const owner = { user_name: admin.username, role: 'ADMIN' }
    assert.deepEqual(accountsIn(dataDir), [owner])

    // After a sign-out there, the next sign-in finds the same account, and Doorward asks nothing, since its session goes on.
    await page.getByRole('button', { name: 'Server online' }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in with OpenID' }).click()
    await signedIn.waitFor()
    assert.deepEqual(accountsIn(dataDir), [owner])

    const ada = await newcomer(await admin.signsIn(), 'ada')
    const answer = await fetch(await follow(await signedInBrowser(ada), await urlToSignIn(app)))
    assert.match(answer.url, /\/openid-cb\?token=/)
    assert.deepEqual(accountsIn(dataDir), [owner, { user_name: 'ada', role: 'BASIC' }])
  },
)

/** The URL to which the button leads. */
async function urlToSignIn(app: string): Promise<string> {
  const body = JSON.stringify({ loginMethod: 'openid', returnUrl: app })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${app}/account/login`, { method: 'POST', headers, body })
  return ((await answer.json()) as { data: { returnUrl: string } }).data.returnUrl
}

/** The accounts that Actual has made; one without a name is its own. */
function accountsIn(dataDir: string): unknown[] {
  const database = new DatabaseSync(join(dataDir, 'server-files', 'account.sqlite'), { readOnly: true })
  try {
    return database
      .prepare("select user_name, role from users where user_name <> '' order by role")
      .all()
      .map((row) => ({ ...row }))
  } finally {
    database.close()
  }
}
