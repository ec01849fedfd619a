// The OpenAPI document is the contract: valid and complete, and its examples work when they are sent.
import { Validator } from '@seriousme/openapi-schema-validator'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'

import { QUEUES_MAIL } from '../support/mail/queued-mail.ts'
import { ask } from '../support/people/people.ts'
import { liveRoutes } from '../support/requests/live-routes.ts'
import {
  complaintsAboutProblem,
  Contract,
  hasExample,
  type JsonSchema,
  isForAdmins,
  isForAnyone,
  type Operation,
} from '../support/requests/openapi.ts'
import { RequestFuzzer } from '../support/requests/request-fuzzer.ts'
import {
  type Body,
  exampleBodies,
  newScene,
  PREPARED_OPERATIONS,
  readyRequest,
  type Scene,
  sendReady,
} from '../support/requests/valid-requests.ts'
import { leaveToTestAll, test } from '../support/runner/scope.ts'
import { start } from '../support/server/start.ts'

async function contractOf(t: TestContext): Promise<Contract> {
  return Contract.of(await start(t))
}

test('the document is valid OpenAPI 3.1', async (t) => {
  const { document } = await contractOf(t)
  const validator = new Validator()
  const { valid, errors } = await validator.validate(structuredClone(document) as unknown as Record<string, unknown>)
  assert.ok(valid, JSON.stringify(errors))
  assert.equal(validator.version, '3.1')
})

leaveToTestAll()

test('the document lists exactly the routes that are no pages and not excluded on purpose', async (t) => {
  const server = await start(t)
  const { operations } = await Contract.of(server)
  const live = (await liveRoutes(server)).filter(({ config }) => !config.page && !config.undocumented)
  const shown = operations.map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
  assert.deepEqual(shown.toSorted(), live.map(({ method, url }) => `${method} ${url}`).toSorted())
})

test('every operation has a name of its own, a summary and a tag, and describes what it answers', async (t) => {
  const { operations, document } = await contractOf(t)
  const names = operations.map(({ operationId }) => operationId)
  assert.equal(new Set(names).size, names.length)
  const tags = new Set((document as unknown as { tags: readonly { name: string }[] }).tags.map(({ name }) => name))
  for (const tag of tags)
    assert.match(tag, /^[A-Z][a-z-]+$/, 'the headings of the documentation page are written alike')
  for (const { operationId, summary, tags: own, responses } of operations) {
    assert.match(operationId, /^[a-z][A-Za-z]+$/)
    assert.ok(summary.length > 5, `${operationId} has no summary`)
    assert.ok(own.length > 0 && own.every((tag) => tags.has(tag)), `${operationId} has no tag`)
    for (const [status, { description }] of Object.entries(responses))
      assert.ok(description && description !== summary, `${operationId} ${status} is not described`)
    assert.ok(
      Object.keys(responses).some((status) => status.startsWith('2')),
      `${operationId} never succeeds`,
    )
  }
})

/** Operations at which nothing can be guessed, and of which each use or refusal writes a row or sends a mail: limited by their number. */
const RATE_LIMITED = [
  'requestPasswordReset',
  'passkeySignInOptions',
  'signInWithPasskey',
  'enrolPasskey',
  'addMyPasskey',
  'requestRegistration',
  'submitRegistration',
  'verifyMyEmail',
  'inviteUser',
  'mailInvitationAgain',
  'mailPasswordLink',
  'unlockUser',
  'resetSecondFactor',
  'approveRequest',
  'carryOutRequest',
]

/** Operations that verify a password or a code, and so may answer that guesses are blocked. */
const GUESSING = [
  'acceptEnrolmentLink',
  'createToken',
  'beginSignIn',
  'proveSecondFactor',
  'reauthenticate',
  'confirmEnrolment',
  'changeMyself',
  'replaceMyself',
  'changeMyPassword',
  'confirmMyTotp',
]

