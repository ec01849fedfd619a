// Every invalid request is answered with a problem document that names the field and repeats no input.
import type { FastifyRequest } from 'fastify'
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

import { Refusal, REFUSALS } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { STATUS_OF } from '#foundation/web/http/problem.ts'
import { Type } from '#foundation/web/http/type.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'
import { safetyHeaders } from '../headers.ts'
import { problemPages } from './problems.pages.ts'

const Person = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 5 }),
  age: Type.Optional(Type.Integer({ minimum: 0 })),
  address: Type.Optional(Type.Object({ city: Type.String() })),
})
const Id = Type.Object({ id: Type.Integer({ minimum: 1 }) })
const Query = Type.Object({
  limit: Type.Optional(Type.Integer({ default: 50 })),
  deep: Type.Optional(Type.Boolean()),
})

const body = (request: FastifyRequest): unknown => request.body

function fail(): never {
  throw new Error('the password was hunter2')
}

function people(app: App): void {
  const config = { access: 'anyone', undocumented: true } as const
  const schema = { body: Person }
  app.post('/people', { config, schema }, body)
  app.post('/tolerant', { config: { ...config, ignoresUnknownFields: true }, schema }, body)
  app.post('/form', { config: { ...config, bodies: ['form', 'multipart'] }, schema }, body)
  app.post('/untouched', { config: { ...config, bodies: ['untouched'] } }, (request) => {
    return { body: Buffer.isBuffer(request.body) ? request.body.toString('latin1') : typeof request.body }
  })
  app.post('/page', { config: { ...config, page: true } }, (request) => JSON.stringify(request.body ?? null))
  app.get('/people/:id', { config, schema: { params: Id, querystring: Query } }, (request) => ({
    ...request.params,
    ...request.query,
  }))
  app.delete('/people/:id', { config }, (_request, reply) => reply.code(204).send())
  app.get('/bug', { config }, fail)
  app.get('/bug-page', { config: { ...config, page: true } }, fail)
  app.get('/outage', { config }, () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' })
  })
  app.get('/refusal/:code', { config }, (request) => {
    throw new Refusal((request.params as { code: keyof typeof REFUSALS }).code, { allow: ['GET'] })
  })
}

const JSON_TYPE = { 'content-type': 'application/json' }
const DEEP = `{"name":${'['.repeat(25)}${']'.repeat(25)}}`

interface Document {
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly errors?: { pointer: string; code: string; detail: string }[]
}

function fieldErrorsIn({ errors = [] }: Document): string[] {
  return errors.map(({ pointer, code }) => `${pointer} ${code}`).toSorted()
}

const BODIES: readonly [name: string, body: string | Buffer, status: number, fieldErrors?: string[], type?: string][] =
  [
    ['a good one', '{"name":"ada"}', 200],
    ['one without a content type', '{"name":"ada"}', 200, [], ''],
    ['one with a charset', '{"name":"ada"}', 200, [], 'application/json; charset=utf-8'],
    ['a merge patch', '{"name":"ada"}', 200, [], 'application/merge-patch+json'],
    ['nothing', '', 422, [' field.missing']],
    ['null', 'null', 422, [' field.missing']],
    ['a list', '[]', 422, [' field.type']],
    ['text', '"ada-secret"', 422, [' field.type']],
    ['a missing field', '{}', 422, ['/name field.missing']],
    ['an unknown field', '{"name":"a","rolé":1,"role":2}', 422, [' field.unknown', '/role field.unknown']],
    ['an unknown field below', '{"name":"a","address":{"city":"x","zip":1}}', 422, ['/address/zip field.unknown']],
    ['a wrong type', '{"name":7,"age":"7"}', 422, ['/age field.type', '/name field.type']],
    ['too long', '{"name":"ada-secret"}', 422, ['/name field.too_long']],
    ['too short', '{"name":""}', 422, ['/name field.too_short']],
    ['out of range', '{"name":"a","age":-1}', 422, ['/age field.range']],
    ['a NUL', '{"name":"a\\u0000"}', 422, ['/name field.characters']],
    ['half a surrogate pair', '{"name":"a\\ud800"}', 422, ['/name field.characters']],
    ['broken JSON', '{"name":"ada-secret"', 400],
    ['not UTF-8', Buffer.from('{"name":"\xff"}', 'latin1'), 400],
    ['a field twice', '{"name":"a","n\\u0061me":"b"}', 400],
    ['a prototype', '{"name":"a","__proto__":{"x":1}}', 400],
    ['too deep', DEEP, 400],
    ['too large', `{"name":"${'x'.repeat(70_000)}"}`, 413],
    ['plain text', '{"name":"ada"}', 415, [], 'text/plain'],
    ['a form', 'name=ada', 415, [], 'application/x-www-form-urlencoded'],
    ['a nonsense type', '{"name":"ada"}', 415, [], ';;'],
  ]

