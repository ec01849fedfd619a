import assert from 'node:assert/strict'
import { test } from 'node:test'

import { loadConfig } from '#foundation/platform/config/config.ts'
import { newProgram } from '../program.ts'
import type { CliCommand } from './cli-command.ts'
import { CliFailure } from './failure.ts'
import { withoutFlagValues } from './flag-values.ts'
import { configFlagsOf } from './invocation.ts'

const WRITTEN: readonly [words: string[], docs: boolean][] = [
  [['serve'], true],
  [['serve', '--docs'], true],
  [['serve', '--docs=true'], true],
  [['serve', '--no-docs'], false],
  [['serve', '--docs=false'], false],
  [['--docs=FALSE', 'serve'], false],
]

for (const [words, docs] of WRITTEN) {
  test(`${words.join(' ')} ${docs ? 'serves' : 'does not serve'} the docs page`, async () => {
    const program = newProgram()
    let read: boolean | undefined
    const serve = program.commands.find((command) => command.name() === 'serve')
    serve?.action((_flags: object, command: CliCommand) => {
      read = loadConfig({ flags: configFlagsOf(command), env: {}, readFile: () => undefined }).config.docs
    })
    await program.parseAsync(withoutFlagValues(words), { from: 'user' })
    assert.equal(read, docs)
  })
}

for (const words of [
  ['--insecure-http', 'true', 'serve'],
  ['serve', '--insecure-http=yes'],
  ['serve', '--docs='],
]) {
  test(`${words.join(' ')} is refused with the correct forms of the flag`, () => {
    assert.throws(
      () => withoutFlagValues(words),
      (error) => error instanceof CliFailure && /^Use (--[a-z-]+), \1=true or \1=false$/.test(error.message),
    )
  })
}

test('every other word is unchanged', () => {
  const words = ['user', 'create', 'true', '--full-name=a=b', '--json', '--docs-file=x']
  assert.deepEqual(withoutFlagValues(words), words)
})
