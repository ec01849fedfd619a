// Threat: malformed and unusual requests to every documented operation, as an anonymous client, a user and an admin. No answer
// may be an internal error, undocumented or contain a secret; each refusal of a body must name the invalid field.
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'

import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { DIALECTS } from '../support/databases/each-database.ts'
import { anyText } from '../support/generators/any-text.ts'
import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { MUTATIONS } from '../support/requests/mutations.ts'
import type { Operation } from '../support/requests/openapi.ts'
import {
  pathParameters,
  RequestFuzzer,
  ROLES_TRIED,
  type Sent,
  type TriedAs,
} from '../support/requests/request-fuzzer.ts'
import { exhaustive } from '../support/runner/scope.ts'
import { TestClock } from '../support/server/clock.ts'
import { start } from '../support/server/start.ts'

/** The seed is printed with each run; FUZZ_SEED=… repeats its run. */
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const ROUNDS = 300
const ROUNDS_OF_ALL: Record<Dialect, number> = { sqlite: 5000, postgres: 1000 }
const SENSIBLE = anyText({ maxLength: 40 })
const NAME = anyText({ minLength: 1, maxLength: 40 })
const HEADERS = 'if-match accept accept-language cookie x-request-id range origin x-forwarded-for'.split(' ')

interface Nonsense {
  readonly operationId: string
  readonly as: TriedAs
  readonly mutation: string
  readonly seed: number
  readonly query: readonly (readonly [string, string])[]
  readonly id: string | undefined
  readonly header: readonly [string, string] | undefined
  readonly anything: unknown
}

const CLAIM = 'whatever is sent to a documented operation, the answer is a documented one'

test(CLAIM, (t) => proveFor(t, 'sqlite', ROUNDS))
for (const dialect of DIALECTS)
  exhaustive(`${CLAIM}, for longer (${dialect})`, (t) => proveFor(t, dialect, ROUNDS_OF_ALL[dialect]))

async function proveFor(t: TestContext, dialect: Dialect, rounds: number): Promise<void> {
  // PostgreSQL's clock is the real one, and a server whose clock differs from it reports that it is not ready.
  const fuzzer = await RequestFuzzer.at(
    await start(t, { dialect, clock: new TestClock(Date.now()), settings: QUEUES_MAIL }),
  )
  assert.equal((await fuzzer.server.app.inject('/readyz')).statusCode, 200)
  t.diagnostic(`FUZZ_SEED=${SEED}`)
  const attempt = fc.asyncProperty(nonsense(fuzzer), async (given) => {
    const complaints = await complaintsAbout(fuzzer, given)
    assert.deepEqual(complaints, [])
  })
  await fc.assert(attempt, { seed: SEED, numRuns: rounds, endOnFailure: true })
  t.diagnostic(`${fuzzer.sent} requests`)
  assert.ok(fuzzer.sent > 200, 'hardly anything was sent')
  const operation = fuzzer.contract.operation('getOverview')
  const served = await fuzzer.send({ operation, as: 'admin', what: 'how it goes' })
  assert.equal(served.statusCode, 200)
}

function nonsense({ contract }: RequestFuzzer): fc.Arbitrary<Nonsense> {
  return fc.record({
    operationId: fc.constantFrom(...contract.operations.map((operation) => operation.operationId)),
    as: fc.constantFrom(...ROLES_TRIED),
    mutation: fc.constantFrom(...Object.keys(MUTATIONS).filter((name) => name !== 'a text of a MiB')),
    seed: fc.nat(),
    query: fc.array(fc.tuple(NAME, SENSIBLE), { maxLength: 2 }),
    id: maybe(fc.oneof(NAME, fc.bigInt().map(String), fc.double().map(String))),
    header: maybe(fc.tuple(fc.constantFrom(...HEADERS), fc.string({ unit: 'grapheme-ascii', maxLength: 60 }))),
    anything: fc.anything({ maxDepth: 3, withNullPrototype: false }),
  })
}

function maybe<Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.option(value, { nil: undefined })
}

async function complaintsAbout(
  fuzzer: RequestFuzzer,
  { operationId, as, mutation, seed, query, id, header, anything }: Nonsense,
): Promise<string[]> {
  const operation = fuzzer.contract.operation(operationId)
  const shape = fuzzer.contract.jsonBody(operation)
  const sent: Sent = { operation, as, what: mutation, ...(header && { headers: { [header[0]]: header[1] } }) }
  const strange = { ...oddBody(operation, anything), url: oddUrl(fuzzer, operation, query, id) }
  const { complaints } = await fuzzer.complaints({ ...sent, what: `odd parameters ${seed}`, ...strange })
  const odd = complaints.filter((complaint) => !isUnroutable(complaint))
  // An invalid parameter is refused before the body is validated, so bodies are mutated only where the parameters are valid.
  if (shape?.properties === undefined) return odd
  const fields = Object.keys(shape.properties)
  const field = fields[seed % fields.length] ?? ''
  const body = MUTATIONS[mutation]?.(fuzzer.bodyFor(shape, seed), field)
  return [...odd, ...(body ? await fuzzer.mutated(sent, shape, field, body) : [])]
}

// An id with a slash or a dot segment names another operation, or none.
function isUnroutable(complaint: string): boolean {
  return /"code":"request\.(?:not_found|method_not_allowed)"/.test(complaint)
}

function oddBody({ requestBody, method }: Operation, anything: unknown): Pick<Sent, 'payload' | 'headers'> {
  if (requestBody === undefined || method === 'GET') return {}
  return {
    payload: jsonOf(anything),
    headers: { 'content-type': Object.keys(requestBody.content)[0] ?? 'application/json' },
  }
}

function jsonOf(anything: unknown): string {
  try {
    return JSON.stringify(anything) ?? 'undefined'
  } catch {
    return '[object]'
  }
}

function oddUrl(fuzzer: RequestFuzzer, operation: Operation, query: Nonsense['query'], id: string | undefined): string {
  const wellFormed = (text: string): string => encodeURIComponent(text.toWellFormed())
  const parameters = pathParameters(operation)
  const strange = parameters[(id?.length ?? 0) % parameters.length]
  const isHarmless = id === undefined || strange === undefined || /^\.{1,2}$/.test(id)
  const path = fuzzer.urlOf(operation, isHarmless ? {} : { [strange]: wellFormed(id) })
  const names = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const pairs = query.map(([text, value], index) => {
    const name = names[(text.length + index) % (names.length + 1)] ?? text
    return `${wellFormed(name)}=${wellFormed(value)}`
  })
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}
