import { addressKey } from './address-key.ts'

/** The keys of a network's first and last address, as `addressKey` writes them; both the same for a single address. */
export interface AddressRange {
  readonly from: string
  readonly to: string
}

const BITS = { '4': 32, '6': 128 } as const
/** In how many bits of IPv6 an IPv4 address is mapped (RFC 4291 §2.5.5.2). */
const MAPPED_BITS = 96

/**
 * What somebody means by an address, or by a network with the length of its prefix (CIDR, RFC 4632 §3.1), such as
 * `192.0.2.7`, `192.0.2.0/24` and `2001:db8::/32`; bits after the prefix do not matter. Undefined when it is neither. A
 * byte of IPv4 with a zero before it is refused, since some read it as octal.
 */
export function addressRange(text: string): AddressRange | undefined {
  const [, address = '', length] = /^([^/]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text.trim()) ?? []
  const key = /(?:^|[.:])0\d+\./.test(address) || /\.0\d/.test(address) ? null : addressKey(address)
  if (key === null) return undefined
  const bits = BITS[key.startsWith('4') ? '4' : '6']
  const prefix = length === undefined ? bits : Number(length) - (isMapped(key, address) ? MAPPED_BITS : 0)
  if (prefix < 0 || prefix > bits) return undefined
  return rangeOf(key, BigInt(bits - prefix))
}

function isMapped(key: string, address: string): boolean {
  return key.startsWith('4') && address.includes(':')
}

function rangeOf(key: string, free: bigint): AddressRange {
  const digits = key.slice(1)
  const first = (BigInt(`0x${digits}`) >> free) << free
  const last = first | ((1n << free) - 1n)
  const keyOf = (value: bigint): string => `${key.slice(0, 1)}${value.toString(16).padStart(digits.length, '0')}`
  return { from: keyOf(first), to: keyOf(last) }
}
