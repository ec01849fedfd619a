import type { TObject } from './type.ts'

interface Property {
  readonly type?: unknown
  readonly default?: unknown
}

// Whole numbers of any size: whether one is too large is not a question of its type.
const INTEGER = /^-?\d+$/
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/

/**
 * Parameters of a path or a query, read as the schema wants them: `'7'` as 7, `'true'` as true, one value as a list of
 * one, an absent one as its default. What cannot be read stays text, for the schema to refuse.
 */
export function coerceParameters(schema: TObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  const read: Record<string, unknown> = { ...given }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const wanted = property as Property
    if (given[name] !== undefined) read[name] = readParameter(wanted.type, given[name])
    else if (wanted.default !== undefined) read[name] = wanted.default
  }
  return read
}

function readParameter(type: unknown, value: unknown): unknown {
  if (type === 'array') return Array.isArray(value) ? value : [value]
  if (typeof value !== 'string') return value
  if (type === 'integer') return INTEGER.test(value) ? Number(value) : value
  if (type === 'number') return NUMBER.test(value) ? Number(value) : value
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true'
  return value
}
