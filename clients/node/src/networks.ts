// Which IP addresses are in a list of networks.

/**
 * Returns whether an IP address is one of those listed: `192.0.2.7`, or a network with its prefix length (CIDR, RFC 4632 §3.1) such as
 * `192.0.2.0/24` and `2001:db8::/32`. An IPv4-mapped IPv6 address counts as IPv4. Throws for an empty list and for any other text in it.
 */
export function listedIn(list: readonly string[]): (ipAddress: string) => boolean {
  if (list.length === 0) throw new Error('No proxy is listed, so every request would be refused')
  const networks = list.map(networkOf)
  return (ipAddress) => {
    const bits = bitsOf(ipAddress)
    return bits !== undefined && networks.some(({ prefix, host }) => bits >> host === prefix)
  }
}

interface Network {
  readonly prefix: bigint
  /** How many bits are behind the prefix. */
  readonly host: bigint
}

function networkOf(text: string): Network {
  const [, ipAddress = '', length] = /^([^/%]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? []
  const bits = bitsOf(ipAddress)
  const most = IPV4.test(ipAddress) ? 32 : 128
  const behind = most - Number(length ?? most)
  if (bits === undefined || behind < 0)
    throw new Error(`"${text}" is no IP address and no network such as 192.0.2.0/24`)
  return { prefix: bits >> BigInt(behind), host: BigInt(behind) }
}

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/

/** The 128 bits of an IP address, an IPv4 one as it is mapped (RFC 4291 §2.5.5.2). Undefined for any other text. A zone (`%eth0`) is ignored. */
function bitsOf(ipAddress: string): bigint | undefined {
  const plain = ipAddress.replace(/%.*$/, '')
  const url = `http://[${IPV4.test(plain) ? `::ffff:${plain}` : plain}]/`
  if (!/^[\d.:a-f]+$/i.test(plain) || !URL.canParse(url)) return undefined
  // The canonical text has eight groups, of which `::` replaces those that are zero.
  const [before = [], after = []] = new URL(url).hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean))
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return BigInt(`0x${[...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')}`)
}
