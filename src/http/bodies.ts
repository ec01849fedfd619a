import type { FastifyRequest } from 'fastify'

import { Refusal } from '../kernel/refusal.ts'
import type { App, BodyKind } from '../web/app.ts'
import { readMultipart, readUrlencoded } from './form-body.ts'
import { readJson } from '../web/json.ts'

const FORM_KINDS: readonly BodyKind[] = ['form', 'multipart']

interface BodyConfig {
  readonly page?: true
  readonly bodies?: readonly BodyKind[]
}

/** What a route's body may be written in. */
export function bodyKindsOf(config: BodyConfig): readonly BodyKind[] {
  return config.bodies ?? (config.page ? ['form'] : ['json'])
}

/** Whether the route reads fields of a form, so that no body at all is a form without fields. */
export function readsForm(config: BodyConfig): boolean {
  return bodyKindsOf(config).some((kind) => FORM_KINDS.includes(kind))
}

/**
 * Reads bodies as the route declared them. JSON without an announced type counts as JSON, as in the origin app; and a
 * machine that sends JSON where a form is wanted hears which fields the form is missing.
 */
export function registerBodies(app: App): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readAs('json', request, body),
  )
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readAs('form', request, body),
  )
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readAs('multipart', request, body),
  )
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (request.headers['content-type'] === undefined) return readAs('json', request, body)
    throw new Refusal('request.unsupported_media_type')
  })
}

async function readAs(kind: BodyKind, request: FastifyRequest, body: Buffer): Promise<unknown> {
  const { config } = request.routeOptions
  const kinds = bodyKindsOf(config)
  if (kinds.includes(kind)) return body.length === 0 ? undefined : readContent(kind, request, body)
  if (kind === 'json' && readsForm(config) && !config.page) return {}
  throw new Refusal('request.unsupported_media_type')
}

async function readContent(kind: BodyKind, { headers }: FastifyRequest, body: Buffer): Promise<unknown> {
  try {
    if (kind === 'json') return readJson(body)
    return kind === 'form' ? readUrlencoded(body) : await readMultipart(body, headers['content-type'] ?? '')
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw new Refusal('request.unreadable', {}, { cause })
  }
}
