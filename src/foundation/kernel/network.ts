import { addressKey } from './address-key.ts'

/** The network of every unreadable address: such clients share one. */
const UNKNOWN = 'unknown'

/**
 * The part of a client's IP address that one party controls: an IPv4 address itself (also if written as an IPv4-mapped IPv6 address, RFC
 * 4291 §2.5.5.2), or the /64 of an IPv6 address (RFC 6177: a site gets at least a /64); `unknown` for any other text.
 */
export function networkOf(address: string): string {
  const key = addressKey(address)
  if (key === null) return UNKNOWN
  return key.startsWith('4') ? numbersIn(key, 2).join('.') : `${groupsOfNetwork(key).join(':')}::/64`
}

function groupsOfNetwork(key: string): string[] {
  return numbersIn(key, 4)
    .slice(0, 4)
    .map((group) => group.toString(16))
}

/** Splits a key into numbers of `digits` hexadecimal digits each. */
function numbersIn(key: string, digits: number): number[] {
  return [...key.slice(1).matchAll(new RegExp(`.{${digits}}`, 'g'))].map(([number]) => Number.parseInt(number, 16))
}
