import type { AddressInfo } from 'node:net'

import type { Duration } from '../kernel/time.ts'
import type { Config } from '../platform/config.ts'
import type { App } from '../web/app.ts'

const SWEEP: Duration = 50

export interface RunningServer {
  /** Where it listens, such as `http://localhost:8000`. */
  readonly url: string
  /** Accepts nothing new, finishes what is under way within the configured grace, then ends the rest. */
  stop(): Promise<void>
}

/** Starts listening; port 0 takes any free one. Rejects when the address is taken or not ours. */
export async function startServer(
  app: App,
  config: Pick<Config, 'host' | 'port' | 'shutdownGrace'>,
): Promise<RunningServer> {
  await app.listen({ host: config.host, port: config.port })
  const { port } = app.server.address() as AddressInfo
  return { url: `http://${inUrl(config.host)}:${port}`, stop: () => stopServer(app, config) }
}

async function stopServer(app: App, { shutdownGrace }: Pick<Config, 'shutdownGrace'>): Promise<void> {
  const patience = setTimeout(() => app.server.closeAllConnections(), shutdownGrace)
  // A connection that was busy when the stop began stays open after its answer, until somebody closes it.
  const sweep = setInterval(() => app.server.closeIdleConnections(), SWEEP)
  try {
    await app.close()
  } finally {
    clearTimeout(patience)
    clearInterval(sweep)
  }
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
