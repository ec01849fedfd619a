import { flag } from './parse.ts'
import { flagOf, SETTING_NAMES, settingOf, variableOf } from './settings.ts'
import type { SettingName } from './settings.ts'
import type { Setting } from './types.ts'

const INTRODUCTION = `# Configuration

Nothing has to be set on one machine. Every setting has one name in three spellings: a flag, an environment variable and a
line of the configuration file. Flags win over the environment, the environment over the file, the file over the default;
\`doorward config show --origin\` shows which one was used.

- **File**: the first of \`--config FILE\` (or \`DOORWARD_CONFIG\`), \`./doorward.toml\`, \`$XDG_CONFIG_HOME/doorward/config.toml\`
  and \`/etc/doorward/config.toml\` that exists. It is TOML: \`name = value\` with text in quotes, numbers,
  \`true\` or \`false\`, or lists like \`["::1", "10.0.0.0/8"]\`. Settings are top-level keys, never in a table.
- **Flags** with the values \`true\` and \`false\` need no value for \`true\`: \`--docs\`, \`--docs=false\` or \`--no-docs\`.
- **Environment**: an empty variable counts as absent.
- **Secrets** can also be read from a file of their own, named by \`<name>_file\` in any spelling (\`DOORWARD_KEYRING_FILE\`). A
  relative path is looked up in \`$CREDENTIALS_DIRECTORY\` where systemd sets that, else in the working folder.
- **Durations** are a whole number and \`s\`, \`m\`, \`h\` or \`d\`; **sizes** a number of bytes, or one with \`KiB\` or \`MiB\`.
- Unknown names and invalid values stop the start, and all of them are reported at once.

This page is generated from the table of settings by \`npm run docs\`.
`

/** The text of `docs/configuration.md`, generated from the table of settings. */
export function configurationPage(): string {
  return [INTRODUCTION, ...SETTING_NAMES.map(section)].join('\n')
}

function section(name: SettingName): string {
  const setting = settingOf(name)
  const lines = [
    `## ${name}`,
    '',
    setting.sentence,
    '',
    `- Default: ${defaultOf(setting)}`,
    `- Wanted: ${setting.kind.wanted}`,
    `- Flag: ${flagsOf(name, setting)}`,
    `- Environment: ${spellings(variableOf(name), setting, '_FILE')}`,
    `- File: ${spellings(name, setting, '_file')}`,
    `- Example: \`${setting.example}\``,
  ]
  const { former } = setting
  if (former !== undefined)
    lines.push(`- Deprecated name, until 0.2: \`${flagOf(former)}\`, \`${variableOf(former)}\`, \`${former}\``)
  return `${lines.join('\n')}\n`
}

function defaultOf({ standard, otherwise }: Setting<unknown>): string {
  if (standard === null) return otherwise ?? 'none'
  return standard === '' ? 'empty' : `\`${standard}\``
}

function flagsOf(name: string, setting: Setting<unknown>): string {
  const file = `\`${flagOf(name)}-file\``
  return setting.neverFlag ? `${file} (others can read command lines)` : spellings(flagOf(name), setting, '-file')
}

function spellings(name: string, { secret }: Setting<unknown>, suffix: string): string {
  return secret ? `\`${name}\`, \`${name}${suffix}\`` : `\`${name}\``
}

/** Every flag that sets a setting, such as `--public-url`. An `alone` one needs no value and then means `true`. */
export function configFlags() {
  return SETTING_NAMES.flatMap((name) => {
    const { sentence, kind, secret, neverFlag, former } = settingOf(name)
    const own = { flag: flagOf(name), alone: kind === flag, sentence }
    const file = { flag: `${flagOf(name)}-file`, alone: false, sentence: `The file that holds ${name}.` }
    const old = former === undefined ? [] : [{ ...own, flag: flagOf(former), sentence: `Deprecated: ${own.flag}.` }]
    return [...(neverFlag ? [] : [own]), ...(secret ? [file] : []), ...old]
  })
}
