import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser says that a request comes from one of our own pages. `Sec-Fetch-Site` decides where it is sent;
 * older browsers say so by `Origin`; a request with neither is refused, since every browser that holds a cookie of ours
 * sends one of them with a form post.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return headers.origin === publicUrl
}
