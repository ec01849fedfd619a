const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

/** Whether a host, as a setting or a URL spells it, is this machine itself, so that nothing goes over a network. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
