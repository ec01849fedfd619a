import type { ErrorObject } from 'ajv'

import type { FieldError } from '#foundation/kernel/refusal.ts'

/** The pattern of a text that must not be blank. */
export const NOT_BLANK = '\\S'

/** Further errors add no information, and the client decides how many there are. */
const MOST_FAULTS = 20

/** A format without a name. */
const NAMELESS = 'documented'

type Facts = NonNullable<FieldError['facts']>

/** The errors of a schema check, one for each field. They never contain the submitted value. */
export function schemaFieldErrors(errors: readonly ErrorObject[]): FieldError[] {
  const byPointer = new Map<string, FieldError>()
  for (const error of errors) {
    if (byPointer.size >= MOST_FAULTS) break
    const fieldError = schemaFieldError(error)
    const known = fieldError && byPointer.get(fieldError.pointer)
    if (fieldError) byPointer.set(fieldError.pointer, known ? merged(known, fieldError) : fieldError)
  }
  return [...byPointer.values()]
}

// Each branch of a union reports the same field: choices are joined; otherwise the first error counts, unless its format has no name.
function merged(known: FieldError, next: FieldError): FieldError {
  if (known.code === 'field.format' && next.code === 'field.format' && known.facts?.format === NAMELESS) return next
  if (known.code !== 'field.choice' || next.code !== 'field.choice') return known
  return { ...known, facts: { choices: `${known.facts?.choices}, ${next.facts?.choices}` } }
}

function schemaFieldError(error: ErrorObject): FieldError | undefined {
  const { keyword, instancePath: pointer } = error
  const params = error.params as Record<string, string | number | undefined>
  switch (keyword) {
    case 'required':
      return { pointer: pointerTo(pointer, String(params.missingProperty)), code: 'field.missing' }
    case 'additionalProperties':
    case 'propertyNames':
      return { pointer: pointerTo(pointer, String(params.additionalProperty ?? '')), code: 'field.unknown' }
    case 'type':
      return params.type === 'null'
        ? undefined
        : { pointer, code: 'field.type', facts: { wanted: expectedType(params.type) } }
    case 'anyOf':
    case 'oneOf':
      return { pointer, code: 'field.type', facts: { wanted: 'one of the documented shapes' } }
    default:
      return { pointer, ...(LIMITS[keyword]?.(params) ?? { code: 'field.format', facts: { format: NAMELESS } }) }
  }
}

const LIMITS: Readonly<Record<string, (params: Record<string, unknown>) => Pick<FieldError, 'code' | 'facts'>>> = {
  minLength: (params) => ({ code: 'field.too_short', facts: { minimum: Number(params.limit) } }),
  maxLength: (params) => ({ code: 'field.too_long', facts: { maximum: Number(params.limit) } }),
  minItems: (params) => ({ code: 'field.too_few', facts: { minimum: Number(params.limit) } }),
  maxItems: (params) => ({ code: 'field.too_many', facts: { maximum: Number(params.limit) } }),
  minProperties: (params) => ({ code: 'field.too_few', facts: { minimum: Number(params.limit) } }),
  maxProperties: (params) => ({ code: 'field.too_many', facts: { maximum: Number(params.limit) } }),
  minimum: rangeError,
  maximum: rangeError,
  exclusiveMinimum: rangeError,
  exclusiveMaximum: rangeError,
  enum: (params) => ({ code: 'field.choice', facts: { choices: choiceList(params.allowedValues) } }),
  const: (params) => ({ code: 'field.choice', facts: { choices: choiceList([params.allowedValue]) } }),
  format: (params) =>
    params.format === 'given-name'
      ? { code: 'field.characters' }
      : { code: 'field.format', facts: { format: String(params.format) } },
  pattern: (params) =>
    params.pattern === NOT_BLANK ? { code: 'field.missing' } : { code: 'field.format', facts: { format: NAMELESS } },
}

function rangeError(params: Record<string, unknown>): { code: string; facts: Facts } {
  return { code: 'field.range', facts: { comparison: String(params.comparison), limit: Number(params.limit) } }
}

function choiceList(values: unknown): string {
  return Array.isArray(values) ? values.filter((value) => value !== null).join(', ') : ''
}

function expectedType(type: unknown): string {
  return Array.isArray(type) ? type.filter((one) => one !== 'null').join(' or ') : String(type)
}

/**
 * The errors for strings with NUL or lone surrogates. These mean nothing in any text here, PostgreSQL cannot store them, and other programs
 * cut or replace them, so no string of an input may contain one.
 */
export function characterErrors(value: unknown, pointer = ''): FieldError[] {
  if (typeof value === 'string')
    return value.isWellFormed() && !value.includes('\0') ? [] : [{ pointer, code: 'field.characters' }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => characterErrors(part, pointerTo(pointer, key)))
}

const NAMELIKE = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * JSON Pointer (RFC 6901) to a field of the object at `parent`. A name that does not look like a field may be a value in the wrong
 * position, such as a password, so it is not repeated: the pointer then stays at the parent.
 */
export function pointerTo(parent: string, name: string): string {
  return NAMELIKE.test(name) ? `${parent}/${name}` : parent
}
