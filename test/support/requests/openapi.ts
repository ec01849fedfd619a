// The OpenAPI document of a running server as a client reads it, and the check whether an answer conforms to it.
import formats from 'ajv-formats'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { LightMyRequestResponse } from 'fastify'
import { generateSync, type JsonSchema as AnySchema } from 'json-schema-faker'

import type { Server } from '../server/start.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export type JsonSchema = Exclude<AnySchema, boolean>

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema: JsonSchema
}

/** A schema with its fields. */
export type Shape = JsonSchema & {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly examples?: readonly unknown[]
}

/** An example of `components`. */
interface ExampleReference {
  readonly $ref: string
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>
  readonly content?: Readonly<
    Record<string, { readonly schema: JsonSchema; readonly examples?: Readonly<Record<string, ExampleReference>> }>
  >
}

export interface Operation {
  readonly method: Method
  /** With `{id}` instead of a parameter. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>>
  }
  readonly responses: Readonly<Record<string, Answer>>
}

type Listed = Omit<Operation, 'method' | 'path' | 'responses'> & {
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Listed>>>>
  readonly components: {
    readonly responses: Readonly<Record<string, Answer>>
    readonly schemas: Readonly<Record<string, JsonSchema>>
    readonly examples: Readonly<Record<string, { readonly value: unknown }>>
  }
}

const PROBLEM = 'application/problem+json'

/** By the settings of the server. */
const contracts = new Map<string, Contract>()

/** The OpenAPI document of one server. */
export class Contract {
  readonly document: OpenApi
  readonly operations: readonly Operation[]
  readonly #ajv: Ajv2020
  readonly #checks = new Map<string, ValidateFunction>()

  constructor(document: OpenApi) {
    this.document = document
    this.operations = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, listed]) => ({
        ...listed,
        path,
        method: method.toUpperCase() as Method,
        responses: responsesOf(listed, document),
      })),
    )
    this.#ajv = new Ajv2020({ strict: false, allErrors: true })
    // OpenAPI allows custom formats: a reader that does not know ours accepts any text.
    this.#ajv.addFormat('given-name', true)
    formats.default(this.#ajv)
  }

  /** The contract of a server. Servers with the same settings have the same one, and its checks are compiled once for all of them. */
  static async of({ app, doorward }: Pick<Server, 'app' | 'doorward'>): Promise<Contract> {
    const { dataDir: _, databaseUrl: __, pathFlags: ___, ...settings } = doorward.config
    const key = JSON.stringify(settings)
    const known = contracts.get(key) ?? new Contract((await app.inject('/openapi.json')).json<OpenApi>())
    contracts.set(key, known)
    return known
  }

  operation(id: string): Operation {
    const found = this.operations.find(({ operationId }) => operationId === id)
    if (found === undefined) throw new Error(`the document has no operation ${id}`)
    return found
  }

  /** The schema with each reference replaced by the schema that it names. */
  inlined(schema: JsonSchema): Shape {
    return this.#inlined(schema) as Shape
  }

  #inlined(node: unknown): unknown {
    if (Array.isArray(node)) return node.map((item) => this.#inlined(item))
    if (typeof node !== 'object' || node === null) return node
    const { $ref, ...rest } = node as Record<string, unknown>
    if (typeof $ref !== 'string')
      return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.#inlined(value)]))
    const name = $ref.replace('#/components/schemas/', '')
    const found = this.document.components.schemas[name]
    if (found === undefined) throw new Error(`the document refers to ${$ref}, which it does not have`)
    return this.#inlined(found)
  }

  /** The value of an example of `components`. */
  exampleOf({ $ref }: ExampleReference): unknown {
    const found = this.document.components.examples[$ref.replace('#/components/examples/', '')]
    if (found === undefined) throw new Error(`the document refers to ${$ref}, which it does not have`)
    return found.value
  }

  /** The schema of a JSON body, or undefined where the operation takes none. */
  jsonBody({ requestBody }: Operation): Shape | undefined {
    const schema = requestBody?.content['application/json']?.schema
    return schema === undefined ? undefined : this.inlined(schema)
  }

  /** The violations of a schema by a value; empty when it conforms. */
  fieldErrorsIn(schema: JsonSchema, value: unknown): string[] {
    const key = JSON.stringify(schema)
    const check = this.#checks.get(key) ?? this.#ajv.compile(this.inlined(schema))
    this.#checks.set(key, check)
    if (check(value)) return []
    return (check.errors ?? []).map(({ instancePath, message }) => `${instancePath || 'the whole'} ${message}`)
  }

  /** The violations of the document and of the conventions by an answer; empty when it conforms. */
  complaintsAbout(operation: Operation, reply: LightMyRequestResponse): string[] {
    const { statusCode } = reply
    // No test of this kind stops a component, so an answer of 500 or above is a fault.
    if (statusCode >= 500) return [`answered ${statusCode}`]
    const promised = operation.responses[statusCode]
    const undocumented = promised === undefined ? [`answered ${statusCode}, which is not documented`] : []
    if (statusCode >= 400)
      return [...undocumented, ...complaintsAboutProblem(reply), ...this.#complaintsAboutCode(promised, reply)]
    const headers = promised === undefined ? [] : complaintsAboutHeaders(promised, reply)
    const schema = promised?.content?.['application/json']?.schema
    if (schema !== undefined) return [...headers, ...this.fieldErrorsIn(schema, reply.json())]
    if (promised?.content?.[String(reply.headers['content-type'])] !== undefined) return headers
    return [...headers, ...undocumented, ...(reply.body === '' ? [] : ['has a body that is not documented'])]
  }

  #complaintsAboutCode(promised: Answer | undefined, reply: LightMyRequestResponse): string[] {
    const problem = reply.json<{ code: string }>()
    const schema = promised?.content?.[PROBLEM]?.schema
    // An id that is too long does not match the route of the operation.
    if (schema === undefined || problem.code === 'request.not_found') return []
    return this.fieldErrorsIn(schema, problem).map((complaint) => `refuses with ${problem.code}: ${complaint}`)
  }
}

