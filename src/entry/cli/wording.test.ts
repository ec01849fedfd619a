import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

import { REFUSALS } from '#foundation/kernel/refusal.ts'
import { SETTING_NAMES, settingOf } from '#foundation/platform/config/settings.ts'
import { newProgram } from './program.ts'
import { cliPage } from './reference-page.ts'
import { writtenOut } from './terminal/contractions.ts'

const REFUSED =
  /\b(mend|anew|meanwhile|somebody|whoever|nobody is|taken in|make a new|take away|runs out|ran out|put back|not at hand|whose)\b/i
/** Unlike the possessive of a name. Labels of pages are quoted as they are. */
const NOT_WRITTEN_OUT = /n[’']t\b|\w[’'](re|ve|ll)\b|\b(it|that|there|what)[’']s\b/i
const CONTRACTION = /\w[’'](t|re|s|ll|ve|d)\b/

/** Commands that borrow names only, such as that of a browser. */
const WITHOUT_SENTENCES: readonly string[] = ['commands/session.ts', 'commands/device.ts']

/** The texts in quotes of the command line's sources, without comments. */
function textsIn(file: string): string[] {
  const code = readFileSync(file, 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
  return code.match(/'[^'\n]*'|`[^`]*`/g) ?? []
}

test('no text of the command line, of a refusal or of a setting has a word that is refused', () => {
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((file) => !file.endsWith('.test.ts'))
  assert.ok(sources.length > 30)
  const texts = [
    cliPage(),
    ...sources.flatMap((file) => textsIn(`${import.meta.dirname}/${file}`)),
    ...Object.values(REFUSALS).flatMap(({ title, detail }) => [title, detail]),
    ...SETTING_NAMES.map((name) => settingOf(name).sentence),
  ]
  assert.deepEqual(
    texts.filter((text) => REFUSED.test(text)),
    [],
  )
})

test('the command line has no contraction, also where it borrows a sentence of the pages', () => {
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !/\.test\.ts$|contractions\.ts$/.test(file),
  )
  const texts = [cliPage(), ...sources.flatMap((file) => textsIn(`${import.meta.dirname}/${file}`))]
  assert.deepEqual(
    texts.filter((text) => NOT_WRITTEN_OUT.test(text.replaceAll(/“[^”]*”/g, ''))),
    [],
  )
  assert.equal(
    writtenOut('You can’t sign in, it won’t help, and they’re those that don’t have what you’ve lost. That’s ada’s.'),
    'You cannot sign in, it will not help, and they are those that do not have what you have lost. That is ada’s.',
  )
  const unwritten = sources.filter((file) => {
    const code = readFileSync(`${import.meta.dirname}/${file}`, 'utf8')
    return /texts\('en'\)/.test(code) && !code.includes('writtenOut(') && !WITHOUT_SENTENCES.includes(file)
  })
  assert.deepEqual(unwritten, [], 'a command prints a sentence of the catalogue as the pages have it')
})

test('a refusal of the API has no contraction, a title without a full stop and sentences with one', () => {
  const tutorial = ['Incorrect username or password', 'Not authenticated', 'Could not validate credentials']
  const ofTutorial = new Set([...tutorial, 'User has insufficient permissions'])
  for (const [code, { title, detail }] of Object.entries(REFUSALS)) {
    assert.doesNotMatch(`${title} ${detail}`, CONTRACTION, code)
    assert.doesNotMatch(title, /\.$/, code)
    if (!ofTutorial.has(detail)) assert.match(detail, /^[A-Z].*\.$/, code)
    assert.doesNotMatch(detail, /;/, code)
  }
})

test('a setting begins with a capital, and its sentences are joined by no semicolon', () => {
  for (const name of SETTING_NAMES) {
    const { sentence } = settingOf(name)
    assert.match(sentence, /^[A-Z][^;]*\.$/, name)
    assert.doesNotMatch(sentence, /^(The|A|An|Whether) |that is/, name)
  }
})

test('help begins in lower case and has no full stop after one phrase', () => {
  for (const command of newProgram().descendants) {
    assert.match(command.description(), /^[a-z]/, command.path)
    assert.doesNotMatch(command.description(), /\.$/, command.path)
    for (const { long, description } of command.options)
      assert.doesNotMatch(description, /\.$/, `${command.path} ${long}`)
  }
})
