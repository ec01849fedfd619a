// How the pages speak: words that they avoid, one word to leave a question, buttons that name what happens.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { everySentence } from '../../../test/support/pages/catalogue-sentences.ts'
import { texts } from './texts.ts'

/** Words that read as translated, and what the pages say instead: fix, again, someone, expire, delete, restore. */
const AVOIDED =
  /\b(mend|anew|meanwhile|somebody|whoever|nobody is|taken in|make a new|take away|runs out|ran out|put back|not at hand|whose|cannot)\b/i

/** Sections of the texts that admins read. */
const OF_ADMINS =
  /^(activity|chain|checkup|events?|findings|overview|refusal|refusals?Search|rowFindings|users?|bulk)\b/

const BUTTON = /\.(submit|turnOn|replaceIt|create|make|makeNew|cancel|stay)$/
const TITLE = /\.(title|\w+Title)$/

const english = everySentence(texts('en'))

test('no page for people uses a word that reads as translated', () => {
  const own = english.filter(({ path }) => !OF_ADMINS.test(path))
  assert.ok(own.length > 300, `only ${own.length} sentences were read`)
  assertNone(own, ({ said }) => AVOIDED.test(said))
})

for (const [language, word] of [
  ['en', 'Cancel'],
  ['de', 'Abbrechen'],
] as const) {
  test(`${language}: a question about one’s own account is left by ${word}`, () => {
    const ways = everySentence(texts(language)).filter(({ path }) => path.endsWith('.cancel') && !OF_ADMINS.test(path))
    assert.ok(ways.length >= 6, `only ${ways.length} were found`)
    assertNone(ways, ({ said }) => said !== word)
  })
}

test('a button has no full stop and does not end in “it”', () => {
  assertNone(english, ({ path, said }) => BUTTON.test(path) && !OF_ADMINS.test(path) && /(\.|\bit)$/.test(said))
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
