import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newOutput, type OutputWishes, printable, showsColours } from './output.ts'

const TERMINAL = { isTTY: true, write: () => true }

const COLOURS: readonly [claim: string, env: Record<string, string>, isTTY: boolean, shown: boolean][] = [
  ['are for terminals', { TERM: 'xterm' }, true, true],
  ['are not for pipes', { TERM: 'xterm' }, false, false],
  ['are off with NO_COLOR', { NO_COLOR: '1' }, true, false],
  ['stay with an empty NO_COLOR', { NO_COLOR: '' }, true, true],
  ['are off on a dumb terminal', { TERM: 'dumb' }, true, false],
  ['are off in CI', { CI: 'true' }, true, false],
]

for (const [claim, env, isTTY, shown] of COLOURS) {
  test(`colours ${claim}`, () => assert.equal(showsColours({ ...TERMINAL, isTTY }, env), shown))
}

function recorded(wishes: OutputWishes) {
  const said = { stdout: '', stderr: '' }
  const stdout = { write: (text: string) => (said.stdout += text) }
  const stderr = { write: (text: string) => (said.stderr += text) }
  return { out: newOutput(wishes, { stdout, stderr }), said }
}

const PROBLEM = { type: 'about:blank', title: 'Not found', code: 'user.not_found', detail: 'No user "a\u001B[31mda".' }

test('messages go to standard error and data to standard output', () => {
  const { out, said } = recorded({})
  out.say('words')
  out.line('data')
  assert.deepEqual(said, { stdout: 'data\n', stderr: 'words\n' })
})

test('with --quiet only warnings and failures are printed', () => {
  const { out, said } = recorded({ quiet: true })
  out.say('words')
  out.done('more words')
  out.warn('warning')
  assert.equal(said.stderr, 'warning\n')
})

test('with --json a failure is one JSON document on standard error', () => {
  const { out, said } = recorded({ json: true })
  out.say('words')
  out.fail(PROBLEM)
  assert.equal(said.stdout, '')
  assert.deepEqual(JSON.parse(said.stderr), PROBLEM)
})

test('a username cannot send control sequences to the terminal', () => {
  const { out, said } = recorded({})
  out.fail(PROBLEM)
  assert.equal(said.stderr, 'Error: No user "a�[31mda".\n')
  assert.equal(printable('a\u001B]0;owned\u0007\u202Eb\nc'), 'a�]0;owned��b�c')
})

test('a control character in JSON is escaped', () => {
  const { out, said } = recorded({ json: true })
  out.json({ name: 'a\u009Bb' })
  assert.equal(said.stdout, '{"name":"a\\u009bb"}\n')
})
