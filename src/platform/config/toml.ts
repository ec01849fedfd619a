/** A line `key = value` of a configuration file, the value as text: items of a list joined by commas. */
export interface FileEntry {
  readonly key: string
  readonly value: string
  readonly line: number
}

/** A line that could not be read. Never quotes it: it may hold a secret. */
export interface FileFault {
  readonly line: number
  readonly found: string
}

export interface FileContent {
  readonly entries: readonly FileEntry[]
  readonly faults: readonly FileFault[]
}

export const WANTED_LINE = 'a line like `port = 8000`, `public_url = "https://id.example.org"` or `docs = false`'

const LINE = /^\s*([A-Za-z0-9_-]+)\s*=\s*(.*)$/
const BLANK = /^\s*(#.*)?$/
const AFTER = String.raw`\s*(?:#.*)?$`
const BASIC = String.raw`"((?:[^"\\]|\\["\\nt])*)"`
const LITERAL = String.raw`'([^']*)'`
const BARE = String.raw`(true|false|[+-]?\d+(?:_\d+)*)`
const SCALAR = new RegExp(`^(?:${BASIC}|${LITERAL}|${BARE})${AFTER}`)
const LIST = new RegExp(String.raw`^\[(.*)\]${AFTER}`)
const ITEM = new RegExp(String.raw`\s*(?:${BASIC}|${LITERAL}|${BARE})\s*(?:,|$)`, 'y')
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' }

/**
 * Reads the part of TOML that settings need: one `key = value` a line, with strings, whole numbers, `true` and `false`,
 * one-line lists of them, and comments. No tables: every setting has one flat name.
 */
export function readSettingsFile(text: string): FileContent {
  const entries: FileEntry[] = []
  const faults: FileFault[] = []
  const seen = new Set<string>()
  for (const [index, source] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = index + 1
    const read = readLine(source)
    if (read === 'blank') continue
    if (typeof read === 'string') faults.push({ line, found: read })
    else if (seen.has(read.key)) faults.push({ line, found: `${read.key} for the second time` })
    else entries.push({ ...read, line })
    if (typeof read !== 'string') seen.add(read.key)
  }
  return { entries, faults }
}

function readLine(source: string): { key: string; value: string } | string {
  if (BLANK.test(source)) return 'blank'
  if (/^\s*\[/.test(source)) return 'a table'
  const [, key, rest = ''] = LINE.exec(source) ?? []
  if (key === undefined) return 'a line that is not `key = value`'
  const value = readValue(rest)
  return value === undefined
    ? `a value of ${key} that is not quoted text, a number, true, false or a list`
    : { key, value }
}

function readValue(text: string): string | undefined {
  const scalar = SCALAR.exec(text)
  if (scalar) return textOf(scalar)
  const list = LIST.exec(text)?.[1]
  return list === undefined ? undefined : readItems(list)
}

function readItems(text: string): string | undefined {
  const items: string[] = []
  ITEM.lastIndex = 0
  while (ITEM.lastIndex < text.trimEnd().length) {
    const item = ITEM.exec(text)
    if (!item) return undefined
    items.push(textOf(item))
  }
  return items.join(',')
}

function textOf([, basic, literal, bare]: RegExpExecArray): string {
  if (basic !== undefined) return basic.replace(/\\(.)/g, (_, escaped: string) => ESCAPES[escaped] ?? escaped)
  return literal ?? (bare ?? '').replaceAll('_', '')
}
