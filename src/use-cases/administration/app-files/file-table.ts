// Tables of a file with apps and resources: their values, how two of them differ, and their text as TOML. Tested in
// app-file.test.ts.

export type FileValue = string | number | boolean | readonly string[]
/** The fields of an app or resource by their names in a file; one without a value is absent. */
export type FileFields = Readonly<Record<string, FileValue>>

export function isSame(one: FileValue | null | undefined, other: FileValue | null | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A field by its name in the file; null where it has no value. */
export interface FieldChange {
  readonly field: string
  readonly before: FileValue | null
  readonly after: FileValue | null
}

/** Returns the fields that differ, by their names in the file. */
export function changesBetween(before: FileFields, after: FileFields): FieldChange[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names.flatMap((field) => {
    const [old, next] = [before[field] ?? null, after[field] ?? null]
    return isSame(old, next) ? [] : [{ field, before: old, after: next }]
  })
}

/** Returns tables of a list, such as `[[app]]`, as TOML. */
export function tomlTables(name: string, tables: readonly FileFields[]): string[] {
  return tables.map((table) => `[[${name}]]\n${Object.entries(table).map(lineOf).join('')}`)
}

function lineOf([name, value]: [string, FileValue]): string {
  return `${name} = ${tomlValue(value)}\n`
}

function tomlValue(value: FileValue): string {
  if (typeof value === 'string') return tomlString(value)
  if (typeof value !== 'object') return String(value)
  if (value.length < 2) return `[${value.map(tomlString).join('')}]`
  return `[\n${value.map((text) => `  ${tomlString(text)},\n`).join('')}]`
}

/** The escapes of JSON are some of those of TOML, which wants one for U+007F too. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', String.raw`\u007F`)
}
