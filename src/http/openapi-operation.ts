import type { FastifySchema, RouteOptions } from 'fastify'

import type { BodyKind } from '../web/app.ts'
import { closed } from '../web/schema.ts'
import type { AnswerHeader } from '../web/schema.ts'
import { bodyKindsOf } from './bodies.ts'
import { hoist } from './openapi-hoist.ts'
import type { Json, NamedSchemas } from './openapi-hoist.ts'
import { refusalResponses } from './openapi-refusals.ts'
import { isOpen, scopeFor } from './permission.ts'

const MEDIA_TYPES: Readonly<Record<BodyKind, string>> = {
  json: 'application/json',
  form: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
}

const SIGNED_IN: Json = [{ bearer: [] }, { password: [] }, { cookie: [] }]

/** A route with all that the document says about it. */
export interface DocumentedRoute {
  readonly method: string
  readonly url: string
  readonly config: NonNullable<RouteOptions['config']>
  readonly schema: DocumentedSchema
}

interface DocumentedSchema extends FastifySchema {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>
  readonly required?: readonly string[]
}

interface AnswerSchema {
  readonly type?: unknown
  readonly description?: string
  readonly 'x-header'?: AnswerHeader
}

/** One operation of the document; named schemas that it uses are added to `found`. */
export function operationOf(route: DocumentedRoute, found: NamedSchemas, publicUrl: string): Record<string, Json> {
  const { method, config, schema } = route
  const parameters = parametersOf(route, found)
  const description = descriptionOf(route)
  const readsBody = schema.body !== undefined
  const refusing = { method, config, readsBody, readsParameters: parameters.length > 0 }
  return {
    operationId: schema.operationId ?? '',
    summary: schema.summary ?? '',
    ...(description !== '' && { description }),
    tags: [...(schema.tags ?? [])],
    security: isOpen(config.access) ? [] : SIGNED_IN,
    ...(parameters.length > 0 && { parameters }),
    ...(readsBody && { requestBody: requestBodyOf(route, found) }),
    responses: { ...answersOf(schema, found), ...refusalResponses(refusing, publicUrl) },
  }
}

/** What the route says of itself, and what an API token needs for it. */
function descriptionOf({ method, config, schema }: DocumentedRoute): string {
  const { access = 'anyone' } = config
  const scope = scopeFor({ ...config, access, method })
  const withToken = scope === undefined ? 'No API token opens it.' : `An API token needs the scope \`${scope}\`.`
  return [schema.description, !isOpen(access) && withToken].filter(Boolean).join(' ')
}

function parametersOf({ schema, config }: DocumentedRoute, found: NamedSchemas): Json[] {
  const path = parametersIn('path', schema.params as ObjectSchema | undefined, found)
  const query = parametersIn('query', schema.querystring as ObjectSchema | undefined, found)
  const honoursMatch = config.refusals?.includes('user.stale')
  return [...path, ...query, ...(honoursMatch ? [IF_MATCH] : [])]
}

const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of the record as it was read; another one is refused.',
  schema: { type: 'string' },
}

function parametersIn(place: 'path' | 'query', schema: ObjectSchema | undefined, found: NamedSchemas): Json[] {
  return Object.entries(schema?.properties ?? {}).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || (schema?.required?.includes(name) ?? false),
    ...(description !== undefined && { description }),
    schema: hoist(property, found),
  }))
}

function requestBodyOf({ schema, config }: DocumentedRoute, found: NamedSchemas): Json {
  const body = schema.body as object
  const shown = hoist(config.ignoresUnknownFields ? body : closed(body), found)
  const content = bodyKindsOf(config).map((kind) => [MEDIA_TYPES[kind], { schema: shown }] as const)
  return { required: !config.bodyMayBeAbsent, content: Object.fromEntries(content) }
}

function answersOf(schema: DocumentedSchema, found: NamedSchemas): Record<string, Json> {
  const answers = Object.entries((schema.response ?? {}) as Record<string, AnswerSchema>)
  return Object.fromEntries(
    answers.map(([status, answer]) => {
      const description = answer.description ?? schema.summary
      if (answer.type === 'null') return [status, { description }]
      const content = { [MEDIA_TYPES.json]: { schema: hoist(answer, found) } }
      return [status, { description, ...headersOf(answer), content }]
    }),
  )
}

function headersOf({ 'x-header': header }: AnswerSchema): { headers?: Record<string, Json> } {
  if (header === undefined) return {}
  const { name, description, always } = header
  return { headers: { [name]: { description, required: always, schema: { type: 'string' } } } }
}
