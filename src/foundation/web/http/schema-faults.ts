import type { ErrorObject } from 'ajv'

import type { FieldError } from '../../kernel/field-error.ts'
import { NOT_BLANK } from './given-name.ts'

/** More would only repeat themselves, and an attacker chooses how many there are. */
const MOST_FAULTS = 20

/** A format that has no name. */
const NAMELESS = 'documented'

type Facts = NonNullable<FieldError['facts']>

/** What a schema found wrong, one fault a field, without a word of what was typed. */
export function faultsOf(errors: readonly ErrorObject[]): FieldError[] {
  const byPointer = new Map<string, FieldError>()
  for (const error of errors) {
    if (byPointer.size >= MOST_FAULTS) break
    const fault = faultOf(error)
    const known = fault && byPointer.get(fault.pointer)
    if (fault) byPointer.set(fault.pointer, known ? merged(known, fault) : fault)
  }
  return [...byPointer.values()]
}

// The branches of a union each complain about the same field: choices add up, otherwise the first one counts, unless it has
// no name for what it wants.
function merged(known: FieldError, next: FieldError): FieldError {
  if (known.code === 'field.format' && next.code === 'field.format' && known.facts?.format === NAMELESS) return next
  if (known.code !== 'field.choice' || next.code !== 'field.choice') return known
  return { ...known, facts: { choices: `${known.facts?.choices}, ${next.facts?.choices}` } }
}

function faultOf(error: ErrorObject): FieldError | undefined {
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
        : { pointer, code: 'field.type', facts: { wanted: wantedType(params.type) } }
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
  minimum: rangeFault,
  maximum: rangeFault,
  exclusiveMinimum: rangeFault,
  exclusiveMaximum: rangeFault,
  enum: (params) => ({ code: 'field.choice', facts: { choices: choicesOf(params.allowedValues) } }),
  const: (params) => ({ code: 'field.choice', facts: { choices: choicesOf([params.allowedValue]) } }),
  format: (params) =>
    params.format === 'given-name'
      ? { code: 'field.characters' }
      : { code: 'field.format', facts: { format: String(params.format) } },
  pattern: (params) =>
    params.pattern === NOT_BLANK ? { code: 'field.missing' } : { code: 'field.format', facts: { format: NAMELESS } },
}

function rangeFault(params: Record<string, unknown>): { code: string; facts: Facts } {
  return { code: 'field.range', facts: { comparison: String(params.comparison), limit: Number(params.limit) } }
}

function choicesOf(values: unknown): string {
  return Array.isArray(values) ? values.filter((value) => value !== null).join(', ') : ''
}

function wantedType(type: unknown): string {
  return Array.isArray(type) ? type.filter((one) => one !== 'null').join(' or ') : String(type)
}

/**
 * NUL and half surrogate pairs mean nothing in any text here, cannot be stored by PostgreSQL and are cut or replaced
 * by others; so no string of an input may hold them.
 */
export function faultsInCharacters(value: unknown, pointer = ''): FieldError[] {
  if (typeof value === 'string') return isText(value) ? [] : [{ pointer, code: 'field.characters' }]
  if (typeof value !== 'object' || value === null) return []
  const faults: FieldError[] = []
  for (const key of Object.keys(value)) {
    faults.push(...faultsInCharacters((value as Record<string, unknown>)[key], pointerTo(pointer, key)))
  }
  return faults
}

function isText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}

const NAMELIKE = /^[A-Za-z0-9_.-]{1,64}$/

/**
 * JSON Pointer (RFC 6901) to a field of the thing at `parent`. A name that does not look like one may be something typed
 * in the wrong place, so it is not repeated: then the pointer stays at the parent.
 */
export function pointerTo(parent: string, name: string): string {
  return NAMELIKE.test(name) ? `${parent}/${name}` : parent
}
