import assert from 'node:assert/strict'
import { test } from 'node:test'

import { csvLine } from './csv.ts'

const CELLS: readonly [claim: string, cell: string, written: string][] = [
  ['plain text stays', 'ada', 'ada'],
  [
    'a cell with an equals sign is not a formula',
    '=HYPERLINK("http://evil.example")',
    `"'=HYPERLINK(""http://evil.example"")"`,
  ],
  ['a plus is no formula', '+1', "'+1"],
  ['a minus is no formula', '-1', "'-1"],
  ['an at sign is no formula', '@SUM(1)', "'@SUM(1)"],
  ['a tab does not hide a formula', '\t=1', "'\t=1"],
  ['a full-width equals sign is no formula', '＝1', "'＝1"],
  ['commas and quotes are quoted', 'a,"b"', '"a,""b"""'],
  ['line ends stay inside their cell', 'a\nb', '"a\nb"'],
]

for (const [claim, cell, written] of CELLS) {
  test(`in CSV ${claim}`, () => assert.equal(csvLine([cell, 'end']), `${written},end\r\n`))
}
