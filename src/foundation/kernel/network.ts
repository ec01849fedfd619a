import { addressKey } from './address-key.ts'

/** What an address is called that cannot be read: such clients share one network. */
const UNKNOWN = 'unknown'

/**
 * The part of a client's address that one party controls: an IPv4 address itself (also when written as an IPv4-mapped
 * IPv6 address, RFC 4291 §2.5.5.2), the /64 of an IPv6 address (RFC 6177: a site gets at least that), else `unknown`.
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

/** The digits of a key, so many for each number. */
function numbersIn(key: string, digits: number): number[] {
  return [...key.slice(1).matchAll(new RegExp(`.{${digits}}`, 'g'))].map(([number]) => Number.parseInt(number, 16))
}
