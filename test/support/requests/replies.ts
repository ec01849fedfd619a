// Reading the server's answers.
import assert from 'node:assert/strict'

import type { Person, Reply } from '../people/people.ts'

/** The rows of a page of a list. */
export function itemsOf(reply: Reply): Record<string, unknown>[] {
  assert.equal(reply.status, 200, reply.raw.body)
  return reply.body['items'] as Record<string, unknown>[]
}

/** Status and refusal code, to be compared at once. */
export function refusalIn({ status, body }: Reply): [status: number, code: unknown] {
  return [status, body['code']]
}

/** The faults of a refused body, as `/field code`. */
export function faultsIn({ body }: Reply): string[] {
  return (body['errors'] as { pointer: string; code: string }[]).map(({ pointer, code }) => `${pointer} ${code}`)
}

/** Where a link leads, without the server's address. */
export function pathOf(url: unknown): string {
  return new URL(String(url)).pathname
}

/** Where the next page of a list is, as its `Link` header says; undefined on the last page. */
export function nextPageOf({ raw }: Reply): string | undefined {
  const link = raw.headers['link']
  if (link === undefined) return undefined
  const found = /^<([^>]+)>; rel="next"$/.exec(String(link))
  assert.ok(found, `the Link header is no link to a next page: ${String(link)}`)
  const { pathname, search } = new URL(found[1] ?? '')
  return pathname + search
}

/** The number in somebody's `id`, as they see it themselves. */
export async function idOf(person: Person): Promise<number> {
  return Number((await person.asks('GET', '/users/me')).body['id'])
}
