import assert from 'node:assert/strict'
import { test } from 'node:test'

import { mixesScripts } from './mixed-scripts.ts'

/** Written with escapes where a letter looks like one of another script. */
const ALLOWED: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'letters of ASCII': 'root',
  'Latin letters with marks, composed or not': 'J\u00fcrgen Mu\u0308ller',
  'Latin with digits, punctuation and a picture': 'ada-7_x.y 😀',
  'an apostrophe of either kind': 'o’neil o\u02bcneil',
  'digits only': '2027',
  'Cyrillic alone': 'иван.петров-7',
  'Cyrillic with a combining accent': 'и\u0301ван',
  'Greek alone': 'Ελένη_2',
  'Han alone': '李雷',
  'Japanese: Han, Hiragana, Katakana and its long vowel mark': '山田たろうサーバー',
  'Japanese with Latin': '山田taro',
  'Chinese: Han and Bopomofo, with Latin': '李ㄅㄆ lei',
  'Korean: Han and Hangul, with Latin': '金김kim',
  'Arabic alone, with its digits': 'آدا٧',
  'Arabic with Latin': 'آدا ada',
  'Hebrew with Latin': 'עדה ada',
  'Devanagari with Latin': 'एडा ada',
  'Thai with Latin': 'เอดา ada',
  'a script of limited use alone': 'ᎠᏓ',
  'a historic script alone, with punctuation': '\u{10330}\u{10331}-2',
  'Syriac with a vowel sign that Arabic has too': 'ܐ\u064bܒ',
}

const REFUSED: Readonly<Record<string, string>> = {
  'Latin with one Cyrillic letter': 'r\u043eot',
  'Latin with one Greek letter': 'r\u03bfot',
  'Cyrillic with one Latin letter': 'ив\u0061н',
  'Greek with one Cyrillic letter': 'Ελ\u0435νη',
  'a word in Latin and a word in Cyrillic': 'ivan \u0438\u0432\u0430\u043d',
  'Cyrillic with a styled Latin letter': '\u{1D41A}дмин',
  'Latin with a Greek letter that has a sign of its own': '\u00b5torrent',
  'Latin with Cherokee': 'r\u13a0t',
  'Latin with a historic script': 'r\u{10330}t',
  'Cyrillic with Han': 'иван李',
  'Hiragana with Hangul': 'た김',
  'Bopomofo with Katakana': 'ㄅサ',
  'Arabic with Hebrew': 'آע',
  'Latin with Thai and Lao': 'a เ ເ',
  'Cherokee with Lisu': 'Ꭰꓐ',
}

for (const [what, name] of Object.entries(ALLOWED)) {
  test(`a name may be ${what}`, () => assert.equal(mixesScripts(name), false))
}

for (const [what, name] of Object.entries(REFUSED)) {
  test(`a name may not be ${what}`, () => assert.equal(mixesScripts(name), true))
}

test('an allowed name is allowed with Common and Inherited characters between its letters', () => {
  for (const name of Object.values(ALLOWED)) {
    assert.equal(mixesScripts(name.replaceAll(/./gsu, (letter) => `${letter}\u0338-7€`)), false, name)
  }
})