/** The answers of an operation, with each reference replaced by the answer that it names. */
function responsesOf({ responses }: Listed, { components }: OpenApi): Record<string, Answer> {
  const entries = Object.entries(responses).map(([status, answer]) => {
    const found = '$ref' in answer ? components.responses[answer.$ref.replace('#/components/responses/', '')] : answer
    if (found === undefined) throw new Error(`the document has no answer for ${status} of ${JSON.stringify(answer)}`)
    return [status, found] as const
  })
  return Object.fromEntries(entries)
}

/** Headers that a client acts on. */
const CHECKED_HEADERS = ['etag', 'link', 'location']

function complaintsAboutHeaders({ headers = {} }: Answer, reply: LightMyRequestResponse): string[] {
  const described = new Map(Object.entries(headers).map(([name, header]) => [name.toLowerCase(), header]))
  return CHECKED_HEADERS.flatMap((name) => {
    if (name in reply.headers) return described.has(name) ? [] : [`sends ${name}, which is not documented`]
    return described.get(name)?.required ? [`does not send ${name}`] : []
  })
}

/** The violations of the format of our problem documents (RFC 9457). */
export function complaintsAboutProblem(reply: LightMyRequestResponse): string[] {
  const type = String(reply.headers['content-type'] ?? '')
  if (!type.startsWith(PROBLEM)) return [`is ${type || 'without a type'} instead of a problem document`]
  const problem = reply.json<Record<string, unknown>>()
  const complaints: string[] = []
  for (const field of ['type', 'title', 'detail', 'instance', 'code']) {
    if (typeof problem[field] !== 'string' || problem[field] === '') complaints.push(`has no ${field}`)
  }
  if (problem['status'] !== reply.statusCode) complaints.push(`says status ${String(problem['status'])}`)
  if (problem['instance'] !== reply.headers['x-request-id']) complaints.push('names another request')
  if (!String(problem['type']).endsWith(`/problems/${String(problem['code'])}`))
    complaints.push('has a type that is not of its code')
  if (reply.statusCode === 422 && pointersIn(reply).length === 0) complaints.push('names no field')
  return complaints
}

/** The pointers of the field errors in a problem document. */
export function pointersIn(reply: LightMyRequestResponse): string[] {
  const { errors = [] } = reply.json<{ errors?: readonly { pointer: string }[] }>()
  return errors.map(({ pointer }) => pointer)
}

const LONGEST_TEXT = 24
const shortened = new WeakMap<JsonSchema, JsonSchema>()

/** A value that the schema allows, with short texts; the same for each seed. */
export function valueFor(schema: JsonSchema, seed: number): unknown {
  const short = shortened.get(schema) ?? (withShortTexts(schema) as JsonSchema)
  shortened.set(schema, short)
  return generateSync(short, { seed, alwaysFakeOptionals: seed % 2 === 0, maxLength: LONGEST_TEXT, extensions: {} })
}

/** The generator writes a text as long as its schema allows, which takes 13 ms of a body, and then cuts it to `maxLength`. */
function withShortTexts(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === 'maxLength' && typeof value === 'number' ? Math.min(value, LONGEST_TEXT) : value,
  )
}

/** Whether the operation documents that it requires an admin. */
export function isForAdmins({ responses }: Operation): boolean {
  return hasExample(responses['403'], 'access.insufficient_permissions')
}

export function isForAnyone({ security }: Operation): boolean {
  return security.length === 0
}

export function hasExample(answer: Answer | undefined, code: string): boolean {
  return Object.keys(answer?.content?.[PROBLEM]?.examples ?? {}).includes(code)
}
