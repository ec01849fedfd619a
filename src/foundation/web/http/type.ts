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

const ofType =
  (type: string) =>
  (options: Options): object => ({ type, ...options })

const builders = {
  Array: (items: object, options: Options) => ({ type: 'array', items, ...options }),
  Boolean: ofType('boolean'),
  Integer: ofType('integer'),
  Literal: (value: string | number | boolean, options: Options) => ({ type: typeof value, const: value, ...options }),
  Null: ofType('null'),
  Object: object,
  Optional: optional,
  Record: (_key: object, value: object, options: Options) => ({
    type: 'object',
    additionalProperties: value,
    ...options,
  }),
  String: ofType('string'),
  Union: (anyOf: readonly object[], options: Options) => ({ anyOf, ...options }),
  Unsafe: (schema: object) => schema,
}

/** JSON Schema (draft 2020-12, as in OpenAPI 3.1), with the TypeScript type of each schema. */
export const Type = builders as unknown as Pick<typeof TypeBox.Type, keyof typeof builders>

/** Returns the same properties, each of which may be left out. */
export function optionalFields<Fields extends Readonly<Record<string, TypeBox.TSchema>>>(fields: Fields) {
  const optional = Object.entries(fields).map(([name, field]) => [name, Type.Optional(field)])
  return Object.fromEntries(optional) as { [Name in keyof Fields]: TypeBox.TOptional<Fields[Name]> }
}
