import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether the browser says that a request comes from a page of this origin (CSRF). `Sec-Fetch-Site` decides if it is sent, else `Origin`,
 * as in older browsers. A request with neither is refused: every browser that stores the session cookie sends one of them with a form.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === publicUrl
}
