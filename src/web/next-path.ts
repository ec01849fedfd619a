import { safePath } from './redirect.ts'

/** Where the person wanted to go before they had to sign in; undefined when nowhere, or not on this site. */
export function nextPath(query: unknown): string | undefined {
  return safePath((query as { readonly next?: unknown } | null | undefined)?.next)
}

/** The address of a page that remembers where to go afterwards. */
export function withNext(path: string, query: unknown): string {
  const next = nextPath(query)
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`
}
