// clients/python/doorward.py remembers what access tokens are worth only while it hears of endings: who was disabled is refused within two seconds, whatever fails.
import assert from 'node:assert/strict'
import { request as sendRequest } from 'node:http'
import { pipeline } from 'node:stream'
import { test, type TestContext } from 'node:test'

import { chainPending } from '#domain/audit/chain-writer.service.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { disableUser, signOutUser } from '#use-cases/administration/account-status/account-status.service.ts'
import { signOutOfAppOf } from '#use-cases/administration/clients/user-apps.service.ts'
import { registerApp, signInAt } from '../support/openid/apps.ts'
import { type Fault, streamProxy } from '../support/openid/stream-proxy.ts'
import { signsIn } from '../support/pages/page-answers.ts'
import { stored } from '../support/pages/page-scenes.ts'
import { Visitor } from '../support/pages/visitor.ts'
import { firstAdmin, newcomer } from '../support/people/people.ts'
import { TestClock } from '../support/server/clock.ts'
import { listening } from '../support/server/listening.ts'
import { waitUntil } from '../support/server/started-program.ts'
import { answering, type Outcome, startDriver } from './python-driver.ts'

/** In seconds. */
const BOUND = 2

/** A Python process with tokens of ada's, and what stands between it and the server: counts its questions, and may fail. */
async function scene(t: TestContext) {
  const { server, baseUrl } = await listening(t, { clock: new TestClock(Date.now()) })
  const root = await (await firstAdmin(server)).signsIn()
  const ada = await newcomer(root, 'ada')
  server.clock.pass(seconds(10))
  const browser = new Visitor(server)
  await signsIn(browser, ada)
  const app = await registerApp(server)
  // A stream without a position is never complete.
  await chainPending(server.operator())
  const { id } = await stored(server, ada.username)
  const proxy = await streamProxy(t, Number(new URL(baseUrl).port))
  const asked: string[] = []
  const streams: string[] = []
  const between = {
    /** Is awaited before an answer about a token is passed on. */
    holds: (_token: string | null): Promise<unknown> => Promise.resolve(),
    streamPath: (path: string): string => path,
    heard: '',
  }
  const url = await answering(t, (request, response) => {
    const { method, url: path = '', headers } = request
    const isStream = path.startsWith('/endings')
    let form = ''
    request.on('data', (bytes: Buffer) => (form += bytes.toString()))
    if (!isStream) asked.push(path)
    const target = isStream ? proxy.url + between.streamPath(path) : baseUrl + path
    const upstream = sendRequest(target, { method, headers: { ...headers, host: new URL(baseUrl).host } }, (answer) => {
      if (isStream) streams.push(`${path.replace(/\d.*/, '')} ${answer.statusCode}`)
      if (isStream) answer.on('data', (bytes: Buffer) => (between.heard += bytes.toString()))
      const pass = (): void => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        pipeline(answer, response, () => undefined)
      }
      void between.holds(isStream ? null : new URLSearchParams(form).get('token')).then(pass)
    })
    upstream.on('error', () => response.destroy())
    response.on('close', () => upstream.destroy())
    request.pipe(upstream)
  })
  const run = startDriver(t)
  const made = { name: 'app', url, client_id: app.client.id, client_secret: app.secret }
  assert.equal((await run('make', made)).error, undefined)
  const signIn = async () => `Bearer ${(await signInAt(browser, app)).access_token}`
  const verify = (authorization: string): Promise<Outcome> => run('verify', { name: 'app', authorization })
  /** Waits until it believes its memory: then a request asks nothing. */
  const remembers = (authorization: string): Promise<void> =>
    waitUntil(async () => {
      const before = asked.length
      for (const _ of [1, 2]) assert.equal((await verify(authorization)).status, 200)
      return asked.length === before
    })
  const refusedInTime = async (authorization: string, span = 2.5): Promise<void> => {
    const { after, status } = await run('repeats', { name: 'app', authorization, seconds: span })
    assert.ok(Number(after) < BOUND, `accepted ${String(after)} s later`)
    assert.equal(status, 401)
  }
  return {
    server,
    browser,
    ada,
    app,
    id,
    proxy,
    asked,
    streams,
    between,
    run,
    signIn,
    verify,
    remembers,
    refusedInTime,
  }
}

