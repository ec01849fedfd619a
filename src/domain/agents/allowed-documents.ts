// Agents have the URL of a document as their client id (Client ID Metadata Document, draft 02). Which of these
// documents are read at all: those that an admin has listed. Tested in allowed-documents.test.ts.
import { AUTHORITY, PLAIN_URI } from '#domain/clients/redirect-uri.ts'
import { ipAddressKey } from '#foundation/kernel/ip-address-range.ts'
import type { FieldError } from '#foundation/kernel/refusal.ts'

export const MOST_DOCUMENTS = 100
/** The URL of a document stands in paths of this server, percent-encoded. */
export const DOCUMENT_URL_MAXIMUM = 200

/** A name of the public web: at least two labels, the last of which is no number, so that no spelling of an IP address is one. */
const HOST = /^(?=.{4,150}$)(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?!\d+$)[a-z\d](?:[a-z\d-]{0,61}[a-z\d])$/

/**
 * Whether a client id is the URL of a document: `https`, in the one spelling in which it is compared, with a path, and without user info, query
 * and fragment. No registered app has such an id.
 */
export function isDocumentUrl(id: string): boolean {
  if (!id.startsWith('https://') || !PLAIN_URI.test(id) || encodeURIComponent(id).length > DOCUMENT_URL_MAXIMUM)
    return false
  const url = URL.parse(id)
  // Upper case in the host, dot segments, the usual port and an empty path are written otherwise by the parser.
  if (url === null || url.href !== id || url.pathname === '/') return false
  const [, authority = ''] = AUTHORITY.exec(id) ?? []
  if (authority.includes('@') || id.includes('?') || id.includes('#')) return false
  return HOST.test(url.hostname) && ipAddressKey(url.hostname) === null
}

/** Returns the host of a document, which users are shown as the origin of the agent. */
export function hostOfDocument(url: string): string {
  return URL.parse(url)?.host ?? url
}

/**
 * Whether a document is listed: by its whole URL, or by its host, where all paths belong to the vendor. A host stands for
 * the usual port alone.
 */
export function allowsDocument(allowed: readonly string[], url: string): boolean {
  return isDocumentUrl(url) && (allowed.includes(url) || allowed.includes(hostOfDocument(url)))
}

/** Returns entries as they are stored: without blanks around them, each once, in order; a host in lower case. */
export function normalizedDocuments(entries: readonly string[]): string[] {
  const trimmed = entries.map((entry) => entry.trim()).filter((entry) => entry !== '')
  return [...new Set(trimmed.map((entry) => (entry.includes('/') ? entry : entry.toLowerCase())))].toSorted()
}

/** Returns the first error in normalized entries. The facts name the entry. */
export function fieldErrorsInDocuments(entries: readonly string[]): FieldError[] {
  const pointer = '/allowed_documents'
  if (entries.length > MOST_DOCUMENTS) return [{ pointer, code: 'field.too_many', facts: { maximum: MOST_DOCUMENTS } }]
  const wrong = entries.find((entry) => !isDocumentUrl(entry) && !HOST.test(entry))
  return wrong === undefined
    ? []
    : [{ pointer, code: 'agents.document', facts: { entry: wrong.slice(0, DOCUMENT_URL_MAXIMUM) } }]
}
