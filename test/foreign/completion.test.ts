// The completion of the command line in shells that npm cannot install.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { fishCompletion } from '#entry/cli/commands/completion/fish.ts'
import { completionTable } from '#entry/cli/commands/completion/table.ts'
import { zshCompletion } from '#entry/cli/commands/completion/zsh.ts'
import { newProgram } from '#entry/cli/program.ts'
import { temporaryFolder } from '../support/databases/temporary.ts'
import { requireProgram } from './programs.ts'

const TABLE = completionTable(newProgram())
/** A guard against hanging only. */
const ENDS_WITHIN = 120_000

test('after each command fish offers the commands below it, its flags, and the values of a flag', async (t) => {
  const folder = await temporaryFolder(t)
  const script = join(folder, 'doorward.fish')
  writeFileSync(script, fishCompletion(TABLE))
  const offered = (lines: readonly string[]): string[][] => {
    const asks = lines.map((line) => `complete -C ${JSON.stringify(`doorward ${line}`)}; echo ---`)
    const { status, stdout, stderr } = spawnSync(
      requireProgram('fish'),
      ['--no-config', '--command', [`source ${script}`, ...asks].join('\n')],
      { encoding: 'utf8', env: { HOME: folder, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' }, timeout: ENDS_WITHIN },
    )
    assert.deepEqual([status, stderr], [0, ''])
    const answers = stdout.split('---\n').slice(0, lines.length)
    return answers.map((answer) =>
      answer
        .split('\n')
        .flatMap((line) => line.split('\t')[0] || [])
        .toSorted(),
    )
  }
  const { commands, everywhere } = TABLE
  const words = offered(commands.map(({ path }) => `${path} `.trimStart()))
  const flags = offered(commands.map(({ path }) => `${path} --`.trimStart()))
  for (const [index, command] of commands.entries()) {
    assert.deepEqual(words[index], command.words.map(({ word }) => word).toSorted(), command.path)
    assert.deepEqual(flags[index], [...everywhere, ...command.flags].map(({ word }) => word).toSorted(), command.path)
  }
  const values = offered(['--port 9000 user list --status ', 'user list --search '])
  assert.deepEqual(values, [['active', 'disabled', 'invited', 'no-factor'], []])
})

test('zsh completes a command, a flag and its value as they are typed', async (t) => {
  const folder = await temporaryFolder(t)
  const script = join(folder, 'completion.zsh')
  writeFileSync(script, zshCompletion(TABLE))
  const claims: readonly (readonly [typed: string, completed: string])[] = [
    ['us\tlis\t', 'user list'],
    ['--port 9000 user reset\t', '--port 9000 user reset-second-factor'],
    ['user list --stat\tno\t', 'user list --status no-factor'],
    ['comple\tba\t', 'completion bash'],
    ['policy create --sec\tphish\t', 'policy create --second-step phishing-resistant'],
  ]
  // The shell runs inside another one, with a pseudo-terminal: that one types the line, and the function reports the result.
  const driver = [
    'zmodload zsh/zpty',
    `zpty terminal ${requireProgram('zsh')} -f -i`,
    ...[
      'unsetopt prompt_cr prompt_sp',
      'PS1=',
      'doorward() { print -r -- "<""$*"">"; }',
      `autoload -Uz compinit && compinit -D -u && source ${script}`,
      'print -r -- "<""ready>"',
    ].map((line) => `zpty -w terminal ${quoted(line)}`),
    "zpty -r terminal line '*<ready>*'",
    ...claims.flatMap(([typed]) => [
      `zpty -w terminal ${quoted(`doorward ${typed}`)}`,
      "zpty -r terminal line '*<[^>]#>*'",
      'print -r -- "$line"',
    ]),
    'zpty -d terminal',
  ]
  const { status, stdout } = spawnSync(requireProgram('zsh'), ['-f', '-o', 'extendedglob', '-c', driver.join('\n')], {
    encoding: 'utf8',
    env: { HOME: folder, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' },
    timeout: ENDS_WITHIN,
  })
  assert.equal(status, 0)
  assert.deepEqual(
    Array.from(stdout.matchAll(/<([^>]*)>/g), ([, line = '']) => line.trim()),
    claims.map(([, completed]) => completed),
  )
})

function quoted(text: string): string {
  return `$'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\t', String.raw`\t`)}'`
}
