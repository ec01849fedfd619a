// Finds the configuration file and reads it as TOML 1.0.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type * as SmolToml from 'smol-toml'

import { type Environment, errorCode } from '../system.ts'
import type { ConfigFault, ConfigInput } from './types.ts'

export interface Sources {
  readonly flags: NonNullable<ConfigInput['flags']>
  readonly env: Environment
  readonly cwd: string
  /** The text of a file; undefined if it does not exist. */
  readonly readFile: (path: string) => string | undefined
}

export interface SettingsFile {
  readonly path: string
  /** Values by key, as text to be parsed; undefined for a table, a date or a list of lists, which no setting accepts. */
  readonly texts: Readonly<Record<string, string | undefined>>
}

/** The named file, else the first of the default ones that exists; undefined if there is none, or if a fault was added. */
export function readSettingsFile(sources: Sources, faults: ConfigFault[]): SettingsFile | undefined {
  const { flags, env, cwd } = sources
  const named = flags['config'] ?? (env['DOORWARD_CONFIG'] || undefined)
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? '/', '.config')
  const defaults = ['doorward.toml', join(home, 'doorward/config.toml'), '/etc/doorward/config.toml']
  for (const path of (named === undefined ? defaults : [String(named)]).map((each) => resolve(cwd, each))) {
    const { text, problem } = tryReading(sources, path)
    if (text !== undefined) return parsed(path, text, faults)
    if (named === undefined && !problem) continue
    const source = flags['config'] === undefined ? 'DOORWARD_CONFIG' : '--config'
    faults.push({
      key: 'config',
      source: named === undefined ? 'default' : source,
      found: problem ?? `${path}, which does not exist`,
      wanted: 'the path of a readable configuration file',
    })
    return undefined
  }
  return undefined
}

function parsed(path: string, text: string, faults: ConfigFault[]): SettingsFile | undefined {
  const read = readToml(text)
  if ('values' in read) {
    const texts = Object.entries(read.values).map(([key, value]) => [key, tomlText(value)])
    return { path, texts: Object.fromEntries(texts) as SettingsFile['texts'] }
  }
  const wanted = 'TOML, such as `port = 8000`, `public_url = "https://id.example.org"` or `docs = false`'
  faults.push({ key: 'config', source: `${path} line ${read.line}`, found: read.found, wanted })
  return undefined
}

type Toml =
  | { readonly values: Readonly<Record<string, SmolToml.TomlValue>> }
  | { readonly line: number; readonly found: string }

const load = createRequire(import.meta.url)

/**
 * The values of a TOML document, or the line of its first error and what was found there. Only the first line of the library's message is
 * repeated: the others quote the file, with its secrets.
 */
export function readToml(text: string): Toml {
  // Loaded here, because most servers have no configuration file.
  const { parse, TomlError } = load('smol-toml') as typeof SmolToml
  try {
    return { values: parse(text) }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [reason = ''] = error.message.split('\n', 1)
    return {
      line: error.line,
      found: `text that is not TOML (${reason.replace(/^Invalid TOML document: /, '')})`,
    }
  }
}

/** A value as text; the items of a list are joined by commas, as in a flag. Undefined for a table, a date or a list of lists. */
function tomlText(value: SmolToml.TomlValue): string | undefined {
  if (!Array.isArray(value)) return typeof value === 'object' ? undefined : String(value)
  const items = value.map((item) => (typeof item === 'object' ? undefined : String(item)))
  return items.includes(undefined) ? undefined : items.join(',')
}

/** The text of a file, undefined if it does not exist, or the reason why it cannot be read. */
export function tryReading({ readFile }: Sources, path: string): { text?: string | undefined; problem?: string } {
  try {
    return { text: readFile(path) }
  } catch (error) {
    return { problem: `a file that cannot be read (${error instanceof Error ? error.message : String(error)})` }
  }
}

/** The text of a file on the disk; undefined if it does not exist. Throws the system's error if it exists and cannot be read. */
export function readTextFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test(errorCode(error))) return undefined
    throw error
  }
}
