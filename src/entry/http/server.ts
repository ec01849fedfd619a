import type { Duration } from '../../foundation/kernel/time.ts'
import type { Config } from '../../foundation/platform/config/types.ts'
import type { App } from '../../foundation/web/http/app.ts'
import { addressesOf, Listeners, portOf } from './listeners.ts'

/** How long an idle connection is kept at a stop for a request that its client sent before it could know of the stop. */
const LAST_REQUESTS: Duration = 500

export interface RunningServer {
  /** The base URL, such as `http://localhost:8000`. */
  readonly url: string
  /** Accepts no further connections, waits up to `shutdownGrace` for open requests, then closes what is left. */
  stop(): Promise<void>
}

interface ServerConfig extends Pick<Config, 'host' | 'port' | 'shutdownGrace'> {
  readonly lastRequests?: Duration
}

/** Starts listening; port 0 selects a free port. Rejects if the port is taken or the host does not belong to this machine. */
export async function startServer(app: App, config: ServerConfig): Promise<RunningServer> {
  const listeners = Listeners.of(app.server)
  const [host, ...further] = await addressesOf(config.host)
  await app.listen({ host, port: config.port })
  const port = portOf(app.server)
  await listeners.alsoListen(further, port)
  return { url: `http://${inUrl(config.host)}:${port}`, stop: () => stopServer(app, listeners, config) }
}

async function stopServer(app: App, listeners: Listeners, config: ServerConfig): Promise<void> {
  const { shutdownGrace, lastRequests = Math.min(LAST_REQUESTS, shutdownGrace / 2) } = config
  const graceOver = new AbortController()
  const grace = setTimeout(() => graceOver.abort(), shutdownGrace)
  graceOver.signal.addEventListener('abort', () => listeners.closeAll())
  try {
    await listeners.finishExchanges(lastRequests)
    await listeners.closeIdle(graceOver.signal)
    await app.close()
  } finally {
    clearTimeout(grace)
  }
}

function inUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
