import { flag } from './parse.ts'
import { flagOf, SETTING_NAMES, type SettingName, settingOf, variableOf } from './settings.ts'
import type { Setting } from './types.ts'

const INTRODUCTION = `# Configuration

On one machine, Doorward needs no configuration. Every setting has one name in three spellings: a flag, an environment
variable and a key of the configuration file, listed below in this order. Flags win over the environment, the environment
over the file, and the file over the default. \`doorward config show --origin\` shows which one is in use.

- **File**: the first of \`--config FILE\` (or \`DOORWARD_CONFIG\`), \`./doorward.toml\`, \`$XDG_CONFIG_HOME/doorward/config.toml\`
  and \`/etc/doorward/config.toml\` that exists. It is TOML: \`name = value\` with text in quotes, numbers,
  \`true\` or \`false\`, or lists like \`["::1", "10.0.0.0/8"]\`. Settings are top-level keys, never in a table.
- **Flags** with the values \`true\` and \`false\` need no value for \`true\`: \`--docs\`, \`--docs=false\` or \`--no-docs\`.
- **Environment**: an empty variable counts as absent.
- **Secrets** can also be read from a file of their own, named by \`<name>_file\` in any spelling (\`DOORWARD_KEYRING_FILE\`). A
  relative path is looked up in \`$CREDENTIALS_DIRECTORY\` where systemd sets that, else in the working folder.
- **Durations** are a whole number and \`s\`, \`m\`, \`h\` or \`d\`; **sizes** a number of bytes, or one with \`KiB\` or \`MiB\`.
- An unknown name or an invalid value stops the start. All of them are reported at once.

This page is made from the table of settings by \`npm run docs\`.
`

/** The text of `docs/configuration.md`, generated from the table of settings. */
export function configurationPage(): string {
  return [INTRODUCTION, ...SETTING_NAMES.map(section)].join('\n')
}

function section(name: SettingName): string {
  const setting = settingOf(name)
  const deprecated = setting.former && `- Deprecated name, until 0.2: ${spellings(setting.former, setting)}`
  const lines = [
    `## ${name}\n\n${setting.sentence}\n`,
    `- ${spellings(name, setting)}`,
    `- Value: ${setting.kind.wanted}; default: ${defaultOf(setting)}; example: \`${setting.example}\``,
  ]
  return `${[...lines, ...(deprecated ? [deprecated] : [])].join('\n')}\n`
}

/** The flag, the variable and the key of the file; of a secret also those of the file that holds it. */
function spellings(name: string, { secret, neverFlag }: Setting<unknown>): string {
  const all = [flagOf(name), variableOf(name), name].map((spelling) => `\`${spelling}\``)
  if (!secret) return all.join(', ')
  const files = `or in a file: \`${flagOf(name)}-file\`, \`${variableOf(name)}_FILE\`, \`${name}_file\``
  return `${(neverFlag ? all.slice(1) : all).join(', ')}${neverFlag ? ' (no flag: others can read command lines)' : ''}; ${files}`
}

function defaultOf({ standard, otherwise }: Setting<unknown>): string {
  if (standard === null) return otherwise ?? 'none'
  return standard === '' ? 'empty' : `\`${standard}\``
}

/** Every flag that sets a setting, such as `--public-url`. An `alone` one needs no value and then means `true`. */
export function configFlags() {
  return SETTING_NAMES.flatMap((name) => {
    const { sentence, kind, secret, neverFlag, former } = settingOf(name)
    const own = { flag: flagOf(name), alone: kind === flag, sentence }
    const file = { flag: `${flagOf(name)}-file`, alone: false, sentence: `File with the value of ${name}.` }
    const old = former === undefined ? [] : [{ ...own, flag: flagOf(former), sentence: `Deprecated: ${own.flag}.` }]
    return [...(neverFlag ? [] : [own]), ...(secret ? [file] : []), ...old]
  })
}
