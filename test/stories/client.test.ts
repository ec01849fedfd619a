// The client of clients/node against the real server. The compiler checks the types of this file too: each line of `@ts-expect-error` is an error.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import {
  createDoorward,
  type Doorward,
  etagOf,
  everyItem,
  isRefusal,
  Refusal,
  UnexpectedAnswer,
  waits,
} from '../../clients/node/src/index.ts'
import { clientDocument, operationTable, schemaHead } from '../../scripts/client.ts'
import { ROOT } from '../support/documentation/markdown.ts'
import { startWithRule } from '../support/people/admins.ts'
import { firstAdmin } from '../support/people/people.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { listening } from '../support/server/listening.ts'
import { freePort } from '../support/server/ports.ts'

const SOURCES = join(ROOT, 'clients', 'node', 'src')

test('the types and the table of operations are those of the OpenAPI document', async () => {
  const document = await clientDocument()
  const read = (name: string): string => readFileSync(join(SOURCES, name), 'utf8')
  assert.equal(read('schema.d.ts').split('\n')[0], schemaHead(document).trim(), 'run `npm run client`')
  assert.equal(read('operations.ts'), operationTable(document), 'run `npm run client`')
})

async function adminsClient(t: TestContext): Promise<Doorward> {
  const { server, baseUrl } = await listening(t)
  const { token = '' } = await (await firstAdmin(server)).signsIn()
  return createDoorward({ url: baseUrl, token })
}

test('a user is created, read, listed and changed, and a change of what was read before is refused by its code', async (t) => {
  const doorward = await adminsClient(t)
  const created = await doorward.createUser({ body: { username: 'ada', email: 'ada@example.org' } })
  assert.ok(!waits(created))
  const read = await doorward.getUser({ id: created.id })
  assert.ok(etagOf(read))
  const changed = await doorward.changeUser({ id: read.id, body: { full_name: 'Ada Lovelace' }, ifMatch: read })
  assert.ok(!waits(changed) && changed.full_name === 'Ada Lovelace')

  const stale = doorward.changeUser({ id: read.id, body: { full_name: 'Ada' }, ifMatch: read })
  await assert.rejects(stale, (error) => {
    assert.ok(isRefusal(error, 'changeUser') && !isRefusal(error, 'createUser'))
    // @ts-expect-error The operation has no such code.
    assert.ok(error.code !== 'sign_in.incorrect')
    return error.code === 'resource.stale' && error.status === 412
  })
  assert.equal((await doorward.getUser({ id: read.id })).full_name, 'Ada Lovelace')

  const names: string[] = []
  for await (const { username } of everyItem(doorward.listUsers, { limit: 1, sort: 'username' })) names.push(username)
  assert.deepEqual(names, ['ada', 'root'])
})

leaveToTestAll()

test('what an operation does not know is an error of the compiler, and one of the server', async (t) => {
  const doorward = await adminsClient(t)
  // @ts-expect-error A username is missing.
  const nameless = doorward.createUser({ body: { email: 'ada@example.org' } })
  await assert.rejects(nameless, (error) => {
    assert.ok(error instanceof Refusal)
    return error.code === 'request.validation_failed' && error.problem.errors?.[0]?.pointer === '/username'
  })
  // @ts-expect-error Which user?
  await assert.rejects(doorward.getUser({}), /\/users\/\{id\} needs id/)
  // @ts-expect-error There is no such operation.
  assert.equal(doorward.forgetUsers, undefined)
  await assert.rejects(doorward.changeUser({ id: 1, body: {}, ifMatch: {} }), /came without an entity tag/)
})

test('a step of a sign-in has the type of its stage', async (t) => {
  const { server, baseUrl } = await listening(t)
  const root = await firstAdmin(server)
  const step = await createDoorward({ url: baseUrl }).beginSignIn({
    body: { username: root.username, password: root.password },
  })
  assert.ok(step.stage === 'second-factor' && step.offered.includes('totp'))
  // @ts-expect-error Nothing is signed in at this stage.
  assert.equal(step.session, undefined)
})

test('under the two-person rule a change that waits is its approval', async (t) => {
  const { server, root, ada } = await startWithRule(t, 'sqlite')
  const port = await freePort()
  await server.app.listen({ host: 'localhost', port })
  const doorward = createDoorward({ url: `http://localhost:${port}/`, token: async () => root.token ?? '' })
  const { items } = await doorward.listUsers({ q: ada.username })
  const asked = await doorward.changeUser({ id: items[0]?.id ?? 0, body: { role: 'admin' } })
  assert.ok(waits(asked))
  assert.equal((await doorward.getApproval({ id: asked.id })).state, 'waiting')
})

interface Answer {
  readonly status: number
  readonly code?: string
  readonly wait?: number
}

/** A server that gives these answers one after the other, and then 200. */
async function answering(t: TestContext, answers: readonly Answer[]) {
  const left = [...answers]
  const asked: string[] = []
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`)
    const { status = 200, code, wait } = left.shift() ?? {}
    if (wait !== undefined) response.setHeader('retry-after', wait)
    response.setHeader('content-type', status === 200 ? 'application/json' : 'application/problem+json')
    response.statusCode = status
    response.end(JSON.stringify(status === 200 ? {} : { code, status, detail: '' }))
  })
  const port = await freePort()
  await new Promise((resolve) => server.listen(port, 'localhost', () => resolve(undefined)))
  t.after(() => server.close())
  return { asked, doorward: createDoorward({ url: `http://localhost:${port}` }) }
}

test('what the server had no time for is sent again, a change only where nothing was changed, and no longer than allowed', async (t) => {
  const busy = { status: 503, code: 'service.busy', wait: 0 }
  const away = { status: 503, code: 'service.unavailable', wait: 0 }
  const blocked = { status: 429, code: 'throttle.blocked', wait: 0 }
  const body = { username: 'ada' }

  const patient = await answering(t, [busy, blocked, busy])
  await patient.doorward.createUser({ body })
  assert.equal(patient.asked.length, 4)

  const reading = await answering(t, [away])
  await reading.doorward.getUser({ id: 1 })
  assert.deepEqual(reading.asked, ['GET /users/1', 'GET /users/1'])

  for (const answers of [[away], [{ ...blocked, wait: 60 }], [busy, busy, busy, busy]]) {
    const { asked, doorward } = await answering(t, answers)
    await assert.rejects(doorward.createUser({ body }), Refusal)
    assert.equal(asked.length, answers.length)
  }

  const given = await answering(t, [{ ...busy, wait: 10 }])
  const controller = new AbortController()
  const waiting = given.doorward.createUser({ body, signal: controller.signal })
  controller.abort(new Error('no longer needed'))
  await assert.rejects(waiting, /no longer needed|aborted/)
})

test('an answer that is none of Doorward’s is neither a refusal nor a success', async (t) => {
  const { doorward } = await answering(t, [{ status: 502 }])
  await assert.rejects(
    doorward.getUser({ id: 1 }),
    (error) => error instanceof UnexpectedAnswer && error.status === 502,
  )
  for (const [type, body] of [
    ['text/html', '<h1>Sign in to the network</h1>'],
    ['application/json', '{ "id": 1'],
  ] as const) {
    const answers = () => Promise.resolve(new Response(body, { headers: { 'content-type': type } }))
    const strange = createDoorward({ url: 'http://localhost', fetch: answers })
    await assert.rejects(
      strange.getUser({ id: 1 }),
      (error) => error instanceof UnexpectedAnswer && error.status === 200,
    )
  }
})
