// Undocumented methods, ids, queries, cursors and paths at every documented operation: each is refused as documented.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'

import { RequestFuzzer } from '../support/requests/request-fuzzer.ts'
import { complaintsAboutProblem, pointersIn } from '../support/requests/openapi.ts'
import type { Method, Operation } from '../support/requests/openapi.ts'
import { start } from '../support/server/start.ts'
import { inAdmittedRole } from '../support/requests/operation-roles.ts'

const METHODS: readonly (Method | 'OPTIONS' | 'TRACE')[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']

test('an unsupported method is answered with the supported ones', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t))
  for (const [path, operations] of Object.entries(fuzzer.contract.document.paths)) {
    const known = Object.keys(operations).map((method) => method.toUpperCase())
    for (const method of METHODS.filter((one) => !known.includes(one))) {
      const reply = await fuzzer.server.app.inject({ method: method as Method, url: path.replace('{id}', '1') })
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

test('a malformed id is not found, on every path', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t))
  for (const operation of fuzzer.contract.operations.filter(({ path }) => path.includes('{id}'))) {
    for (const id of STRANGE_IDS) {
      const shape = fuzzer.contract.jsonBody(operation)
      const body = shape && {
        payload: JSON.stringify(fuzzer.bodyFor(shape, 2)),
        headers: { 'content-type': 'application/json' },
      }
      const { reply, complaints } = await fuzzer.complaints({
        ...inAdmittedRole(operation),
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

test('an undocumented query parameter is refused by name', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t))
  for (const operation of fuzzer.contract.operations.filter(({ method }) => method === 'GET')) {
    const url = fuzzer.urlOf(operation)
    const names = (operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name)
    const queries = names.flatMap((name) => STRANGE_VALUES.map((value) => [name, `${name}=${value}`] as const))
    const repeated = names.map((name) => [name, `${name}=1&${name}=2`] as const)
    for (const [name, query] of [...queries, ...repeated]) {
      const { reply, complaints } = await fuzzer.complaints({
        ...inAdmittedRole(operation),
        what: query.slice(0, 40),
        url: `${url}?${query}`,
      })
      assert.deepEqual(complaints, [])
      if (reply.statusCode === 422) assert.deepEqual(pointersIn(reply), [`/${name}`], `${url}?${query}`)
    }
    if (names.length > 0) await assertUnknownRefused(fuzzer, operation, url)
  }
})

async function assertUnknownRefused(fuzzer: RequestFuzzer, operation: Operation, url: string): Promise<void> {
  for (const query of ['unknown=1', 'limit[]=1', 'constructor=1', 'access_token=x', '__proto__[x]=1']) {
    const { reply, complaints } = await fuzzer.complaints({
      ...inAdmittedRole(operation),
      what: query,
      url: `${url}?${query}`,
    })
    assert.deepEqual(complaints, [])
    assert.equal(reply.statusCode, 422, `${url}?${query}`)
  }
}

test('limits and cursors out of range are refused, whatever the list', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t))
  const lists = fuzzer.contract.operations.filter(({ parameters }) => parameters?.some(({ name }) => name === 'cursor'))
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
      const reply = await fuzzer.send({
        ...inAdmittedRole(operation),
        what: query,
        url: `${fuzzer.urlOf(operation)}?${query}`,
      })
      assert.equal(reply.statusCode, 422, `${operation.operationId} ${query}: ${reply.body}`)
      assert.deepEqual(pointersIn(reply), [`/${query.split('=')[0]}`])
    }
  }
})

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
