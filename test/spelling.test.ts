// One spelling of English for people, that of Oxford: -ize with colour and behaviour; and one word for an email.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { catalogueSentences, lines, type Passage, textsInSources } from './support/sources/prose.ts'

const PAGES = ['*.md', 'docs/*.md', 'docs/contributing/*.md', 'bench/*.md', 'examples/*/README.md', 'presets/*.md']

/** Stems whose verbs end in -ize; others, such as advise and exercise, never do. */
const STEMS =
  'apolog|author|canonical|capital|categor|central|character|critic|custom|emphas|familiar|final|formal|general|harmon|ideal|initial|' +
  'item|legal|local|material|maxim|memor|minim|mobil|modern|neutral|normal|optim|organ|parallel|penal|personal|popular|priorit|' +
  'pseudonym|random|real|recogn|sanit|serial|special|stabil|standard|summar|symbol|synchron|token|trivial|util|virtual|visual'
const WITH_S = new RegExp(String.raw`\b\w*(?:${STEMS})is(?:e|es|ed|er|ers|ing|ation|ations|able)\b`, 'i')

/** American words, and those of -yze. */
const AMERICAN =
  /(?<![-\w.@#/])(?:colored|colors?(?!:)|colorful|behaviors?|favorites?|favors?|honors?|neighbors?|labors?|centers?|centered|fibers?|catalogs?|canceled|canceling|cancelation|labeled|labeling|modeled|modeling|signaled|traveled|gray|defense|offense|analyze[ds]?|paralyze[ds]?|enroll(?:ment|ments|s)?|fulfill(?:s|ment)?)(?![-\w])/i

const isForeign = ({ text }: Passage): boolean => WITH_S.test(text) || AMERICAN.test(text)

function assertNone(passages: readonly Passage[], least: number, isWrong: (passage: Passage) => boolean): void {
  assert.ok(passages.length > least, `only ${passages.length} passages were read`)
  assert.deepEqual(
    passages.filter(isWrong).map(({ position, text }) => `${position}: ${text.trim().slice(0, 300)}`),
    [],
  )
}

test('pages, mails and refusals are spelled with -ize, colour and behaviour', () => {
  assertNone(catalogueSentences(), 1000, isForeign)
})

test('the command line, the API and the log are spelled so too', () => {
  assertNone(textsInSources(), 1000, isForeign)
})

test('the pages of the repository are spelled so too', () => {
  assertNone(lines(...PAGES), 3000, isForeign)
})

/** What is sent to a person is an email; a server, a program and a setting keep the word. */
const MAIL = /(?<![-\w.“])mail(?:s|ed|ing)?\b(?! (?:server|program|provider)s?\b)(?![_-])|\be-mail/i

test('what a person gets is called an email on pages and in emails', () => {
  const others = catalogueSentences().filter(({ position }) => !position.startsWith('joining.columns.'))
  assertNone(others, 1000, ({ text }) => MAIL.test(text.replaceAll(/\S*docs\/mail\.md/g, '')))
})

test('the words are found where they stand', () => {
  for (const text of ['an Organisation', 'not recognised', 'its color', 'the behavior', 'was canceled', 'authorise'])
    assert.ok(isForeign({ position: '', text }), text)
  for (const text of ['organization', 'colour', 'advise', 'otherwise', 'exercise', 'coloured', 'NO_COLOR', '--color'])
    assert.ok(!isForeign({ position: '', text }), text)
  for (const text of ['two mails', 'it was mailed', 'Mail is off', 'an e-mail']) assert.match(text, MAIL)
  for (const text of ['an email', 'the mail server', 'mail programs', 'mail_host']) assert.doesNotMatch(text, MAIL)
})
