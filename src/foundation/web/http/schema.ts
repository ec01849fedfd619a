import type * as Library from 'ajv'
import type { Ajv, ErrorObject, ValidateFunction } from 'ajv'
import type * as Formats from 'ajv-formats'
import { createRequire } from 'node:module'

import { GIVEN_NAME_MAXIMUM, isPlainName } from '#foundation/kernel/given-name.ts'
import { ipAddressRange } from '#foundation/kernel/ip-address-range.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'
import { characterErrors, NOT_BLANK, schemaFieldErrors } from './schema-field-errors.ts'
import { type Static, type TObject, type TSchema, type TUnsafe, Type } from './type.ts'

type SchemaNode = Readonly<Record<string, unknown>>

export type Parsed<Value> = { readonly value: Value } | { readonly fieldErrors: readonly FieldError[] }

/** Gives a schema the name under which the OpenAPI document lists it. */
export function named<Schema extends TSchema>(name: string, schema: Schema): Schema {
  return Object.assign(schema, { 'x-name': name })
}

/** Names the field by whose constant value the members of a union, which have names, differ. The OpenAPI document lists the values (3.1, §4.8.25). */
export function distinguishedBy<Schema extends TSchema>(field: string, union: Schema): Schema {
  return Object.assign(union, { 'x-distinguished-by': field })
}

/** A header of an answer, as the OpenAPI document describes it. */
export interface AnswerHeader {
  readonly name: string
  readonly description: string
  readonly always: boolean
}

/** Declares the header that every answer of this schema has. */
export function sentWith<Schema extends TSchema>(header: AnswerHeader, schema: Schema): Schema {
  return Object.assign(schema, { 'x-header': header })
}

/**
 * The same value or null, as one `type` list, which is serialized faster than a union. The name stays with the schema without null: the
 * OpenAPI document shows a union of its reference and null.
 */
export function nullable<Schema extends TSchema & { type?: unknown }>(schema: Schema): TUnsafe<Static<Schema> | null> {
  const { type, enum: choices, 'x-name': name, ...rest } = schema as SchemaNode & { enum?: readonly unknown[] }
  return Type.Unsafe({
    ...rest,
    type: [type, 'null'],
    ...(choices && { enum: [...choices, null] }),
    ...(name !== undefined && { 'x-or-null': schema }),
  })
}

export function choice<const Word extends string>(words: readonly Word[], options: object = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options })
}

/** The schema of a name that a user gives to a thing: one line, not blank. */
export function givenName(description: string) {
  return Type.String({
    minLength: 1,
    maxLength: GIVEN_NAME_MAXIMUM,
    pattern: NOT_BLANK,
    format: 'given-name',
    description,
  })
}

const compiled = new WeakMap<object, ValidateFunction>()
const load = createRequire(import.meta.url)
let compilers: { readonly strict: Ajv; readonly tolerant: Ajv } | undefined

/** The library is loaded at the first check, because loading it takes some 20 ms of a start. A check is synchronous, as `import` is not. */
function compilersOf(): { readonly strict: Ajv; readonly tolerant: Ajv } {
  compilers ??= { strict: newAjv(false), tolerant: newAjv('all') }
  return compilers
}

// All errors at once, so that a user can correct a form in one pass; `schema-field-errors.ts` limits their number.
function newAjv(removeAdditional: 'all' | false): Ajv {
  const { Ajv } = load('ajv') as typeof Library
  const { default: addFormats } = load('ajv-formats') as typeof Formats
  const ajv = new Ajv({ allErrors: true, removeAdditional, coerceTypes: false, useDefaults: false, strict: false })
  addFormats.default(ajv)
  ajv.addFormat('ip-network', (text) => ipAddressRange(text) !== undefined)
  ajv.addFormat('given-name', isPlainName)
  return ajv
}

/**
 * Checks a value against a schema without changing it: unknown fields, NUL characters and lone surrogates are errors. Errors name fields
 * and limits, never the submitted value.
 */
