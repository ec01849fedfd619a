import ajvFormats from 'ajv-formats'
import { Ajv } from 'ajv'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { Type } from './type.ts'
import type { Static, TObject, TSchema, TUnsafe } from './type.ts'

import { addressRange } from '../../kernel/address-range.ts'
import type { FieldError } from '../../kernel/field-error.ts'
import { isPlainName } from '../../kernel/given-name.ts'
import { faultsInCharacters, faultsOf } from './schema-faults.ts'

export type Parsed<Value> = { readonly value: Value } | { readonly faults: readonly FieldError[] }

/** Gives a schema the name under which the OpenAPI document lists it. */
export function named<Schema extends TSchema>(name: string, schema: Schema): Schema {
  return Object.assign(schema, { 'x-name': name })
}

/** A header of an answer, as the OpenAPI document tells of it. */
export interface AnswerHeader {
  readonly name: string
  readonly description: string
  readonly always: boolean
}

/** Says which header comes with every answer of this shape. */
export function sentWith<Schema extends TSchema>(header: AnswerHeader, schema: Schema): Schema {
  return Object.assign(schema, { 'x-header': header })
}

/**
 * The same value or null; one `type` list, which serialises faster than a union. A name stays with the value that is not
 * null: the document shows a union of its reference and null.
 */
export function nullable<Schema extends TSchema & { type?: unknown }>(schema: Schema): TUnsafe<Static<Schema> | null> {
  const { type, enum: choices, 'x-name': name, ...rest } = schema as Schema & SchemaNode & { enum?: readonly unknown[] }
  return Type.Unsafe({
    ...rest,
    type: [type, 'null'],
    ...(choices && { enum: [...choices, null] }),
    ...(name !== undefined && { 'x-or-null': schema }),
  })
}

/** One of the given words. */
export function choice<const Word extends string>(words: readonly Word[], options: object = {}): TUnsafe<Word> {
  return Type.Unsafe<Word>({ type: 'string', enum: [...words], ...options })
}

// Every fault at once, so that a person mends a form in one go; `schema-faults.ts` bounds how many are told.
const strict = newAjv(false)
const tolerant = newAjv('all')
const compiled = new WeakMap<object, ValidateFunction>()

function newAjv(removeAdditional: 'all' | false): Ajv {
  const ajv = new Ajv({ allErrors: true, removeAdditional, coerceTypes: false, useDefaults: false, strict: false })
  ajvFormats.default(ajv)
  ajv.addFormat('ip-network', (text) => addressRange(text) !== undefined)
  ajv.addFormat('given-name', isPlainName)
  return ajv
}

/**
 * Checks a value against a schema, changing nothing: unknown fields, NUL characters and half surrogate pairs are faults.
 * Faults name fields and limits, never what was typed.
 */
export function parse<Schema extends TSchema>(schema: Schema, value: unknown): Parsed<Static<Schema>> {
  const faults = faultsIn(strictCheck(schema), value)
  return faults.length > 0 ? { faults } : { value: value as Static<Schema> }
}

/** How a route reads one part of a request; what Fastify calls a validator. */
export type PartCheck = (value: unknown) => { value: unknown } | { error: SchemaFaults }

/** Carries faults through Fastify's validation to the error handler. */
export class SchemaFaults extends Error {
  readonly faults: readonly FieldError[]

  constructor(faults: readonly FieldError[]) {
    super('Some fields are not as wanted')
    this.name = 'SchemaFaults'
    this.faults = faults
  }
}

/** A body as it came: nothing is converted; unknown fields are faults. */
export function strictBodyCheck(schema: object): PartCheck {
  return checkWith(strictCheck(schema))
}

/** A body whose unknown fields are dropped. */
export function tolerantBodyCheck(schema: object): PartCheck {
  return checkWith(tolerant.compile(schema))
}

/** Query and path parameters, which are text by nature: numbers and booleans are read, defaults filled in. */
export function parameterCheck(schema: object): PartCheck {
  const check = checkWith(strictCheck(schema))
  return (value) => check(coerceParameters(schema as TObject, value))
}

function strictCheck(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const check = strict.compile(closed(schema))
  compiled.set(schema, check)
  return check
}

function checkWith(check: ValidateFunction): PartCheck {
  return (value) => {
    const faults = faultsIn(check, value)
    return faults.length > 0 ? { error: new SchemaFaults(faults) } : { value }
  }
}

function faultsIn(check: ValidateFunction, value: unknown): FieldError[] {
  if (value === undefined || value === null) return [{ pointer: '', code: 'field.missing' }]
  const errors: ErrorObject[] = check(value) ? [] : (check.errors ?? [])
  return errors.length > 0 ? faultsOf(errors) : faultsInCharacters(value)
}

interface SchemaNode {
  readonly [key: string]: unknown
}

/** The schema with every object in it refusing fields that it does not list, unless it says otherwise itself. */
export function closed(schema: object): object {
  return closedNode(schema) as object
}

function closedNode(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closedNode)
  if (typeof node !== 'object' || node === null) return node
  const copy: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) copy[key] = closedValue(key, value)
  return isOpenObject(copy) ? { ...copy, additionalProperties: false } : copy
}

// Examples, defaults and choices are values, not schemas.
function closedValue(key: string, value: unknown): unknown {
  if (key === 'examples' || key === 'example' || key === 'default' || key === 'enum' || key === 'const') return value
  if (key !== 'properties' || typeof value !== 'object' || value === null) return closedNode(value)
  return Object.fromEntries(Object.entries(value).map(([name, property]) => [name, closedNode(property)]))
}

function isOpenObject(node: SchemaNode): boolean {
  return (
    node.properties !== undefined && node.additionalProperties === undefined && node.patternProperties === undefined
  )
}

interface Property {
  readonly type?: unknown
  readonly default?: unknown
}

// Whole numbers of any size: whether one is too large is not a question of its type.
const INTEGER = /^-?\d+$/
const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/

/**
 * Parameters of a path or a query, read as the schema wants them: `'7'` as 7, `'true'` as true, one value as a list of
 * one, an absent one as its default. What cannot be read stays text, for the schema to refuse.
 */
function coerceParameters(schema: TObject, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const given = value as Record<string, unknown>
  const read: Record<string, unknown> = { ...given }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const wanted = property as Property
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
