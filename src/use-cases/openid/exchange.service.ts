// One request that the protocol's library answers: what it is given, what it reads in it, and what it wants to answer.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

import type { AgentFault } from '#domain/agents/agent.service.ts'
import type { Client, ClientSecret } from '#domain/clients/client.ts'
import type { ServedResource } from '#domain/clients/resource.ts'
import type { LivingToken } from '#domain/grants/token.service.ts'
import type { Context } from '#foundation/context.ts'
import { OPENID_PATH } from './openid-path.ts'

/** An app with its secrets, as they are stored now. */
export interface StoredClient {
  readonly client: Client
  readonly secrets: readonly ClientSecret[]
}

/** What the library reads of a request. */
export interface ReadRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** The context of the request; inside a transaction with its database. */
  ctx: Context
  /** What was read in this exchange, so that it is read once. */
  readonly clients: Map<string, StoredClient>
  readonly tokens: Map<string, LivingToken>
  /** By their URIs. */
  readonly resources: Map<string, ServedResource>
  /** The refresh token that is being exchanged: the one that it follows, and its value if it was issued before. */
  refresh?: { readonly of: LivingToken; readonly successor?: string | undefined }
  /** The pushed request by which the authorization began. */
  pushedRequestId?: string | undefined
  /** The secret with which the client has authenticated. */
  usedSecret?: ClientSecret | undefined
  /** An exception inside the library, which it answers as an error of the server. */
  fault?: Error
  /** The app of the request, where it is disabled. */
  disabled?: Client
  /** Why the agent of the request is not known. */
  agentFault?: AgentFault
  /** What the library would show on an error page of its own. */
  shown?: ShownError
}

/** An error for people (RFC 6749 §4.1.2.1: where the browser must not be redirected). */
export interface ShownError {
  readonly error: string
  readonly description: string | undefined
}

export function newExchange(request: FastifyRequest, reply: FastifyReply): Exchange {
  return { request, reply, ctx: request.ctx, clients: new Map(), tokens: new Map(), resources: new Map() }
}

/** Returns the query of a request as it was sent, without the question mark. */
export function queryOf({ url }: Pick<FastifyRequest, 'url'>): string {
  return url.slice(`${url.split('?', 1)[0]}?`.length)
}

export interface LibraryAnswer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: unknown
}

export function asSent({ raw, body }: FastifyRequest): ReadRequest {
  return { method: raw.method ?? 'GET', headers: raw.headers, body }
}

/** The request as the library reads it: with the public host, whatever the `Host` header said, and with a body that has arrived already. */
export function libraryRequest(
  { raw }: FastifyRequest,
  { publicUrl, path, read }: { readonly publicUrl: string; readonly path: string; readonly read: ReadRequest },
): IncomingMessage {
  const url = new URL(publicUrl)
  const sent = Buffer.isBuffer(read.body) ? read.body : Buffer.alloc(0)
  const headers = { ...read.headers, host: url.host, 'content-length': String(sent.length) }
  if (sent.length === 0) delete (headers as Partial<typeof headers>)['content-length']
  return Object.assign(Readable.from(sent.length === 0 ? [] : [sent], { objectMode: false }), {
    headers,
    method: read.method,
    url: path,
    originalUrl: OPENID_PATH + path,
    httpVersion: raw.httpVersion,
    httpVersionMajor: raw.httpVersionMajor,
    httpVersionMinor: raw.httpVersionMinor,
    complete: true,
    socket: { encrypted: url.protocol === 'https:', remoteAddress: raw.socket.remoteAddress },
  }) as unknown as IncomingMessage
}

/** An answer that collects what the library says, and is never sent itself. */
export function libraryResponse(request: IncomingMessage): ServerResponse {
  // An import would read every name of the module, and so load Node's WebSocket client as well.
  const { ServerResponse: Response } = process.getBuiltinModule('node:http')
  return new Response(request)
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: LibraryAnswer): FastifyReply {
  withHeaders(reply.code(status), headers)
  return reply.send(status === 204 || (status >= 300 && status < 400) ? '' : body)
}

export function withHeaders(reply: FastifyReply, headers: LibraryAnswer['headers']): FastifyReply {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) reply.header(name, value)
  return reply
}
