import assert from 'node:assert/strict'
import { test } from 'node:test'

import { MOST_LINES } from '#foundation/kernel/stated-limits.ts'
import { endIn, type ListLine, readInvitationList } from './invitation-list.ts'

function linesOf(csv: string, timeZone: string | null = null): readonly ListLine[] {
  const read = readInvitationList(csv, timeZone)
  assert.ok('lines' in read, JSON.stringify(read))
  return read.lines
}

function errorsOf(csv: string): string[] {
  const read = readInvitationList(csv, null)
  assert.ok('errors' in read, 'the list was read')
  return read.errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

/** The errors of each line, as `2 /role field.choice`. */
function lineErrors(csv: string): string[] {
  return linesOf(csv).flatMap(({ line, errors }) => errors.map(({ pointer, code }) => `${line} ${pointer} ${code}`))
}

test('a line asks for a user with the fields of its columns, in any order', () => {
  const [line] = linesOf(
    'Email,Full Name,USERNAME,role,expires-at,locale\nada@example.org,Ada L,ada,Admin,2027-06-30,de',
  )
  assert.deepEqual(line, {
    line: 2,
    wanted: {
      username: 'ada',
      email: 'ada@example.org',
      fullName: 'Ada L',
      role: 'admin',
      expiresAt: Date.parse('2027-07-01T00:00:00Z'),
      locale: 'de',
      attributes: {},
    },
    groups: [],
    errors: [],
  })
})

test('a column that is left out, an empty cell and a short line mean the same', () => {
  const nothing = { email: null, fullName: null, role: 'user', expiresAt: null, locale: null, attributes: {} }
  for (const csv of [
    'username\nada',
    'username,email,full_name,role,expires_at,locale\nada,,,,,',
    'username,email\nada',
  ])
    assert.deepEqual(linesOf(csv)[0]?.wanted, { username: 'ada', ...nothing }, csv)
})

const unreadable: [name: string, csv: string, error: string][] = [
  ['an empty text', '', '/csv csv.columns'],
  ['a list without a line of columns', 'ada,ada@example.org\nbob,bob@example.org', '/csv csv.columns'],
  ['a list without usernames', 'email\nada@example.org', '/csv csv.columns'],
  ['a list with a column that nothing is known about', 'username,password\nada,secret', '/csv csv.columns'],
  ['a list with a column twice', 'username,email,email\nada,a,b', '/csv csv.columns'],
  ['a list of columns alone', 'username,email\n', '/csv csv.empty'],
  ['a list with an open quote', 'username\n"ada', '/csv csv.quotes'],
  ['a list that is too long', `username\n${'ada\n'.repeat(MOST_LINES + 1)}`, '/csv csv.too_many'],
]
for (const [name, csv, error] of unreadable)
  test(`${name} is refused as a whole`, () => assert.deepEqual(errorsOf(csv), [error]))

test('as many lines as are allowed are read', () => {
  const csv = `username\n${Array.from({ length: MOST_LINES }, (_, at) => `user-${at}`).join('\r\n')}`
  assert.equal(linesOf(csv).length, MOST_LINES)
})

test('wrong cells are errors of their line and field, and the other lines are read', () => {
  const csv = 'username,role,expires_at\nada,,2027-06-30\nbob,user,2027-02-30\ncy,,\ndi,user,,more'
  assert.deepEqual(lineErrors(csv), ['3 /expires_at field.format', '5  csv.cells'])
})

test('a username or an email that an earlier line has is an error, in any case and Unicode form', () => {
  const csv = 'username,email\nada,a@example.org\nADA,b@example.org\nbob,A@EXAMPLE.ORG\nno\u0308ra,\nnöra,'
  assert.deepEqual(lineErrors(csv), ['3 /username csv.repeated', '4 /email csv.repeated', '6 /username csv.repeated'])
})

test('a last day ends at midnight of the time zone, a time at that time', () => {
  assert.equal(endIn('2027-06-30', null), Date.parse('2027-07-01T00:00:00Z'))
  assert.equal(endIn('2027-06-30', 'Europe/Berlin'), Date.parse('2027-06-30T22:00:00Z'))
  assert.equal(endIn('2027-06-30T12:00:00+02:00', null), Date.parse('2027-06-30T10:00:00Z'))
  assert.equal(endIn(null, null), null)
  for (const wrong of [
    '30.06.2027',
    '2027-13-01',
    '2027-02-29',
    '2027-06-30T25:00:00Z',
    '2027-06-30 12:00',
    'soon',
    '0000-01-01',
  ])
    assert.equal(endIn(wrong, null), undefined, wrong)
})

test('groups are separated by semicolons, each once whatever its case', () => {
  const csv = 'username,groups\nada, Engineering ; engineering;;On call\nbob,'
  assert.deepEqual(
    linesOf(csv).map(({ groups }) => groups),
    [['engineering', 'On call'], []],
  )
  const many = Array.from({ length: 21 }, (_, at) => `group ${at}`).join(';')
  assert.deepEqual(lineErrors(`username,groups\nada,${many}`), ['2 /groups field.too_many'])
})
