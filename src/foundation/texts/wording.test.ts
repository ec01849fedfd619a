// How the pages speak: words that they avoid, one word to leave a question, buttons that name what happens.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { everySentence } from '#test/support/pages/catalogue-sentences.ts'
import { texts } from './texts.ts'

/** Words that read as translated, and what the pages say instead: fix, again, someone, expire, delete, restore. */
const AVOIDED =
  /\b(mend|anew|meanwhile|somebody|whoever|nobody is|taken in|make a new|take away|runs out|ran out|put back|not at hand|whose|cannot)\b/i

const BUTTON = /\.(submit|turnOn|replaceIt|create|make|makeNew|cancel|stay)$/
const TITLE = /\.(title|\w+Title)$/

const english = everySentence(texts('en'))

test('no page uses a word that reads as translated', () => {
  assert.ok(english.length > 600, `only ${english.length} sentences were read`)
  assertNone(english, ({ said }) => AVOIDED.test(said))
})

for (const [language, word] of [
  ['en', 'Cancel'],
  ['de', 'Abbrechen'],
] as const) {
  test(`${language}: a question is left by ${word}`, () => {
    const ways = everySentence(texts(language)).filter(({ path }) => path.endsWith('.cancel'))
    assert.ok(ways.length >= 6, `only ${ways.length} were found`)
    assertNone(ways, ({ said }) => said !== word)
  })
}

test('a button has no full stop and does not end in “it”', () => {
  assertNone(english, ({ path, said }) => BUTTON.test(path) && /(\.|\bit)$/.test(said))
})

test('titles are in sentence case', () => {
  // What a sentence is given is called Ada.
  assertNone(english, ({ path, said }) => TITLE.test(path) && / (?!Ada\b)[A-Z][a-z]/.test(said))
})

type Said = (typeof english)[number]

function assertNone(sentences: readonly Said[], isWrong: (sentence: Said) => boolean): void {
  assert.deepEqual(
    sentences.filter(isWrong).map(({ path, said }) => `${path}: ${said}`),
    [],
  )
}
