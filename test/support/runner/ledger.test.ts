import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { type Cost, growthOf, type Ledger, renewed, sentenceOf, summaryOf, textOf } from './ledger.ts'

const RECORDED: Ledger = {
  'test/one.test.ts': { servers: 40, requests: 900 },
  'test/two.test.ts': { servers: 60, requests: 100, pages: 5 },
}

/** The recorded costs with those of one file replaced. */
const withCosts = (file: string, cost: Cost): Ledger => ({ ...RECORDED, [file]: cost })
const kindsOf = (counted: Ledger, recorded = RECORDED) => growthOf(recorded, counted).map(({ kind }) => kind)

test('a sum may grow by a fifth, and no further', () => {
  assert.deepEqual(kindsOf(RECORDED), [])
  assert.deepEqual(kindsOf(withCosts('test/one.test.ts', { servers: 60, requests: 900 })), [])
  assert.deepEqual(kindsOf(withCosts('test/one.test.ts', { servers: 61, requests: 900 })), ['servers'])
  assert.deepEqual(kindsOf(withCosts('test/one.test.ts', { servers: 61, requests: 1101 })), ['servers', 'requests'])
})

test('one file may double where the sum hardly grows', () => {
  assert.deepEqual(kindsOf(withCosts('test/two.test.ts', { servers: 60, requests: 200, pages: 5 })), [])
})

test('costs may fall to any sum', () => {
  assert.deepEqual(kindsOf(withCosts('test/one.test.ts', { servers: 1 })), [])
  assert.deepEqual(kindsOf({}), [])
})

test('a new file counts, and so does a new kind of cost', () => {
  assert.deepEqual(kindsOf(withCosts('test/new.test.ts', { servers: 20 })), [])
  assert.deepEqual(kindsOf(withCosts('test/new.test.ts', { servers: 21 })), ['servers'])
  assert.deepEqual(kindsOf(withCosts('test/new.test.ts', { processes: 1 })), ['processes'])
  assert.deepEqual(kindsOf(RECORDED, {}), ['servers', 'requests', 'pages'])
})

test('a new file may cost what a removed one did', () => {
  const { 'test/two.test.ts': moved = {}, ...rest } = RECORDED
  assert.deepEqual(kindsOf({ ...rest, 'test/moved.test.ts': moved }), [])
})

test('the sentence names the files that grew most', () => {
  const counted = {
    ...withCosts('test/one.test.ts', { servers: 1040, requests: 900 }),
    'test/new.test.ts': { servers: 7 },
  }
  const [growth] = growthOf(RECORDED, counted)
  assert.ok(growth)
  assert.equal(
    sentenceOf(growth),
    'The tests need 1,107 servers; test/cost.json records 100, and a fifth more is allowed. ' +
      'Most are new in test/one.test.ts (1,000 more), test/new.test.ts (7 more).',
  )
})

test('the summary shows each sum with its difference from the recorded one', () => {
  const counted = withCosts('test/two.test.ts', { servers: 61, requests: 98, pages: 5 })
  assert.equal(
    summaryOf(RECORDED, counted),
    'Cost: 101 servers (+1), 0 processes, 0 databases, 998 requests (-2), 5 pages.',
  )
})

test('a run of some files leaves what is recorded of the others, and forgets what a file no longer costs', () => {
  const counted = { 'test/one.test.ts': { servers: 41 } }
  assert.deepEqual(renewed(RECORDED, ['test/one.test.ts', 'test/two.test.ts'], counted), counted)
  assert.deepEqual(renewed(RECORDED, ['test/one.test.ts'], counted), { ...RECORDED, ...counted })
})

test('the ledger has one line for each file, in the order of their names', () => {
  const text = textOf({ 'test/two.test.ts': { requests: 3, servers: 1 }, 'test/one.test.ts': { pages: 2 } })
  assert.equal(
    text,
    '{\n  "test/one.test.ts": { "pages": 2 },\n  "test/two.test.ts": { "servers": 1, "requests": 3 }\n}\n',
  )
  const recorded = readFileSync(join(import.meta.dirname, '..', '..', 'cost.json'), 'utf8')
  assert.equal(textOf(JSON.parse(recorded) as Ledger), recorded, 'test/cost.json was edited by hand: npm run test:cost')
})
