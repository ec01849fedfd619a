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
import { addHost } from './commands/host/host.ts'
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
  program.addHelpText(
    'afterAll',
    ({ command }) => pointersIn(command as CliCommand) + examplesOf(command as CliCommand),
  )
  addCommands(program)
  return program
}

/** The commands in the groups of the help, and within a group in the order in which they are needed. */
const GROUPS: Readonly<Record<string, readonly ((program: CliCommand) => void)[]>> = {
  'Start and check:': [addServe, addSetupLink, addDoctor, addHealthcheck, addConfig],
  'People:': [addUser, addRole, addGroup, addAttribute, addSession, addDevice, addToken],
  'Access:': [addPolicy, addApproval, addApp, addResource, addHost],
  'System:': [addAudit, addRefusal, addMail, addJobs, addDb, addKey, addOpenApi, addCompletion, addVersion],
}

function addCommands(program: CliCommand): void {
  for (const [heading, commands] of Object.entries(GROUPS)) {
    program.commandsGroup(heading)
    for (const add of commands) add(program)
  }
  addHelp(program)
}

const COMMON_FLAGS = 'Flags of every command:'
const SETTINGS = 'Settings (all: config show, docs/configuration.md):'

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

const inOurWords = (text: string): string => text.replace('[options]', '[flags]')

/** The library's own words, in those of the program: what it calls an option is a flag here. */
const WORDS: HelpConfiguration = {
  commandUsage: (command) => inOurWords(Help.prototype.commandUsage(command)),
  subcommandTerm: (command) => inOurWords(Help.prototype.subcommandTerm(command)),
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

/**
 * Puts the command's own sections first and the common ones last. Flags such as --help stand among the common ones, if these are listed.
 * The help of the program names the common flags only, below its commands.
 */
function commonFlagsLast(command: Command, helper: Help): string {
  const { own, common, flags } = sectionsOf(command, helper)
  if (command.parent === null) return `${own.join('\n\n')}\n`
  return `${[...own, ...(common.length === 0 ? [flags] : withFlags(common, flags))].filter(Boolean).join('\n\n')}\n`
}

interface Sections {
  /** Usage, description, arguments and commands. */
  readonly own: readonly string[]
  /** The flags of the command itself; empty where it has none. */
  readonly flags: string
  /** Flags of every command, and settings. */
  readonly common: readonly string[]
}

function sectionsOf(command: Command, helper: Help): Sections {
  const whole = Help.prototype.formatHelp.call(helper, command, helper).trimEnd()
  const sections = whole.split('\n\n').map((section) => section.replace(/^[\w ]+:/, (head) => HEADINGS[head] ?? head))
  const isCommon = (section: string): boolean => LISTED_LAST.some((head) => section.startsWith(head))
  const isFlags = (section: string): boolean => section.startsWith(`${OWN_FLAGS}\n`)
  return {
    own: sections.filter((section) => !isCommon(section) && !isFlags(section)),
    flags: sections.find(isFlags) ?? '',
    common: sections.filter(isCommon),
  }
}

/** The common sections, of which the first begins with these flags. */
function withFlags([first = '', ...rest]: readonly string[], flags: string): string[] {
  return [first.replace('\n', flags.slice(OWN_FLAGS.length).concat('\n')), ...rest]
}

/** The lines behind a help text: the common flags by name or where they are listed, and where the exit codes are. */
function pointersIn(command: CliCommand): string {
  if (command.parent === null) {
    const names = command.options.filter(({ hidden, helpGroupHeading: group }) => !hidden && group === COMMON_FLAGS)
    const line = [...names.map(({ flags }) => flags), '-h, --help'].join('  ')
    return `\n${COMMON_FLAGS}\n  ${line}\nMore: ${INVOKED_AS} help ${FLAGS}, help ${EXIT_CODES}, help <command>`
  }
  const topics = command.configureHelp().showGlobalOptions ? [EXIT_CODES] : [FLAGS, EXIT_CODES]
  return `\nMore: ${INVOKED_AS} ${topics.map((topic) => `help ${topic}`).join(', ')}`
}

function examplesOf(command: CliCommand): string {
  const lines = command.examples.map((example) => `  ${INVOKED_AS} ${example}`)
  return lines.length === 0 ? '' : ['\n\nExamples:', ...lines].join('\n')
}

/** Topics of `help` that are no commands. */
const EXIT_CODES = 'exit-codes'
const FLAGS = 'flags'

/** Replaces the library's help command, which supports one level of commands only. */
function addHelp(program: CliCommand): void {
  program
    .helpCommand(false)
    // The help of the program names it in its last lines.
    .command('help', { hidden: true })
    .description('show help for a command, the flags of every command, or the exit codes')
    .argument('[command...]', `a command, such as "user create", or "${FLAGS}" or "${EXIT_CODES}"`)
    .withExamples('help user create', `help ${FLAGS}`, `help ${EXIT_CODES}`)
    .action((words: readonly string[]) => {
      const topic = words.join(' ')
      if (topic === EXIT_CODES) process.stdout.write(exitCodesText())
      else if (topic === FLAGS) process.stdout.write(flagsText(program))
      else program.commandAt(words).outputHelp()
    })
}

function flagsText(program: CliCommand): string {
  const { common, flags } = sectionsOf(program, program.createHelp())
  return `${withFlags(common, flags).join('\n\n')}\n`
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
