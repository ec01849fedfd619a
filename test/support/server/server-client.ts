// One interface for requests to a server, in the test's own process or in another.
import assert from 'node:assert/strict'

import { type Instant, minutes } from '#foundation/kernel/time.ts'
import { Codes } from '../../../clients/test/src/codes.ts'
import type { Person } from '../people/people.ts'
import { TestClock } from './clock.ts'

export interface ClientRequest {
  readonly payload?: object
  readonly form?: Readonly<Record<string, string>>
  readonly token?: string | undefined
}

export interface ClientReply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
}

export interface ServerClient {
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, request?: ClientRequest): Promise<ClientReply>
  /** The time of the server's clock. */
  now(): Instant
}

/**
 * A clock for preparing a database that other processes use afterwards: so long ago that no TOTP code of that time is accepted
 * now, and recent enough that sessions are still open.
 */
export function earlierToday(): TestClock {
  return new TestClock(Date.now() - minutes(20))
}

/** The login and credentials of a user who is set up, for any client. */
export interface SignInData {
  readonly username: string
  readonly password: string
  readonly codes: Codes
}

export function signInDataOf({ username, password, authenticator }: Person): SignInData {
  return { username, password, codes: new Codes(authenticator) }
}

/** Signs in at `POST /token`; returns the access token. */
export async function signIn(client: ServerClient, { username, password, codes }: SignInData): Promise<string> {
  const code = await codes.fresh(client)
  const reply = await client.ask('POST', '/token', { form: { username, password: password + code } })
  assert.equal(reply.status, 200, `${username} cannot sign in: ${reply.text}`)
  return String(reply.body['access_token'])
}