export function parse<Schema extends TSchema>(schema: Schema, value: unknown): Parsed<Static<Schema>> {
  const fieldErrors = fieldErrorsIn(strictCheck(schema), value)
  return fieldErrors.length > 0 ? { fieldErrors } : { value: value as Static<Schema> }
}

/** A check of one part of a request; Fastify calls it a validator. */
export type PartCheck = (value: unknown) => { value: unknown } | { error: SchemaFieldErrors }

/** Transports field errors through Fastify's validation to the error handler. */
export class SchemaFieldErrors extends Error {
  readonly fieldErrors: readonly FieldError[]

  constructor(fieldErrors: readonly FieldError[]) {
    super('Some fields are invalid')
    this.name = 'SchemaFieldErrors'
    this.fieldErrors = fieldErrors
  }
}

/** The check of a body in which nothing is converted and unknown fields are errors. */
export function strictBodyCheck(schema: object): PartCheck {
  return checkWith(strictCheck(schema))
}

/** The check of a body whose unknown fields are removed. */
export function tolerantBodyCheck(schema: object): PartCheck {
  return checkWith(compilersOf().tolerant.compile(schema))
}

/** The check of query and path parameters, which arrive as text: numbers and booleans are converted, defaults are added. */
export function parameterCheck(schema: object): PartCheck {
  const check = checkWith(strictCheck(schema))
  return (value) => check(coerceParameters(schema as TObject, value))
}

function strictCheck(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const check = compilersOf().strict.compile(closed(schema))
  compiled.set(schema, check)
  return check
}

function checkWith(check: ValidateFunction): PartCheck {
  return (value) => {
    const fieldErrors = fieldErrorsIn(check, value)
    return fieldErrors.length > 0 ? { error: new SchemaFieldErrors(fieldErrors) } : { value }
  }
}

/** Refuses a body that is absent. What a file must be is checked by its route. */
export function presenceCheck(value: unknown): ReturnType<PartCheck> {
  if (value !== undefined && value !== null) return { value }
  return { error: new SchemaFieldErrors([{ pointer: '', code: 'field.missing' }]) }
}

function fieldErrorsIn(check: ValidateFunction, value: unknown): FieldError[] {
  if (value === undefined || value === null) return [{ pointer: '', code: 'field.missing' }]
  const errors: ErrorObject[] = check(value) ? [] : (check.errors ?? [])
  return errors.length > 0 ? schemaFieldErrors(errors) : characterErrors(value)
}

/** The schema in which every object refuses unlisted fields, unless it declares otherwise. */
export function closed(schema: object): object {
  return closedNode(schema) as object
}

function closedNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closedNode)
  if (typeof node !== 'object' || node === null) return node
  const copy: SchemaNode = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, closedValue(key, value)]),
  )
  const isOpen =
    copy.properties !== undefined && copy.additionalProperties === undefined && copy.patternProperties === undefined
  return isOpen ? { ...copy, additionalProperties: false } : copy
}

// Examples, defaults and choices are values, not schemas.
function closedValue(key: string, value: unknown): unknown {
  if (key === 'examples' || key === 'example' || key === 'default' || key === 'enum' || key === 'const') return value
  if (key !== 'properties' || typeof value !== 'object' || value === null) return closedNode(value)
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, closedNode(property)]))
}

// Integers of any size: the schema's limits decide whether one is too large, not its type.
const INTEGER = /^-?\d+$/
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/

/**
 * Converts the parameters of a path or a query to the types of the schema: `'7'` to 7, `'true'` to true, one value to a list of one, an
 * absent one to its default. A value that cannot be converted stays text, which the schema refuses.
 */
function coerceParameters(schema: TObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  const read: Record<string, unknown> = { ...given }
  for (const [name, wanted] of Object.entries((schema.properties ?? {}) as Record<string, SchemaNode>)) {
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
