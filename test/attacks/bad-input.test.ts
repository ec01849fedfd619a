// Every wrong type, length, encoding, nesting, method and content type, one after the other, at every documented
// operation: each is refused with a problem document that names the field, and none with a failure of ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import type { Dialect } from '../../src/foundation/platform/database/dialect.ts'
import { DIALECTS } from '../support/databases/each-database.ts'
import { Intruder, ROLES_TRIED } from '../support/requests/request-fuzzer.ts'
import type { Sent } from '../support/requests/request-fuzzer.ts'
import { MUTATIONS } from '../support/requests/mutations.ts'
import { complaintsAboutProblem, isForAdmins, isForAnyone, pointersIn } from '../support/requests/openapi.ts'
import type { Method, Operation } from '../support/requests/openapi.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

/** One of each kind: absent, of another type, of letters that break something, too long, and no JSON. */
const EACH_KIND = [
  'missing',
  'a number',
  'with a NUL',
  'with half a surrogate pair',
  'with letters that run backwards',
  'a long text',
  'cut off',
]

const SPOILT = 'a body with one field spoilt is refused by everyone’s documented answer, naming the field'

test(SPOILT, (t) => spoilBodies(t, 'sqlite', EACH_KIND))
for (const dialect of DIALECTS)
  exhaustive(`${SPOILT}, in every way (${dialect})`, (t) => spoilBodies(t, dialect, Object.keys(MUTATIONS)))

async function spoilBodies(t: TestContext, dialect: Dialect, names: readonly string[]): Promise<void> {
  const intruder = await Intruder.at(await start(t, { dialect }))
  const complaints: string[] = []
  for (const operation of intruder.contract.operations)
    complaints.push(...(await spoilBodiesOf(intruder, operation, names)))
  assert.deepEqual(complaints, [])
  t.diagnostic(`${intruder.sent} requests`)
}

async function spoilBodiesOf(intruder: Intruder, operation: Operation, names: readonly string[]): Promise<string[]> {
  const shape = intruder.contract.jsonBody(operation)
  const cases = names.flatMap((what) =>
    Object.keys(shape?.properties ?? {}).flatMap((field) => ROLES_TRIED.map((as) => ({ what, field, as }))),
  )
  const complaints: string[] = []
  for (const { what, field, as } of cases) {
    const body = MUTATIONS[what]?.(intruder.bodyFor(shape ?? {}, 2), field)
    if (body) complaints.push(...(await intruder.mutated({ operation, as, what }, shape ?? {}, field, body)))
  }
  return complaints
}

test('a body that is no object at all is refused', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const operation of intruder.contract.operations.filter((one) => intruder.contract.jsonBody(one))) {
    for (const payload of ['null', '[]', '"text"', '7', 'true', '[{}]']) {
      const { reply, complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: payload,
        payload,
        headers: { 'content-type': 'application/json' },
      })
      assert.deepEqual(complaints, [])
      const optional = payload === 'null' && reply.statusCode !== 422
      if (!optional) assert.equal(reply.statusCode, 422, `${operation.operationId} ${payload}`)
    }
  }
})

/** Somebody who gets as far as the body. */
function asWhoMay(operation: Operation): Pick<Sent, 'operation' | 'as'> {
  if (isForAnyone(operation)) return { operation, as: 'nobody' }
  return { operation, as: isForAdmins(operation) ? 'admin' : 'user' }
}

const OTHER_TYPES = [
  'text/plain',
  'text/html',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'image/png',
  'nonsense',
  'application/jsonp',
  ';;;',
]

test('a JSON route reads JSON only', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const operation of intruder.contract.operations) {
    const shape = intruder.contract.jsonBody(operation)
    if (shape === undefined) continue
    for (const type of OTHER_TYPES) {
      const payload = JSON.stringify(intruder.bodyFor(shape, 2))
      const { reply, complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: type,
        payload,
        headers: { 'content-type': type },
      })
      assert.deepEqual(complaints, [])
      assert.equal(reply.statusCode, 415, `${operation.operationId} ${type}`)
    }
  }
})

test('a body where none is wanted is ignored, or refused as documented', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const operation of intruder.contract.operations.filter(({ requestBody }) => requestBody === undefined)) {
    for (const [type, payload] of [
      ['application/json', '{'],
      ['application/json', '{"role":"admin"}'],
      ['text/xml', '<a/>'],
      ['application/json', 'x'.repeat(1024 * 1024)],
    ] as const) {
      const { complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: `${type} ${payload.slice(0, 20)}`,
        payload,
        headers: { 'content-type': type },
      })
      assert.deepEqual(complaints, [])
    }
  }
})

