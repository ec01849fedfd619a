// Numbers in texts come from the constants by which the code decides (`kernel/stated-limits.ts`), so that no sentence says another one.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { test } from 'node:test'

import { ROOT } from './support/documentation/markdown.ts'

const MANY = '(?:[2-9]|\\d[\\d.,]*\\d)|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand'
const VIELE = 'zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend'
const UNITS = [
  'seconds?|minutes?|hours?|days?|weeks?|months?|years?|characters?|digits?|lines?|codes?|emails?|mails?|names?|users?|attributes?|times',
  'choices|lowercase letters|unknown names|new codes',
  'Sekunden?|Minuten?|Stunden?|Tagen?|Tage|Wochen?|Monaten?|Monate|Jahren?|Jahre|Zeichen|Ziffern|Zeilen|neue Codes|E-Mails|Benutzer|Attribute',
  'mal|Links|Möglichkeiten|Kleinbuchstaben|unbekannten Namen|stelliger?',
].join('|')
const SPANS = 'minute|hour|day|week|month|year|Minute|Stunde|Tag|Woche|Monat|Jahr'

/** Digits or a number word before a unit, such as `30 days`, `6-digit` or `dreimal`, and a single span of time, such as `an hour`. */
const STATED = new RegExp(
  `(?<![\\p{L}\\d.:$-])(?:(?:${MANY}|${VIELE})[ -]?(?:${UNITS})|(?:1|one|an?|eine?[rmn]?) (?:${SPANS}))(?!\\p{L})`,
  'giu',
)

/** What stays in a sentence, by file, with the reason. */
const KEPT: readonly (readonly [file: RegExp, stated: readonly string[], reason: string])[] = [
  [/\/stated\.ts$/, ['a week', 'a day', 'eine Woche', 'einer Woche', 'einen Tag'], 'the words for such a span'],
  [/\/overview\.ts$/, ['a week', 'einer Woche'], 'the figure is the difference of two weeks'],
  [
    /\/audit-findings\.ts$/,
    ['an hour', '1 hour', '1 Stunde', 'einer Stunde'],
    'the word for that value of the argument',
  ],
  [/\/words\.ts$/, ['8-digit', 'achtstelliger'], 'the word for that value of the argument'],
  [/\/(?:factors|policy-mails)\.ts$/, ['a minute', 'eine Minute'], 'an estimate of how long a set-up takes'],
  [/\/(?:recovery|registration)\.ts$/, ['an hour'], 'MAILS_AN_HOUR has it in its name'],
  [/\/(?:field-errors|flag-values)\.ts$/, ['a day'], 'a day of the calendar'],
  [/\/list\.ts$/, ['2-digit'], 'an option of Intl'],
]

const TEXTS = globSync('src/{foundation/texts/{english,german}/*,entry/cli/**/*,**/*.pages}.ts', { cwd: ROOT })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => !path.endsWith('.test.ts'))

function statedIn(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8').replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*$/gm, '')
  return [...text.matchAll(STATED)].map(([found]) => found)
}

test('no text has a number with its unit, but for those that no rule decides', () => {
  const found = TEXTS.flatMap((path) => statedIn(path).map((stated) => ({ path, stated })))
  const isKept = ({ path, stated }: (typeof found)[number]) =>
    KEPT.some(([file, words]) => file.test(path) && words.includes(stated))
  assert.deepEqual(
    found.filter((one) => !isKept(one)).map(({ path, stated }) => `${path}: ${stated}`),
    [],
  )
  const unused = KEPT.flatMap(([file, words]) =>
    words.filter((word) => !found.some(({ path, stated }) => file.test(path) && stated === word)),
  )
  assert.deepEqual(unused, [])
})
