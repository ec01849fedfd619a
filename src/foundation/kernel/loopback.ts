const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

/** Whether a host, as a setting or a URL spells it, is this machine, so that requests to it cross no network. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}
