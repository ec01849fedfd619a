import type { FastifyRequest } from 'fastify'

import type { FieldError } from '../../foundation/kernel/field-error.ts'
import { Refusal, requireNoFieldErrors } from '../../foundation/kernel/refusal.ts'
import type { App, BodyKind } from '../../foundation/web/http/app.ts'
import { readJson } from '../../foundation/web/http/json.ts'
import { pointerTo } from '../../foundation/web/http/schema-faults.ts'

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

/** Reads an urlencoded body; throws an URIError for escapes that are not UTF-8, and refuses a field given twice. */
function readUrlencoded(body: Buffer): Record<string, string> {
  const pairs = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s, 2).map(decoded))
  return fieldsOf(pairs.map(([name = '', value = '']) => [name, value]))
}

// Bytes outside ASCII that were not escaped are read as the UTF-8 they should have been.
function decoded(part: string): string {
  const escaped = part.replaceAll('+', ' ').replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  return decodeURIComponent(escaped)
}

/** Reads a multipart body; refuses files and fields given twice, and throws a TypeError for a broken one. */
async function readMultipart(body: Buffer, contentType: string): Promise<Record<string, string>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  return fieldsOf([...form.entries()])
}

function fieldsOf(pairs: readonly (readonly [string, FormDataEntryValue])[]): Record<string, string> {
  const fields = new Map<string, string>()
  const faults: FieldError[] = []
  for (const [name, value] of pairs) {
    if (typeof value !== 'string') faults.push({ pointer: pointerTo('', name), code: 'field.file' })
    else if (fields.has(name)) faults.push({ pointer: pointerTo('', name), code: 'field.repeated' })
    else fields.set(name, value)
  }
  requireNoFieldErrors(faults)
  return Object.fromEntries(fields)
}
