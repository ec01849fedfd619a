import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readCsv } from './csv-records.ts'

function cellsOf(text: string): (readonly string[])[] {
  const read = readCsv(text, 1000)
  assert.ok('records' in read)
  return read.records.map(({ cells }) => cells)
}

const readings: [name: string, text: string, cells: string[][]][] = [
  [
    'a record a line, the last one with or without a line end',
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a line end of any system', 'a\nb\rc\r\nd', [['a'], ['b'], ['c'], ['d']]],
  [
    'an empty cell at the end of a line',
    'a,\n,b',
    [
      ['a', ''],
      ['', 'b'],
    ],
  ],
  ['quotes around separators, quotes and line ends', '"a,b","c ""d""","e\r\nf"', [['a,b', 'c "d"', 'e\r\nf']]],
  ['an empty quoted cell', '"",x', [['', 'x']]],
  ['a quote inside a plain cell as a character', 'a"b,c', [['a"b', 'c']]],
  ['a byte order mark as no part of the first name', '\uFEFFusername,email', [['username', 'email']]],
  [
    'semicolons, as spreadsheets in German write them',
    'a;b\r\n"c;d";e,f',
    [
      ['a', 'b'],
      ['c;d', 'e,f'],
    ],
  ],
  [
    'tabs, as a spreadsheet copies them',
    'a\tb\nc\td',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'lines without text not at all',
    'a,b\n\n , \n,\nc,d\n\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['nothing', '', []],
]
for (const [name, text, cells] of readings) {
  test(`reads ${name}`, () => assert.deepEqual(cellsOf(text), cells))
}

test('a record has the number of the line on which it begins, behind cells with line ends and empty lines', () => {
  const read = readCsv('a,b\n"x\r\ny",z\n\nc,d', 1000)
  assert.ok('records' in read)
  assert.deepEqual(
    read.records.map(({ line }) => line),
    [1, 2, 5],
  )
})

test('a quote that is not closed is found, with its line', () => {
  assert.deepEqual(readCsv('a,b\nc,"d\ne', 1000), { brokenQuoteAt: 2 })
})

test('text behind a closing quote is found', () => {
  assert.deepEqual(readCsv('a,b\n"c"d,e', 1000), { brokenQuoteAt: 2 })
})

test('reading stops after as many records as were asked for', () => {
  const read = readCsv('a\n'.repeat(5000), 3)
  assert.ok('records' in read)
  assert.equal(read.records.length, 3)
})

test('what is written by the rules of RFC 4180 is read again', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r\n', ' ', 'ß') })
  const row = fc.array(cell, { minLength: 2, maxLength: 4 }).filter((cells) => cells.some((text) => text.trim() !== ''))
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
      const written = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      // The first line names the columns, as in every file that is read.
      assert.deepEqual(cellsOf(`username,email\r\n${written}`).slice(1), rows)
    }),
  )
})
