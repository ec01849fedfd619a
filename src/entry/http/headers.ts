import type { Config } from '#foundation/platform/config/types.ts'

type Headers = Readonly<Record<string, string>>

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  // With `no-referrer`, browsers send `Origin: null` when a form is posted, and the origin check would refuse it.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** Headers that browsers apply to documents only. */
const OF_DOCUMENTS = {
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
}

const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
const PAGE_POLICY = [
  "default-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ')

const YEAR = 31_536_000

/** The security headers of every answer, computed once: those of pages, and those of everything else. */
export function safetyHeaders({ publicUrl }: Pick<Config, 'publicUrl'>): Readonly<Record<'page' | 'data', Headers>> {
  const transport: Headers = publicUrl.startsWith('https:') ? { 'strict-transport-security': `max-age=${YEAR}` } : {}
  const common = { ...EVERYWHERE, ...transport }
  return {
    // The language of a page depends on `Accept-Language`, hence `vary`; the page states its language in `lang`.
    page: { ...common, ...OF_DOCUMENTS, vary: 'accept-language', 'content-security-policy': PAGE_POLICY },
    data: { ...common, 'content-security-policy': DATA_POLICY },
  }
}
