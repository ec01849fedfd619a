import { InvalidArgumentError } from 'commander'

import { addressRange } from '../../../foundation/kernel/address-range.ts'

export const ADDRESS_FLAG = 'only from this IP address, or this network, such as 192.0.2.0/24 or 2001:db8::/64'

/** Checks a flag such as `--address 192.0.2.0/24`; the query of the events parses it again. */
export function readNetwork(text: string): string {
  if (addressRange(text) === undefined) {
    throw new InvalidArgumentError('Write an IP address like 192.0.2.7, or a network like 192.0.2.0/24.')
  }
  return text
}
