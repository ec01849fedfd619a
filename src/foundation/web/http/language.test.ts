import assert from 'node:assert/strict'
import { test } from 'node:test'

import { languageOf } from '#foundation/texts/texts.ts'
import { preferredLanguage, requestedLanguage } from './language.ts'

const HEADERS: readonly [accepted: string | undefined, language: string | null, why: string][] = [
  [undefined, null, 'no header'],
  ['', null, 'an empty header'],
  ['de', 'de', 'one language'],
  ['DE-at', 'de', 'a region and any case'],
  ['fr, de', 'de', 'the first that we have'],
  ['de, en', 'de', 'the first among equals'],
  ['en, de', 'en', 'the first among equals, in the other order'],
  ['en;q=0.5, de;q=0.8', 'de', 'the heavier one'],
  ['de-CH;q=0.2, de;q=0.9, en;q=0.5', 'de', 'the heaviest range of a language'],
  ['fr;q=1, en;q=0.001', 'en', 'the lightest one that counts'],
  ['de;q=0, en;q=0.1', 'en', 'what is not wanted is not given'],
  ['de;q=0', null, 'nothing but what is not wanted'],
  ['fr, es', null, 'none of ours'],
  ['*', 'en', 'anything'],
  ['fr, *;q=0.5', 'en', 'anything else'],
  ['de;q=0.3, *;q=0.5', 'en', 'anything else, more than the one named'],
  ['en;q=0, *', 'de', 'anything but English'],
  ['en;q=0, de;q=0, *', null, 'anything but all of ours'],
  ['de ; q=0.9 , en ; q=0.8', 'de', 'spaces'],
  ['en;q=0.4, de;Q=0.9', 'de', 'a capital Q'],
  ['en;q=0.4, de;level=1;q=0.9', 'de', 'an unknown parameter'],
  ['de;q=2, en;q=0.1', 'en', 'a weight above 1'],
  ['de;q=-1, en;q=0.1', 'en', 'a weight below 0'],
  ['de;q=1e0, en;q=0.1', 'en', 'a weight in another notation'],
  ['de;q=Infinity, en;q=0.1', 'en', 'a weight without end'],
  ['de;q=, en;q=0.1', 'en', 'an empty weight'],
  ['de;q=much, en;q=0.1', 'en', 'a weight in words'],
  ['constructor, __proto__, toString', null, 'names of every object'],
  [';;;,,,;q=1', null, 'only punctuation'],
  ['\0\u{1F600}<script>', null, 'no header at all'],
]

for (const [accepted, language, why] of HEADERS) {
  test(`${why}: ${JSON.stringify(accepted)} asks for ${language}`, () => {
    assert.equal(preferredLanguage(accepted), language)
  })
}

test('a header longer than any browser’s is not read', () => {
  assert.equal(preferredLanguage(`de${','.repeat(998)}`), 'de')
  assert.equal(preferredLanguage(`de${','.repeat(999)}`), null)
})

test('an app asks for languages in the order of its preference', () => {
  const requests: readonly [locales: unknown, language: string | null][] = [
    ['de', 'de'],
    ['fr-CA de-CH en', 'de'],
    ['en de', 'en'],
    ['  DE', 'de'],
    ['fr', null],
    ['', null],
    ['de;q=0', null],
    ['de,en', null],
    ['constructor', null],
    [undefined, null],
    [['de'], null],
    [`${' '.repeat(198)}de`, 'de'],
    [`${' '.repeat(199)}de`, null],
  ]
  for (const [locales, language] of requests) assert.equal(requestedLanguage(locales), language, String(locales))
})

test('a language tag selects an available language, or none', () => {
  for (const tag of ['de', 'de-AT', 'DE-de-1996']) assert.equal(languageOf(tag), 'de', tag)
  for (const tag of ['fr', '', '-', '*', 'deu', 'constructor', '__proto__', null, undefined])
    assert.equal(languageOf(tag), null, String(tag))
})
