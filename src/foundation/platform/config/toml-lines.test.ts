import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readToml } from './settings-file.ts'
import { tomlLines } from './toml-lines.ts'

const DOCUMENT = `# A comment with [[app]] and "quotes"
title = 'x'
[[app]]
id = "wiki" # = [
redirect_uris = [
  "https://one.example/#, ]", # "
  # between
  'https://two.example/', ]
text = """
[[app]]
id = "no\\"""" # four quotes end it
"quoted key" = 1979-05-27 07:32:00
  [[app.attributes]]
  key = "desk"

[[app]]
id = "notes"
raw = '''
it's
'''
attributes = [ { key = "a", claim = "b" },
  { key = "c",
    claim = "d" } ]
a.b.c = 1
[table.inner]
last = true`

const LINES: readonly [pointer: string, line: number][] = [
  ['/title', 2],
  ['/app/0', 3],
  ['/app/0/id', 4],
  ['/app/0/redirect_uris', 5],
  ['/app/0/redirect_uris/0', 6],
  ['/app/0/redirect_uris/1', 8],
  ['/app/0/text', 9],
  ['/app/0/quoted key', 12],
  ['/app/0/attributes/0', 13],
  ['/app/0/attributes/0/key', 14],
  ['/app/1', 16],
  ['/app/1/id', 17],
  ['/app/1/raw', 18],
  ['/app/1/attributes/0/claim', 21],
  ['/app/1/attributes/1', 22],
  ['/app/1/attributes/1/claim', 23],
  ['/app/1/a/b/c', 24],
  ['/table/inner/last', 26],
  ['/app/1/name', 16],
  ['/app/0/id/0', 4],
  ['/app', 3],
  ['/nothing', 1],
  ['', 1],
]

test('each table, key and item of a list has its line, and what is absent has that of the table', () => {
  assert.ok('values' in readToml(DOCUMENT))
  for (const text of [DOCUMENT, DOCUMENT.replaceAll('\n', '\r\n')]) {
    const lineOf = tomlLines(text)
    assert.deepEqual(
      LINES.map(([pointer]) => [pointer, lineOf(pointer)]),
      LINES,
    )
  }
})

/** Values in every form, some over several lines. */
const value = fc.letrec<{ value: string; list: string; table: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('1', 'true', '"a"', "'#'", '"""\n[x]\n"""', "'''\n= '\n'''", '1979-05-27T07:32:00Z', '"\\""', '[]'),
    tie('list'),
    tie('table'),
  ),
  list: fc.array(tie('value'), { maxLength: 3 }).map((items) => `[\n ${items.join(' , # ]\n')}\n]`),
  table: fc
    .array(tie('value'), { maxLength: 2 })
    .map((items) => `{ ${items.map((item, at) => `k${at} = ${item}`).join(', ')} }`),
})).value

test('the keys of a document that the library reads have the lines on which they stand', () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 8 }), (values) => {
      const text = values.map((one, at) => `[[app]]\nkey${at} = ${one}\n`).join('')
      if (!('values' in readToml(text))) return
      const lineOf = tomlLines(text)
      const rows = text.split('\n')
      for (const [at] of values.entries()) {
        assert.equal(rows[lineOf(`/app/${at}/key${at}`) - 1]?.startsWith(`key${at} = `), true, text)
      }
    }),
  )
})

const PUNCTUATION = ['[', ']', '{', '}', '=', ',', '.', '"', "'", '#', '\n', '\\', 'a', ' ']

test('a document is read to its end, whatever it is', () => {
  for (const text of ['a = [}', 'a = {]', 'a = [[', '[[', 'a', '= =', ']', 'a = {,}', '"'])
    assert.ok(tomlLines(text)('/a') >= 1)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...PUNCTUATION), maxLength: 40 }), (text) => {
      assert.ok(tomlLines(text)('/a/0/b') >= 1)
    }),
    { numRuns: 2_000 },
  )
})
