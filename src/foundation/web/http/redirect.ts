// Paths on this site to redirect to, and what a query keeps of them.
import { requestedLanguage } from './language.ts'

const BASE = 'http://doorward.invalid'
const LONGEST = 2048
// Browsers remove tabs and line breaks from URLs and read a backslash as a slash.
const UNSAFE = /[\p{Cc}\s\\]/u
const SLASH_BEHIND_ESCAPE = /^\/+(?:%2f|%5c|[.]|%2e)/i

/** A path on this site to redirect to; undefined for a value that some browser or proxy could read as another site (open redirect). */
export function safePath(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LONGEST) return undefined
  if (!value.startsWith('/') || value.startsWith('//') || UNSAFE.test(value) || SLASH_BEHIND_ESCAPE.test(value)) {
    return undefined
  }
  const url = URL.parse(value, BASE)
  if (!url || url.origin !== BASE || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}

/** The path of the page that led to the sign-in; undefined if there is none or it belongs to another site. */
export function nextPath(query: unknown): string | undefined {
  return safePath(fieldIn(query, 'next'))
}

/** The path with the parameters `next`, which keeps where to go afterwards, and `ui_locales`, which keeps the language of the pages. */
export function withNext(path: string, query: unknown): string {
  const next = nextPath(query)
  const language = requestedLanguage(fieldIn(query, 'ui_locales'))
  const target = next === undefined ? path : withParameter(path, 'next', encodeURIComponent(next))
  return language === null ? target : withParameter(target, 'ui_locales', language)
}

/** The same with the parameter `because`, a word for which the page shows why the user is there. */
export function withBecause(path: string, because: string, query: unknown): string {
  return withParameter(withNext(path, query), 'because', because)
}

function withParameter(path: string, name: string, value: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${name}=${value}`
}

/** The word in the parameter `because`. */
export function becauseOf(query: unknown): unknown {
  return fieldIn(query, 'because')
}

/** One field of a parsed query or form; undefined if it is absent, also if each object inherits a property of this name. */
export function fieldIn(fields: unknown, name: string): unknown {
  return typeof fields === 'object' && fields !== null && Object.hasOwn(fields, name)
    ? (fields as Readonly<Record<string, unknown>>)[name]
    : undefined
}
