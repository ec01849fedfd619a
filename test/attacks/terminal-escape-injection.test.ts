// Threat (terminal escape injection): a client sends control sequences in its user agent, and the operator prints the log in a
// terminal, in each of its formats.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { firstAdmin, postForm } from '../support/people/people.ts'
import { command } from '../support/server/command-line.ts'
import { start } from '../support/server/start.ts'

/** CSI and OSC as single C1 control characters, which JSON does not escape. */
const HOSTILE = 'curl/8 \u009B2J\u009D0;owned\u0085'

const CONTROLS = /(?![\n\r\t])\p{Cc}/u

test('a user agent cannot send control sequences to the terminal in which the log is read', async (t) => {
  const server = await start(t)
  await firstAdmin(server)
  await postForm(server, '/token', { username: 'root', password: 'wrong' }, { 'user-agent': HOSTILE })
  const reads = [['export'], ['export', '--format', 'csv'], ['list', '--json'], ['list'], ['list', '--plain']]
  for (const read of reads) {
    const { code, stdout } = await command(t, ['audit', ...read], server)
    assert.equal(code, 0, read.join(' '))
    assert.match(stdout, /sign_in\.refused|Sign-in failed/, read.join(' '))
    assert.doesNotMatch(stdout, CONTROLS, read.join(' '))
    if (read[0] === 'export' || read.includes('--json')) assert.match(stdout, /owned/, read.join(' '))
  }
})