test('every operation documents its refusals', async (t) => {
  const { operations } = await contractOf(t)
  for (const operation of operations) {
    const { operationId, method, parameters = [], requestBody } = operation
    const wanted: string[] = []
    if (!isForAnyone(operation)) wanted.push('401')
    if (isForAdmins(operation) || (!isForAnyone(operation) && method !== 'GET')) wanted.push('403')
    if (requestBody || parameters.some((parameter) => parameter.in !== 'header')) wanted.push('422')
    if (requestBody) wanted.push('400', '413', '415')
    if (GUESSING.includes(operationId)) wanted.push('429')
    if (operationId !== 'getHealth') wanted.push('503')
    for (const status of wanted) assert.ok(operation.responses[status], `${operationId} does not document ${status}`)
    const waits = [...GUESSING, ...RATE_LIMITED].includes(operationId)
    assert.equal(operation.responses['429'] !== undefined, waits, `${operationId} and 429`)
  }
})

test('answers that block have Retry-After, and answers that require authentication have WWW-Authenticate', async (t) => {
  const { operations } = await contractOf(t)
  for (const { operationId, responses } of operations) {
    for (const [status, header] of [
      ['401', 'www-authenticate'],
      ['429', 'retry-after'],
      ['503', 'retry-after'],
    ] as const) {
      if (responses[status])
        assert.ok(header in (responses[status].headers ?? {}), `${operationId} ${status} has no ${header}`)
    }
  }
})

test('bodies and answers have names, and no nameless object is written down twice', async (t) => {
  const { operations, document } = await contractOf(t)
  for (const { operationId, requestBody, responses } of operations) {
    const contents = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}))
    for (const { schema } of contents) {
      // The schema of a problem document, with the codes of the operation, is one of allOf.
      const [shape = schema] = (schema.allOf ?? []) as JsonSchema[]
      assert.ok(shape.$ref, `${operationId} has a nameless schema`)
    }
  }
  const nameless = Object.values(document.components.schemas).flatMap((schema) => objectsIn(schema, true))
  const twice = nameless.filter((text, index) => nameless.indexOf(text) !== index)
  assert.deepEqual(twice, [])
})

/** Every object with properties inside a schema, as text, without the named schema itself. */
function objectsIn(node: unknown, isTop = false): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => objectsIn(item))
  if (typeof node !== 'object' || node === null) return []
  const inside = Object.values(node).flatMap((value) => objectsIn(value))
  const isObject = 'properties' in node && 'type' in node && String((node as { type: unknown }).type).includes('object')
  return isObject && !isTop ? [JSON.stringify(node), ...inside] : inside
}

test('every schema accepts its own examples', async (t) => {
  const contract = await contractOf(t)
  let checked = 0
  for (const [name, schema] of Object.entries(contract.document.components.schemas)) {
    for (const example of contract.inlined(schema).examples ?? []) {
      assert.deepEqual(contract.fieldErrorsIn(schema, example), [], name)
      checked += 1
    }
  }
  assert.ok(checked > 10)
})

test('every documented refusal is the problem document that the server sends', async (t) => {
  const server = await start(t)
  const contract = await Contract.of(server)
  const codes = new Set<string>()
  for (const { operationId, responses } of contract.operations) {
    for (const [status, answer] of Object.entries(responses).filter(([code]) => Number(code) >= 400)) {
      const content = answer.content?.['application/problem+json']
      assert.ok(content, `${operationId} ${status} is no problem document`)
      for (const [code, reference] of Object.entries(content.examples ?? {})) {
        const value = contract.exampleOf(reference)
        assert.deepEqual(contract.fieldErrorsIn(content.schema, value), [], `${operationId} ${code}`)
        assert.deepEqual(
          [(value as { status: number }).status, (value as { code: string }).code],
          [Number(status), code],
        )
        codes.add(code)
      }
      assert.ok(
        hasExample(answer, Object.keys(content.examples ?? {})[0] ?? ''),
        `${operationId} ${status} shows no example`,
      )
    }
  }
  for (const code of codes)
    assert.equal((await ask(server, 'GET', `/problems/${code}`)).status, 200, `no page about ${code}`)
})

