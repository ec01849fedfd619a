import { etagOf, remember } from './answer.ts'
import type { AnswerOf, OperationId, RequestOf } from './operation-types.ts'
import { OPERATIONS } from './operations.ts'
import { type Problem, Refusal, UnexpectedAnswer } from './refusal.ts'

export interface DoorwardOptions {
  /** Of the server, such as `https://id.example.org`. */
  readonly url: string
  /** An API token, or the access token of a session; a function is asked before each request. Left out for operations that are open to everyone. */
  readonly token?: string | (() => string | Promise<string>)
  /** How often a request is sent again that the server had no time for (429 and 503). */
  readonly retries?: number
  /** Seconds: a request is not sent again if the server asks to wait longer. */
  readonly longestWait?: number
  readonly fetch?: typeof fetch
}

type Call<Id extends OperationId> =
  Partial<RequestOf<Id>> extends RequestOf<Id>
    ? (request?: RequestOf<Id>) => Promise<AnswerOf<Id>>
    : (request: RequestOf<Id>) => Promise<AnswerOf<Id>>

/** A function for each operation of the API, by its operation id. */
export type Doorward = { readonly [Id in OperationId]: Call<Id> }

interface Parts {
  readonly body?: unknown
  readonly ifMatch?: object | string
  readonly signal?: AbortSignal
}

/** Of path and query. */
type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

const RETRIES = 3
const LONGEST_WAIT = 20

/** Returns the operations of a server. Each throws a `Refusal` where the server refuses. */
export function createDoorward(options: DoorwardOptions): Doorward {
  const calls = Object.entries(OPERATIONS).map(([id, line]) => {
    const [method = '', path = '', kind = 'json'] = line.split(' ')
    const operation = { id: id as OperationId, method, path, kind }
    return [id, (parts: Parts = {}) => call(operation, parts, options)]
  })
  return Object.fromEntries(calls) as Doorward
}

interface Operation {
  readonly id: OperationId
  readonly method: string
  readonly path: string
  /** Of the body. */
  readonly kind: string
}

async function call(operation: Operation, parts: Parts, options: DoorwardOptions): Promise<unknown> {
  const { retries = RETRIES, longestWait = LONGEST_WAIT } = options
  for (let left = retries; ; left -= 1) {
    const response = await send(operation, parts, options)
    if (response.ok) return read(operation, response)
    const error = await errorOf(operation, response)
    const wait = waitBefore(operation, error, response)
    if (left <= 0 || wait === undefined || wait > longestWait) throw error
    await pause(wait * 1000, parts.signal)
  }
}

async function send({ method, path, kind }: Operation, parts: Parts, options: DoorwardOptions): Promise<Response> {
  const { body, ifMatch, signal, ...parameters } = parts
  const token = typeof options.token === 'function' ? await options.token() : options.token
  const etag = typeof ifMatch === 'object' ? etagOf(ifMatch) : ifMatch
  if (ifMatch !== undefined && etag === undefined) throw new TypeError('ifMatch came without an entity tag')
  const headers = new Headers({ accept: 'application/json' })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (etag !== undefined) headers.set('if-match', etag)
  const content = contentOf(body, kind, headers)
  return (options.fetch ?? fetch)(urlOf(options.url, path, parameters), {
    method,
    headers,
    redirect: 'error',
    ...(content !== undefined && { body: content }),
    ...(signal !== undefined && { signal }),
  })
}

/** The parameters that the path does not name go into the query. */
function urlOf(server: string, path: string, parameters: Parameters): URL {
  const left = { ...parameters }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = left[name]
    if (value === undefined || value === '') throw new TypeError(`${path} needs ${name}`)
    delete left[name]
    return encodeURIComponent(String(value))
  })
  const url = new URL(server.replace(/\/$/, '') + filled)
  for (const [name, value] of Object.entries(left)) if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/** Sets the header of the media type, if the body does not bring it. */
function contentOf(body: unknown, kind: string, headers: Headers): BodyInit | undefined {
  if (body === undefined) return undefined
  if (kind === 'form') return new URLSearchParams(body as Record<string, string>)
  if (kind === 'json') headers.set('content-type', 'application/json')
  return kind === 'json' ? JSON.stringify(body) : (body as Blob)
}

/** Throws an `UnexpectedAnswer` for a success that Doorward does not send, such as the sign-in page of a proxy. */
async function read({ id }: Operation, response: Response): Promise<unknown> {
  const { status, headers } = response
  if (status === 204) return undefined
  const type = headers.get('content-type') ?? ''
  if (type.startsWith('image/')) return new Uint8Array(await response.arrayBuffer())
  const body = type.startsWith('application/json')
    ? ((await response.json().catch(() => undefined)) as unknown)
    : undefined
  if (body === undefined) throw new UnexpectedAnswer(id, status)
  return remember(body, { etag: headers.get('etag') ?? undefined, status })
}

async function errorOf({ id }: Operation, response: Response): Promise<Refusal | UnexpectedAnswer> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const problem = isProblem ? ((await response.json().catch(() => undefined)) as Problem | undefined) : undefined
  if (!isProblem) await response.body?.cancel()
  const { status } = response
  return problem?.code === undefined
    ? new UnexpectedAnswer(id, status)
    : new Refusal(id, problem, { status, retryAfter: secondsToWait(response) })
}

function secondsToWait({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds : undefined
}

/**
 * How many seconds to wait before the request is sent again; undefined if it must not be. After 429 and `service.busy` nothing was changed. After
 * another 503 that is not known, so that only what may be done twice is sent again (RFC 9110 §9.2.2).
 */
function waitBefore({ method }: Operation, error: Refusal | UnexpectedAnswer, response: Response): number | undefined {
  const changedNothing = error instanceof Refusal && (error.status === 429 || error.code === 'service.busy')
  const isRepeatable = error.status === 503 && ['GET', 'PUT', 'DELETE'].includes(method)
  return changedNothing || isRepeatable ? secondsToWait(response) : undefined
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, milliseconds)
    if (signal?.aborted) end()
    else signal?.addEventListener('abort', end, { once: true })
  })
}
