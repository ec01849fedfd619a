import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal, type RefusalCode, type RefusalFacts } from '#foundation/kernel/refusal.ts'
import { toProblem } from './problem.ts'

const OPTIONS = { publicUrl: 'https://id.example.org', instance: 'req-1' }

test('a problem document has the members of RFC 9457 and lists the invalid fields', () => {
  const fieldErrors = [{ pointer: '/password', code: 'password.too_short', facts: { minimum: 8 } }]
  const { status, body } = toProblem(new Refusal('request.validation_failed', { fieldErrors }), OPTIONS)
  assert.equal(status, 422)
  assert.deepEqual(body, {
    type: 'https://id.example.org/problems/request.validation_failed',
    title: 'Invalid fields',
    status: 422,
    detail: 'Some fields are missing or invalid. See `errors`.',
    instance: 'req-1',
    code: 'request.validation_failed',
    errors: [{ pointer: '/password', code: 'password.too_short', detail: 'Use at least 8 characters.' }],
  })
})

const HEADERS: [RefusalCode, RefusalFacts, Record<string, string>][] = [
  ['access.not_authenticated', {}, { 'www-authenticate': 'Bearer' }],
  [
    'access.reauthentication_required',
    { maxAge: 600 },
    { 'www-authenticate': 'Bearer error="insufficient_user_authentication", max_age=600' },
  ],
  ['throttle.blocked', { retryAfter: 29.2 }, { 'retry-after': '30' }],
  ['service.busy', {}, { 'retry-after': '1' }],
  ['request.method_not_allowed', { allow: ['GET', 'HEAD'] }, { allow: 'GET, HEAD' }],
  ['user.not_found', {}, {}],
]

test('a refusal has the header that its status requires', () => {
  for (const [code, facts, headers] of HEADERS)
    assert.deepEqual(toProblem(new Refusal(code, facts), OPTIONS).headers, headers, code)
})

test('error details are English, also for a code without a sentence', () => {
  const fieldErrors = [
    { pointer: '/email', code: 'user.email_malformed' },
    { pointer: '', code: 'constructor' },
  ]
  const { body } = toProblem(new Refusal('request.validation_failed', { fieldErrors }), OPTIONS)
  assert.deepEqual(
    body.errors?.map(({ detail }) => detail),
    ['Enter an email address like ada@example.org.', 'Check this field.'],
  )
})
