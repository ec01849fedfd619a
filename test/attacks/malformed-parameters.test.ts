// Undocumented methods, ids, queries, cursors and paths at every documented operation: each is refused as documented.
import assert from 'node:assert/strict'

import { onEitherDatabase } from '../support/databases/each-database.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { startWithAdmin } from '../support/people/people.ts'
import { inTurn, triedInTurn } from '../support/requests/in-turn.ts'
import { complaintsAboutProblem, type Method, type Operation, pointersIn } from '../support/requests/openapi.ts'
import { pathParameters, RequestFuzzer } from '../support/requests/request-fuzzer.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const METHODS: readonly (Method | 'OPTIONS' | 'TRACE')[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

test('an unsupported method is answered with the supported ones', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  for (const [index, [path, operations]] of Object.entries(fuzzer.contract.document.paths).entries()) {
    const known = Object.keys(operations).map((method) => method.toUpperCase())
    const lacking = METHODS.filter((one) => !known.includes(one))
    // src/entry/http/methods.test.ts asks each path with each.
    for (const method of inTurn(lacking, index, 1)) {
      const reply = await fuzzer.server.app.inject({ method: method as Method, url: fuzzer.urlOf({ path }) })
      assert.equal(reply.statusCode, 405, `${method} ${path}`)
      assert.deepEqual(complaintsAboutProblem(reply), [], `${method} ${path}`)
      const allowed = String(reply.headers['allow']).split(', ')
      assert.deepEqual(allowed.filter((one) => one !== 'HEAD').toSorted(), known.toSorted(), `${method} ${path}`)
      assert.equal(allowed.includes('HEAD'), known.includes('GET'), `${method} ${path}`)
    }
  }
})

leaveToTestAll()

const STRANGE_IDS = [
  ...'0 -1 1.0 1e3 0x1 99999999999999999999 9007199254740993'.split(' '),
  ..."abc null __proto__ constructor 1'-- 1;drop%20table%20users".split(' '),
  ...'% %zz %ff %00 %20 1%20 1%2f2 %D9%A1 %F0%9F%A7%A8'.split(' '),
  '1'.repeat(190),
  'a'.repeat(3000),
]

triedInTurn('a malformed id, key or name is not found, on every path', 6, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  let turn = 0
  for (const operation of fuzzer.contract.operations) {
    const given = pathParameters(operation).flatMap((name) =>
      inTurn(STRANGE_IDS, turn++, count).map((id) => [name, id] as const),
    )
    for (const [parameter, id] of given) {
      const shape = fuzzer.contract.jsonBody(operation)
      const headers = { 'content-type': 'application/json' }
      const body = shape && { payload: JSON.stringify(fuzzer.bodyFor(shape, 2)), headers }
      const what = `${parameter} ${id.slice(0, 30)}`
      const sent = { what, url: fuzzer.urlOf(operation, { [parameter]: id }), ...body }
      const { statusCode } = await fuzzer.documented(operation, sent)
      // Signing out of an app answers every id alike, so that ids cannot be probed.
      const isAlike = statusCode === 204 && /^sign(?:OutOfMyApp|UserOutOfApp)$/.test(operation.operationId)
      assert.ok(isAlike || [404, 422].includes(statusCode), `${operation.operationId} ${what}: ${statusCode}`)
    }
  }
})

const STRANGE_VALUES = [
  ...'0 -1 201 1.5 1e1 NaN Infinity 2026-13-45T99:99:99Z'.split(' '),
  ..."null undefined true [] {} __proto__ ' *".split(' '),
  ...'%00 %ff %25 %ED%A0%80 %F0%9F%A7%A8 %E2%80%AE'.split(' '),
  // JSON in base64, as in a cursor.
  ...'e30 W10 bnVsbA eyJhdCI6LTEsImlkIjoiIn0'.split(' '),
  '',
  '9'.repeat(40),
  'x'.repeat(5000),
]

