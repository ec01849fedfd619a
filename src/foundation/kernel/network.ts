import { ipAddressKey } from './ip-address-range.ts'

/**
 * The part of a client's IP address that one party controls: an IPv4 address itself (also if written as an IPv4-mapped IPv6 address, RFC
 * 4291 §2.5.5.2), or the /64 of an IPv6 address (RFC 6177: a site gets at least a /64); `unknown` for any other text, so clients
 * with an unreadable IP address share one.
 */
export function networkOf(ipAddress: string): string {
  const key = ipAddressKey(ipAddress)
  if (key === null) return 'unknown'
  if (key.startsWith('4')) return numbersIn(key, 2).join('.')
  const groups = numbersIn(key, 4).map((group) => group.toString(16))
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Splits a key into numbers of `digits` hexadecimal digits each. */
function numbersIn(key: string, digits: number): number[] {
  return [...key.slice(1).matchAll(new RegExp(`.{${digits}}`, 'g'))].map(([number]) => Number.parseInt(number, 16))
}
