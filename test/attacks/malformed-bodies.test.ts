// Threat: every wrong type, length, encoding and content type of a body at every documented operation. Each is refused with a
// problem document that names the field, and none with an internal error.
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { inTurn, triedInTurn } from '../support/requests/in-turn.ts'
import { MUTATIONS } from '../support/requests/mutations.ts'
import { type Operation, pointersIn } from '../support/requests/openapi.ts'
import { RequestFuzzer, ROLES_TRIED, type TriedAs } from '../support/requests/request-fuzzer.ts'
import { exhaustive, leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

/** One mutation of each kind: missing, another type, harmful characters, too long, and not JSON. */
const EACH_KIND = [
  'missing',
  'a number',
  'a long text',
  'cut off',
  'with a NUL',
  'with half a surrogate pair',
  'with letters that run backwards',
]

const SPOILT = 'a body with one field spoilt is refused by everyone’s documented answer, naming the field'

interface Case {
  readonly as: TriedAs
  /** The name of a mutation. */
  readonly what: string
}

/** Returns the cases for the next field. */
type Choice = () => readonly Case[]

test(SPOILT, (t) => spoilBodies(t, 'sqlite', oneInTurn()))

leaveToTestAll()

exhaustive(`${SPOILT}, in every way`, (t) => spoilBodies(t, 'sqlite', eachWayInTurn(Object.keys(MUTATIONS))))
// What passes the validation differs between the databases only by characters, of which these are the kinds.
exhaustive(`${SPOILT} (postgres)`, (t) => spoilBodies(t, 'postgres', eachWayInTurn(EACH_KIND)))

/** One kind for each field, and the next kind for the next field: all bodies pass the same validator. */
function oneInTurn(): Choice {
  let turn = 0
  const next = eachWayInTurn(EACH_KIND)
  return () => [next()[turn++ % EACH_KIND.length] ?? assert.fail()]
}

/** Each of the mutations, sent by one principal after the other: who may send a body is decided before it is validated. */
function eachWayInTurn(names: readonly string[]): Choice {
  let turn = 0
  return () => names.map((what) => ({ what, as: ROLES_TRIED[turn++ % ROLES_TRIED.length] ?? assert.fail() }))
}

async function spoilBodies(t: TestContext, dialect: Dialect, choose: Choice): Promise<void> {
  const fuzzer = await RequestFuzzer.at(await start(t, { dialect, settings: QUEUES_MAIL }))
  const complaints: string[] = []
  for (const operation of fuzzer.contract.operations)
    complaints.push(...(await spoilBodiesOf(fuzzer, operation, choose)))
  assert.deepEqual(complaints, [])
  t.diagnostic(`${fuzzer.sent} requests`)
}

async function spoilBodiesOf(fuzzer: RequestFuzzer, operation: Operation, choose: Choice): Promise<string[]> {
  const shape = fuzzer.contract.jsonBody(operation) ?? {}
  const complaints: string[] = []
  for (const field of Object.keys(shape.properties ?? {})) {
    for (const sent of choose().map((one) => ({ operation, ...one }))) {
      const body = MUTATIONS[sent.what]?.(fuzzer.bodyFor(shape, 2), field)
      if (body) complaints.push(...(await fuzzer.mutated(sent, shape, field, body)))
    }
  }
  return complaints
}

triedInTurn('a body that is not an object is refused', 2, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  const withBody = fuzzer.contract.operations.filter((one) => fuzzer.contract.jsonBody(one))
  for (const [index, operation] of withBody.entries()) {
    for (const payload of inTurn(['null', '[]', '"text"', '7', 'true', '[{}]'], index, count)) {
      const headers = { 'content-type': 'application/json' }
      const { statusCode } = await fuzzer.documented(operation, { what: payload, payload, headers })
      const optional = payload === 'null' && statusCode !== 422
      if (!optional) assert.equal(statusCode, 422, `${operation.operationId} ${payload}`)
    }
  }
})

const FORM = 'application/x-www-form-urlencoded'
const PARTS = 'multipart/form-data; boundary=x'
const OTHER_TYPES = [
  ...'text/plain text/html application/xml application/octet-stream application/jsonp image/png nonsense ;;;'.split(
    ' ',
  ),
  FORM,
  PARTS,
]

triedInTurn('a JSON route reads JSON only', 3, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  let turn = 0
  for (const operation of fuzzer.contract.operations) {
    const shape = fuzzer.contract.jsonBody(operation)
    if (shape === undefined) continue
    for (const type of inTurn(OTHER_TYPES, turn++, count)) {
      const sent = { payload: JSON.stringify(fuzzer.bodyFor(shape, 2)), headers: { 'content-type': type } }
      const { statusCode } = await fuzzer.documented(operation, { what: type, ...sent })
      assert.equal(statusCode, 415, `${operation.operationId} ${type}`)
    }
  }
})

const UNEXPECTED = [
  ['application/json', '{'],
  ['application/json', '{"role":"admin"}'],
  ['text/xml', '<a/>'],
  ['application/json', 'x'.repeat(1024 * 1024)],
] as const

triedInTurn('an unexpected body is ignored, or refused as documented', 2, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  const without = fuzzer.contract.operations.filter(({ requestBody }) => requestBody === undefined)
  for (const [index, operation] of without.entries()) {
    for (const [type, payload] of inTurn(UNEXPECTED, index, count)) {
      const sent = { payload, headers: { 'content-type': type } }
      await fuzzer.documented(operation, { what: `${type} ${payload.slice(0, 20)}`, ...sent })
    }
  }
})

const PART = '--x\r\ncontent-disposition: form-data; name="username"'

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
  ['of parts that do not end', PARTS, `${PART}\r\n\r\na`, 400],
  ['of parts with a file', PARTS, `${PART}; filename="a.txt"\r\n\r\na\r\n--x--\r\n`, 422, '/username'],
]

test('the sign-in form of the legacy app is validated as strictly as JSON', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  const operation = fuzzer.contract.operation('createToken')
  for (const [what, type, payload, status, pointer] of STRANGE_FORMS) {
    const reply = await fuzzer.documented(operation, { what, payload, headers: { 'content-type': type } })
    assert.equal(reply.statusCode, status, `a form ${what}: ${reply.body}`)
    if (pointer !== undefined) assert.ok(pointersIn(reply).includes(pointer), `a form ${what}: ${reply.body}`)
  }
})
