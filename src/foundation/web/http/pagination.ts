import type { FastifyRequest } from 'fastify'

import { Refusal } from '#foundation/kernel/refusal.ts'
import { LAST_INSTANT } from '#foundation/kernel/time.ts'
import { type AnswerHeader, named, nullable, parse, sentWith } from './schema.ts'
import { type Static, type TSchema, Type } from './type.ts'

/** A cursor holds a folded name, in base64. Folding (NFKC) makes up to 18 characters of one, of two bytes each. */
const LONGEST_CURSOR = 4096

/** The query parameters of every list, to be spread beside its own. */
export const PAGE_PARAMETERS = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'How many items a page holds.' }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: LONGEST_CURSOR, description: 'The `next_cursor` of the page before.' }),
  ),
}

/** An instant in a cursor, bounded because PostgreSQL fails on integers that its column cannot hold. */
export const INSTANT_SCHEMA = Type.Integer({ minimum: -LAST_INSTANT, maximum: LAST_INSTANT })

const LINK: AnswerHeader = {
  name: 'Link',
  description: 'Where the next page is (`rel="next"`, RFC 8288); missing on the last.',
  always: false,
}

export function pageOf<Item extends TSchema>(name: string, item: Item) {
  const fields = { items: Type.Array(item), next_cursor: nullable(Type.String()) }
  const page = Type.Object(fields, {
    description: 'One page; `next_cursor` asks for the next and is null on the last.',
  })
  return sentWith(LINK, named(name, page))
}

/** The position at which the next page starts, as text that is opaque to clients. */
export function encodeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** The position in a cursor, checked against its schema. Throws `request.validation_failed` for `/cursor` if it does not match. */
export function decodeCursor<Schema extends TSchema>(schema: Schema, cursor: string): Static<Schema> {
  const parsed = parse(schema, jsonIn(cursor))
  if ('value' in parsed) return parsed.value
  throw new Refusal('request.validation_failed', { fieldErrors: [{ pointer: '/cursor', code: 'field.cursor' }] })
}

/** Returns which page of a list a request asks for; the first one has no `after`. */
export function pageIn<Schema extends TSchema>(
  schema: Schema,
  { limit = 50, cursor }: { readonly limit?: number; readonly cursor?: string },
): { readonly limit: number; readonly after: Static<Schema> | undefined } {
  return { limit, after: cursor === undefined ? undefined : decodeCursor(schema, cursor) }
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/**
 * The `Link` header (RFC 8288) of a page that has a next one: the same request with another cursor.
 * @param url the request's path and query, such as `/users?limit=10`
 */
export function linkToNext(publicUrl: string, url: string, cursor: string): string {
  const next = new URL(url, publicUrl)
  next.searchParams.set('cursor', cursor)
  return `<${publicUrl}${next.pathname}${next.search}>; rel="next"`
}

/** The answer to a request of a list. */
interface PageReply {
  readonly request: Pick<FastifyRequest, 'ctx' | 'url'>
  header(name: 'link', value: string): unknown
}

/** Returns one page of a list as the API answers it, with its `Link` header if another follows; `next` is the position of that one. */
export function answerPage<Item, View>(
  reply: PageReply,
  { items, next }: { readonly items: readonly Item[]; readonly next: unknown },
  show: (item: Item) => View,
) {
  const cursor = next === null ? null : encodeCursor(next)
  const { ctx, url } = reply.request
  if (cursor !== null) reply.header('link', linkToNext(ctx.config.publicUrl, url, cursor))
  return { items: items.map((item) => show(item)), next_cursor: cursor }
}
