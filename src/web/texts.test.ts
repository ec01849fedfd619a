import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Refusal } from '../kernel/refusal.ts'
import type { RefusalCode } from '../kernel/refusal.ts'
import { REFUSALS } from '../kernel/refusals.ts'
import { FAULT_SENTENCES } from './texts/english/faults.ts'
import { faultSentence, refusalSentence, texts } from './texts.ts'

const say = texts('en')
const codes = Object.keys(REFUSALS) as RefusalCode[]

// What ordinary people should not have to read, and what blames them.
const UNWELCOME = /\b(invalid|illegal|denied|oops|error|MFA|2FA|OTP|log ?in|log ?out|token|undefined|null|NaN)\b/i

test('every refusal has a sentence, with and without facts, that ends as one', () => {
  for (const code of codes) {
    for (const facts of [{}, { retryAfter: 270 }]) {
      const sentence = refusalSentence(say, new Refusal(code, facts))
      assert.match(sentence, /^[A-Z].*\.$/, code)
      assert.doesNotMatch(sentence, UNWELCOME, code)
      assert.doesNotMatch(sentence, /!/, code)
    }
  }
})

test('every fault has a sentence, and one that nobody foresaw still gets one', () => {
  for (const code of Object.keys(FAULT_SENTENCES))
    assert.notEqual(faultSentence(say, { pointer: '', code }), say.words.unknownFault)
  for (const code of ['brand.new', 'toString', '__proto__']) {
    assert.equal(faultSentence(say, { pointer: '', code }), say.words.unknownFault)
  }
})

const waits: readonly [seconds: number | undefined, said: string][] = [
  [undefined, 'You can try again later.'],
  [0, 'You can try again in 1 second.'],
  [1, 'You can try again in 1 second.'],
  [30, 'You can try again in 30 seconds.'],
  [60, 'You can try again in 1 minute.'],
  [270, 'You can try again in 4 minutes, 30 seconds.'],
  [3600, 'You can try again in 1 hour.'],
]
for (const [seconds, said] of waits) {
  test(`a wait of ${seconds ?? 'unknown'} seconds is said in words`, () => {
    const facts = seconds === undefined ? {} : { retryAfter: seconds }
    assert.equal(say.refusals['throttle.wait'](facts), `Too many tries. ${said}`)
  })
}

test('the wrong username and the wrong password get the same words', () => {
  assert.match(say.refusals['sign_in.incorrect']({}), /username and password/)
})

test('a language without a catalogue gets English, whatever its tag', () => {
  for (const locale of ['en', 'en-GB', 'EN', 'xx', '', '-', 'constructor', '__proto__', null, undefined]) {
    assert.equal(texts(locale), say, String(locale))
  }
})
