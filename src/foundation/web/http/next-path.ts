import { safePath } from './redirect.ts'

/** The path of the page that led to the sign-in; undefined if there is none or it belongs to another site. */
export function nextPath(query: unknown): string | undefined {
  return safePath((query as { readonly next?: unknown } | null | undefined)?.next)
}

/** The path with the parameter `next`, which keeps where to go afterwards. */
export function withNext(path: string, query: unknown): string {
  const next = nextPath(query)
  return next === undefined ? path : `${path}?next=${encodeURIComponent(next)}`
}

/** The same with the parameter `because`, a word for which the page shows why the user is there. */
export function withBecause(path: string, because: string, query: unknown): string {
  const target = withNext(path, query)
  return `${target}${target.includes('?') ? '&' : '?'}because=${because}`
}

/** The word in the parameter `because`. */
export function becauseOf(query: unknown): unknown {
  return (query as { readonly because?: unknown } | null | undefined)?.because
}
