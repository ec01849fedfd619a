// How this server reaches hosts that strangers name.
import type { TLSSocket } from 'node:tls'

import { type Duration, seconds } from '#foundation/kernel/time.ts'

export interface Target {
  /** An IP address that was checked. */
  readonly ipAddress: string
  readonly port: number
  /** Whose certificate is required. */
  readonly host: string
}

export interface Outbound {
  /** How long one request may take altogether. */
  readonly patience: Duration
  /** Returns every IP address of a host. */
  resolve(host: string): Promise<readonly string[]>
  /** Begins a connection with TLS to exactly this IP address. */
  connect(target: Target): Promise<TLSSocket>
}

/** The resolver and the network of the machine. Their modules are loaded when something is fetched. */
export const systemOutbound: Outbound = {
  patience: seconds(3),
  async resolve(host) {
    const { lookup } = await import('node:dns/promises')
    const found = await lookup(host, { all: true })
    return found.map(({ address: ipAddress }) => ipAddress)
  },
  async connect({ ipAddress, port, host }) {
    const { connect } = await import('node:tls')
    return connect({ host: ipAddress, port, servername: host })
  },
}
