// Combines all commands into one command line.
import { type Command, Help, type HelpConfiguration, Option } from 'commander'

import { configFlags } from '#foundation/platform/config/manual.ts'
import { MIGRATIONS } from '#foundation/platform/database/migrations/list.ts'
import { INVOKED_AS } from '#foundation/platform/program-name.ts'
import { NODE_VERSION, VERSION } from '#foundation/platform/project.ts'
import { addApp } from './commands/app/app.ts'
import { addApproval } from './commands/approval.ts'
import { addAttribute } from './commands/attribute.ts'
import { addAudit } from './commands/audit/audit.ts'
import { addCompletion } from './commands/completion/completion.ts'
import { addConfig } from './commands/config.ts'
import { addDb } from './commands/db.ts'
import { addDevice } from './commands/device.ts'
import { addDoctor } from './commands/doctor.ts'
import { addGroup } from './commands/group/group.ts'
import { addHealthcheck } from './commands/healthcheck.ts'
import { addJobs } from './commands/jobs.ts'
import { addKey } from './commands/key.ts'
import { addMail } from './commands/mail.ts'
import { addOpenApi } from './commands/openapi.ts'
import { addPolicy } from './commands/policy/policy.ts'
import { addRefusal } from './commands/refusal.ts'
import { addResource } from './commands/resource/resource.ts'
import { addRole } from './commands/role.ts'
import { addServe } from './commands/serve.ts'
import { addSession } from './commands/session.ts'
import { addSetupLink } from './commands/setup-link.ts'
import { addToken } from './commands/token.ts'
import { addUser } from './commands/user/user.ts'
import { CliCommand } from './terminal/cli-command.ts'
import { EXIT_MEANINGS } from './terminal/exit-codes.ts'
import { printFields } from './terminal/list.ts'
import { newOutput, type OutputWishes } from './terminal/output.ts'

/** Settings that the help of `serve` lists; the others are in docs/configuration.md. */
const SHOWN_SETTINGS: readonly string[] = ['--host', '--port', '--public-url', '--data-dir', '--database-url']
/** Those of them that no other command needs; the program's help leaves them out. */
const OF_SERVE: readonly string[] = ['--host', '--port', '--public-url']

/** The whole command line. It throws `CommanderError` instead of ending the process, and prints no errors itself. */
export function newProgram(): CliCommand {
  const program = new CliCommand(INVOKED_AS)
    .usage('<command> [flags]')
    .description('Accounts with two-factor sign-in, in one process')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .configureHelp({ formatHelp: commonFlagsLast, ...WORDS })
    .withExamples('serve', 'user create ada --email ada@example.org')
  addGlobalFlags(program)
  addSettings(program)
  program.addHelpText('beforeAll', ({ command }) => examplesOf(command as CliCommand))
  program.addHelpText('afterAll', ({ command }) => pointersIn(command as CliCommand))
  addCommands(program)
  return program
}

function addCommands(program: CliCommand): void {
  addServe(program)
  addSetupLink(program)
  addUser(program)
  addRole(program)
  addGroup(program)
  addApp(program)
  addResource(program)
  addApproval(program)
  addAttribute(program)
  addSession(program)
  addDevice(program)
  addToken(program)
  addPolicy(program)
  addMail(program)
  addAudit(program)
  addRefusal(program)
  addDb(program)
  addKey(program)
  addJobs(program)
  addConfig(program)
  addDoctor(program)
  addHealthcheck(program)
  addOpenApi(program)
  addCompletion(program)
  addHelp(program)
  addVersion(program)
}

const COMMON_FLAGS = 'Flags of every command:'
const SETTINGS = 'Settings (more: serve --help; all: config show, docs/configuration.md):'

function addGlobalFlags(program: CliCommand): void {
  program
    .optionsGroup(COMMON_FLAGS)
    .option('--json', 'JSON output; errors as a JSON problem on stderr')
    .option('--plain', 'tab-separated, no header')
    .option('--quiet', 'only errors and warnings on stderr')
    .option('--verbose', 'show stack traces')
    .option('--no-color', 'no colours')
    .option('--no-input', 'never prompt; fail instead')
    .option('--yes', 'skip confirmation')
    .option('--config <file>', 'configuration file')
}

/** Adds every setting as a flag, which may stand before or after the command. */
function addSettings(program: CliCommand): void {
  program.optionsGroup(SETTINGS)
  for (const { flag, alone, sentence } of configFlags()) {
    const shown = SHOWN_SETTINGS.includes(flag)
    program.addOption(new Option(alone ? flag : `${flag} <value>`, sentence).hideHelp(!shown))
    if (alone) program.addOption(new Option(flag.replace('--', '--no-'), sentence).hideHelp())
  }
}

const withFlags = (text: string): string => text.replace('[options]', '[flags]')

