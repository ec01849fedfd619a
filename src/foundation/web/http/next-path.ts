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

/** The same, and it says why the person is there; `because` is a word that the page looks up. */
export function withBecause(path: string, because: string, query: unknown): string {
  const place = withNext(path, query)
  return `${place}${place.includes('?') ? '&' : '?'}because=${because}`
}

/** The word that says why the person is at this page. */
export function becauseOf(query: unknown): unknown {
  return (query as { readonly because?: unknown } | null | undefined)?.because
}
