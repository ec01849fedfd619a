const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Whether a request has a safe method, which changes nothing (RFC 9110 §9.2.1). */
export function isSafe({ method }: { readonly method: string }): boolean {
  return SAFE_METHODS.has(method)
}
