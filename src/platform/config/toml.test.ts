import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { readSettingsFile } from './toml.ts'

suite('a line of the configuration file', () => {
  const read: [string, string][] = [
    ['key = "a b"', 'a b'],
    ["key = 'C:\\new'", 'C:\\new'],
    ['  key="quo\\"te"  # why', 'quo"te'],
    ['key = "a # b"', 'a # b'],
    ['key = "tab\\t\\\\"', 'tab\t\\'],
    ['key = 19_456', '19456'],
    ['key = true', 'true'],
    ['key = []', ''],
    ['key = ["a", \'b\', 3,] # list', 'a,b,3'],
    ['key = ""', ''],
  ]
  for (const [line, value] of read) {
    test(`${line} is read`, () => {
      assert.deepEqual(readSettingsFile(line), { entries: [{ key: 'key', value, line: 1 }], faults: [] })
    })
  }

  const refused: string[] = [
    'key',
    'key = ',
    'key = bare',
    'key = "open',
    'key = 1.5',
    '[table]',
    'a.b = 1',
    'key = ["a" "b"]',
    'key = "a" b',
    'key = [a]',
  ]
  for (const line of refused) {
    test(`${line} is refused with its number`, () => {
      const { entries, faults } = readSettingsFile(`\n# comment\r\n${line}`)
      assert.deepEqual([entries, faults.map((fault) => fault.line)], [[], [3]])
    })
  }

  test('a name may stand only once', () => {
    const { entries, faults } = readSettingsFile('a = 1\na = 2')
    assert.equal(entries.length, 1)
    assert.deepEqual(faults, [{ line: 2, found: 'a for the second time' }])
  })

  test('a byte order mark is no part of the first name', () => {
    assert.equal(readSettingsFile('\uFEFFa = 1').entries[0]?.key, 'a')
  })
})
