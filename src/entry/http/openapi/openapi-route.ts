import type { FastifySchema, RouteOptions } from 'fastify'
import { isDeepStrictEqual } from 'node:util'

import type { BodyKind } from '#foundation/web/http/app.ts'
import { type AnswerHeader, closed } from '#foundation/web/http/schema.ts'
import { bodyKindsOf } from '../bodies.ts'
import { isOpen } from '../permission.ts'
import { accessInWords, operationAccess } from './openapi-access.ts'
import { type DocumentedAnswer, type RefusalExamples, refusalResponses } from './openapi-refusals.ts'

const MEDIA_TYPES: Readonly<Record<BodyKind, readonly string[]>> = {
  json: ['application/json'],
  form: ['application/x-www-form-urlencoded'],
  multipart: ['multipart/form-data'],
  image: ['image/png', 'image/webp'],
  untouched: ['*/*'],
}

const SIGNED_IN = [{ bearer: [] }, { password: [] }, { cookie: [] }]

const IF_MATCH = {
  type: 'object',
  properties: {
    'If-Match': { type: 'string', description: 'The `ETag` of the record as it was read; another one is refused.' },
  },
}

export interface DocumentedRoute {
  readonly method: string
  readonly url: string
  readonly config: NonNullable<RouteOptions['config']>
  readonly schema: FastifySchema & { readonly response?: Readonly<Record<string, AnswerSchema>> }
}

interface AnswerSchema {
  readonly description?: string
  readonly 'x-header'?: AnswerHeader
}

/** Schemas by the name under which the document lists them. */
export type NamedSchemas = Map<string, object>

/** What the document lists once and refers to. */
export interface Shared {
  readonly schemas: NamedSchemas
  readonly examples: RefusalExamples
}

/**
 * The route's schema in the form that `@fastify/swagger` expects: with the error responses that follow from access and input, the body
 * without additional properties, and references instead of named schemas and errors, which are added to `shared`.
 */
export function documentedSchema(route: DocumentedRoute, shared: Shared, publicUrl: string): FastifySchema {
  const { config, schema } = route
  const { operationId, summary, tags, params, querystring, body, response = {} } = schema
  const shown = (part: unknown): object => withReferences(part, shared.schemas) as object
  const answers = Object.entries(response).map(([status, answer]) => {
    return [status, { ...shown(answer), description: answer.description ?? summary }] as const
  })
  const readsMatch = config.refusals?.includes('resource.stale') ?? false
  const access = operationAccess(route)
  const readsBody = body !== undefined
  const readsParameters = params !== undefined || querystring !== undefined || readsMatch
  return {
    operationId,
    summary,
    tags,
    description: [schema.description, accessInWords(access)].filter(Boolean).join('\n\n'),
    'x-access': access,
    security: isOpen(config.access) ? [] : SIGNED_IN,
    ...(params !== undefined && { params: shown(params) }),
    ...(querystring !== undefined && { querystring: shown(querystring) }),
    ...(readsMatch && { headers: IF_MATCH }),
    ...(readsBody && {
      body: shown(config.ignoresUnknownFields ? body : closed(body as object)),
      consumes: bodyKindsOf(config).flatMap((kind) => MEDIA_TYPES[kind]),
    }),
    response: {
      ...Object.fromEntries(answers),
      ...refusalResponses({ ...route, readsBody, readsParameters }, shared.examples, publicUrl),
    },
  } as FastifySchema
}

/** Replaces named schemas by references. Throws if two different schemas have one name. */
function withReferences(schema: unknown, found: NamedSchemas): unknown {
  if (Array.isArray(schema)) return schema.map((item) => withReferences(item, found))
  if (typeof schema !== 'object' || schema === null) return schema
  const {
    'x-name': name,
    'x-header': _header,
    'x-or-null': original,
    'x-distinguished-by': field,
    ...rest
  } = schema as Record<string, unknown>
  if (original !== undefined) return { anyOf: [withReferences(original, found), { type: 'null' }] }
  const shown = {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withReferences(value, found)])),
    ...(typeof field === 'string' && { discriminator: discriminatorOf(field, schema as Union) }),
  }
  if (typeof name !== 'string') return shown
  const known = found.get(name) ?? shown
  if (!isDeepStrictEqual(known, shown)) throw new Error(`two different schemas are named ${name}`)
  found.set(name, known)
  return { $ref: `${name}#` }
}

interface Union {
  readonly anyOf: readonly {
    readonly 'x-name': string
    readonly properties: Readonly<Record<string, { readonly const: string }>>
  }[]
}

function discriminatorOf(propertyName: string, { anyOf }: Union): object {
  const entries = anyOf.map(({ 'x-name': name, properties }) => [
    properties[propertyName]?.const,
    `#/components/schemas/${name}`,
  ])
  return { propertyName, mapping: Object.fromEntries(entries) as object }
}

/** The fields of an operation that `completeOperation` changes. */
export interface Operation {
  readonly operationId?: string
  readonly requestBody?: { required: boolean }
  responses: Readonly<Record<string, DocumentedAnswer>>
}

/** Adds what `@fastify/swagger` cannot express: that a body may be absent, and that a header is always sent. */
export function completeOperation(operation: Operation, { config, schema }: DocumentedRoute): void {
  if (operation.requestBody !== undefined) operation.requestBody.required = !config.bodyMayBeAbsent
  for (const [status, { 'x-header': header }] of Object.entries(schema.response ?? {})) {
    const answer = operation.responses[status]
    if (header === undefined || answer === undefined) continue
    const { name, description, always } = header
    answer.headers = { [name]: { description, required: always, schema: { type: 'string' } } }
  }
}
