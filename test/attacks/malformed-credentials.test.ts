// Malformed credentials and preconditions: they open nothing, change nothing and cause no internal error.
import assert from 'node:assert/strict'

import { inTurn, triedInTurn } from '../support/requests/in-turn.ts'
import { Contract, isForAnyone } from '../support/requests/openapi.ts'
import { RequestFuzzer } from '../support/requests/request-fuzzer.ts'
import { exampleBodies, newScene, readyRequest, sendReady } from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

const STRANGE_AUTHORIZATIONS = [
  '',
  ',,,',
  'bearer x',
  'Basic Og==',
  'Basic !!!',
  'Digest username="x"',
  'Bearer',
  'Bearer ',
  'Bearer  two words',
  'Bearer \u00ff\u00fe',
  'Bearer null',
  "Bearer ' or 1=1 --",
  'Bearer a, Bearer b',
  'Bearer dws_',
  'Bearer dwa_',
  `Bearer dwa_${'A'.repeat(43)}`,
  `Bearer ${'x'.repeat(8000)}`,
]

const STRANGE_COOKIES = [
  ...'=;;;= __proto__=1 session session= session=%00 session="quoted" session=\u00ff'.split(' '),
  '',
  'a=b; '.repeat(1000),
  'session=a; session=b',
  `session=dws_${'A'.repeat(43)}`,
  `session=${'x'.repeat(8000)}`,
]

triedInTurn('malformed credentials grant no access and cause no internal error', 5, async (t, count) => {
  const fuzzer = await RequestFuzzer.at(await start(t))
  const strange = [
    ...STRANGE_AUTHORIZATIONS.map((authorization) => ({ authorization })),
    ...STRANGE_COOKIES.map((cookie) => ({ cookie, 'sec-fetch-site': 'same-origin' })),
  ]
  for (const [index, operation] of fuzzer.contract.operations.filter((one) => !isForAnyone(one)).entries()) {
    for (const headers of inTurn(strange, index, count)) {
      const what = JSON.stringify(headers).slice(0, 60)
      const reply = await fuzzer.documented(operation, { what, headers }, 'anonymous')
      assert.equal(reply.statusCode, 401, `${operation.operationId} ${what}`)
      assert.ok(reply.headers['www-authenticate'], 'no challenge')
    }
  }
})

leaveToTestAll()

test('an If-Match that names another state stops the change', async (t) => {
  const contract = await Contract.of(await start(t))
  const guarded = contract.operations.filter(({ parameters }) => parameters?.some(({ name }) => name === 'If-Match'))
  assert.ok(guarded.length >= 2)
  for (const operation of guarded) {
    const scene = await newScene(t)
    const [example] = exampleBodies(contract, operation)
    const ready = await readyRequest(scene, operation, example)
    for (const tag of ['"x"', 'x', 'W/"x"', ',,,', '""', '"', '\u00ff', '"x"'.repeat(500)]) {
      const headers = { authorization: `Bearer ${ready.as?.token}`, 'if-match': tag }
      const reply = await sendReady(scene, ready, headers)
      assert.equal(reply.statusCode, 412, `${operation.operationId} ${tag} ${reply.body}`)
      assert.deepEqual(contract.complaintsAbout(operation, reply), [])
    }
  }
})
