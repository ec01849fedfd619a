// The JSON routes of passkeys, called by a script in a real browser with its own authenticator.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'

import { BrowserAuthenticator } from '../support/browser/browser-passkeys.ts'
import { openBrowser } from '../support/browser/browser.ts'
import { firstAdmin, PASSWORD } from '../support/people/people.ts'
import { invitationIn } from '../support/requests/replies.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Runs in the page: requests options, passes them to the browser, sends the response. */
function ceremony(page: Page, kind: 'create' | 'get', from: string, to: string, fields: object): Promise<Answer> {
  return page.evaluate(
    async ([what, optionsPath, path, own]) => {
      const post = async (baseUrl: string, body: object): Promise<Answer> => {
        const headers = { 'content-type': 'application/json' }
        const reply = await fetch(baseUrl, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' })
        return { status: reply.status, body: (await reply.json()) as Record<string, unknown> }
      }
      const options = (await post(optionsPath, own)).body as never
      const made =
        what === 'create'
          ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
      return post(path, { ...own, response: (made as PublicKeyCredential).toJSON() })
    },
    [kind, from, to, fields] as const,
  )
}

leaveToTestAll()

test('a passkey is made and used against the JSON routes, alone and after the password', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await (await firstAdmin(server)).signsIn()
  const token = invitationIn(await root.asks('POST', '/users', { username: 'grace' }))
  const page = await openBrowser(t)
  await BrowserAuthenticator.in(page)
  await page.goto(`${baseUrl}/sign-in/help`)

  const post = async (path: string, payload: object) => {
    const reply = await server.app.inject({ method: 'POST', url: path, payload })
    return reply.json<Record<string, unknown>>()
  }
  const { attempt } = await post('/invitations/accept', { token, password: PASSWORD })
  const enrolled = await ceremony(page, 'create', '/attempts/passkeys/options', '/attempts/passkeys', { attempt })
  assert.equal(enrolled.status, 200, JSON.stringify(enrolled.body))
  assert.equal((enrolled.body['recovery_codes'] as string[]).length, 10)

  const alone = await ceremony(page, 'get', '/attempts/passkey/options', '/attempts/passkey', {})
  assert.deepEqual([alone.status, alone.body['stage']], [200, 'complete'], JSON.stringify(alone.body))

  const begun = await post('/attempts', { username: 'grace', password: PASSWORD })
  assert.deepEqual([begun['stage'], begun['offered']], ['second-factor', ['passkey', 'recovery-code']])
  const second = { attempt: begun['attempt'] }
  const both = await ceremony(page, 'get', '/attempts/passkey/options', '/attempts/passkey', second)
  assert.deepEqual([both.status, both.body['stage']], [200, 'complete'], JSON.stringify(both.body))

  const rows = await server.doorward.db.selectFrom('session').select('methods').orderBy('id').execute()
  assert.deepEqual(rows.map(({ methods }) => methods).slice(-3), ['password passkey', 'passkey', 'password passkey'])
})
