/** What the path of a request may hold where it is the value of a header of ours: no space, no control character, no byte beyond ASCII. */
const SENT = /^\/(?![/\\])[\x21-\x5B\x5D-\x7E]*$/

/** Paths of this server under a host’s name, to which nothing leads back. */
const OWN_PATH = /^\/\.doorward(?:[/?#]|$)/

/**
 * The path and query to which a user goes back at a host. `/` for a value that some browser reads as another site (`//evil.example`, `/\`), for
 * one that no request holds, and for this server's own paths under the host's name.
 */
export function wantedPath(value: unknown): string {
  return typeof value === 'string' && SENT.test(value) && !OWN_PATH.test(value) ? value : '/'
}
