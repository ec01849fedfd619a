// One way to ask a server, whether it runs inside the test or in a process of its own.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'

import { totpStep } from '../../../src/domain/factors/totp/totp.ts'
import { minutes, seconds } from '../../../src/foundation/kernel/time.ts'
import type { Instant } from '../../../src/foundation/kernel/time.ts'
import type { Authenticator } from '../people/authenticator.ts'
import { TestClock } from './clock.ts'
import type { Person } from '../people/people.ts'
import type { Server } from './start.ts'

export interface DoorRequest {
  readonly payload?: object
  readonly form?: Readonly<Record<string, string>>
  readonly token?: string | undefined
}

export interface DoorReply {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly text: string
}

export interface Door {
  ask(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, request?: DoorRequest): Promise<DoorReply>
  /** What its clock says. */
  now(): Instant
}

/** The door of a server that runs inside the test. */
export function doorOf({ app, clock }: Server): Door {
  return {
    now: () => clock.now(),
    async ask(method, url, { payload, form, token } = {}) {
      const raw = await app.inject({
        method,
        url,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
        },
        ...(payload && { payload }),
        ...(form && { payload: new URLSearchParams(form).toString() }),
      })
      const json = String(raw.headers['content-type'] ?? '').includes('json')
      return { status: raw.statusCode, body: json ? raw.json<Record<string, unknown>>() : {}, text: raw.body }
    },
  }
}

/**
 * For whoever prepares a database that processes use afterwards: so long ago that no code shown then is one that counts
 * now, and recently enough that sessions still run.
 */
export function earlierToday(): TestClock {
  return new TestClock(Date.now() - minutes(20))
}

const STEP = seconds(30)
/** A code must still count when the request arrives. */
const MARGIN = seconds(2)

/** A device that shows every code once, and takes those the server accepts early rather than wait for the next. */
export class Codes {
  readonly #authenticator: Authenticator
  #lastStep = 0

  constructor(authenticator: Authenticator) {
    this.#authenticator = authenticator
  }

  /** The oldest code that counts and was not shown yet. */
  async fresh(door: Pick<Door, 'now'>): Promise<string> {
    let now = door.now()
    const step = Math.max(this.#lastStep + 1, totpStep(now + MARGIN) - 1)
    for (; step > totpStep(now) + 1; now = door.now()) await sleep(100)
    this.#lastStep = step
    return this.#authenticator.code(step * STEP)
  }
}

/** Somebody set up, as those know them who come by any door. */
export interface Visitor {
  readonly username: string
  readonly password: string
  readonly codes: Codes
}

export function visitorOf({ username, password, authenticator }: Person): Visitor {
  return { username, password, codes: new Codes(authenticator) }
}

/** Signs in at `POST /token` with a code of their own; the access token. */
export async function signIn(door: Door, { username, password, codes }: Visitor): Promise<string> {
  const code = await codes.fresh(door)
  const reply = await door.ask('POST', '/token', { form: { username, password: password + code } })
  assert.equal(reply.status, 200, `${username} cannot sign in: ${reply.text}`)
  return String(reply.body['access_token'])
}
