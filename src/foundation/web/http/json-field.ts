import type { Static, TSchema } from './type.ts'

import { readJson } from './json.ts'
import { parse } from './schema.ts'

/** More than the longest answer of a browser about a passkey. */
const LONGEST = 48_000

/**
 * The field `name` of a form whose text is JSON that a module wrote, in the shape of `schema`; undefined where it is not.
 * Nobody types such a field, so there is nothing in it to put right.
 */
export function readJsonField<Schema extends TSchema>(
  schema: Schema,
  body: unknown,
  name: string,
): Static<Schema> | undefined {
  const fields: object = typeof body === 'object' && body !== null ? body : {}
  const text: unknown = Object.hasOwn(fields, name) ? (fields as Record<string, unknown>)[name] : undefined
  if (typeof text !== 'string' || text === '' || text.length > LONGEST) return undefined
  const value = orNothing(() => readJson(Buffer.from(text)))
  const parsed = parse(schema, value)
  return 'faults' in parsed ? undefined : parsed.value
}

function orNothing(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