const METHODS: readonly (Method | 'OPTIONS' | 'TRACE')[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

test('a method that a path does not know is answered with those it does', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const [path, operations] of Object.entries(intruder.contract.document.paths)) {
    const known = Object.keys(operations).map((method) => method.toUpperCase())
    for (const method of METHODS.filter((one) => !known.includes(one))) {
      const reply = await intruder.server.app.inject({ method: method as Method, url: path.replace('{id}', '1') })
      assert.equal(reply.statusCode, 405, `${method} ${path}`)
      assert.deepEqual(complaintsAboutProblem(reply), [], `${method} ${path}`)
      const allowed = String(reply.headers['allow']).split(', ')
      assert.deepEqual(allowed.filter((one) => one !== 'HEAD').toSorted(), known.toSorted(), `${method} ${path}`)
      assert.equal(allowed.includes('HEAD'), known.includes('GET'), `${method} ${path}`)
    }
  }
})

const STRANGE_IDS = [
  '0',
  '-1',
  'abc',
  '1.0',
  '1e3',
  '0x1',
  '99999999999999999999',
  '9007199254740993',
  '%00',
  '%20',
  '1%20',
  '%D9%A1',
  'null',
  '__proto__',
  'constructor',
  "1'--",
  '1;drop%20table%20users',
  `${'1'.repeat(190)}`,
  'a'.repeat(3000),
  '%F0%9F%A7%A8',
  '%ff',
  '%',
  '%zz',
  '1%2f2',
]

test('an id that is none leads nowhere, on every path', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const operation of intruder.contract.operations.filter(({ path }) => path.includes('{id}'))) {
    for (const id of STRANGE_IDS) {
      const shape = intruder.contract.jsonBody(operation)
      const body = shape && {
        payload: JSON.stringify(intruder.bodyFor(shape, 2)),
        headers: { 'content-type': 'application/json' },
      }
      const { reply, complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: id.slice(0, 30),
        url: operation.path.replace('{id}', id),
        ...body,
      })
      assert.deepEqual(complaints, [])
      assert.ok([404, 422].includes(reply.statusCode), `${operation.operationId} ${id}: ${reply.statusCode}`)
    }
  }
})

const STRANGE_VALUES = [
  '',
  '0',
  '-1',
  '201',
  '1.5',
  '1e1',
  'NaN',
  'Infinity',
  'null',
  'undefined',
  '[]',
  '{}',
  'true',
  '%00',
  '%ff',
  '%ED%A0%80',
  '%F0%9F%A7%A8',
  "'",
  '%25',
  '*',
  '9'.repeat(40),
  'x'.repeat(5000),
  '__proto__',
  'e30',
  'W10',
  'bnVsbA',
  'eyJhdCI6LTEsImlkIjoiIn0',
  '2026-13-45T99:99:99Z',
  '%E2%80%AE',
]

test('a query that is not as documented is refused by name', async (t) => {
  const intruder = await Intruder.at(await start(t))
  for (const operation of intruder.contract.operations.filter(({ method }) => method === 'GET')) {
    const url = intruder.urlOf(operation)
    const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name)
    const queries = names.flatMap((name) => STRANGE_VALUES.map((value) => [name, `${name}=${value}`] as const))
    const repeated = names.map((name) => [name, `${name}=1&${name}=2`] as const)
    for (const [name, query] of [...queries, ...repeated]) {
      const { reply, complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: query.slice(0, 40),
        url: `${url}?${query}`,
      })
      assert.deepEqual(complaints, [])
      if (reply.statusCode === 422) assert.deepEqual(pointersIn(reply), [`/${name}`], `${url}?${query}`)
    }
    if (names.length > 0) await assertUnknownRefused(intruder, operation, url)
  }
})

async function assertUnknownRefused(intruder: Intruder, operation: Operation, url: string): Promise<void> {
  for (const query of ['unknown=1', 'limit[]=1', 'constructor=1', 'access_token=x', '__proto__[x]=1']) {
    const { reply, complaints } = await intruder.complaints({
      ...asWhoMay(operation),
      what: query,
      url: `${url}?${query}`,
    })
    assert.deepEqual(complaints, [])
    assert.equal(reply.statusCode, 422, `${url}?${query}`)
  }
}

