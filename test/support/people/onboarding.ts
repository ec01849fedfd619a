// Set-up of the first admin and enrolment of a user at a server in a process of its own, through HTTP alone.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { Authenticator, Codes } from '../../../clients/test/src/codes.ts'
import { invitationIn } from '../requests/replies.ts'
import type { ServerProcess } from '../server/processes.ts'
import type { ServerClient, SignInData } from '../server/server-client.ts'
import { PASSWORD } from './people.ts'

/** A user who has enrolled, with the setup key of the app. */
export interface OnboardedUser extends SignInData {
  readonly id: string
  readonly secret: string
  /** The access token of the session that the enrolment started. */
  readonly token: string
}

/** Follows the set-up link that a first start prints on stderr, as a browser does. */
export async function setUp(node: ServerProcess): Promise<OnboardedUser> {
  const path = await said(node, /\/setup\/[\w-]+/)
  const form = { username: 'root', password: PASSWORD, password_again: PASSWORD }
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
  const body = new URLSearchParams(form)
  const answer = await fetch(node.url + path, { method: 'POST', headers, body, redirect: 'manual' })
  const cookie = /^[^;]+/.exec(answer.headers.getSetCookie()[0] ?? '')?.[0]
  assert.ok(cookie, `the set-up did not begin: ${answer.status} ${await answer.text()}`)
  return enrolled(node, 'root', decodeURIComponent(cookie.split('=')[1] ?? ''))
}

/** Waits for the first match on stderr. */
export async function said(node: ServerProcess, wanted: RegExp): Promise<string> {
  for (let waited = 0; waited < 200; waited++) {
    const [found] = wanted.exec(node.stderr()) ?? []
    if (found !== undefined) return found
    await sleep(20)
  }
  throw new Error(`It did not say ${wanted.source}:\n${node.stderr()}`)
}

/** A new user who accepts the invitation of an admin and enrols an app. */
export async function invited(node: ServerClient, adminToken: string, username: string): Promise<OnboardedUser> {
  const created = await node.ask('POST', '/users', { payload: { username }, token: adminToken })
  assert.equal(created.status, 200, created.text)
  const payload = { token: invitationIn(created), password: PASSWORD }
  const accepted = await node.ask('POST', '/invitations/accept', { payload })
  return enrolled(node, username, String(accepted.body['attempt']))
}

async function enrolled(node: ServerClient, username: string, attempt: string): Promise<OnboardedUser> {
  const key = await node.ask('POST', '/attempts/totp', { payload: { attempt } })
  const secret = String(key.body['secret'])
  const codes = new Codes(new Authenticator(secret))
  const code = await codes.fresh(node)
  const confirmed = await node.ask('POST', '/attempts/totp/confirm', { payload: { attempt, code } })
  assert.equal(confirmed.status, 200, confirmed.text)
  const { access_token: token } = confirmed.body['session'] as { access_token: string }
  const me = await node.ask('GET', '/users/me', { token })
  return { username, password: PASSWORD, codes, secret, token, id: String(me.body['id']) }
}
