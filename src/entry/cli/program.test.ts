import { type Command, CommanderError } from 'commander'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { newProgram } from './program.ts'
import { cliPage } from './reference-page.ts'
import type { CliCommand } from './terminal/cli-command.ts'

function leavesOf(program: CliCommand): CliCommand[] {
  const leaves = program.descendants.filter(({ commands }) => commands.length === 0)
  assert.ok(leaves.length > 20)
  return leaves
}

test('every command has a description and an example', () => {
  for (const command of leavesOf(newProgram())) {
    assert.ok(command.description() !== '' && command.examples.length > 0, command.name())
  }
})

test('every example is a command line that the program understands', async () => {
  const unsaid: string[] = []
  for (const example of leavesOf(newProgram()).flatMap(({ examples }) => examples)) {
    const words = example.replace(/ [<>] .*$/, '').match(/"[^"]*"|\S+/g) ?? []
    const argv = words.map((word) => word.replaceAll('"', ''))
    if (!(await isUnderstood(argv))) unsaid.push(example)
  }
  assert.deepEqual(unsaid, [])
})

/** Parses a command line without running its command. */
async function isUnderstood(argv: readonly string[]): Promise<boolean> {
  const program = newProgram()
  for (const command of leavesOf(program)) command.action(() => undefined)
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return true
  } catch (error) {
    if (error instanceof CommanderError) return false
    throw error
  }
}

test('no flag takes a password as its value', () => {
  const flags = [newProgram(), ...leavesOf(newProgram())].flatMap(({ options }) => options)
  const withValue = flags.filter(({ required, optional }) => required || optional).map(({ long }) => long)
  assert.deepEqual(
    withValue.filter((long) => /password|code|secret|keyring/.test(long ?? '')),
    [
      '--keyring-file',
      '--password-minimum',
      '--breached-passwords-url',
      '--mail-password-file',
      '--password-file',
      '--password-file',
      '--secret-file',
      '--secret-file',
    ],
  )
})

test('help begins with the usage and ends with the examples, and the common flags are named once', () => {
  const program = newProgram()
  const [common, setting] = ['\n  --no-input', '\n  --database-url']
  const groups = ['\nStart and check:\n', '\nPeople:\n', '\nAccess:\n', '\nSystem:\n']
  assertInOrder(helpOf(program), [
    'Usage: ',
    ...groups,
    '\nFlags of every command:\n  --json',
    'help flags',
    '\nExamples:',
  ])
  for (const command of [program, ...program.descendants]) {
    const help = helpOf(command)
    assert.match(help, /^Usage: /, command.path)
    if (command.examples.length > 0) assert.match(help, /\n\nExamples:\n(  [^\n]+\n)+$/, command.path)
    assert.match(help, /\nMore: npm run -s doorward -- help (flags, help )?exit-codes/, command.path)
    assert.equal(help.includes(common) && help.includes(setting), command.path === 'serve', command.path)
  }
  const user = program.commands.find((command) => command.name() === 'user')
  assertInOrder(helpOf(user), ['\nCommands:', '  list ', '--help', 'help flags'])
})

test('every command is in a group of the help, but the one that shows it', () => {
  const listed =
    helpOf(newProgram())
      .match(/^ {2}[a-z-]+(?= )/gm)
      ?.map((word) => word.trim()) ?? []
  const names = newProgram().commands.map((command) => command.name())
  assert.deepEqual(
    names.filter((name) => !listed.includes(name)),
    ['help'],
  )
})

test('the help of the program fits 45 lines, that of a command 30, and each line 100 columns', () => {
  const program = newProgram()
  const heights = [program, ...program.descendants].map((command) => {
    const lines = helpOf(command).trimEnd().split('\n')
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    )
    return [command.path, lines.length] as const
  })
  const tooHigh = heights.filter(([path, height]) => height > (path === '' ? 45 : 30))
  assert.deepEqual(tooHigh, [])
})

test('lists of commands and flags have the first clause of each description', () => {
  const program = newProgram()
  assert.match(helpOf(program), /^ {2}setup-link \[flags\] +create a new setup link$/m)
  assert.match(helpOf(program), /^ {2}policy +manage sign-in policies$/m)
})

test('the help of serve, which npm start shows, contains the settings', () => {
  const serve = newProgram().commands.find((command) => command.name() === 'serve')
  assertInOrder(helpOf(serve), [
    'start the server',
    '  --public-url',
    '  --database-url',
    'help exit-codes',
    'Examples:',
  ])
  assert.doesNotMatch(helpOf(serve), /help flags/)
})

/** The help text with the lines before and after it. */
function helpOf(command: Command | undefined): string {
  assert.ok(command)
  let printed = ''
  command.configureOutput({ writeOut: (text) => (printed += text) }).outputHelp()
  return printed
}

function assertInOrder(text: string, parts: readonly string[]): void {
  const positions = parts.map((part) => text.indexOf(part))
  assert.ok(!positions.includes(-1), `${JSON.stringify(parts)} ${positions.join(' ')} in ${text}`)
  const inOrder = positions.toSorted((one, other) => one - other)
  assert.deepEqual(positions, inOrder)
}

test('help and a command prints the help of that command', async () => {
  for (const { path } of newProgram().descendants) {
    const help = await printedBy(['help', ...path.split(' ')])
    assert.match(help, new RegExp(`Usage: .* ${path}( |$)`, 'm'))
    assert.equal(help, await printedBy([...path.split(' '), '--help']))
  }
})

/** What a command line that asks for help prints. */
async function printedBy(argv: readonly string[]): Promise<string> {
  let printed = ''
  const program = newProgram()
  for (const command of [program, ...program.descendants])
    command.configureOutput({ writeOut: (text) => (printed += text) })
  await program.parseAsync([...argv], { from: 'user' }).catch((error: unknown) => {
    assert.ok(error instanceof CommanderError && error.exitCode === 0, argv.join(' '))
  })
  return printed
}

test('no default is shown twice, or for a flag that is absent by default', () => {
  for (const command of leavesOf(newProgram())) {
    const defaults = helpOf(command)
      .split('\n')
      .filter((line) => line.includes('(default:'))
    for (const line of defaults) assert.doesNotMatch(line, /default:.*default:|default: false|\d{4}/)
  }
})

test('the page lists every command', () => {
  const page = cliPage()
  for (const heading of ['serve', 'user reset-second-factor', 'audit verify', 'key forget', 'db migrate']) {
    assert.match(page, new RegExp(`^## ${heading}$`, 'm'))
  }
})
