import { hostUrls } from './postgres-url.ts'
import { contradictions, derive, pathFlagsIn } from './derive.ts'
import { SETTING_NAMES, settingOf } from './settings.ts'
import type { SettingName, SettingValues } from './settings.ts'
import { collect } from './sources.ts'
import type { Config, ConfigFault, ConfigInput, LoadedConfig, ShownSetting, Typed } from './types.ts'

/** Everything wrong with the configuration, at once. */
export class ConfigFaults extends Error {
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(['The configuration cannot be used:', ...faults.map(sentenceOf)].join('\n'))
    this.name = 'ConfigFaults'
    this.faults = faults
  }
}

function sentenceOf({ key, source, found, wanted }: ConfigFault): string {
  return `  ${key} (${source}): found ${found}; wanted ${wanted}.`
}

const LONGEST_QUOTE = 80

/** A text as a fault shows it: quoted, cut, control characters escaped, and without the name and password of an address. */
function quoted(text: string): string {
  const open = text.replaceAll(/\/\/[^/\s]*@/g, '//[hidden]@')
  return JSON.stringify(open.length > LONGEST_QUOTE ? `${open.slice(0, LONGEST_QUOTE)}…` : open)
}

/** Reads flags over environment over file over defaults; throws `ConfigFaults` naming everything that is wrong. */
export function loadConfig(input: ConfigInput = {}): LoadedConfig {
  const { typed, faults, file } = collect(input)
  const detailOf = (name: SettingName): string => typed[name]?.detail ?? 'default'
  const { values, faults: unreadable } = readValues(typed)
  faults.push(...unreadable)
  // A file that could not be read leaves values out, and what they would contradict is not known.
  const isComplete = unreadable.length === 0 && faults.every(({ key }) => key !== 'config')
  if (isComplete) faults.push(...contradictions(values, detailOf))
  if (faults.length > 0) throw new ConfigFaults(faults)
  const config = {
    ...derive(values, input.cwd ?? process.cwd()),
    pathFlags: pathFlagsIn(input.flags ?? {}),
  }
  const origins = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, { source: typed[name]?.source ?? 'default', detail: detailOf(name) }]),
  )
  return freeze({ config, origins, texts: shownTexts(typed, config), file })
}

/** Every setting with its value and where it came from, secrets redacted. */
export function showConfig({ origins, texts }: LoadedConfig): ShownSetting[] {
  return SETTING_NAMES.map((key) => ({
    key,
    value: texts[key] ?? '',
    source: origins[key]?.source ?? 'default',
    detail: origins[key]?.detail ?? 'default',
  }))
}

/** Plain objects and lists all the way down; a `Secret` cannot change anyway. */
function freeze<Value>(value: Value): Value {
  const plain = Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype)
  if (!plain) return value
  for (const part of Object.values(value as object)) freeze(part)
  return Object.freeze(value)
}

type TypedSettings = Partial<Record<SettingName, Typed>>

/** Reads what was typed, or the default. The values are complete only where there are no faults. */
function readValues(typed: TypedSettings): { values: SettingValues; faults: ConfigFault[] } {
  const faults: ConfigFault[] = []
  const values: Record<string, unknown> = {}
  for (const name of SETTING_NAMES) {
    const { kind, standard } = settingOf(name)
    const text = typed[name]?.text ?? standard
    const value = text === null ? null : kind.read(text.trim())
    if (value === undefined) faults.push(unreadable(name, typed[name]))
    else values[name] = value
  }
  return { values: values as SettingValues, faults }
}

/** Every setting as text for people, secrets redacted. */
function shownTexts(typed: TypedSettings, config: Config): Record<string, string> {
  const settled = {
    public_url: config.publicUrl,
    data_dir: config.dataDir,
    database_url: withoutPassword(config.databaseUrl.reveal()),
    keyring: config.keyring?.toString() ?? '',
  }
  const texts = SETTING_NAMES.map((name) => [name, typed[name]?.text.trim() ?? settingOf(name).standard ?? ''])
  return { ...Object.fromEntries(texts), ...settled }
}

function unreadable(name: SettingName, typed: Typed | undefined): ConfigFault {
  const { secret, kind } = settingOf(name)
  const found = secret ? 'something else (not shown, for it is secret)' : quoted(typed?.text ?? '')
  return { key: name, source: typed?.detail ?? 'default', found, wanted: kind.wanted }
}

/** The path of the file, or only the hosts and name of the server's database: the query may contain a password too. */
function withoutPassword(databaseUrl: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseUrl
  const urls = (hostUrls(databaseUrl) ?? []).map((url) => new URL(url))
  const [first] = urls
  return first ? `${first.protocol}//${urls.map(({ host }) => host).join(',')}${first.pathname}` : ''
}