triedInTurn('an undocumented query parameter is refused by name', 8, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  let turn = 0
  for (const operation of fuzzer.contract.operations.filter(({ method }) => method === 'GET')) {
    const url = fuzzer.urlOf(operation)
    const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name)
    const queries = names.flatMap((name) =>
      inTurn(STRANGE_VALUES, turn++, count).map((value) => [name, `${name}=${value}`] as const),
    )
    const repeated = names.map((name) => [name, `${name}=1&${name}=2`] as const)
    for (const [name, query] of [...queries, ...repeated]) {
      const reply = await fuzzer.documented(operation, { what: query.slice(0, 40), url: `${url}?${query}` })
      if (reply.statusCode === 422) assert.deepEqual(pointersIn(reply), [`/${name}`], `${url}?${query}`)
    }
    if (names.length > 0) await assertUnknownRefused(fuzzer, operation, url)
  }
})

async function assertUnknownRefused(fuzzer: RequestFuzzer, operation: Operation, url: string): Promise<void> {
  for (const query of ['unknown=1', 'limit[]=1', 'constructor=1', 'access_token=x', '__proto__[x]=1']) {
    const { statusCode } = await fuzzer.documented(operation, { what: query, url: `${url}?${query}` })
    assert.equal(statusCode, 422, `${url}?${query}`)
  }
}

test('limits and cursors out of range are refused, whatever the list', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  // A list that is asked for with a body refuses the absent body first.
  const lists = fuzzer.contract.operations.filter(
    ({ method, parameters }) => method === 'GET' && parameters?.some(({ name }) => name === 'cursor'),
  )
  assert.ok(lists.length >= 3)
  for (const operation of lists) {
    for (const query of [
      ...'limit=0 limit=201 limit=-1 limit=abc limit=1.5 limit=1&limit=2'.split(' '),
      ...'cursor=%00 cursor=x cursor=e30 cursor=W10 cursor=bnVsbA'.split(' '),
    ]) {
      const reply = await fuzzer.documented(operation, { what: query, url: `${fuzzer.urlOf(operation)}?${query}` })
      assert.equal(reply.statusCode, 422, `${operation.operationId} ${query}: ${reply.body}`)
      assert.deepEqual(pointersIn(reply), [`/${query.split('=')[0]}`])
    }
  }
})

test('a page address that cannot be decoded, or is far too long, is answered with 404', async (t) => {
  const { app } = await start(t)
  for (const url of [
    ...'/% /%ff /users//1 /users/%E0%A4%A /setup/%zz /problems/__proto__ /problems/constructor'.split(' '),
    '/assets/..%2f..%2fpackage.json',
    '/docs/..%2f..%2fpackage.json',
    `/invitation/${'x'.repeat(5000)}`,
  ]) {
    const { statusCode } = await app.inject(url)
    assert.ok([400, 401, 404].includes(statusCode), `${url}: ${statusCode}`)
  }
})

/** Timestamps out of range, whatever a database would make of such a number. */
const IMPOSSIBLE = ['1e300', '-1e300', '99999999999999999999', '8640000000000001']

const asCursor = (text: string): string => Buffer.from(text).toString('base64url')

const CURSORS = IMPOSSIBLE.flatMap((moment) => [
  `/users/me/activity?cursor=${asCursor(`{"at":${moment},"id":"x"}`)}`,
  `/audit-events?cursor=${asCursor(`{"at":${moment},"id":"x"}`)}`,
  ...['created_at', '-created_at', '-last_sign_in_at'].map(
    (sort) => `/users?sort=${sort}&cursor=${asCursor(`{"sort":"${sort}","key":${moment},"id":1}`)}`,
  ),
])

onEitherDatabase('a cursor with an impossible timestamp is refused as an invalid cursor', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  for (const url of CURSORS) {
    const reply = await root.asks('GET', url)
    assert.equal(reply.status, 422, `${url}: ${reply.raw.body}`)
    assert.deepEqual(pointersIn(reply.raw), ['/cursor'])
  }
})

onEitherDatabase('a date that does not exist is refused by name', async (t, dialect) => {
  const { root } = await startWithAdmin(t, { dialect })
  const sides = { '/audit-events': ['since', 'until'], '/users/me/activity': ['since'] }
  for (const [path, side] of Object.entries(sides).flatMap(([path, own]) => own.map((side) => [path, side] as const))) {
    for (const moment of ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59%2B01']) {
      const reply = await root.asks('GET', `${path}?${side}=${moment}`)
      assert.equal(reply.status, 422, `${path} ${side} ${moment}: ${reply.raw.body}`)
      assert.deepEqual(pointersIn(reply.raw), [`/${side}`])
    }
  }
})
