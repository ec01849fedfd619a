import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isReservedKey } from '#foundation/kernel/reserved-keys.ts'
import {
  type Declaration,
  fieldErrorsInChange,
  fieldErrorsInDeclaration,
  isAsked,
  isChangeableBy,
  isVisibleTo,
  movedTo,
  removedChoices,
  replacementKey,
} from './attribute.ts'

const DESK: Declaration = {
  key: 'desk',
  label: 'Desk',
  type: 'text',
  choices: [],
  visibleTo: 'user',
  changedBy: 'admin',
  atJoining: 'never',
}

function errorsIn(wanted: Partial<Declaration>): string[] {
  return fieldErrorsInDeclaration({ ...DESK, ...wanted }).map(({ pointer, code }) => `${pointer} ${code}`)
}

test('a key is a name of up to 40 lower-case letters, digits and underscores that no user field has', () => {
  for (const key of ['a', 'cost_center', 'a1', 'a'.repeat(40), 'constructor'])
    assert.deepEqual(errorsIn({ key }), [], key)
  for (const key of ['', 'A', '1a', '_a', 'a-b', 'a b', 'ä', 'a'.repeat(41), '__proto__', 'a\n'])
    assert.deepEqual(errorsIn({ key }), ['/key attribute.key_characters'], key)
  for (const key of ['email', 'id', 'role', 'sub', 'attributes', 'new', 'password'])
    assert.deepEqual(errorsIn({ key }), ['/key attribute.key_reserved'], key)
})

test('no key is a name that the specifications of tokens give a meaning', () => {
  const names = 'at_hash c_hash s_hash events cnf act may_act sub_id authorization_details entitlements client_name'
  for (const key of names.split(' ')) assert.deepEqual(errorsIn({ key }), ['/key attribute.key_reserved'], key)
})

test('an attribute whose key was reserved later can be changed and renamed, and no other key changes', () => {
  const codes = (before: string, after: string) =>
    fieldErrorsInChange({ ...DESK, key: before }, { ...DESK, key: after }).map(({ code }) => code)
  assert.deepEqual(codes('events', 'events'), [])
  assert.deepEqual(codes('events', 'custom_events'), [])
  assert.deepEqual(codes('events', 'cnf'), ['attribute.key_reserved'])
  assert.deepEqual(codes('events', 'no key'), ['attribute.key_characters'])
  assert.deepEqual(codes('desk', 'table'), ['attribute.key_permanent'])
})

test('a reserved key has a replacement that is free and may be declared', () => {
  assert.equal(replacementKey('events', ['events']), 'custom_events')
  assert.equal(replacementKey('events', ['events', 'custom_events', 'custom_events_2']), 'custom_events_3')
  for (const key of ['authorization_details', 'phone_number_verified', 'invitation_expires_in']) {
    assert.ok(isReservedKey(key))
    assert.deepEqual(errorsIn({ key: replacementKey(key, [key]) }), [], key)
  }
})

test('a label is plain text of up to 60 characters', () => {
  assert.deepEqual(errorsIn({ label: '𝛑'.repeat(60) }), [])
  assert.deepEqual(errorsIn({ label: '' }), ['/label field.missing'])
  assert.deepEqual(errorsIn({ label: 'x'.repeat(61) }), ['/label field.too_long'])
  for (const label of ['a\nb', 'a\u202Eb', 'a\0']) assert.deepEqual(errorsIn({ label }), ['/label field.characters'])
})

test('a choice has 2 to 50 different texts, and no other type has any', () => {
  const many = Array.from({ length: 51 }, (_, index) => `text ${index}`)
  assert.deepEqual(errorsIn({ type: 'choice', choices: many.slice(0, 50) }), [])
  assert.deepEqual(errorsIn({ type: 'choice', choices: many }), ['/choices field.too_many'])
  assert.deepEqual(errorsIn({ type: 'choice', choices: ['one'] }), ['/choices attribute.too_few_choices'])
  assert.deepEqual(errorsIn({ type: 'choice', choices: ['one', 'one'] }), ['/choices attribute.choice_repeated'])
  assert.deepEqual(errorsIn({ type: 'choice', choices: ['one', ''] }), ['/choices field.missing'])
  assert.deepEqual(errorsIn({ type: 'date', choices: ['one', 'two'] }), ['/choices attribute.choices_unused'])
})

test('users change only what they see, and are asked only for what they change', () => {
  assert.deepEqual(errorsIn({ visibleTo: 'admin', changedBy: 'user' }), ['/changed_by attribute.changed_unseen'])
  assert.deepEqual(errorsIn({ atJoining: 'optional' }), ['/at_joining attribute.asked_unchangeable'])
  assert.deepEqual(errorsIn({ atJoining: 'required', changedBy: 'user' }), [])
})

test('what an audience may see and change follows from the declaration', () => {
  const cases = [
    { visibleTo: 'admin', changedBy: 'admin', seen: false, changed: false },
    { visibleTo: 'user', changedBy: 'admin', seen: true, changed: false },
    { visibleTo: 'user', changedBy: 'user', seen: true, changed: true },
    // Refused by the rules of a declaration, and still safe where another program has written it.
    { visibleTo: 'admin', changedBy: 'user', seen: false, changed: false },
  ] as const
  for (const { seen, changed, ...access } of cases) {
    const attribute = { ...DESK, ...access, atJoining: 'required' } as const
    assert.deepEqual([isVisibleTo(attribute, 'admin'), isChangeableBy(attribute, 'admin')], [true, true])
    assert.deepEqual([isVisibleTo(attribute, 'user'), isChangeableBy(attribute, 'user')], [seen, changed])
    assert.equal(isAsked(attribute), changed)
  }
})

test('a key moves to a place, and the others keep their order', () => {
  assert.deepEqual(movedTo(['a', 'b', 'c'], 'c', 1), ['c', 'a', 'b'])
  assert.deepEqual(movedTo(['a', 'b', 'c'], 'a', 3), ['b', 'c', 'a'])
  assert.deepEqual(movedTo(['a', 'b', 'c'], 'a', 0), ['a', 'b', 'c'])
  assert.deepEqual(movedTo(['a', 'b', 'c'], 'b', 9), ['a', 'c', 'b'])
})

test('only a choice that stays a choice loses texts', () => {
  const before = { ...DESK, type: 'choice', choices: ['S', 'M', 'L'] } as const
  assert.deepEqual(removedChoices(before, { ...before, choices: ['M', 'XL'] }), ['S', 'L'])
  assert.deepEqual(removedChoices(before, { ...DESK, type: 'text' }), [])
})
