import assert from 'node:assert/strict'
import { test } from 'node:test'

import { type Column, printTable, rangeText, sayFurtherPages, totalOf } from './list.ts'
import { newOutput } from './output.ts'

interface Row {
  readonly id: string
  readonly name: string
  readonly at: number
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'id', of: ({ id }) => id },
  { head: 'name', cut: true, of: ({ name }) => name },
  { head: 'at', of: ({ at }) => ({ at }) },
  { head: 'kind', plainOnly: true, of: () => 'browser' },
]
const ROW: Row = { id: '01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10', name: 'a'.repeat(120), at: Date.UTC(2026, 5, 3, 12) }

/** The lines that a table prints on a stream. */
function printed(rows: readonly Row[], { columns, plain }: { columns?: number; plain?: boolean } = {}): string[] {
  let text = ''
  const stdout = { columns, write: (part: string) => (text += part) }
  printTable(newOutput({ plain }, { stdout, stderr: stdout }), COLUMNS, rows)
  return text.trimEnd().split('\n')
}

test('a table fits 100 columns: a long text is cut, an id is not', () => {
  const [head, line] = printed([ROW])
  assert.equal(line?.length, 100)
  assert.match(line, /^01990b7a-5c1e-7b2f-9a51-0c2f3f6f9d10 {2}a{20,}… {2}\d+ Jun 2026, \d\d:\d\d$/)
  assert.match(head ?? '', /^ID +NAME +AT$/)
})

test('a wider terminal shows more, and --plain everything', () => {
  assert.equal(printed([ROW], { columns: 120 })[1]?.length, 120)
  const [plain] = printed([ROW], { plain: true, columns: 40 })
  assert.equal(plain, [ROW.id, ROW.name, '2026-06-03T12:00:00.000Z', 'browser'].join('\t'))
})

/** The lines of a table with one row of three cells of these lengths: of x and y, which are never cut, and of z. */
function linesFor(lengths: readonly number[]): {
  readonly lines: readonly string[]
  readonly cells: readonly string[]
} {
  const cells = lengths.map((length, index) => (['x', 'y', 'z'][index] ?? '').repeat(length))
  const columns = cells.map((cell, index): Column<null> => {
    return { head: `head ${index}`, ...(index === 2 && { cut: true }), of: () => cell }
  })
  let text = ''
  const stdout = { write: (part: string) => (text += part) }
  printTable(newOutput({}, { stdout, stderr: stdout }), columns, [null])
  return { lines: text.trimEnd().split('\n'), cells }
}

const LENGTHS = [0, 1, 12, 36, 64, 98, 120]
const TRIPLES = LENGTHS.flatMap((one) => LENGTHS.flatMap((two) => LENGTHS.map((three) => [one, two, three] as const)))

test('a table of any columns fits 100 columns: what has no room stands below its row, and only a longer cell is wider', () => {
  for (const lengths of TRIPLES) {
    const { lines, cells } = linesFor(lengths)
    const tooWide = lines.filter((line) => line.length > 100 && !/^(HEAD 0|x+| {2}head 1: y+)$/.test(line))
    assert.deepEqual(tooWide, [], String(lengths))
    for (const whole of cells.slice(0, 2)) assert.ok(lines.join('\n').includes(whole), String(lengths))
  }
})

test('a long cell stands below its own row, and the other rows keep their columns', () => {
  const columns = ['setting', 'value', 'from'].map((head, at) => ({
    head,
    of: (row: readonly string[]) => row[at] ?? '',
  }))
  const folder = `/${'x'.repeat(90)}`
  const rows = [
    ['host', 'localhost', 'default'],
    ['port', '8000', 'default'],
    ['data_dir', folder, 'DOORWARD_DATA_DIR'],
  ]
  let text = ''
  const stdout = { write: (part: string) => (text += part) }
  printTable(newOutput({}, { stdout, stderr: stdout }), columns, [...rows, ['locale', 'en', 'default']])
  const [head = '', ...lines] = text.trimEnd().split('\n')
  const at = head.indexOf('FROM')
  for (const line of [lines[0], lines[1], lines[5]]) assert.equal(line?.indexOf('default'), at, text)
  assert.deepEqual(lines.slice(2, 5), ['data_dir', `  value: ${folder}`, '  from: DOORWARD_DATA_DIR'])
})

test('a list ends with its number, and an empty one with a sentence', () => {
  assert.deepEqual(
    [totalOf(2, 'policy'), totalOf(1, 'key', ' of Ada'), totalOf(0, 'API token', ' of grace'), totalOf(0, 'policy')],
    ['2 policies', '1 key of Ada', 'No API tokens of grace.', 'No policies.'],
  )
})

test('short cells stay as they are', () => {
  assert.match(printed([{ ...ROW, name: 'Ada' }])[1] ?? '', /10 {2}Ada {3}\d/)
})

test('a range names its users and their number', () => {
  assert.equal(rangeText({ first: 1, last: 50, total: 883 }, 1000), '1–50 of 883')
  assert.equal(rangeText({ first: 51, last: 100, total: 'more' }, 1000), '51–100 of more than 1,000')
  assert.equal(rangeText({ first: 1951, last: 2000, total: 12_000 }, 1000), '1,951–2,000 of 12,000')
  assert.equal(rangeText({ first: 1, last: 50, total: null }, 1000), '1–50')
  assert.equal(rangeText({ first: 3, last: 3, total: 3 }, 1000), '3 of 3')
})

test('the commands for further pages repeat the flags', () => {
  let said = ''
  const out = newOutput({}, { stdout: { write: () => undefined }, stderr: { write: (part) => (said += part) } })
  const command = (words: string): string => `doorward ${words}`
  sayFurtherPages({ out, command }, ['audit list', { since: '7d', actor: 'ada b', limit: undefined }], 'abc')
  const flags = "audit list --since 7d --actor 'ada b'"
  assert.equal(said, `Next page: doorward ${flags} --cursor abc\nAll pages: doorward ${flags} --all\n`)
})
