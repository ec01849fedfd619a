// Guesses of passwords, the backoff that follows them, and what an outsider can measure of the answers.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { INDEFINITELY } from '#domain/throttle/throttle.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import type { Server, StartOptions } from '../server/start.ts'
import { newcomer, type Person, postForm, type Reply, startWithAdmin } from './people.ts'

export const WRONG = 'not the password'
/** Failures before the first backoff. */
export const ALLOWED_FAILURES = 5

export interface From {
  readonly ipAddress?: string
  readonly headers?: Record<string, string>
}

/** A wrong guess at `POST /token`. */
export function guess(server: Server, username: string, { ipAddress, headers }: From = {}): Promise<Reply> {
  const from = ipAddress === undefined ? {} : { remoteAddress: ipAddress }
  return postForm(server, '/token', { username, password: WRONG, totp: '123456' }, headers, from)
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

/** Blocks these buckets, and no others, as a hundred failures do: time does not unblock them. */
export async function blockBuckets({ doorward: { db } }: Server, keys: readonly string[]): Promise<void> {
  const rows = keys.map((key) => ({ key, failures: 100, last_failure_at: 0, blocked_until: INDEFINITELY }))
  await db.deleteFrom('throttle_bucket').execute()
  await db.insertInto('throttle_bucket').values(rows).execute()
}

/** A server with an admin and the users `ada` and `bob`, all signed in. */
export async function peopled(
  t: TestContext,
  options: StartOptions = {},
): Promise<{ server: Server; root: Person; ada: Person; bob: Person }> {
  const { server, root } = await startWithAdmin(t, options)
  const [ada, bob] = [await newcomer(root, 'ada'), await newcomer(root, 'bob')]
  return { server, root, ada: await ada.signsIn(), bob: await bob.signsIn() }
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

/** A request as far as an outsider could measure it: its answer and its work. */
export interface Watched {
  readonly reply: Reply
  readonly seen: object
  readonly hashes: number
  /** The number of TOTP secrets that were opened to verify a code. */
  readonly opened: number
  readonly statements: readonly string[]
}

/** A server with an admin, and a function that measures a request to it. */
export async function watchedServer(t: TestContext, dialect: Dialect, options: StartOptions = {}) {
  const heard: string[] = []
  const { server, root } = await startWithAdmin(t, { ...options, dialect, onStatement: (text) => heard.push(text) })
  const { mock } = t.mock.method(server.doorward.keyring, 'open')
  const watched = async (asking: () => Promise<Reply>): Promise<Watched> => {
    const before = server.doorward.hasher.stats().hashes
    heard.length = 0
    mock.resetCalls()
    const reply = await asking()
    const hashes = server.doorward.hasher.stats().hashes - before
    return { reply, seen: seen(reply), hashes, opened: mock.callCount(), statements: [...heard] }
  }
  return { server, root, watched }
}

export function assertAlike({ reply: _, ...one }: Watched, { reply: __, ...other }: Watched, about: string): void {
  assert.deepEqual(other, one, about)
}
