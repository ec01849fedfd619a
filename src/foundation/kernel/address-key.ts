// Network addresses in a form that is compared and sorted as text.
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const CANONICAL_IPV4 = new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`)
const IPV6 = /^[\d.:a-f]*:[\d.:a-f]*$/i
/** `::ffff:0:0/96` (RFC 4291 §2.5.5.2), as 24 of the 32 digits. */
const MAPPED = '00000000000000000000ffff'

/**
 * An address with every bit written out: `4` and eight hexadecimal digits, or `6` and 32 of them; an IPv4-mapped one is
 * IPv4. However it was spelled it has one key, and the keys of a network stand beside each other. Null for what is no
 * address. A zone (`%eth0`) names a link of one machine and is left out.
 */
export function addressKey(address: string): string | null {
  const plain = address.trim().replace(/%.*$/u, '')
  if (IPV4.test(plain)) return keyOfIpv4(plain)
  if (!IPV6.test(plain)) return null
  const canonical = URL.parse(`http://[${plain}]/`)?.hostname
  if (canonical === undefined) return null
  const digits = digitsOf(canonical.slice(1, -1))
  return digits.startsWith(MAPPED) ? `4${digits.slice(MAPPED.length)}` : `6${digits}`
}

function keyOfIpv4(plain: string): string | null {
  // Nearly every address is canonical already, as connections give them.
  const canonical = CANONICAL_IPV4.test(plain) ? plain : URL.parse(`http://${plain}/`)?.hostname
  if (canonical === undefined) return null
  return `4${canonical
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')}`
}

/** The eight groups of an address in canonical text (RFC 5952), where `::` stands for the zero groups left out. */
function digitsOf(canonical: string): string {
  const [head = '', tail = ''] = canonical.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
}
