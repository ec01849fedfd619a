// Which IP addresses are of the public internet.
import { ipAddressKey, ipAddressRange } from '#foundation/kernel/ip-address-range.ts'

/** The registries of special purposes of IANA (RFC 6890), multicast and what is reserved. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]
/** The part of IPv6 that is routed globally (RFC 4291 §2.4), and parts of it that are not, or that hold one of IPv4. */
const GLOBAL_IPV6 = '2000::/3'
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

/** Whether an IP address can only be one of the public internet. One that is mapped from IPv4 counts as that; another text is none. */
export function isPublicIpAddress(ipAddress: string): boolean {
  // A zone belongs to an IP address of the machine's own links.
  const key = ipAddress.includes('%') ? null : ipAddressKey(ipAddress)
  if (key === null) return false
  if (key.startsWith('4')) return !isWithin(key, SPECIAL_IPV4)
  return isWithin(key, [GLOBAL_IPV6]) && !isWithin(key, SPECIAL_IPV6)
}

function isWithin(key: string, networks: readonly string[]): boolean {
  return networks.map(ipAddressRange).some((range) => range !== undefined && range.from <= key && key <= range.to)
}
