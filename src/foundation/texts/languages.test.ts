// What a language may get wrong although it compiles; docs/translating.md says what to do about each.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { missingFacts, pluralFaults } from '#test/support/pages/language-faults.ts'
import { LANGUAGES, texts } from './texts.ts'

const english = texts('en')

/** Facts that a language has a reason to leave out: only a JSON body can have a value of another type, and its answer is in English. */
const LEFT_OUT = new Set(['de fieldErrors.field.type: 0.wanted'])

for (const language of LANGUAGES) {
  test(`${language}: every fact that English says is said`, () => {
    assert.deepEqual(
      missingFacts(texts(language), english).filter((fault) => !LEFT_OUT.has(`${language} ${fault}`)),
      [],
    )
  })

  test(`${language}: sentences with a number follow the plural rules of the language`, () => {
    assert.deepEqual(pluralFaults(texts(language), english), [])
  })
}

test('a fact that is left out is found, in a sentence, in a field of a fact and in braces', () => {
  const said = {
    language: 'en',
    greeting: (name: string, count: number) => `Hello ${name}, ${count}`,
    finding: ({ url, bytes }: { url: string; bytes: number }) => `At ${url}: ${bytes.toFixed(1)}`,
    mails: { test: { paragraphs: ['From {instance}', 'To {name}'] } },
  }
  const translated = {
    language: 'pl',
    greeting: (name: string, _count: number) => `Witaj, ${name}`,
    finding: ({ url }: { url: string; bytes: number }) => url,
    mails: { test: { paragraphs: ['Od {instance}', 'Do'] } },
  }
  assert.deepEqual(missingFacts(translated, said), ['greeting: 1', 'finding: 0.bytes', 'mails.test: {name}'])
  assert.deepEqual(missingFacts(said, said), [])
})

test('a plural form that is missing, or chosen by another rule, is found', () => {
  const said = { language: 'en', users: (count: number) => `${count} ${count === 1 ? 'user' : 'users'}` }
  const two = { language: 'pl', users: (count: number) => `${count} ${count === 1 ? 'użytkownik' : 'użytkownicy'}` }
  const rules = new Intl.PluralRules('pl')
  const forms: Record<string, string> = { one: 'plik', few: 'pliki', many: 'plików' }
  const right = { language: 'pl', users: (count: number) => `${count} ${forms[rules.select(Number(count))]}` }
  assert.deepEqual(pluralFaults(two, said), [
    'users: the form few has the words of another one',
    'users: the form many has the words of another one',
  ])
  assert.deepEqual(pluralFaults(right, said), [])
  const odd = { language: 'de', users: (count: number) => `${count} ${count < 3 ? 'Datei' : 'Dateien'}` }
  assert.deepEqual(pluralFaults(odd, said), ['users: two numbers of the form other have different words'])
})
