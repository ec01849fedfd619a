import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal, type RefusalCode, REFUSALS } from '#foundation/kernel/refusal.ts'
import { everySentence, sentencesOf } from '#test/support/pages/catalogue-sentences.ts'
import { fieldErrorSentence, LANGUAGES, refusalSentence, texts } from './texts.ts'

const [english, german] = [texts('en'), texts('de')]
const codes = Object.keys(REFUSALS) as RefusalCode[]

test('there is English and German', () => {
  assert.deepEqual(LANGUAGES, ['en', 'de'])
  for (const language of LANGUAGES) assert.equal(texts(language).language, language)
})

test('a language without a catalogue gets English, whatever its tag', () => {
  for (const locale of ['en', 'en-GB', 'EN', 'xx', '', '-', 'constructor', '__proto__', null, undefined]) {
    assert.equal(texts(locale), english, String(locale))
  }
  for (const locale of ['de', 'de-AT', 'DE']) assert.equal(texts(locale), german, locale)
})

for (const say of [english, german]) {
  const { language } = say

  test(`${language}: every refusal has a sentence, with and without facts, that ends as one`, () => {
    for (const code of codes) {
      for (const facts of [{}, { retryAfter: 270 }]) {
        const sentence = refusalSentence(say, new Refusal(code, facts))
        assert.match(sentence, /^[A-ZÄÖÜ].*\.$/, code)
        assert.doesNotMatch(sentence, /(?<!\bAPI[ -])\btoken\b/i, code)
      }
    }
  })

  test(`${language}: every field error has a sentence that ends as one, an unknown one too`, () => {
    const facts = {
      minimum: 8,
      maximum: 64,
      wanted: 'string',
      comparison: '>=',
      limit: 1,
      choices: 'a, b',
      format: 'uri',
    }
    for (const code of Object.keys(say.fieldErrors)) {
      const sentence = fieldErrorSentence(say, { pointer: '', code, facts })
      assert.match(sentence, /^[A-ZÄÖÜ].*\.$/, code)
      assert.notEqual(sentence, say.words.unknownFieldError)
    }
    for (const code of ['brand.new', 'toString', '__proto__'])
      assert.equal(fieldErrorSentence(say, { pointer: '', code }), say.words.unknownFieldError)
  })
}

// What ordinary people should not have to read, and what blames them.
const UNWELCOME: Readonly<Record<string, RegExp>> = {
  en: /\b(invalid|illegal|denied|oops|errors?|MFA|2FA|OTP|two-factor|log ?in|log ?out|log ?on|logged (in|out))\b/i,
  de: /(ungültig|illegal|verweiger|hoppla|\bups\b|fehler|fehlgeschlagen|\bMFA\b|\b2FA\b|\bOTP\b|zwei-faktor|loggen|\blog-?in\b|\blog-?out\b|geloggt)/i,
}
/** What a screen reader should hear first when a form comes back, and every one knows it by this word. */
const WELCOME = ['words.errorTitle']

for (const say of [english, german]) {
  const sentences = everySentence(say)

  test(`${say.language}: no sentence holds a word that people should not have to read`, () => {
    const unwelcome = UNWELCOME[say.language] ?? /$/
    assertNone(sentences, ({ path, said }) => unwelcome.test(said) && !WELCOME.includes(path))
  })

  test(`${say.language}: no sentence cries, and none shows what only programs know`, () => {
    assertNone(sentences, ({ said }) => /!|\bundefined\b|\bnull\b|\bNaN\b|\[object|=>/.test(said))
  })

  test(`${say.language}: apostrophes, quotation marks, dots and spaces are those of a printed page`, () => {
    const foreign = say.language === 'de' ? /”/ : /„/
    assertNone(sentences, ({ said }) => /['"`]|\.\.\.|^\s|\s$| {2}| [.,;:?]/.test(said) || foreign.test(said))
  })
}

test('German speaks to people as Sie', () => {
  assertNone(everySentence(german), ({ said }) => /\b(du|dir|dich|dein\w*|euch|euer|eure\w*)\b/i.test(said))
})

test('a sentence needs the same facts in every language', () => {
  const arities = (say: typeof english) => sentencesOf(say).map(({ path, arity }) => `${path} takes ${arity}`)
  assert.deepEqual(arities(german).toSorted(), arities(english).toSorted())
})

test('no sentence was left in English', () => {
  const inEnglish = new Map(everySentence(english).map(({ path, said }) => [path, said]))
  const same = everySentence(german).filter(({ path, said }) => inEnglish.get(path) === said)
  assert.deepEqual(
    same.filter(({ said }) => !SAME_IN_BOTH.has(said)),
    [],
  )
})

/** Words that German shares; commands are the same for everybody, and so is a button that a mail does not have. */
const SAME_IN_BOTH = new Set([
  '',
  'Ada – Ada',
  'App',
  'Apps',
  'Agent',
  'Host',
  'Ada?',
  'Ada: Ada (Ada)',
  'nginx',
  'Caddy',
  'Preflights',
  'Ada (optional)',
  'Name (optional)',
  'Optional',
  'Passkey',
  'Passkeys',
  'Name',
  'Code',
  'System',
  'Status',
  'Browser',
  'Version',
  'Admin',
  'Admins',
  'Filter',
  'Person',
  'API',
  'JWT',
  'Scopes',
  'Tokens',
  'URI',
])

test('a wait is said in words, and an unknown one as later', () => {
  assert.equal(english.refusals['throttle.blocked']({}), 'Too many attempts. Try again later.')
  assert.equal(
    english.refusals['throttle.blocked']({ retryAfter: 270 }),
    'Too many attempts. Try again in 4 minutes, 30 seconds.',
  )
  assert.equal(german.refusals['throttle.blocked']({}), 'Zu viele Versuche. Versuchen Sie es später noch einmal.')
  assert.equal(
    german.refusals['throttle.blocked']({ retryAfter: 60 }),
    'Zu viele Versuche. Versuchen Sie es in 1 Minute noch einmal.',
  )
})

test('the wrong username and the wrong password get the same words', () => {
  assert.match(english.refusals['sign_in.incorrect']({}), /username and password/)
  assert.match(german.refusals['sign_in.incorrect']({}), /Benutzername und Passwort/)
})

type Said = ReturnType<typeof everySentence>[number]

function assertNone(sentences: readonly Said[], isWrong: (sentence: Said) => boolean): void {
  assert.ok(sentences.length > 150, `only ${sentences.length} sentences were found`)
  assert.deepEqual(
    sentences.filter(isWrong).map(({ path, said }) => `${path}: ${said}`),
    [],
  )
}
