// Guesses of passwords, and the backoff that follows them.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { ask, firstAdmin, newcomer } from './people.ts'
import type { Person, Reply } from './people.ts'
import { start } from '../server/start.ts'
import type { Server, StartOptions } from '../server/start.ts'

export const WRONG = 'not the password'
/** Failures before the first backoff. */
export const ALLOWED_FAILURES = 5

export interface From {
  readonly address?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A wrong guess at `POST /token`. */
export function guess(server: Server, username: string, { address, headers = {} }: From = {}): Promise<Reply> {
  return ask(server, 'POST', '/token', {
    payload: Buffer.from(new URLSearchParams({ username, password: WRONG, totp: '123456' }).toString()),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    ...(address !== undefined && { remoteAddress: address }),
  })
}

export async function guessInVain(server: Server, username: string, times: number, from: From = {}): Promise<void> {
  for (let guessed = 0; guessed < times; guessed++) {
    const { status, raw } = await guess(server, username, from)
    assert.equal(status, 401, raw.body)
  }
}

/** Asserts that the limiter has blocked the guess; returns the seconds until the next one is allowed. */
export function assertWait({ status, body, raw }: Reply): number {
  assert.deepEqual([status, body['code']], [429, 'throttle.blocked'], raw.body)
  const wait = String(raw.headers['retry-after'])
  assert.match(wait, /^[1-9]\d*$/)
  return Number(wait)
}

/** A server with the users `ada` and `bob`, both signed in. */
export async function peopled(
  t: TestContext,
  options: StartOptions = {},
): Promise<{ server: Server; ada: Person; bob: Person }> {
  const server = await start(t, options)
  const admin = await (await firstAdmin(server)).signsIn()
  const [ada, bob] = [await newcomer(admin, 'ada'), await newcomer(admin, 'bob')]
  return { server, ada: await ada.signsIn(), bob: await bob.signsIn() }
}

/** The reference of a refusal, by which an admin finds the event. It has the same length for each user. */
const REFERENCE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/

/** Everything an outsider sees of an answer, without what differs between any two: date, request id and reference. */
export function seen({ raw }: Reply): object {
  const { date, 'x-request-id': id, 'content-length': length, ...headers } = raw.headers
  assert.ok(typeof id === 'string', 'an answer without its id')
  // The request id has a counter, so its length can differ.
  const lengths = { announced: Number(length) - id.length, sent: raw.rawPayload.length - id.length }
  return {
    status: raw.statusCode,
    date: typeof date,
    headers,
    lengths,
    body: raw.body.replaceAll(id, 'ID').replace(REFERENCE, 'REFERENCE'),
  }
}
