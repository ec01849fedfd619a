const BASE = 'http://doorward.invalid'
const LONGEST = 2048
// Browsers remove tabs and line breaks from URLs and read a backslash as a slash.
const UNSAFE = /[\p{Cc}\s\\]/u
const SLASH_BEHIND_ESCAPE = /^\/+(?:%2f|%5c|[.]|%2e)/i

/**
 * A path on this site to redirect to. Returns undefined for a value that some browser or proxy could read as another site (open redirect).
 */
export function safePath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  if (!value.startsWith('/') || value.startsWith('//') || UNSAFE.test(value) || SLASH_BEHIND_ESCAPE.test(value)) {
    return undefined
  }
  const url = URL.parse(value, BASE)
  if (!url || url.origin !== BASE || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}