for (const [name, payload, status, fieldErrors = [], type = JSON_TYPE['content-type']] of BODIES) {
  test(`a JSON body: ${name} is answered with ${status}`, async (t) => {
    const { app, log } = await openGuardedApp(t, [people])
    const headers = type === '' ? {} : { 'content-type': type }
    const reply = await app.inject({ method: 'POST', url: '/people', headers, payload })
    assert.equal(reply.statusCode, status, reply.body)
    if (status === 200) return
    assert.equal(reply.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.deepEqual(fieldErrorsIn(reply.json<Document>()), fieldErrors)
    assert.ok(!reply.body.includes('secret') && !log().includes('secret'), 'something typed was repeated')
  })
}

test('a tolerant route drops unknown fields and corrects nothing else', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  const send = (payload: object) => app.inject({ method: 'POST', url: '/tolerant', payload })
  assert.deepEqual((await send({ name: 'a', role: 'admin', constructor: 1, address: { city: 'x', zip: 2 } })).json(), {
    name: 'a',
    address: { city: 'x' },
  })
  assert.equal((await send({ name: 7, role: 'admin' })).statusCode, 422)
})

const MULTIPART = { 'content-type': 'multipart/form-data; boundary=XX' }
const part = (name: string, value: string, file = '') =>
  `--XX\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`

test('a form is read urlencoded and multipart, and a field counts once', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const forms: [Record<string, string>, string, number, string[]][] = [
    [form, 'name=a+%C3%A9', 200, []],
    [form, 'name=a&name=b', 422, ['/name field.repeated']],
    [form, 'name=%ff', 400, []],
    [form, 'name=%', 400, []],
    [form, '', 422, ['/name field.missing']],
    [MULTIPART, `${part('name', 'a é')}--XX--\r\n`, 200, []],
    [MULTIPART, `${part('name', 'a')}${part('name', 'b')}--XX--\r\n`, 422, ['/name field.repeated']],
    [MULTIPART, `${part('name', 'a', '; filename="a.txt"')}--XX--\r\n`, 422, ['/name field.file']],
    [MULTIPART, 'nonsense', 400, []],
    [JSON_TYPE, '{"name":"a"}', 422, ['/name field.missing']],
    [{}, '', 422, ['/name field.missing']],
    [{ 'content-type': 'text/plain' }, 'name=a', 415, []],
  ]
  for (const [headers, payload, status, fieldErrors] of forms) {
    const reply = await app.inject({ method: 'POST', url: '/form', headers, payload })
    assert.equal(reply.statusCode, status, `${payload}: ${reply.body}`)
    if (status === 200) assert.equal(reply.json<{ name: string }>().name, 'a é')
    else assert.deepEqual(fieldErrorsIn(reply.json<Document>()), fieldErrors)
  }
})

test('a route that reads bodies untouched gets each as its bytes, whatever its type, within the body limit', async (t) => {
  const { app, deps } = await openGuardedApp(t, [people])
  const send = (payload: string | Buffer | undefined, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url: '/untouched', headers, ...(payload !== undefined && { payload }) })
  const types = [
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'image/png',
    'text/x; a="b"',
  ]
  for (const type of types) {
    const bytes = Buffer.from([0, 123, 255, 37, 65, 38])
    const reply = await send(bytes, { 'content-type': type })
    assert.deepEqual([reply.statusCode, reply.json()], [200, { body: bytes.toString('latin1') }], type)
  }
  assert.deepEqual((await send(Buffer.from('{'))).json(), { body: '{' })
  assert.deepEqual((await send(undefined)).json(), { body: 'undefined' })
  const long = await send(Buffer.alloc(deps.config.bodyLimit + 1), { 'content-type': 'image/png' })
  assert.deepEqual([long.statusCode, long.json<Document>().code], [413, 'request.too_large'])
  const elsewhere = await app.inject({
    method: 'POST',
    url: '/form',
    headers: { 'content-type': 'image/png' },
    payload: 'x',
  })
  assert.equal(elsewhere.statusCode, 415)
})

test('a page reads urlencoded forms only', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  const own = { 'sec-fetch-site': 'same-origin' }
  const send = (headers: Record<string, string>, payload: string) =>
    app.inject({ method: 'POST', url: '/page', headers: { ...own, ...headers }, payload })
  assert.equal((await send({ 'content-type': 'application/x-www-form-urlencoded' }, 'a=1')).body, '{"a":"1"}')
  assert.equal((await send(JSON_TYPE, '{}')).statusCode, 415)
  assert.equal((await send(MULTIPART, `${part('a', '1')}--XX--\r\n`)).statusCode, 415)
})

test('parameters become numbers and booleans only if they are written as such', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  assert.deepEqual((await app.inject('/people/7?deep=true')).json(), { id: 7, limit: 50, deep: true })
  for (const asked of ['abc', '0', '0x7', '1e1', '7?limit=1&limit=2', '7?deep=yes', '7?limit=', '7?other=1']) {
    const reply = await app.inject(`/people/${asked}`)
    assert.equal(reply.statusCode, 422, asked)
    assert.equal(reply.json<Document>().errors?.length, 1, asked)
  }
})