test('limits and cursors out of range are refused, whatever the list', async (t) => {
  const intruder = await Intruder.at(await start(t))
  const lists = intruder.contract.operations.filter(({ parameters }) =>
    parameters?.some(({ name }) => name === 'cursor'),
  )
  assert.ok(lists.length >= 3)
  for (const operation of lists) {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=-1',
      'limit=abc',
      'limit=1.5',
      'cursor=%00',
      'cursor=x',
      'cursor=e30',
      'cursor=W10',
      'cursor=bnVsbA',
      'limit=1&limit=2',
    ]) {
      const reply = await intruder.send({
        ...asWhoMay(operation),
        what: query,
        url: `${intruder.urlOf(operation)}?${query}`,
      })
      assert.equal(reply.statusCode, 422, `${operation.operationId} ${query}: ${reply.body}`)
      assert.deepEqual(pointersIn(reply), [`/${query.split('=')[0]}`])
    }
  }
})

const STRANGE_AUTHORIZATIONS = [
  '',
  'Bearer',
  'Bearer ',
  'bearer x',
  'Bearer  two words',
  'Basic Og==',
  'Basic !!!',
  'Digest username="x"',
  'Bearer \u00ff\u00fe',
  `Bearer ${'x'.repeat(8000)}`,
  'Bearer null',
  "Bearer ' or 1=1 --",
  'Bearer dws_',
  'Bearer dwa_',
  `Bearer dwa_${'A'.repeat(43)}`,
  ',,,',
  'Bearer a, Bearer b',
]
const STRANGE_COOKIES = [
  '',
  'session',
  'session=',
  'session=%00',
  '=;;;=',
  'session=a; session=b',
  `session=dws_${'A'.repeat(43)}`,
  `session=${'x'.repeat(8000)}`,
  'session="quoted"',
  'session=\u00ff',
  '__proto__=1',
  `${'a=b; '.repeat(1000)}`,
]

test('malformed credentials grant no access and cause no internal error', async (t) => {
  const intruder = await Intruder.at(await start(t))
  const strange = [
    ...STRANGE_AUTHORIZATIONS.map((authorization) => ({ authorization })),
    ...STRANGE_COOKIES.map((cookie) => ({ cookie, 'sec-fetch-site': 'same-origin' })),
  ]
  for (const operation of intruder.contract.operations.filter((one) => !isForAnyone(one))) {
    for (const headers of strange) {
      const { reply, complaints } = await intruder.complaints({
        operation,
        as: 'nobody',
        what: JSON.stringify(headers).slice(0, 60),
        headers,
      })
      assert.deepEqual(complaints, [])
      assert.equal(reply.statusCode, 401, `${operation.operationId} ${JSON.stringify(headers).slice(0, 60)}`)
      assert.ok(reply.headers['www-authenticate'], 'no challenge')
    }
  }
})

test('an If-Match that names another state stops the change', async (t) => {
  const intruder = await Intruder.at(await start(t))
  const guarded = intruder.contract.operations.filter(({ parameters }) =>
    parameters?.some(({ name }) => name === 'If-Match'),
  )
  assert.ok(guarded.length >= 2)
  for (const operation of guarded.filter(({ method }) => method === 'PATCH')) {
    for (const tag of ['"x"', 'x', 'W/"x"', ',,,', '""', '"', '\u00ff', '"x"'.repeat(500)]) {
      const headers = { 'if-match': tag, 'content-type': 'application/json' }
      const { reply, complaints } = await intruder.complaints({
        ...asWhoMay(operation),
        what: tag.slice(0, 20),
        headers,
        payload: '{"full_name":"Somebody"}',
      })
      assert.deepEqual(complaints, [])
      assert.equal(reply.statusCode, 412, `${operation.operationId} ${tag}`)
    }
  }
})

