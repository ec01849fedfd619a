// Runs the script for bash in a real bash. test/foreign/completion.test.ts runs those for zsh and fish.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

import { newProgram } from '../../program.ts'
import { bashCompletion } from './bash.ts'
import { completionTable } from './table.ts'

const TABLE = completionTable(newProgram())

/** The completions that bash offers for the last word of each line. */
function offered(lines: readonly (readonly string[])[]): string[][] {
  const asks = lines.map((words) => {
    const quoted = ['doorward', ...words].map((word) => `'${word}'`).join(' ')
    return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _doorward; echo "\${COMPREPLY[@]}"`
  })
  const input = [bashCompletion(TABLE), ...asks].join('\n')
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc'], {
    input,
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  assert.deepEqual([status, stderr], [0, ''])
  return stdout
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''))
}

test('after each command bash offers its subcommands, and behind a dash its flags', () => {
  const { commands, everywhere } = TABLE
  assert.ok(commands.length > 40)
  const words = offered(commands.map(({ path }) => [...path.split(' ').filter(Boolean), '']))
  const flags = offered(commands.map(({ path }) => [...path.split(' ').filter(Boolean), '--']))
  for (const [index, command] of commands.entries()) {
    assert.deepEqual(
      words[index],
      command.words.map(({ word }) => word),
      command.path,
    )
    assert.deepEqual(
      flags[index],
      [...everywhere, ...command.flags].map(({ word }) => word),
      command.path,
    )
  }
})

test('bash completes a partial word, skips flags and their values, and offers the values of a flag', () => {
  const claims: readonly (readonly [line: string, offers: string])[] = [
    ['us', 'user'],
    ['user reset', 'reset-second-factor'],
    ['--port 9000 user li', 'list lift-review'],
    ['--port = 9000 user lis', 'list'],
    ['--json user --quiet lis', 'list'],
    ['--data-dir user user lis', 'list'],
    ['user list --stat', '--status'],
    ['user list --status a', 'active'],
    ['user list --status =', 'active invited disabled no-factor'],
    ['user list --role admin --status no', 'no-factor'],
    ['user list --role a', 'admin'],
    ['user update ada --role ', 'admin user'],
    ['user create ada --role help-desk --emai', '--email'],
    ['user list --search ', ''],
    ['user show li', ''],
    ['completion ', 'bash zsh fish'],
    ['--config completion.te', 'completion.test.ts'],
    ['user set-password ada --password-file completion.te', 'completion.test.ts'],
    ['nonsense ', offeredAtFirst()],
  ]
  const answers = offered(claims.map(([line]) => line.split(' ')))
  for (const [index, [line, offers]] of claims.entries()) assert.equal(answers[index]?.join(' '), offers, line)
})

function offeredAtFirst(): string {
  return TABLE.commands[0]?.words.map(({ word }) => word).join(' ') ?? ''
}
