// The fields of what waits for approval: the schema of a field describes its stored form, and its type is that of the decoded value.
import { answersIn, answersText } from '../attributes/attribute-value.ts'
import type { GivenValues } from '../attributes/attribute-value.ts'
import { toRfc3339 } from '../../foundation/kernel/time.ts'
import type { Instant } from '../../foundation/kernel/time.ts'
import { Type } from '../../foundation/web/http/type.ts'
import type { Static, TSchema, TUnsafe } from '../../foundation/web/http/type.ts'

export type StoredValue = string | number | boolean | null

/** Undefined is a field that is left out. */
interface Codec {
  readonly encode: (value: unknown) => StoredValue | undefined
  readonly decode: (stored: StoredValue | undefined) => unknown
}

/** Marks a schema whose values are stored in another form. Serialization skips it. */
const CODEC = Symbol('codec')

/** Returns how the values of a field are stored: as they are, unless its schema says otherwise. */
export function codecOf(schema: TSchema & { readonly [CODEC]?: Codec }): Codec {
  return schema[CODEC] ?? { encode: (value) => value as StoredValue | undefined, decode: (stored) => stored }
}

function withCodec<Value>(schema: object, codec: Codec): TUnsafe<Value> {
  return Type.Unsafe<Value>({ ...schema, [CODEC]: codec })
}

/** A field whose values are stored in the form of a schema. */
export function storedAs<Value, Stored extends StoredValue>(
  form: TSchema,
  codec: { readonly encode: (value: Value) => Stored; readonly decode: (stored: Stored) => Value },
): TUnsafe<Value> {
  return withCodec(form, {
    encode: (value) => (value === undefined ? undefined : codec.encode(value as Value)),
    decode: (stored) => (stored === undefined ? undefined : codec.decode(stored as Stored)),
  })
}

/** The same field, or null. */
export function orNull<Field extends TSchema>(field: Field): TUnsafe<Static<Field> | null> {
  const { encode, decode } = codecOf(field)
  return withCodec(Type.Union([field, Type.Null()]), {
    encode: (value) => (value === null ? null : encode(value)),
    decode: (stored) => (stored === null ? null : decode(stored)),
  })
}

/** The same field, where one value is stored by leaving the field out. */
export function orAbsent<Field extends TSchema, const Absent extends StoredValue>(
  field: Field,
  absent: Absent,
): TUnsafe<Static<Field> | Absent> {
  const { encode, decode } = codecOf(field)
  return Type.Optional(
    withCodec<Static<Field> | Absent>(field, {
      encode: (value) => (value === absent ? undefined : encode(value)),
      decode: (stored) => (stored === undefined ? absent : decode(stored)),
    }),
  )
}

/** Some of these words, separated by spaces; decoded in this order, without words that this version does not know. */
export function wordList<Word extends string>(known: readonly Word[]): TUnsafe<readonly Word[]> {
  return storedAs<readonly Word[], string>(Type.String(), {
    encode: (words) => words.join(' '),
    decode: (text) => {
      const words: readonly string[] = text.split(' ')
      return known.filter((word) => words.includes(word))
    },
  })
}

export const TextOrNull = orNull(Type.String())

export const Moment = storedAs<Instant, string>(Type.String(), { encode: toRfc3339, decode: Date.parse })
export const MomentOrNull = orNull(Moment)

/** Values of attributes, stored as JSON. */
export const Answers = storedAs<GivenValues, string | null>(TextOrNull, { encode: answersText, decode: answersIn })
