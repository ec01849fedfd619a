import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

import type { ConfigInput } from '../config.ts'
import { environment } from '../environment.ts'
import type { Environment } from '../environment.ts'
import { nearest } from './faults.ts'
import type { ConfigFault } from './faults.ts'
import type { SourceKind, Typed } from './origins.ts'
import { settingName } from './place-flags.ts'
import { flagOf, variableOf } from './setting.ts'
import { isSettingName, SETTING_NAMES, settingOf } from './settings.ts'
import type { SettingName } from './settings.ts'
import { readSettingsFile, WANTED_LINE } from './toml.ts'

/** One key and its text in one source; the key already spelled as in the file. */
interface Entry extends Typed {
  readonly key: string
}

export interface Collected {
  /** The winning text of every setting that somebody typed. */
  readonly typed: Partial<Record<SettingName, Typed>>
  readonly faults: ConfigFault[]
  /** The configuration file that was read. */
  readonly file: string | null
}

interface Places {
  readonly flags: NonNullable<ConfigInput['flags']>
  readonly env: Environment
  readonly cwd: string
  readonly readFile: (path: string) => string | undefined
}

type Layer = Partial<Record<SettingName, Typed>>

/** Gathers what was typed: flags over environment over file. */
export function collect(input: ConfigInput): Collected {
  const places: Places = {
    flags: input.flags ?? {},
    env: input.env ?? environment(),
    cwd: input.cwd ?? process.cwd(),
    readFile: input.readFile ?? readText,
  }
  const faults: ConfigFault[] = []
  const file = settingsFile(places, faults)
  const flags = layerOf(entriesOfFlags(places.flags), places, faults)
  const variables = layerOf(entriesOfVariables(places.env), places, faults)
  addPlainDatabaseUrl(places.env, { flags, variables }, faults)
  const lines = file ? layerOf(entriesOfFile(file, faults), places, faults) : {}
  return { typed: { ...lines, ...variables, ...flags }, faults, file: file?.path ?? null }
}

function entriesOfFlags(flags: Places['flags']): Entry[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const key = settingName(name)
    return value === undefined ? [] : [{ key, text: String(value), source: 'flag' as const, detail: flagOf(key) }]
  })
}

/** An empty variable counts as absent, as in the files that container tools make. */
function entriesOfVariables(env: Environment): Entry[] {
  return Object.entries(env).flatMap(([variable, text]) => {
    const [, name] = /^DOORWARD_(.+)$/.exec(variable) ?? []
    if (name === undefined || !text) return []
    return [{ key: name.toLowerCase(), text, source: 'environment' as const, detail: variable }]
  })
}

function entriesOfFile(file: { path: string; text: string }, faults: ConfigFault[]): Entry[] {
  const content = readSettingsFile(file.text)
  for (const { line, found } of content.faults) {
    faults.push({ key: 'config', source: `${file.path} line ${line}`, found, wanted: WANTED_LINE })
  }
  return content.entries.map(({ key, value, line }) => ({
    key,
    text: value,
    source: 'file' as const,
    detail: `${file.path} line ${line}`,
  }))
}

function layerOf(entries: Entry[], places: Places, faults: ConfigFault[]): Layer {
  const layer: Layer = {}
  for (const entry of entries) {
    const name = entry.key.replace(/_file$/, '')
    if (entry.key === 'config' && entry.source !== 'file') continue
    const typed = isSettingName(name) ? typedOf(name, entry, places, faults) : undefined
    if (!isSettingName(name) || typed === 'unknown') faults.push(unknownKey(entry))
    else if (typed && layer[name]) faults.push(twice(name, layer[name], entry))
    else if (typed) layer[name] = typed
  }
  return layer
}

function typedOf(
  name: SettingName,
  entry: Entry,
  places: Places,
  faults: ConfigFault[],
): Typed | 'unknown' | undefined {
  const { secret, neverFlag } = settingOf(name)
  const { text, source, detail } = entry
  if (entry.key !== name) return secret ? fromFile(entry, places, faults) : 'unknown'
  if (!neverFlag || source !== 'flag') return { text, source, detail }
  const wanted = `\`${flagOf(name)}-file PATH\`, because every user of this machine can read command lines`
  faults.push({ key: name, source: detail, found: 'a secret on the command line', wanted })
  return undefined
}

/** A secret kept in a file of its own; systemd puts those into one folder and tells only that. */
function fromFile(entry: Entry, places: Places, faults: ConfigFault[]): Typed | undefined {
  const { key, text: name, source, detail } = entry
  const path = resolve(places.cwd, places.env['CREDENTIALS_DIRECTORY'] ?? '', name)
  const content = tried(() => places.readFile(path))
  const text = content.text?.trim()
  if (text) return { text, source, detail: `${detail}, ${path}` }
  const found = content.problem ?? (text === '' ? `${path}, which is empty` : `${path}, which does not exist`)
  faults.push({ key, source: detail, found, wanted: 'the path of a file that holds the secret' })
  return undefined
}

/** `DATABASE_URL` is what most hosts set; beside our own variable it may not say something else. */
function addPlainDatabaseUrl(
  env: Environment,
  layers: { flags: Layer; variables: Layer },
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

function settingsFile(places: Places, faults: ConfigFault[]): { path: string; text: string } | undefined {
  const { flags, env, cwd } = places
  const named = flags['config'] ?? (env['DOORWARD_CONFIG'] || undefined)
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '/', '.config')
  const usual = ['doorward.toml', join(home, 'doorward/config.toml'), '/etc/doorward/config.toml']
  for (const path of (named === undefined ? usual : [String(named)]).map((each) => resolve(cwd, each))) {
    const { text, problem } = tried(() => places.readFile(path))
    if (text !== undefined) return { path, text }
    if (named === undefined && !problem) continue
    const source = flags['config'] === undefined ? 'DOORWARD_CONFIG' : '--config'
    const found = problem ?? `${path}, which does not exist`
    faults.push({
      key: 'config',
      source: named === undefined ? 'default' : source,
      found,
      wanted: 'the path of a readable configuration file',
    })
    return undefined
  }
  return undefined
}

function unknownKey({ key, source, detail }: Entry): ConfigFault {
  const secretFiles = SETTING_NAMES.filter((name) => settingOf(name).secret).map((name) => `${name}_file`)
  const close = nearest(key, [...SETTING_NAMES, ...secretFiles])
  const wanted = close ? `perhaps \`${spelled(close, source)}\`` : 'a setting listed in docs/configuration.md'
  return { key, source: detail, found: 'a setting that does not exist', wanted }
}

function spelled(name: string, source: SourceKind): string {
  if (source === 'flag') return flagOf(name)
  return source === 'environment' ? variableOf(name) : name
}

function twice(key: string, first: Typed, second: Entry): ConfigFault {
  return { key, source: `${first.detail} and ${second.detail}`, found: 'two values', wanted: 'one of them' }
}

function tried(read: () => string | undefined): { text?: string | undefined; problem?: string } {
  try {
    return { text: read() }
  } catch (error) {
    return { problem: `a file that cannot be read (${error instanceof Error ? error.message : String(error)})` }
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined
    throw error
  }
}
