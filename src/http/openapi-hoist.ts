import { isDeepStrictEqual } from 'node:util'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Schemas by the name under which the document lists them. */
export type NamedSchemas = Map<string, Json>

/**
 * The schema as the document shows it: every named schema in it becomes a reference, and is added to `found`. Throws
 * when two different schemas bear one name.
 */
export function hoist(schema: unknown, found: NamedSchemas): Json {
  if (Array.isArray(schema)) return schema.map((item) => hoist(item, found))
  if (typeof schema !== 'object' || schema === null) return schema as Json
  const { 'x-name': name, 'x-header': _sentWith, ...rest } = schema as Record<string, unknown>
  if (name !== undefined && isNullable(rest)) {
    return { anyOf: [hoist({ 'x-name': name, ...withoutNull(rest) }, found), { type: 'null' }] }
  }
  const shown = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, hoist(value, found)]))
  if (typeof name !== 'string') return shown
  keep(name, shown, found)
  return { $ref: `#/components/schemas/${name}` }
}

interface NullableSchema {
  readonly type: readonly string[]
  readonly enum?: readonly unknown[]
}

function isNullable(schema: object): schema is NullableSchema {
  return 'type' in schema && Array.isArray(schema.type) && schema.type.includes('null')
}

// A name belongs to the thing itself, also where the thing may be missing.
function withoutNull({ type, enum: choices, ...rest }: NullableSchema): object {
  return {
    type: type.find((one) => one !== 'null'),
    ...rest,
    ...(choices && { enum: choices.filter((one) => one !== null) }),
  }
}

function keep(name: string, shown: Json, found: NamedSchemas): void {
  const known = found.get(name)
  if (known !== undefined && !isDeepStrictEqual(known, shown)) {
    throw new Error(`two different schemas are named ${name}`)
  }
  found.set(name, shown)
}
