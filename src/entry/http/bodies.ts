import type { FastifyRequest } from 'fastify'

import { type FieldError, Refusal, requireNoFieldErrors } from '#foundation/kernel/refusal.ts'
import type { App, BodyKind } from '#foundation/web/http/app.ts'
import { readJson } from '#foundation/web/http/json.ts'
import { pointerTo } from '#foundation/web/http/schema-field-errors.ts'

interface BodyConfig {
  readonly page?: true
  readonly bodies?: readonly BodyKind[]
  readonly fileField?: string
}

/** The kinds of body that a route accepts: those it declares, else a form for a page and JSON for an API route. */
export function bodyKindsOf(config: BodyConfig): readonly BodyKind[] {
  return config.bodies ?? (config.page ? ['form'] : ['json'])
}

/** Whether the route reads form fields; then an absent body counts as a form without fields. */
export function readsForm(config: BodyConfig): boolean {
  return bodyKindsOf(config).some((kind) => kind === 'form' || kind === 'multipart')
}

/**
 * Registers a parser for each kind of body; a kind that the route does not declare is refused with `request.unsupported_media_type`. A body
 * without `Content-Type` is read as JSON, as in the legacy app. JSON sent to an API route that reads a form counts as an empty form, so
 * that the answer names the missing fields. A route that reads `untouched` bodies gets every body as a `Buffer`, within the body limit.
 */
export function registerBodies(app: App): void {
  app.removeAllContentTypeParsers()
  const addParser = (type: string | RegExp, kind: BodyKind): void =>
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
      readAs(kind, request, body),
    )
  addParser(/^application\/(?:[\w.-]+\+)?json(?:\s*;|$)/i, 'json')
  addParser('application/x-www-form-urlencoded', 'form')
  addParser('multipart/form-data', 'multipart')
  addParser(/^image\/(?:png|webp)(?:\s*;|$)/i, 'image')
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    if (request.headers['content-type'] === undefined) return readAs('json', request, body)
    return readAs('untouched', request, body)
  })
}

async function readAs(kind: BodyKind, request: FastifyRequest, body: Buffer): Promise<unknown> {
  const { config } = request.route
  const kinds = bodyKindsOf(config)
  if (kinds.includes('untouched')) return body
  if (kind === 'image' && kinds.includes(kind)) return body
  if (kinds.includes(kind)) return body.length === 0 ? undefined : readContent(kind, request, body)
  if (kind === 'json' && readsForm(config) && !config.page) return {}
  throw new Refusal('request.unsupported_media_type')
}

async function readContent(kind: BodyKind, { headers, route }: FastifyRequest, body: Buffer): Promise<unknown> {
  try {
    if (kind === 'json') return readJson(body)
    if (kind === 'form') return readUrlencoded(body)
    return await readMultipart(body, headers['content-type'] ?? '', route.config.fileField)
  } catch (cause) {
    if (cause instanceof Refusal) throw cause
    throw new Refusal('request.unreadable', {}, { cause })
  }
}

/** Parses an urlencoded body. Throws a `URIError` for an escape that is not UTF-8, and a `Refusal` for a repeated field. */
function readUrlencoded(body: Buffer): Record<string, string> {
  const pairs = body
    .toString('latin1')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split(/=(.*)/s, 2).map(formDecoded))
  return uniqueFields(pairs.map(([name = '', value = '']) => [name, value]))
}

// Bytes outside ASCII that were not percent-encoded are read as UTF-8.
function formDecoded(part: string): string {
  const escaped = part.replaceAll('+', ' ').replace(/[\u0080-\u00ff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  return decodeURIComponent(escaped)
}

/**
 * Parses a multipart body. Throws a `Refusal` for a repeated field and for a file, unless it is in the field for one, and a `TypeError` for a
 * malformed body.
 */
async function readMultipart(body: Buffer, contentType: string, fileField?: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  const contents = [...form.entries()].map(async ([name, value]) => {
    const isWanted = name === fileField && typeof value !== 'string'
    return [name, isWanted ? Buffer.from(await value.arrayBuffer()) : value] as const
  })
  return uniqueFields(await Promise.all(contents))
}

function uniqueFields<Value extends string | Buffer>(
  pairs: readonly (readonly [string, Value | File])[],
): Record<string, Value> {
  const fields = new Map<string, Value>()
  const fieldErrors: FieldError[] = []
  for (const [name, value] of pairs) {
    if (value instanceof File) fieldErrors.push({ pointer: pointerTo('', name), code: 'field.file' })
    else if (fields.has(name)) fieldErrors.push({ pointer: pointerTo('', name), code: 'field.repeated' })
    else fields.set(name, value)
  }
  requireNoFieldErrors(fieldErrors)
  return Object.fromEntries(fields)
}
