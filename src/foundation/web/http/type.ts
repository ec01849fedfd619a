// Builders of JSON schemas. Their types are TypeBox's; the implementation is here, because loading TypeBox takes seven hundred files and a
// fifth of a start, and only eleven of its builders are used.
import type * as TypeBox from 'typebox'

export type { Static, TObject, TSchema, TUnsafe } from 'typebox'

type Options = object | undefined
type Properties = Readonly<Record<string, object>>

/** Marks a property that may be absent. `object` reads the mark; serialization skips it. */
const OPTIONAL = Symbol('optional')

function optional(schema: object): object {
  return Object.defineProperty({ ...schema }, OPTIONAL, { value: true })
}

function object(properties: Properties, options: Options): object {
  const required = Object.keys(properties).filter((name) => !(OPTIONAL in (properties[name] ?? {})))
  return { type: 'object', properties, ...(required.length > 0 && { required }), ...options }
}

function literal(value: string | number | boolean, options: Options): object {
  return { type: typeof value, const: value, ...options }
}

const ofType =
  (type: string) =>
  (options: Options): object => ({ type, ...options })

const array = (items: object, options: Options): object => ({ type: 'array', items, ...options })
const union = (anyOf: readonly object[], options: Options): object => ({ anyOf, ...options })
const record = (_key: object, value: object, options: Options): object => ({
  type: 'object',
  additionalProperties: value,
  ...options,
})
const unsafe = (schema: object): object => schema

/** JSON Schema (draft 2020-12, as in OpenAPI 3.1), with the TypeScript type of each schema. */
export const Type = {
  Array: array,
  Boolean: ofType('boolean'),
  Integer: ofType('integer'),
  Literal: literal,
  Null: ofType('null'),
  Object: object,
  Optional: optional,
  Record: record,
  String: ofType('string'),
  Union: union,
  Unsafe: unsafe,
} as unknown as Pick<
  typeof TypeBox.Type,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unsafe'
>
