// The fields of what waits for approval: the schema of a field describes its stored form, and its type is that of the decoded value.
// Tested in approval-change.test.ts.
import { answersIn, type GivenValues } from '#domain/attributes/attribute-value.ts'
import { type Instant, toRfc3339 } from '#foundation/kernel/time.ts'
import { type Static, type TSchema, type TUnsafe, Type } from '#foundation/web/http/type.ts'

export type StoredValue = string | number | boolean | null

interface Encoding {
  readonly encode: (value: never) => StoredValue
  readonly decode: (stored: never) => unknown
}

/** Marks of a schema: how its values are stored, and the value that is stored by leaving the field out. Serialization skips them. */
const ENCODING = Symbol('encoding')
const ABSENT = Symbol('absent')

type Field = TSchema & { readonly [ENCODING]?: Encoding; readonly [ABSENT]?: StoredValue }

/** Returns the stored form of a value; undefined if the field is left out. */
export function encodeField(field: Field, value: unknown): StoredValue | undefined {
  if (value === undefined || value === field[ABSENT]) return undefined
  return (value === null ? null : (field[ENCODING]?.encode(value as never) ?? value)) as StoredValue
}

export function decodeField(field: Field, stored: StoredValue | undefined): unknown {
  if (stored === undefined) return field[ABSENT]
  return stored === null ? null : (field[ENCODING]?.decode(stored as never) ?? stored)
}

/** A field whose values are stored in the form of a schema. */
export function storedAs<Value, Stored extends StoredValue>(
  form: TSchema,
  encoding: { readonly encode: (value: Value) => Stored; readonly decode: (stored: Stored) => Value },
): TUnsafe<Value> {
  return Type.Unsafe<Value>({ ...form, [ENCODING]: encoding })
}

/** The same field, or null. */
export function orNull<Schema extends Field>(field: Schema): TUnsafe<Static<Schema> | null> {
  return Type.Unsafe({ anyOf: [field, Type.Null()], [ENCODING]: field[ENCODING] })
}

/** The same field, where one value is stored by leaving the field out. */
export function orAbsent<Schema extends TSchema, const Absent extends StoredValue>(
  field: Schema,
  absent: Absent,
): TUnsafe<Static<Schema> | Absent> {
  return Type.Optional(Type.Unsafe<Static<Schema> | Absent>({ ...field, [ABSENT]: absent }))
}

/**
 * Some of these words, separated by spaces. A list with a word that this version does not know fails the schema, so its request is not carried
 * out; it is shown without the word.
 */
export function wordList<Word extends string>(known: readonly Word[]): TUnsafe<readonly Word[]> {
  const word = `(?:${known.join('|')})`
  return storedAs<readonly Word[], string>(Type.String({ pattern: `^(?:${word}(?: ${word})*)?$` }), {
    encode: (words) => words.join(' '),
    decode: (text) => {
      const words: readonly string[] = text.split(' ')
      return known.filter((word) => words.includes(word))
    },
  })
}

/** Texts without spaces, separated by spaces. */
export const Words = storedAs<readonly string[], string>(Type.String(), {
  encode: (words) => words.join(' '),
  decode: (text) => text.split(' ').filter(Boolean),
})

/** The same, or `all` of what there is. */
export const AllOrWords = storedAs<'all' | readonly string[], string>(Type.String(), {
  encode: (words) => (words === 'all' ? words : words.join(' ')),
  decode: (text) => (text === 'all' ? text : text.split(' ').filter(Boolean)),
})

export const TextOrNull = orNull(Type.String())

export const Moment = storedAs<Instant, string>(Type.String(), { encode: toRfc3339, decode: Date.parse })
export const MomentOrNull = orNull(Moment)

/** Values of attributes, stored as JSON. */
export const Answers = storedAs<GivenValues, string>(Type.String(), { encode: JSON.stringify, decode: answersIn })
