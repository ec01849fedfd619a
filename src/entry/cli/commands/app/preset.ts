// Presets on the command line: which there are, the fields of an app by one, and the settings of its program.
import { findPreset, listPresets } from '#domain/clients/preset.service.ts'
import {
  fieldErrorsInProgramUrl,
  fieldsWithUrl,
  filledSettings,
  inLanguage,
  needsUrl,
  type Preset,
  type PresetFields,
  type PresetSettings,
  presetTitle,
  programUrl,
  type SettingsOf,
} from '#domain/clients/preset.ts'
import { requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import { presentPreset } from '#use-cases/administration/clients/preset.schema.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { invocationOf } from '../../terminal/invocation.ts'
import { type Column, printFields, printTable, totalOf } from '../../terminal/list.ts'
import { type Output, printable } from '../../terminal/output.ts'

export const PRESET_FLAG = ['--preset <preset>', 'name of a preset, from "app presets"'] as const

const COLUMNS: readonly Column<Preset>[] = [
  { head: 'preset', of: ({ name }) => name },
  { head: 'for', of: (preset) => presetTitle(preset, 'en') },
  { head: 'what it is', cut: true, of: ({ about }) => inLanguage(about, 'en') },
  { head: 'tried with', of: ({ run }) => (run === undefined ? 'nothing yet' : run.program) },
]

export function addPresets(app: CliCommand): void {
  app
    .command('presets')
    .description('list presets: a program is registered by its URL')
    .withExamples('app presets', 'app presets --json')
    .action((_flags: object, command: CliCommand) => list(invocationOf(command)))
}

async function list({ out }: { readonly out: Output }): Promise<void> {
  const presets = await listPresets()
  if (out.form === 'json') return out.json({ items: presets.map(presentPreset) })
  printTable(out, COLUMNS, presets)
  out.say(totalOf(presets.length, 'preset'))
}

/** Returns the preset of that name. Throws a `CliFailure` where there is none. */
export async function namedPreset(name: string): Promise<Preset> {
  const preset = await findPreset(name)
  if (preset !== undefined) return preset
  throw CliFailure.usage(`No preset "${printable(name)}". "app presets" lists them.`)
}

/** Returns the fields of an app whose program has that URL; `undefined` stands for no flag. */
export function fieldsByPreset(preset: Preset, typed: string | undefined, allowHttp: boolean): PresetFields {
  const { name, fields, example } = preset
  if (!needsUrl(preset)) return fields
  if (typed === undefined) throw CliFailure.usage(`The preset ${name} needs --url, such as --url ${example}.`)
  const url = programUrl(typed)
  requireNoFieldErrors(fieldErrorsInProgramUrl(url, allowHttp))
  return fieldsWithUrl(fields, url)
}

/** Prints what is pasted into the program, each below where that is, and what the operator has to know. */
export function printSettings(out: Output, preset: Preset, app: SettingsOf): void {
  for (const one of filledSettings(preset, app)) printSpot(out, one)
  if (preset.note) out.say(`  ${inLanguage(preset.note, 'en')}`)
}

function printSpot(out: Output, { where, text, values = [] }: PresetSettings): void {
  out.line('')
  out.line(out.styled('bold', `${inLanguage(where, 'en')}:`))
  if (text === undefined) return printFields(out, values)
  for (const line of text.split('\n')) out.line(printable(line))
}