const FORM = 'application/x-www-form-urlencoded'
const STRANGE_FORMS: readonly (readonly [
  what: string,
  type: string,
  body: string | Buffer,
  status: number,
  pointer?: string,
])[] = [
  ['empty', FORM, '', 422, '/username'],
  ['without a password', FORM, 'username=a', 422, '/password'],
  ['without a value', FORM, 'username&password', 401],
  ['with a field twice', FORM, 'username=a&username=b&password=c', 422, '/username'],
  ['with a NUL', FORM, 'username=a%00&password=b', 422, '/username'],
  ['with an escape that is no UTF-8', FORM, 'username=%ff&password=b', 400],
  ['with half an escape', FORM, 'username=%&password=b', 400],
  ['with raw bytes that are no UTF-8', FORM, Buffer.from([...Buffer.from('username='), 0xff, 0xfe]), 400],
  ['with __proto__', FORM, '__proto__=x&username=a&password=b', 401],
  ['with brackets', FORM, 'username[]=a&password[x]=b', 422, '/username'],
  ['with a long name', FORM, `username=${'a'.repeat(5000)}&password=b`, 422, '/username'],
  ['with a long password', FORM, `username=a&password=${'b'.repeat(5000)}`, 422, '/password'],
  ['too large', FORM, `username=${'a'.repeat(1024 * 1024)}`, 413],
  ['with another grant', FORM, 'grant_type=refresh_token&username=a&password=b', 422, '/grant_type'],
  ['with ten thousand fields', FORM, 'a=&'.repeat(10_000), 422],
  ['of JSON', 'application/json', '{"username":"a","password":"b"}', 422, '/username'],
  ['of XML', 'application/xml', '<a/>', 415],
  ['of parts without a boundary', 'multipart/form-data', 'x', 400],
  [
    'of parts that do not end',
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="username"\r\n\r\na',
    400,
  ],
  [
    'of parts with a file',
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="username"; filename="a.txt"\r\n\r\na\r\n--x--\r\n',
    422,
    '/username',
  ],
]

test('the sign-in form of the legacy app is validated as strictly as JSON', async (t) => {
  const intruder = await Intruder.at(await start(t))
  const operation = intruder.contract.operation('createToken')
  for (const [what, type, payload, status, pointer] of STRANGE_FORMS) {
    const { reply, complaints } = await intruder.complaints({
      operation,
      as: 'nobody',
      what,
      payload,
      headers: { 'content-type': type },
    })
    assert.deepEqual(complaints, [])
    assert.equal(reply.statusCode, status, `a form ${what}: ${reply.body}`)
    if (pointer !== undefined) assert.ok(pointersIn(reply).includes(pointer), `a form ${what}: ${reply.body}`)
  }
})

const PAGES_WITH_FORMS = [
  '/sign-in',
  '/sign-in/second-step',
  '/enrolment/app',
  '/enrolment/passkey',
  '/setup',
  '/setup/dwl_canary',
  '/invitation/dwl_canary',
  '/sign-out',
]
const STRANGE_FORM_BODIES: readonly (string | Buffer)[] = [
  '',
  'x',
  '&&&',
  'username=%00&password=%00&code=%00&setup_token=%00',
  'username=%ff',
  'password=1&password=2',
  `password=${'x'.repeat(40_000)}`,
  `code=${'x'.repeat(1024 * 1024)}`,
  'username=%E2%80%AE<script>alert(1)</script>&password=x',
  Buffer.from([0xff, 0xfe]),
]

test('malformed forms of the pages cause no internal error and repeat no secret', async (t) => {
  const server = await start(t)
  for (const url of PAGES_WITH_FORMS) {
    for (const body of STRANGE_FORM_BODIES) await sendForm(server, url, body)
  }
  assert.ok(!server.logText().includes('canary'), 'a link of a page stands in the log')
})

async function sendForm(
  { app }: Awaited<ReturnType<typeof start>>,
  url: string,
  payload: string | Buffer,
): Promise<void> {
  const headers = { 'content-type': FORM, 'sec-fetch-site': 'same-origin' }
  const reply = await app.inject({ method: 'POST', url, headers, payload })
  assert.ok(reply.statusCode < 500, `${url}: ${reply.statusCode} ${reply.body}`)
  assert.ok(!reply.body.includes('<script>alert'), `${url} repeats a script`)
  assert.ok(!reply.body.includes('canary'), `${url} repeats its link`)
}

test('a page address that cannot be decoded, or is far too long, is answered with 404', async (t: TestContext) => {
  const { app } = await start(t)
  for (const url of [
    '/%',
    '/%ff',
    '/users/%E0%A4%A',
    '/setup/%zz',
    `/invitation/${'x'.repeat(5000)}`,
    '/problems/__proto__',
    '/problems/constructor',
    '/assets/..%2f..%2fpackage.json',
    '/docs/..%2f..%2fpackage.json',
    '/users//1',
  ]) {
    const { statusCode } = await app.inject(url)
    assert.ok([400, 401, 404].includes(statusCode), `${url}: ${statusCode}`)
  }
})
