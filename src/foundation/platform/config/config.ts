// Reads the settings from command line, environment and file, checks them, and shows where each value came from.
import { resolve } from 'node:path'

import { hostUrls } from './database-url.ts'
import { contradictions, derive, pathFlagsIn } from './derive.ts'
import { readMailTemplates } from './mail-template-files.ts'
import { SETTING_NAMES, type SettingName, settingOf, type SettingValues } from './settings.ts'
import { collect, type TypedSettings } from './sources.ts'
import type { Config, ConfigFault, ConfigInput, LoadedConfig, ShownSetting, Typed, ValueOrigin } from './types.ts'

/** All faults of the configuration together, so that the operator can correct them in one pass. */
export class ConfigFaults extends Error {
  override readonly name = 'ConfigFaults'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(
      ({ key, source, found, wanted }) => `  ${key} (${source}): found ${found}, expected ${wanted}.`,
    )
    super(['The configuration is invalid:', ...lines].join('\n'))
    this.faults = faults
  }
}

const LONGEST_QUOTE = 80

/** A text as a fault shows it: quoted, cut, with control characters escaped, and without the name and password of a URL. */
function quoted(text: string): string {
  const redacted = text.replaceAll(/\/\/[^/\s]*@/g, '//[hidden]@')
  return JSON.stringify(redacted.length > LONGEST_QUOTE ? `${redacted.slice(0, LONGEST_QUOTE)}…` : redacted)
}

/** Reads each setting from flag, environment, file or default, in this order; the result is frozen. Throws `ConfigFaults` with every fault. */
export function loadConfig(input: ConfigInput = {}): LoadedConfig {
  const { typed, faults, file } = collect(input)
  const originOf = (name: SettingName): ValueOrigin => ({
    source: typed[name]?.source ?? 'default',
    detail: typed[name]?.detail ?? 'default',
  })
  const { values, faults: unreadable } = readValues(typed)
  faults.push(...unreadable)
  // The values of an unreadable file are missing, so comparing the others with defaults would report false contradictions.
  const isComplete = unreadable.length === 0 && faults.every(({ key }) => key !== 'config')
  if (isComplete) faults.push(...contradictions(values, (name) => originOf(name).detail))
  const cwd = input.cwd ?? process.cwd()
  const templates = isComplete && values.mail_host !== null ? values.mail_templates : null
  const mailTemplates = templates === null ? null : readMailTemplates(resolve(cwd, templates), faults)
  if (faults.length > 0) throw new ConfigFaults(faults)
  const config = {
    ...derive(values, { cwd, isSet: (name) => name in typed }),
    mailTemplates,
    pathFlags: pathFlagsIn(input.flags ?? {}),
  }
  const origins = Object.fromEntries(SETTING_NAMES.map((name) => [name, originOf(name)]))
  return freeze({ config, origins, texts: shownTexts(typed, config), file })
}

/** Every setting with its value and its source; secrets are redacted. */
export function showConfig({ origins, texts }: LoadedConfig): ShownSetting[] {
  return Object.entries(origins).map(([key, origin]) => ({ key, value: texts[key] ?? '', ...origin }))
}

/** Freezes plain objects and lists recursively; a `Secret` is immutable already. */
function freeze<Value>(value: Value): Value {
  const plain = Array.isArray(value) || (value instanceof Object && Object.getPrototypeOf(value) === Object.prototype)
  if (!plain) return value
  for (const part of Object.values(value as object)) freeze(part)
  return Object.freeze(value)
}

/** Parses the text of each setting, or its default. The values are complete only if there are no faults. */
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

/** Every setting as text to show; secrets are redacted. */
function shownTexts(typed: TypedSettings, config: Config): Record<string, string> {
  const derived = {
    public_url: config.publicUrl,
    data_dir: config.dataDir,
    database_url: withoutPassword(config.databaseUrl.reveal()),
    keyring: config.keyring?.toString() ?? '',
  }
  const texts = SETTING_NAMES.map((name) => [name, typed[name]?.text.trim() ?? settingOf(name).standard ?? ''])
  return { ...Object.fromEntries(texts), ...derived }
}

function unreadable(name: SettingName, typed: Typed | undefined): ConfigFault {
  const { secret, kind } = settingOf(name)
  const found = secret ? 'something else (not shown, because it is secret)' : quoted(typed?.text ?? '')
  return { key: name, source: typed?.detail ?? 'default', found, wanted: kind.wanted }
}

/** The path of a SQLite file, or only hosts and name of a PostgreSQL database, because the query may contain a password too. */
function withoutPassword(databaseUrl: string): string {
  if (databaseUrl.startsWith('sqlite:')) return databaseUrl
  const urls = (hostUrls(databaseUrl) ?? []).map((url) => new URL(url))
  const [first] = urls
  return first ? `${first.protocol}//${urls.map(({ host }) => host).join(',')}${first.pathname}` : ''
}