test('a token is asked about once, until its user is signed out, takes back a consent, or is disabled', async (t) => {
  const { server, browser, ada, app, id, asked, streams, run, signIn, remembers, refusedInTime } = await scene(t)
  const ends = [
    () => signOutOfAppOf(server.operator(), { id }, app.client.id),
    () => signOutUser(server.operator(), { id }),
    () => disableUser(server.operator(), { id }),
  ]
  for (const end of ends) {
    const token = await signIn()
    await remembers(token)
    const before = asked.length
    const { status } = await run('repeats', { name: 'app', authorization: token, seconds: 2.5 })
    assert.equal(status, 200)
    // On a busy machine a line comes late now and then.
    assert.ok(asked.length <= before + 5, `${asked.length - before} questions in longer than a line is believed`)
    await end()
    await refusedInTime(token)
    server.clock.pass(seconds(10))
    if (end !== ends[2]) await signsIn(browser, ada)
  }
  assert.deepEqual(streams, ['/endings 200'])
})

const FAULTS: readonly (readonly [name: string, fault: Fault, meanwhile: number, afterwards: number])[] = [
  ['cut silently', 'swallow', 2.5, 3],
  ['cut silently in the moment of the ending', 'swallow', 0, 3],
  ['reset', 'reset', 2.5, 3],
  ['held back for ten seconds', { hold: 10_000 }, 2.5, 12],
  // By its arrival each line would say that nothing has ended, four seconds after something had.
  ['four seconds late throughout', { delay: 4000 }, 2.5, 6],
]
for (const [name, fault, meanwhile, afterwards] of FAULTS)
  test(`the bound holds while the stream is ${name}, and no request is refused that should not be`, async (t) => {
    const { server, id, proxy, run, signIn, remembers, refusedInTime, asked } = await scene(t)
    const token = await signIn()
    await remembers(token)
    proxy.set(fault)
    if (meanwhile > 0) {
      const fine = await run('repeats', { name: 'app', authorization: token, seconds: meanwhile })
      assert.equal(fine.status, 200)
      const before = asked.length
      const { all } = await run('threads', { name: 'app', authorizations: Array<string>(50).fill(token) })
      assert.deepEqual(new Set((all as Outcome[]).map(({ status }) => status)), new Set([200]))
      assert.ok(asked.length > before && asked.length < before + 30, `a storm of ${asked.length - before} questions`)
    }
    await disableUser(server.operator(), { id })
    await refusedInTime(token, afterwards)
  })

test('nothing that was remembered before the machine was suspended is believed after it', async (t) => {
  const { server, id, proxy, run, signIn, remembers } = await scene(t)
  const token = await signIn()
  await remembers(token)
  proxy.set('reset')
  await run('suspends', { seconds: 600 })
  await disableUser(server.operator(), { id })
  const { after, status } = await run('repeats', { name: 'app', authorization: token, seconds: 1.5 })
  assert.deepEqual([after, status], [0, 401])
})

test('an answer that was made before the ending and delivered after it is neither believed nor remembered', async (t) => {
  const { server, id, between, run, signIn, remembers } = await scene(t)
  const other = await signIn()
  const late = await signIn()
  await remembers(other)
  let isHeld = false
  let deliver = (): void => undefined
  between.holds = (token) => {
    if (`Bearer ${token}` === other && between.heard.includes('event: ending')) deliver()
    if (`Bearer ${token}` !== late || isHeld) return Promise.resolve()
    isHeld = true
    return new Promise<void>((resolve) => (deliver = resolve))
  }
  between.heard = ''
  const refused = run('until_refused', { name: 'app', late, authorization: other })
  await waitUntil(async () => isHeld)
  await disableUser(server.operator(), { id })
  const { all } = await refused
  assert.deepEqual(
    (all as Outcome[]).map(({ status }) => status),
    [401, 401],
  )
})

test('a reader whose position the server does not know forgets what it remembered, and starts anew', async (t) => {
  const { proxy, between, streams, asked, signIn, verify, remembers } = await scene(t)
  const token = await signIn()
  await remembers(token)
  between.streamPath = (path) => path.replace(/after=\d+/, 'after=99999')
  const before = asked.length
  proxy.set('reset')
  proxy.set('pass')
  await waitUntil(async () => streams.length >= 3)
  assert.deepEqual(streams, ['/endings 200', '/endings?after= 410', '/endings 200'])
  await verify(token)
  assert.ok(asked.length > before, 'it was forgotten')
  await remembers(token)
})

test('a forked worker hears by a stream of its own, and leaves that of its parent open', async (t) => {
  const { server, id, streams, run, signIn, remembers, refusedInTime } = await scene(t)
  const token = await signIn()
  await remembers(token)
  const { parent, child } = await run('fork', { name: 'app', authorization: token })
  for (const outcome of [parent, child]) assert.partialDeepStrictEqual(outcome, { status: 200 })
  await remembers(token)
  assert.deepEqual(streams, ['/endings 200', '/endings 200'])
  await disableUser(server.operator(), { id })
  await refusedInTime(token)
})