test('every request body of the document has an example', async (t) => {
  const contract = await contractOf(t)
  const withBody = contract.operations.filter(({ requestBody }) => requestBody !== undefined)
  assert.ok(withBody.length > 10)
  for (const operation of withBody)
    assert.ok(exampleBodies(contract, operation).length > 0, `${operation.operationId} shows no body`)
})

test('every example is accepted and answered as documented, and every operation succeeds', async (t) => {
  const contract = await contractOf(t)
  assert.deepEqual(PREPARED_OPERATIONS.toSorted(), contract.operations.map(({ operationId }) => operationId).toSorted())
  // What only reads leaves the scene as it is for the next operation that reads.
  const read = await newScene(t)
  for (const operation of contract.operations) {
    const bodies = exampleBodies(contract, operation)
    for (const example of bodies.length === 0 ? [undefined] : bodies) {
      await t.test(`${operation.operationId} ${JSON.stringify(example ?? {})}`, async (inner) =>
        assertSucceeds(operation.method === 'GET' ? read : await newScene(inner), contract, operation, example),
      )
    }
  }
})

async function assertSucceeds(
  scene: Scene,
  contract: Contract,
  operation: Operation,
  example: Body | undefined,
): Promise<void> {
  const reply = await sendReady(scene, await readyRequest(scene, operation, example))
  assert.ok(reply.statusCode < 300, `${reply.statusCode} ${reply.body}`)
  assert.deepEqual(contract.complaintsAbout(operation, reply), [])
}

test('a page that has a next one links to it, as documented', async (t) => {
  const { server, admin } = await newScene(t)
  const contract = await Contract.of(server)
  for (const [id, path] of [
    ['listUsers', '/users'],
    ['listAuditEvents', '/audit-events'],
    ['listMyActivity', '/users/me/activity'],
  ] as const) {
    const { raw } = await admin.asks('GET', `${path}?limit=1`)
    assert.match(String(raw.headers['link']), /rel="next"/, id)
    assert.deepEqual(contract.complaintsAbout(contract.operation(id), raw), [], id)
  }
})

test('a body may be left out where the document says so, and nowhere else', async (t) => {
  const fuzzer = await RequestFuzzer.at(await start(t, { settings: QUEUES_MAIL }))
  const { contract } = fuzzer
  const optional: string[] = []
  for (const operation of contract.operations.filter(({ requestBody }) => requestBody !== undefined)) {
    const { operationId, requestBody } = operation
    if (requestBody?.required) {
      const { statusCode, body } = await fuzzer.documented(operation, { what: 'without a body' })
      assert.equal(statusCode, 422, `${operationId}: ${body}`)
    } else {
      const scene = await newScene(t)
      const [example] = exampleBodies(contract, operation)
      const reply = await sendReady(scene, { ...(await readyRequest(scene, operation, example)), type: undefined })
      assert.ok(reply.statusCode < 300, `${operationId}: ${reply.body}`)
      optional.push(operationId)
    }
  }
  assert.deepEqual(optional, ['passkeySignInOptions', 'beginMyTotp', 'inviteUser', 'approveRegistration'])
})

test('an answer that is no success of the operation is detected', async (t) => {
  const server = await start(t)
  const contract = await Contract.of(server)
  const refused = await server.app.inject('/users/me')
  assert.deepEqual(complaintsAboutProblem(refused), [])
  assert.notDeepEqual(contract.complaintsAbout(contract.operation('getHealth'), refused), [])
  const healthy = await server.app.inject('/healthz')
  assert.notDeepEqual(contract.complaintsAbout(contract.operation('getMyself'), healthy), [])
})
