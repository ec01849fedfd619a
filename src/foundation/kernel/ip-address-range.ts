// IP addresses in a form that can be compared and sorted as text.
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const CANONICAL_IPV4 = new RegExp(`^(?:${BYTE}\\.){3}${BYTE}$`)
const IPV6 = /^[\d.:a-f]*:[\d.:a-f]*$/i
/** `::ffff:0:0/96` (RFC 4291 §2.5.5.2), as 24 of the 32 digits. */
const MAPPED = '00000000000000000000ffff'

/**
 * An IP address with every bit written out: `4` and eight hexadecimal digits, or `6` and 32 digits. An IPv4-mapped address counts as IPv4.
 * All spellings of an IP address have the same key, and the keys of a network are contiguous. Returns null for any other text. A zone
 * (`%eth0`) is valid on one machine only and is ignored.
 */
export function ipAddressKey(ipAddress: string): string | null {
  const plain = ipAddress.trim().replace(/%.*$/u, '')
  if (IPV4.test(plain)) return ipv4Key(plain)
  if (!IPV6.test(plain)) return null
  const canonical = URL.parse(`http://[${plain}]/`)?.hostname
  if (canonical === undefined) return null
  const digits = ipv6Digits(canonical.slice(1, -1))
  return digits.startsWith(MAPPED) ? `4${digits.slice(MAPPED.length)}` : `6${digits}`
}

function ipv4Key(plain: string): string | null {
  // Nearly every IP address is canonical already, because it comes from a connection; then no URL is parsed.
  const canonical = CANONICAL_IPV4.test(plain) ? plain : URL.parse(`http://${plain}/`)?.hostname
  if (canonical === undefined) return null
  return `4${canonical
    .split('.')
    .map((byte) => Number(byte).toString(16).padStart(2, '0'))
    .join('')}`
}

/** The digits of the eight groups of an IPv6 address in canonical text (RFC 5952), in which `::` replaces groups of zeros. */
function ipv6Digits(canonical: string): string {
  const [beforeGap = '', afterGap = ''] = canonical.split('::')
  const before = beforeGap.split(':').filter(Boolean)
  const after = afterGap.split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
}

/** The keys of the first and the last IP address of a network, in the form of `ipAddressKey`; equal for a single IP address. */
export interface IpAddressRange {
  readonly from: string
  readonly to: string
}

const BITS = { '4': 32, '6': 128 } as const
/** The length in bits of the prefix by which an IPv4 address is mapped to IPv6 (RFC 4291 §2.5.5.2). */
const MAPPED_BITS = 96

/**
 * Parses an IP address, or a network with its prefix length (CIDR, RFC 4632 §3.1), such as `192.0.2.7`, `192.0.2.0/24` and `2001:db8::/32`;
 * bits behind the prefix are ignored. Returns undefined for any other text. An IPv4 byte with a leading zero is refused, since some
 * programs read it as octal.
 */
export function ipAddressRange(text: string): IpAddressRange | undefined {
  const [, ipAddress = '', length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text.trim()) ?? []
  const key = /(?:^|[.:])0\d+\./.test(ipAddress) || /\.0\d/.test(ipAddress) ? null : ipAddressKey(ipAddress)
  if (key === null) return undefined
  const bits = BITS[key.startsWith('4') ? '4' : '6']
  const prefix =
    length === undefined ? bits : Number(length) - (key.startsWith('4') && ipAddress.includes(':') ? MAPPED_BITS : 0)
  if (prefix < 0 || prefix > bits) return undefined
  return networkRange(key, BigInt(bits - prefix))
}

function networkRange(key: string, hostBits: bigint): IpAddressRange {
  const digits = key.slice(1)
  const first = (BigInt(`0x${digits}`) >> hostBits) << hostBits
  const last = first | ((1n << hostBits) - 1n)
  const ipAddressKeyOf = (value: bigint): string =>
    `${key.slice(0, 1)}${value.toString(16).padStart(digits.length, '0')}`
  return { from: ipAddressKeyOf(first), to: ipAddressKeyOf(last) }
}