/** The library's own words, in those of the program: what it calls an option is a flag here. */
const WORDS: HelpConfiguration = {
  commandUsage: (command) => withFlags(Help.prototype.commandUsage(command)),
  subcommandTerm: (command) => withFlags(Help.prototype.subcommandTerm(command)),
  subcommandDescription: (command) =>
    firstClause(Help.prototype.subcommandDescription(command)).replace(
      /^display help for command$/,
      'show help for a command',
    ),
  optionDescription: (option) => {
    const { argChoices: choices = [], description } = option
    const isSetting = SHOWN_SETTINGS.includes(option.long ?? '')
    return isSetting || choices.length > MOST_CHOICES
      ? firstClause(description)
      : Help.prototype.optionDescription(option)
  },
}

/** A list has a line for each entry; the rest of a description is in the help of the command, and in docs/. */
function firstClause(text: string): string {
  return text.split(/[.;](?:\s|$)|(?<= \S+ \S+):\s| \(|, (?:as|with) /, 1)[0] ?? text
}

/** More choices than this would fill the help; completion offers them, and a wrong one is answered with a similar one. */
const MOST_CHOICES = 8

const OWN_FLAGS = 'Flags:'
const COMMON_AND_SETTINGS = 'Common flags and settings:'
const HEADINGS: Readonly<Record<string, string>> = {
  'Options:': OWN_FLAGS,
  'Global Options:': COMMON_AND_SETTINGS,
}
const LISTED_LAST = [COMMON_FLAGS, COMMON_AND_SETTINGS, SETTINGS]

/** Puts the command's own sections first and the common ones last. Flags such as --help stand among the common ones, if these are listed. */
function commonFlagsLast(command: Command, helper: Help): string {
  const whole = Help.prototype.formatHelp.call(helper, command, helper).trimEnd()
  const text = command.parent === null ? withoutLinesOf(OF_SERVE, whole) : whole
  const sections = text.split('\n\n').map((section) => section.replace(/^[\w ]+:/, (head) => HEADINGS[head] ?? head))
  const isCommon = (section: string): boolean => LISTED_LAST.some((head) => section.startsWith(head))
  const [own, common] = [sections.filter((section) => !isCommon(section)), sections.filter(isCommon)]
  const flags = common.length > 0 ? own.find((section) => section.startsWith(`${OWN_FLAGS}\n`)) : undefined
  if (flags === undefined) return `${[...own, ...common].join('\n\n')}\n`
  const [first = '', ...rest] = common
  const merged = first.replace('\n', flags.slice(OWN_FLAGS.length).concat('\n'))
  return `${[...own.filter((section) => section !== flags), merged, ...rest].join('\n\n')}\n`
}

function withoutLinesOf(flags: readonly string[], text: string): string {
  const lines = text.split('\n')
  return lines.filter((line) => !flags.some((flag) => line.startsWith(`  ${flag} `))).join('\n')
}

/** The last lines of a help text: where the exit codes are and, unless they are listed above, the flags of every command. */
function pointersIn(command: CliCommand): string {
  const listsThem = command.parent === null || command.configureHelp().showGlobalOptions
  const flags = listsThem ? '' : `\nFlags of every command, and settings: ${INVOKED_AS} --help`
  return `${flags}\nExit codes: ${INVOKED_AS} help exit-codes`
}

function examplesOf(command: CliCommand): string {
  const lines = command.examples.map((example) => `  ${INVOKED_AS} ${example}`)
  return lines.length === 0 ? '' : ['Examples:', ...lines, ''].join('\n')
}

/** A topic of `help` that is no command. */
const EXIT_CODES = 'exit-codes'

/** Replaces the library's help command, which supports one level of commands only. */
function addHelp(program: CliCommand): void {
  program
    .helpCommand(false)
    .command('help')
    .description('show help for a command, or the exit codes')
    .argument('[command...]', `a command, such as "user create", or "${EXIT_CODES}"`)
    .withExamples('help user create', `help ${EXIT_CODES}`)
    .action((words: readonly string[]) => {
      if (words.join(' ') === EXIT_CODES) process.stdout.write(exitCodesText())
      else program.commandAt(words).outputHelp()
    })
}

function exitCodesText(): string {
  const lines = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code.padEnd(3)}  ${meaning}\n`)
  return `Exit codes:\n${lines.join('')}`
}

function addVersion(program: CliCommand): void {
  program
    .command('version')
    .description('print the versions of the program, Node and the schema')
    .withExamples('version --json')
    .action((_flags: object, command: CliCommand) => showVersion(command))
}

function showVersion(command: CliCommand): void {
  const out = newOutput(command.optsWithGlobals<OutputWishes>())
  const schema = MIGRATIONS.at(-1)?.version ?? 0
  if (out.form === 'json') return out.json({ version: VERSION, node: NODE_VERSION, schema })
  printFields(out, [
    ['doorward', VERSION],
    ['node', NODE_VERSION],
    ['schema', String(schema)],
  ])
}
