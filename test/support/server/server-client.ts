// One interface for requests to a server, in the test's own process or in another.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { totpStep } from '#domain/factors/totp/totp.ts'
import { type Instant, minutes, seconds } from '#foundation/kernel/time.ts'
import type { Authenticator } from '../people/authenticator.ts'
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

const STEP = seconds(30)
/** A code must still be valid when the request arrives. */
const MARGIN = seconds(2)

/** An authenticator app that yields each code once; it uses the code of the next step rather than wait for that step. */
export class Codes {
  readonly #authenticator: Authenticator
  #lastStep = 0

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator
  }

  /** The same app, for a copy of the database. */
  copied(): Codes {
    const copy = new Codes(this.#authenticator)
    copy.#lastStep = this.#lastStep
    return copy
  }

  /** The oldest valid code that was not used yet. */
  async fresh(client: Pick<ServerClient, 'now'>): Promise<string> {
    let now = client.now()
    const step = Math.max(this.#lastStep + 1, totpStep(now + MARGIN) - 1)
    for (; step > totpStep(now) + 1; now = client.now()) await sleep(100)
    this.#lastStep = step
    return this.#authenticator.code(step * STEP)
  }
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
