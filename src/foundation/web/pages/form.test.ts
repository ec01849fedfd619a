import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { texts } from '#foundation/texts/texts.ts'
import { codeField, passwordField, textField } from '../components/field.ts'
import { html, render } from '../html.ts'
import { Type } from '../http/type.ts'
import { answerOf, EMPTY_FORM, errorOf, formSummary, readForm, refusedForm, soleError } from './form.ts'

const say = texts('en')

const Person = Type.Object({ username: Type.String(), email: Type.Optional(Type.String()), password: Type.String() })
const IDS = { username: 'username', email: 'email', password: 'new-password' }

test('a valid form becomes the shape of its schema', () => {
  const body = { username: 'ada', email: 'ada@example.org', password: ' two words ' }
  assert.deepEqual(readForm(Person, body), { value: body })
})

test('an optional field left empty is absent', () => {
  assert.deepEqual(readForm(Person, { username: 'ada', email: '', password: 'x' }), {
    value: { username: 'ada', password: 'x' },
  })
})

test('an empty required field is missing, and all fields are missing without a body', () => {
  assert.deepEqual(fieldErrorLines(readForm(Person, { username: '', password: 'x' })), ['/username field.missing'])
  for (const body of [undefined, null, 'text', []]) {
    assert.deepEqual(fieldErrorLines(readForm(Person, body)), ['/username field.missing', '/password field.missing'])
  }
})

test('a field of the wrong type is a field error, not an exception', () => {
  assert.deepEqual(fieldErrorLines(readForm(Person, { username: ['a', 'b'], password: 'x' })), ['/username field.type'])
})

test('unknown fields are dropped, also those with names of JavaScript properties', () => {
  const body = JSON.parse(
    '{"username":"ada","password":"x","role":"admin","__proto__":{"email":"e"},"constructor":"c"}',
  )
  assert.deepEqual(readForm(Person, body), { value: { username: 'ada', password: 'x' } })
})

test('a form that is shown again never contains a typed password or code', () => {
  const secret = fc.string({ minLength: 6, unit: fc.constantFrom('q', 'x', 'z', 'j', '0', '1', '7') })
  fc.assert(
    fc.property(
      secret,
      fc.constantFrom<Refusal>(new Refusal('sign_in.incorrect'), new Refusal('throttle.blocked')),
      (typed, why) => {
        const body = { username: 'ada', password: typed, code: typed }
        const state = refusedForm(body, ['username'], why)
        assert.doesNotMatch(JSON.stringify(state.values), new RegExp(typed))
        const page = render(
          html`${formSummary(say, state, IDS)}
          ${textField({ id: 'username', label: 'Username', autocomplete: 'username', value: state.values.username })}
          ${passwordField(say, { id: 'current-password', name: 'password', label: 'Password', purpose: 'current' })}
          ${codeField({ id: 'code', label: 'Code', error: soleError(say, state, 'code') })}`,
        )
        assert.ok(!page.includes(typed))
        assert.ok(page.includes('value="ada"'))
        assert.equal(page.match(/ value=/g)?.length, 1)
      },
    ),
  )
})

test('only the named fields are shown again, and only as text', () => {
  const state = refusedForm({ username: 'ada', email: ['x'], password: 'p' }, ['username', 'email', 'toString'], [])
  assert.deepEqual(state.values, { username: 'ada' })
})

test('each error stands beside its field and in the summary, which links to the field', () => {
  const fieldErrors = [
    { pointer: '/password', code: 'password.too_short', facts: { minimum: 8 } },
    { pointer: '/username', code: 'field.missing' },
  ]
  const state = refusedForm({}, [], new Refusal('request.validation_failed', { fieldErrors }))
  assert.equal(errorOf(say, state, 'password'), 'Use at least 8 characters.')
  assert.equal(errorOf(say, state, 'username'), say.missing.username)
  assert.equal(errorOf(say, state, 'email'), undefined)
  const summary = render(formSummary(say, state, IDS) ?? html``)
  assert.match(summary, /<a href="#new-password">Use at least 8 characters\.<\/a>/)
  assert.match(summary, /<a href="#username">Enter your username\.<\/a>/)
  assert.match(summary, /role="alert"\s+tabindex="-1"\s+autofocus/)
  const labelled = { ...IDS, password: { id: 'new-password', label: 'New password' } }
  const named = render(formSummary(say, state, labelled) ?? html``)
  assert.match(named, /<a href="#new-password">New password: use at least 8 characters\.<\/a>/)
})

test('a taken username is shown beside the username', () => {
  const state = refusedForm({}, [], new Refusal('user.username_taken'))
  assert.equal(errorOf(say, state, 'username'), 'That username is taken.')
})

test('an error of the whole form is shown once, without a link', () => {
  const state = refusedForm({}, [], new Refusal('sign_in.incorrect'))
  const summary = render(formSummary(say, state, IDS) ?? html``)
  assert.ok(!summary.includes('<a '))
  assert.equal(summary.match(/<li>/g)?.length, 1)
})

test('a form of one field shows every error beside it', () => {
  assert.equal(
    soleError(say, refusedForm({}, [], new Refusal('attempt.code_wrong')), 'code'),
    say.refusals['attempt.code_wrong']({}),
  )
  assert.equal(
    soleError(say, refusedForm({}, [], [{ pointer: '/code', code: 'field.missing' }]), 'code'),
    say.missing.code,
  )
  assert.equal(soleError(say, EMPTY_FORM, 'code'), undefined)
  assert.equal(formSummary(say, EMPTY_FORM, IDS), undefined)
})

test('hint and error of a field describe it for screen readers', () => {
  const markup = render(textField({ id: 'email', label: 'Email', hint: 'h', error: 'e', autocomplete: 'email' }))
  assert.match(markup, /<label for="email">/)
  assert.match(markup, /aria-describedby="email-hint email-error"/)
  assert.match(markup, /aria-invalid="true"/)
  for (const id of ['email-hint', 'email-error']) assert.ok(markup.includes(`id="${id}"`), id)
})

test('a new password has its rules for password managers, and a code the keyboard for digits', () => {
  const length = { minimum: 8, maximum: 256 }
  const fresh = render(passwordField(say, { id: 'new-password', label: 'P', purpose: 'new', length }))
  assert.match(fresh, /autocomplete="new-password"/)
  assert.match(fresh, /passwordrules="minlength: 8; maxlength: 256; allowed: unicode;"/)
  assert.match(render(codeField({ id: 'code', label: 'C' })), /type="text"\s+inputmode="numeric"/)
})

test('a refusal is an answer to a form, a bug is not', async () => {
  const refusal = new Refusal('throttle.blocked', { retryAfter: 3 })
  assert.deepEqual(await answerOf(Promise.resolve(7)), { answer: 7 })
  assert.deepEqual(await answerOf(Promise.reject(refusal)), { refusal })
  await assert.rejects(answerOf(Promise.reject(new RangeError('bug'))), RangeError)
})

function fieldErrorLines(
  read: { readonly value: unknown } | { readonly fieldErrors: readonly FieldError[] },
): string[] {
  assert.ok('fieldErrors' in read)
  return read.fieldErrors.map(({ pointer, code }) => `${pointer} ${code}`)
}
