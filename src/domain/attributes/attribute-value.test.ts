import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  type AttributeValue,
  changesIn,
  fieldErrorsInAnswers,
  type GivenValues,
  readValue,
  storedValue,
  typedValue,
  type ValuedAttribute,
  valueText,
} from './attribute-value.ts'
import { type Attribute, ATTRIBUTE_TYPES, type AttributeType } from './attribute.ts'

const CHOICES = ['Sales', 'Café', 'Ja, nein']

function declared(given: Partial<Attribute>): Attribute {
  const access = { visibleTo: 'user', changedBy: 'user', atJoining: 'never' } as const
  const key = given.key ?? 'desk'
  return { key, label: 'Desk', type: 'text', choices: [], ...access, position: 1, revision: 1, createdAt: 1, ...given }
}

function typeOf(type: AttributeType): Attribute {
  return declared({ type, choices: type === 'choice' ? CHOICES : [] })
}

const anyValue = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 320 }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(...CHOICES, '2024-02-29', '2023-02-29', '0999-01-01', '2024-2-1', 'yes', 'no', ' ', '1e+21'),
)

test('what is stored of any accepted value reads as that value again, as JSON and as typed text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ATTRIBUTE_TYPES), anyValue, (type, value) => {
      const attribute = typeOf(type)
      const read = readValue(attribute, value)
      if (read.fault !== undefined) return
      const stored = storedValue(attribute, read.stored)
      assert.deepEqual(readValue(attribute, stored), { stored: read.stored })
      const again = typedValue(attribute, valueText(stored))
      assert.ok(again !== null && readValue(attribute, again).fault === undefined, read.stored)
      assert.deepEqual(readValue(attribute, again), { stored: read.stored })
    }),
  )
})

test('each value is either accepted, or refused with a code and without the value', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ATTRIBUTE_TYPES), anyValue, (type, value) => {
      const { fault } = readValue(typeOf(type), value)
      if (fault === undefined) return
      assert.match(fault.code, /^(field|attribute)\.\w+$/)
      if (typeof value === 'string' && value.length > 20) assert.ok(!JSON.stringify(fault).includes(value))
    }),
  )
})

test('a value has the form of its type', () => {
  const cases: readonly [AttributeType, AttributeValue, string | undefined][] = [
    ['text', ' cafe\u0301 ', 'café'],
    ['text', 'x'.repeat(300), 'x'.repeat(300)],
    ['text', 'x'.repeat(301), undefined],
    ['text', '', undefined],
    ['text', 'a\u2066b', undefined],
    ['text', 7, undefined],
    ['number', 12.5, '12.5'],
    ['number', -0, '0'],
    ['number', 0.1 + 0.2, '0.30000000000000004'],
    ['number', Infinity, undefined],
    ['number', Number.NaN, undefined],
    ['number', '12.5', undefined],
    ['date', '2024-02-29', '2024-02-29'],
    ['date', '2023-02-29', undefined],
    ['date', '2024-02-29T00:00:00Z', undefined],
    ['date', '0001-01-01', undefined],
    ['yes-no', true, 'yes'],
    ['yes-no', false, 'no'],
    ['yes-no', 'yes', undefined],
    ['choice', 'Cafe\u0301', 'Café'],
    ['choice', 'sales', undefined],
    ['choice', true, undefined],
  ]
  for (const [type, value, stored] of cases)
    assert.equal(readValue(typeOf(type), value).stored, stored, `${type} ${String(value)}`)
})

test('typed text becomes a value of the type, or stays text that the type refuses', () => {
  const cases: readonly [AttributeType, string, AttributeValue | null][] = [
    ['number', ' 12.50 ', 12.5],
    ['number', '-12,5', -12.5],
    ['number', '1,250', '1,250'],
    ['number', '1,000,5', '1,000,5'],
    ['number', '-3', -3],
    ['number', '1e+21', 1e21],
    ['number', '0x10', '0x10'],
    // A number of more digits would be rounded, which a personnel number must not be.
    ['number', '12345678901234567890', '12345678901234567890'],
    ['yes-no', 'Yes', true],
    ['yes-no', 'false', false],
    ['yes-no', 'maybe', 'maybe'],
    ['text', ' ', null],
    ['date', ' 2024-02-29 ', '2024-02-29'],
  ]
  for (const [type, text, value] of cases) assert.equal(typedValue({ type }, text), value, `${type} ${text}`)
})

function errorsOf(
  shown: readonly ValuedAttribute[],
  given: GivenValues,
  audience: 'admin' | 'user' = 'user',
): string[] {
  return changesIn(shown, given, { audience, prefix: '/' }).errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

test('an attribute that a user may not see is answered as an unknown one', () => {
  const shown = [{ attribute: declared({ key: 'note', visibleTo: 'admin', changedBy: 'admin' }), value: 'x' }]
  assert.deepEqual(errorsOf(shown, { note: 'y' }), ['/note field.unknown'])
  assert.deepEqual(errorsOf([], { note: 'y' }), ['/note field.unknown'])
  assert.deepEqual(errorsOf(shown, { note: 'y' }, 'admin'), [])
})

test('what is required at joining is not emptied by its user once it is answered', () => {
  const attribute = declared({ atJoining: 'required' })
  assert.deepEqual(errorsOf([{ attribute, value: 'a' }], { desk: null }), ['/desk field.missing'])
  assert.deepEqual(errorsOf([{ attribute, value: null }], { desk: null }), [])
  assert.deepEqual(errorsOf([{ attribute, value: 'a' }], { desk: null }, 'admin'), [])
})

test('a value that is the present one is no change', () => {
  const shown = [{ attribute: declared({ type: 'number' }), value: 3 }]
  assert.deepEqual(changesIn(shown, { desk: 3 }, { audience: 'user', prefix: '/' }).changes, [])
  assert.deepEqual(changesIn(shown, { desk: null }, { audience: 'user', prefix: '/' }).changes, [
    { key: 'desk', stored: null },
  ])
})

test('people who join answer what is asked, and what is required unless it has a value', () => {
  const required = { attribute: declared({ key: 'diet', atJoining: 'required' }), value: null }
  const optional = { attribute: declared({ key: 'size', atJoining: 'optional' }), value: null }
  const unasked = { attribute: declared({ key: 'desk' }), value: null }
  const answers = (given: GivenValues, shown = [required, optional, unasked]): string[] =>
    fieldErrorsInAnswers(shown, given, '/').map(({ pointer, code }) => `${pointer} ${code}`)
  assert.deepEqual(answers({}), ['/diet field.missing'])
  assert.deepEqual(answers({ diet: null, size: 'M' }), ['/diet field.missing'])
  assert.deepEqual(answers({ diet: 'all' }), [])
  assert.deepEqual(answers({ diet: 'all', desk: '3' }), ['/desk field.unknown'])
  assert.deepEqual(fieldErrorsInAnswers([{ ...required, value: 'all' }], {}, '/'), [])
  assert.deepEqual(answers({ diet: 7 }), ['/diet field.type'])
})
