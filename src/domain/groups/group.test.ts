import assert from 'node:assert/strict'
import { test } from 'node:test'

import { fieldErrorsInGroup, groupKey, plainGroupFields, wordsIn } from './group.ts'

test('a name has 1 to 64 plain characters and no semicolon, a description at most 300 on one line', () => {
  const errors = (fields: Parameters<typeof fieldErrorsInGroup>[0]) =>
    fieldErrorsInGroup(fields).map(({ pointer, code }) => `${pointer} ${code}`)
  assert.deepEqual(errors({ name: '😀'.repeat(64), description: 'x'.repeat(300) }), [])
  assert.deepEqual(errors({ name: '', description: '' }), ['/name field.missing'])
  assert.deepEqual(errors({ name: '😀'.repeat(65) }), ['/name field.too_long'])
  assert.deepEqual(errors({ description: 'x'.repeat(301) }), ['/description field.too_long'])
  // The second folds to a semicolon, the third turns the text around it.
  for (const name of ['a;b', 'a；b', 'a\u202Eb', 'a\tb', 'sta\u200Bff', 'a  b'])
    assert.deepEqual(errors({ name }), ['/name group.name_characters'], name)
  assert.deepEqual(errors({ description: 'a\nb' }), ['/description field.characters'])
})

test('names are stored in NFC without surrounding blanks, and compared without case', () => {
  assert.deepEqual(plainGroupFields({ name: ' Cafe\u0301 ' }), { name: 'Café', description: undefined })
  for (const name of ['STRASSE', 'straße', ' Strasse ', 'Ｓtrasse', 'Str\u200Caße\u200D'])
    assert.equal(groupKey(name), groupKey('Straße'), name)
})

test('a list of users has one on each line, or commas and semicolons between them', () => {
  assert.deepEqual(wordsIn('ada\r\n grace@example.org ,bob; cy\n\n,'), ['ada', 'grace@example.org', 'bob', 'cy'])
})
