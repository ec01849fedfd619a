// The commands of the README and of the first session in zsh, the shell of every Mac.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'

import { FIRST_SESSION, firstSession } from '../support/documentation/app-guides.ts'
import { openTerminal, runShell, setUp, startShown } from '../support/documentation/fresh-clone.ts'
import { Blocks, readPage } from '../support/documentation/markdown.ts'
import { PASSWORD } from '../support/people/people.ts'
import { requireProgram } from './programs.ts'

test('the commands of the README and of the first session do in zsh what the pages say', async (t) => {
  const zsh = requireProgram('zsh')
  const terminal = await openTerminal(t)
  const started = await startShown(t, 'npm start', { ...terminal, shell: [zsh, '-f', '-c'] })
  await setUp(started, 'ada', PASSWORD)
  const [steps, readme] = [new Blocks('docs/api.md'), new Blocks('README.md')]
  const session = [readme.next(), ...Array.from({ length: FIRST_SESSION }, () => steps.next())]
  await firstSession(started.url, session, (lines, answers) =>
    runShell(lines, { ...terminal, shell: [zsh, '-f', '-euc'] }, answers),
  )
})

// An interactive shell that reads its standard input takes the words as they are pasted: there `#` begins no comment.
test('zsh passes to npm exactly the words of the README that are for npm', async (t) => {
  const lines = readPage('README.md').fences.flatMap(({ kind, code }) => (kind === 'sh' ? code.split('\n') : []))
  const wanted = lines.filter((line) => line.startsWith('npm '))
  assert.deepEqual(wanted, ['npm start', 'npm test'])
  const shell = spawn(requireProgram('zsh'), ['-f', '-i', '-s'], { stdio: ['pipe', 'pipe', 'ignore'] })
  t.after(() => shell.kill())
  shell.stdin.end(`npm() { print -r -- npm "$@" }\n${wanted.join('\n')}\necho a # b\n`)
  const printed = shell.stdout.setEncoding('utf8').toArray()
  await once(shell, 'close')
  assert.deepEqual((await printed).join('').split('\n'), [...wanted, 'a # b', ''])
})
