const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
/** What an address is called that cannot be read: such clients share one network. */
const UNKNOWN = 'unknown'

/**
 * The part of a client's address that one party controls: an IPv4 address itself (also when written as an IPv4-mapped
 * IPv6 address, RFC 4291 §2.5.5.2), the /64 of an IPv6 address (RFC 6177: a site gets at least that), else `unknown`.
 */
export function networkOf(address: string): string {
  const plain = address.trim().replace(/%.*$/u, '')
  if (IPV4.test(plain)) return URL.parse(`http://${plain}/`)?.hostname ?? UNKNOWN
  if (!plain.includes(':')) return UNKNOWN
  const canonical = URL.parse(`http://[${plain}]/`)?.hostname
  return canonical === undefined ? UNKNOWN : networkOfIpv6(groupsOf(canonical.slice(1, -1)))
}

function networkOfIpv6(groups: readonly number[]): string {
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (mapped) return [groups[6], groups[7]].flatMap((group = 0) => [group >> 8, group & 0xff]).join('.')
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`
}

/** The eight 16-bit groups of an address in canonical text (RFC 5952), where `::` stands for the zero groups left out. */
function groupsOf(canonical: string): number[] {
  const [head = '', tail = ''] = canonical.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16))
}
