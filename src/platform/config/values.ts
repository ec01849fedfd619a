import type { Config } from './config.ts'
import { hostUrls } from '../database/postgres-url.ts'
import { quoted } from './faults.ts'
import type { ConfigFault } from './faults.ts'
import type { Typed } from './origins.ts'
import { SETTING_NAMES, settingOf } from './settings.ts'
import type { SettingName, SettingValues } from './settings.ts'

type TypedSettings = Partial<Record<SettingName, Typed>>

/** Reads what was typed, or the default. The values are complete only where there are no faults. */
export function readValues(typed: TypedSettings): { values: SettingValues; faults: ConfigFault[] } {
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
export function shownTexts(typed: TypedSettings, config: Config): Record<string, string> {
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
