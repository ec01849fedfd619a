// Reads values from the server's answers.
import assert from 'node:assert/strict'

import type { Person, Reply } from '../people/people.ts'

/** The items of a page of a list. */
export function itemsOf(reply: Reply): Record<string, unknown>[] {
  assert.equal(reply.status, 200, reply.raw.body)
  return reply.body['items'] as Record<string, unknown>[]
}

/** Status and error code, to be compared together. */
export function refusalIn({ status, body }: Reply): [status: number, code: unknown] {
  return [status, body['code']]
}

/** The field errors of a refused body, as `/field code`. */
export function fieldErrorsIn({ body }: Reply): string[] {
  return (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`)
}

/** The token of the invitation in an answer about a user. */
export function invitationIn({ body }: { readonly body: Readonly<Record<string, unknown>> }): string {
  const { url } = body['invitation'] as { url: string }
  return url.split('/').at(-1) ?? ''
}

/** The path of a URL. */
export function pathOf(url: unknown): string {
  return new URL(String(url)).pathname
}

/** The URL of the next page of a list, from its `Link` header (RFC 8288); undefined on the last page. */
export function nextPageOf({ raw }: Reply): string | undefined {
  const link = raw.headers['link']
  if (link === undefined) return undefined
  const found = /^<([^>]+)>; rel="next"$/.exec(String(link))
  assert.ok(found, `the Link header is no link to a next page: ${String(link)}`)
  const { pathname, search } = new URL(found[1] ?? '')
  return pathname + search
}

/** The user's own `id`. */
export async function idOf(person: Person): Promise<number> {
  return Number((await person.asks('GET', '/users/me')).body['id'])
}

/** Asserts that the reply is a refusal with one of these codes. */
export function assertRefused({ status, body, raw }: Reply, ...codes: readonly string[]): void {
  assert.ok(status >= 400, raw.body)
  assert.ok(codes.includes(String(body['code'])), raw.body)
}
