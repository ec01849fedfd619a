// IP addresses in a form that can be compared and sorted as text.
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const CANONICAL_IPV4 = new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`)
const IPV6 = /^[\d.:a-f]*:[\d.:a-f]*$/i
/** `::ffff:0:0/96` (RFC 4291 §2.5.5.2), as 24 of the 32 digits. */
const MAPPED = '00000000000000000000ffff'

/**
 * An IP address with every bit written out: `4` and eight hexadecimal digits, or `6` and 32 digits. An IPv4-mapped address counts as IPv4.
 * All spellings of an address have the same key, and the keys of a network are contiguous. Returns null for any other text. A zone
 * (`%eth0`) is valid on one machine only and is ignored.
 */
export function addressKey(address: string): string | null {
  const plain = address.trim().replace(/%.*$/u, '')
  if (IPV4.test(plain)) return ipv4Key(plain)
  if (!IPV6.test(plain)) return null
  const canonical = URL.parse(`http://[${plain}]/`)?.hostname
  if (canonical === undefined) return null
  const digits = ipv6Digits(canonical.slice(1, -1))
  return digits.startsWith(MAPPED) ? `4${digits.slice(MAPPED.length)}` : `6${digits}`
}

function ipv4Key(plain: string): string | null {
  // Nearly every address is canonical already, because it comes from a connection; then no URL is parsed.
  const canonical = CANONICAL_IPV4.test(plain) ? plain : URL.parse(`http://${plain}/`)?.hostname
  if (canonical === undefined) return null
  return `4${canonical
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')}`
}

/** The digits of the eight groups of an address in canonical text (RFC 5952), in which `::` replaces groups of zeros. */
function ipv6Digits(canonical: string): string {
  const [beforeGap = '', afterGap = ''] = canonical.split('::')
  const before = beforeGap.split(':').filter(Boolean)
  const after = afterGap.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
}
