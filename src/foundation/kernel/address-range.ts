import { addressKey } from './address-key.ts'

/** The keys of the first and the last address of a network, in the form of `addressKey`; equal for a single address. */
export interface AddressRange {
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
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text.trim()) ?? []
  const key = /(?:^|[.:])0\d+\./.test(address) || /\.0\d/.test(address) ? null : addressKey(address)
  if (key === null) return undefined
  const bits = BITS[key.startsWith('4') ? '4' : '6']
  const prefix = length === undefined ? bits : Number(length) - (isMapped(key, address) ? MAPPED_BITS : 0)
  if (prefix < 0 || prefix > bits) return undefined
  return networkRange(key, BigInt(bits - prefix))
}

function isMapped(key: string, address: string): boolean {
  return key.startsWith('4') && address.includes(':')
}

function networkRange(key: string, hostBits: bigint): AddressRange {
  const digits = key.slice(1)
  const first = (BigInt(`0x${digits}`) >> hostBits) << hostBits
  const last = first | ((1n << hostBits) - 1n)
  const addressKeyOf = (value: bigint): string => `${key.slice(0, 1)}${value.toString(16).padStart(digits.length, '0')}`
  return { from: addressKeyOf(first), to: addressKeyOf(last) }
}
