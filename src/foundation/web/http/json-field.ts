import type { Static, TSchema } from './type.ts'

import { readJson } from './json.ts'
import { parse } from './schema.ts'

/** Longer than the longest response of a browser about a passkey. */
const LONGEST = 48_000

/**
 * Parses the form field `name`, which a module filled with JSON in the shape of `schema`. Returns undefined for anything else: no user
 * types such a field, so an error beside it could not be corrected.
 */
export function readJsonField<Schema extends TSchema>(
  schema: Schema,
  body: unknown,
  name: string,
): Static<Schema> | undefined {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  const text: unknown = Object.hasOwn(fields, name) ? (fields as Record<string, unknown>)[name] : undefined
  if (typeof text !== 'string' || text === '' || text.length > LONGEST) return undefined
  const value = undefinedIfInvalid(() => readJson(Buffer.from(text)))
  const parsed = parse(schema, value)
  return 'faults' in parsed ? undefined : parsed.value
}

function undefinedIfInvalid(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
