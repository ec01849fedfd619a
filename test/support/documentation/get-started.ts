// Follows the page "Get started" as a reader does: a terminal, and browsers of the admin, of the invited user and of a stranger.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'

import type { Authenticator } from '../../../clients/test/src/codes.ts'
import { openBrowser } from '../browser/browser.ts'
import { appFrom, arrivesAtEnrolment, choosesApp, pagePath, savesCodes, send } from '../browser/page-actions.ts'
import { PASSWORD } from '../people/people.ts'
import { freePort } from '../server/ports.ts'
import { openTerminal, runShell, startLines, startShown } from './fresh-clone.ts'
import type { Blocks } from './markdown.ts'

const APP_IN_PAGE = 'http://localhost:3000/'

export async function walkStart(t: TestContext, page: Blocks): Promise<void> {
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', terminal)

  const ada = await openBrowser(t)
  await ada.goto(`${started.url}/setup/${await started.setupToken}`)
  await send(ada, { username: 'ada', 'new-password': PASSWORD })
  await enrols(ada)

  const invited = await runShell(page.next(), terminal)
  const [link = ''] = /http:\S+\/invitation\/dwl_\S+/.exec(invited) ?? []
  const grace = await openBrowser(t)
  await grace.goto(link)
  await send(grace, { 'new-password': PASSWORD })
  const app = await enrols(grace)

  const port = String(await freePort())
  const notes = `http://localhost:${port}/`
  const registered = await runShell(page.next({ [APP_IN_PAGE]: notes }), terminal)
  const [, id = '', secret = ''] = /^client id +(\S+)\nclient secret +(\S+)$/m.exec(registered) ?? []
  const lines = page.next({ 'CLIENT_ID=ID': `CLIENT_ID=${id}`, 'CLIENT_SECRET=SECRET': `CLIENT_SECRET=${secret}` })
  const env = { ...terminal.env, PORT: port, ISSUER: `${started.url}/oidc` }
  const { says } = startLines(t, lines, { ...terminal, env })
  await says(new RegExp(`Open ${notes}`))

  for (const [browser, name] of [
    [ada, 'ada'],
    [grace, 'grace'],
  ] as const) {
    await toSignIn(browser, notes)
    assert.equal(browser.url(), notes, 'who is signed in is asked again')
    assert.match(await browser.innerText('body'), new RegExp(`You are signed in as ${name}\\.`))
  }

  const elsewhere = await openBrowser(t)
  await toSignIn(elsewhere, notes)
  assert.equal(pagePath(elsewhere), '/sign-in')
  await send(elsewhere, { username: 'grace', 'current-password': PASSWORD })
  // The code of the enrolment is consumed; the server also accepts that of the next step.
  await send(elsewhere, { code: app.code(Date.now(), 1) })
  await elsewhere.waitForURL(notes)
  assert.match(await elsewhere.innerText('body'), /You are signed in as grace\./)

  await elsewhere.getByRole('button', { name: 'Sign out' }).click()
  await elsewhere.getByRole('link', { name: 'Sign in with Doorward' }).waitFor()
  await elsewhere.goto(`${started.url}/account`)
  assert.equal(pagePath(elsewhere), '/sign-in', 'the sign-out of the app left the session here')
}

/** Sets up an authenticator app, and saves the recovery codes. */
async function enrols(page: Page): Promise<Authenticator> {
  await arrivesAtEnrolment(page)
  await choosesApp(page)
  const app = await appFrom(page)
  await send(page, { code: app.code(Date.now()) })
  await savesCodes(page)
  return app
}

async function toSignIn(page: Page, app: string): Promise<void> {
  await page.goto(app)
  await page.getByRole('link', { name: 'Sign in with Doorward' }).click()
  await page.waitForLoadState('load')
}