test('a method that a path lacks is answered with 405 and the methods that it has', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  for (const [method, url, allow] of [
    ['PUT', '/people', 'POST'],
    ['GET', '/people/', 'POST'],
    ['OPTIONS', '/people', 'POST'],
    ['POST', '/people/7', 'GET, HEAD, DELETE'],
  ] as const) {
    const reply = await app.inject({ method, url, headers: JSON_TYPE, payload: '{' })
    assert.equal(reply.statusCode, 405, `${method} ${url}`)
    assert.equal(reply.headers.allow, allow)
    assert.equal(reply.json<Document>().detail, `This address takes ${allow.replace(/, (\w+)$/, ' and $1')}.`)
  }
  const head = await app.inject({ method: 'HEAD', url: '/people/7' })
  assert.deepEqual([head.statusCode, head.body], [200, ''])
})

test('an unknown path is answered before its body is read, to browsers with a page', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  for (const url of ['/nope', '/People', '/%zz', `/people/${'7'.repeat(300)}`]) {
    const reply = await app.inject({ method: 'GET', url })
    assert.equal(reply.statusCode, 404, url)
    assert.equal(reply.json<Document>().detail, 'No such route. The API is described at /openapi.json.')
    assert.ok(reply.headers['x-request-id'])
  }
  const odd = { method: 'POST', url: '/nope', payload: 'x', headers: { 'content-type': 'text/odd' } } as const
  assert.equal((await app.inject(odd)).statusCode, 404)
  const page = await app.inject({ url: '/nope', headers: { accept: 'text/html,*/*' } })
  assert.match(page.body, /<h1>Not found<\/h1>/)
})

test('a bug is logged with its cause and answered without it', async (t) => {
  const { app, log } = await openGuardedApp(t, [people])
  for (const url of ['/bug', '/bug-page']) {
    const reply = await app.inject(url)
    assert.equal(reply.statusCode, 500)
    assert.doesNotMatch(reply.body, /hunter2|errors\.test/)
    assert.ok(log().includes(String(reply.headers['x-request-id'])))
  }
  assert.match(log(), /the password was hunter2/)
})

test('an outage of the database is answered with 503 and Retry-After', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  const reply = await app.inject('/outage')
  assert.equal(reply.statusCode, 503)
  assert.equal(reply.headers['retry-after'], '1')
  assert.equal(reply.json<Document>().code, 'service.unavailable')
})

test('every refusal has its status and a page that its type leads to', async (t) => {
  const { app } = await openGuardedApp(t, [people, problemPages])
  for (const [code, { kind, title }] of Object.entries(REFUSALS)) {
    const reply = await app.inject(`/refusal/${code}`)
    const problem = reply.json<Document & { type: string }>()
    assert.deepEqual([reply.statusCode, problem.status, problem.code], [STATUS_OF[kind], STATUS_OF[kind], code])
    const page = await app.inject(new URL(problem.type).pathname)
    assert.equal(page.statusCode, 200, code)
    assert.match(page.headers['content-type'] ?? '', /text\/html/)
    assert.ok(page.body.includes(`<span lang="en">${title}: `), code)
  }
  for (const code of ['nonsense', '__proto__', 'constructor']) {
    assert.equal((await app.inject(`/problems/${code}`)).statusCode, 404, code)
  }
})

test('every answer has the security headers, error answers included', async (t) => {
  const publicUrl = 'https://id.example.org'
  const { app } = await openGuardedApp(t, [people], { settings: { public_url: publicUrl } })
  const { page, data } = safetyHeaders({ publicUrl })
  for (const url of ['/people/7', '/people/abc', '/bug', '/%zz'])
    assert.partialDeepStrictEqual((await app.inject(url)).headers, data, url)
  for (const url of ['/nope', '/bug-page']) assert.partialDeepStrictEqual((await app.inject(url)).headers, page, url)
})

test('the id of a request is the client’s own only when it is well-formed', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  const idFor = async (given: string) =>
    (await app.inject({ url: '/people/7', headers: { 'x-request-id': given } })).headers['x-request-id']
  assert.equal(await idFor('Trace-1.2_3'), 'Trace-1.2_3')
  for (const given of ['', 'a b', 'a"b', 'é', 'x'.repeat(65)]) {
    assert.match(String(await idFor(given)), /^[\w-]{22}$/, given)
  }
})

test('the log names the route and never the URL', async (t) => {
  const { app, log } = await openGuardedApp(t, [people])
  await app.inject('/people/7?other=dwl_secret')
  assert.match(log(), /"route":"\/people\/:id"/)
  assert.doesNotMatch(log(), /dwl_secret/)
})

test('bytes that are not HTTP are answered with a problem document', async (t) => {
  const { app } = await openGuardedApp(t, [people])
  await app.listen({ host: 'localhost', port: 0 })
  const { port } = app.server.address() as { port: number }
  for (const [sent, status] of [
    ['nonsense\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ] as const) {
    const socket = connect(port, 'localhost')
    await once(socket, 'connect')
    socket.write(sent)
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
    assert.match(head, new RegExp(`^HTTP/1.1 ${status} `))
    assert.match(head, /application\/problem\+json/)
    assert.equal((JSON.parse(body) as Document).status, status)
  }
})
