import { resolve } from 'node:path'

import { nearest } from '#foundation/kernel/nearest.ts'
import { type Environment, environment } from '../system.ts'
import { readSettingsFile, readTextFile, type SettingsFile, type Sources, tryReading } from './settings-file.ts'
import {
  flagOf,
  FORMER_NAMES,
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  settingName,
  settingOf,
  variableOf,
} from './settings.ts'
import type { ConfigFault, ConfigInput, Typed } from './types.ts'

/** One key with its text in one source; the key is spelled as in the file. */
interface Entry extends Typed {
  readonly key: string
}

/** The texts of the settings that are set. */
export type TypedSettings = Partial<Record<SettingName, Typed>>

interface Collected {
  readonly typed: TypedSettings
  readonly faults: ConfigFault[]
  /** The configuration file that was read. */
  readonly file: string | null
}

/** Collects the texts of the settings. A flag takes precedence over the environment, and the environment over the file. */
export function collect(input: ConfigInput): Collected {
  const sources: Sources = {
    flags: input.flags ?? {},
    env: input.env ?? environment(),
    cwd: input.cwd ?? process.cwd(),
    readFile: input.readFile ?? readTextFile,
  }
  const faults: ConfigFault[] = []
  const file = readSettingsFile(sources, faults)
  const inFile = file ? entriesOfFile(file, faults) : []
  const typed = [...entriesOfFlags(sources.flags), ...entriesOfVariables(sources.env), ...inFile]
  const entries = Object.groupBy(underCurrentNames(typed, faults), ({ source }) => source)
  const flags = layerOf(entries.flag, sources, faults)
  const variables = layerOf(entries.environment, sources, faults)
  addPlainDatabaseUrl(sources.env, { flags, variables }, faults)
  const ofFile = layerOf(entries.file, sources, faults)
  return { typed: { ...ofFile, ...variables, ...flags }, faults, file: file?.path ?? null }
}

function entriesOfFlags(flags: Sources['flags']): Entry[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const key = settingName(name)
    return value === undefined ? [] : [{ key, text: String(value), source: 'flag' as const, detail: flagOf(key) }]
  })
}

/** An empty variable counts as absent: container tools set variables without a value to the empty text. */
function entriesOfVariables(env: Environment): Entry[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    const [, name] = /^DOORWARD_(.+)$/.exec(variable) ?? []
    if (name === undefined || !text) return []
    return [{ key: name.toLowerCase(), text, source: 'environment' as const, detail: variable }]
  })
}

/** No setting accepts a table, a date or a list of lists, so each adds a fault; under an unknown name the fault is the name. */
function entriesOfFile({ path, texts }: SettingsFile, faults: ConfigFault[]): Entry[] {
  return Object.entries(texts).flatMap(([key, text]) => {
    if (text !== undefined || !isSettingName(key))
      return [{ key, text: text ?? '', source: 'file' as const, detail: path }]
    faults.push({ key, source: path, found: 'a table, a date or a list of lists', wanted: settingOf(key).kind.wanted })
    return []
  })
}

function layerOf(entries: Entry[] = [], sources: Sources, faults: ConfigFault[]): TypedSettings {
  const layer: TypedSettings = {}
  for (const entry of entries) {
    const name = entry.key.replace(/_file$/, '')
    if (entry.key === 'config' && entry.source !== 'file') continue
    const typed = isSettingName(name) ? typedOf(name, entry, sources, faults) : undefined
    if (!isSettingName(name) || typed === 'unknown') faults.push(unknownKey(entry))
    else if (typed && layer[name]) {
      const source = `${layer[name].detail} and ${entry.detail}`
      faults.push({ key: name, source, found: 'two values', wanted: 'one of them' })
    } else if (typed) layer[name] = typed
  }
  return layer
}

function typedOf(name: SettingName, entry: Entry, sources: Sources, faults: ConfigFault[]) {
  const { secret, neverFlag } = settingOf(name)
  const { text, source, detail } = entry
  if (entry.key !== name) return secret ? fromFile(entry, sources, faults) : 'unknown'
  if (!neverFlag || source !== 'flag') return { text, source, detail }
  const wanted = `\`${flagOf(name)}-file PATH\`, because every user of this machine can read command lines`
  faults.push({ key: name, source: detail, found: 'a secret on the command line', wanted })
  return undefined
}

/** The entries with each former name replaced. A setting that is given under both names, in whatever source, is a fault. */
function underCurrentNames(entries: Entry[], faults: ConfigFault[]): Entry[] {
  return entries.flatMap((entry) => {
    const key = FORMER_NAMES.get(entry.key)
    if (key === undefined) return [entry]
    const current = entries.find((other) => other.key === key)
    if (current === undefined) return [{ ...entry, key }]
    const found = `the setting under its former name, beside ${key} (${current.detail})`
    faults.push({ key: entry.key, source: entry.detail, found, wanted: `only ${key}` })
    return []
  })
}

/** Reads a secret from its file. systemd puts such files into one folder, whose path is in `CREDENTIALS_DIRECTORY`. */
function fromFile(entry: Entry, sources: Sources, faults: ConfigFault[]): Typed | undefined {
  const { key, text: name, source, detail } = entry
  const path = resolve(sources.cwd, sources.env['CREDENTIALS_DIRECTORY'] ?? '', name)
  const content = tryReading(sources, path)
  const text = content.text?.trim()
  if (text) return { text, source, detail: `${detail}, ${path}` }
  const found = content.problem ?? (text === '' ? `${path}, which is empty` : `${path}, which does not exist`)
  faults.push({ key, source: detail, found, wanted: 'the path of a file that holds the secret' })
  return undefined
}

/** Most hosting services set `DATABASE_URL`. It must not contradict the program's own variable, or the database would be ambiguous. */
function addPlainDatabaseUrl(
  env: Environment,
  layers: { flags: TypedSettings; variables: TypedSettings },
  faults: ConfigFault[],
): void {
  const plain = env['DATABASE_URL']
  const own = layers.variables.database_url
  if (!plain || layers.flags.database_url) return
  if (!own) layers.variables.database_url = { text: plain, source: 'environment', detail: 'DATABASE_URL' }
  if (!own || own.text === plain) return
  const found = 'another database there than in DATABASE_URL'
  faults.push({ key: 'database_url', source: own.detail, found, wanted: 'one of the two, or the same in both' })
}

function unknownKey({ key, source, detail }: Entry): ConfigFault {
  const secretFiles = SETTING_NAMES.filter((name) => settingOf(name).secret).map((name) => `${name}_file`)
  const close = nearest(key, [...SETTING_NAMES, ...secretFiles])
  const wanted = close ? `perhaps \`${SPELLED[source](close)}\`` : 'a setting listed in docs/configuration.md'
  return { key, source: detail, found: 'an unknown setting', wanted }
}

const SPELLED = { flag: flagOf, environment: variableOf, file: String, default: String }
