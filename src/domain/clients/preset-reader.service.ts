// Reads presets/. The build does so, and what runs from the sources; a built program has what the build read.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { readToml } from '#foundation/platform/config/settings-file.ts'
import { tomlLines } from '#foundation/platform/config/toml-lines.ts'
import { fieldErrorSentence, LANGUAGES, texts } from '#foundation/texts/texts.ts'
import { parse } from '#foundation/web/http/schema.ts'
import { faultsInPreset, type PresetFault } from './preset-faults.ts'
import { presetFileSchema, presetOf } from './preset-file.ts'
import { type Preset, PRESET_NAME, sortedPresets } from './preset.ts'

const ENDING = '.toml'

/** Returns the presets of a folder in their order. Throws an error with a line for each fault: file, line, field, and what is wrong. */
export function readPresets(folder: string): readonly Preset[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(ENDING))
  const read = files.map((file) => readPreset(file, readFileSync(join(folder, file), 'utf8')))
  const faults = read.flatMap((one) => ('faults' in one ? one.faults : []))
  if (faults.length > 0) throw new Error(faults.join('\n'))
  return sortedPresets(read.flatMap((one) => ('preset' in one ? one.preset : [])))
}

type Read = { readonly preset: Preset } | { readonly faults: readonly string[] }

const SCHEMA = presetFileSchema(LANGUAGES)

/** @param file its name in presets/ */
export function readPreset(file: string, text: string): Read {
  const path = `presets/${file}`
  const name = file.slice(0, -ENDING.length)
  if (!PRESET_NAME.test(name)) {
    return { faults: [`${path}: The name is up to 40 lowercase letters, digits and hyphens, and not “other”.`] }
  }
  const toml = readToml(text)
  if (!('values' in toml)) return { faults: [`${path} line ${toml.line}: ${toml.found}`] }
  const parsed = parse(SCHEMA, toml.values)
  if ('fieldErrors' in parsed) {
    return { faults: parsed.fieldErrors.map(({ pointer, ...fault }) => `${path} ${inWords(text, { pointer, fault })}`) }
  }
  const preset = presetOf(name, parsed.value)
  const faults = faultsInPreset(preset)
  return faults.length > 0 ? { faults: faults.map((fault) => `${path} ${inWords(text, fault)}`) } : { preset }
}

function inWords(text: string, { pointer, fault }: PresetFault): string {
  const sentence = typeof fault === 'string' ? fault : fieldErrorSentence(texts('en'), { pointer, ...fault })
  return `line ${tomlLines(text)(pointer)}: ${pointer.slice(1).replaceAll('/', '.')}: ${sentence}`
}
