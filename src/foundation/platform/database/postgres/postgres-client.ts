import pg from 'pg'

import type { PostgresHosts } from './postgres-hosts.ts'

/**
 * The class of the driver's connections. Each connects to the current host of `hosts`, can send several statements without waiting for the
 * answers between them (pipeline), and listens for errors from its constructor on. A server may end a session in the packet in which it
 * accepts it, before any code that waits for the connection runs; without a listener that error would end the process.
 */
export function clientAt(hosts: PostgresHosts): new (config?: pg.ClientConfig) => pg.Client {
  return class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, ...hosts.config, pipeline: true })
      this.on('error', (error) => hosts.note(error))
    }
  }
}
