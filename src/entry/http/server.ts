// The Node servers that listen for one Fastify app, and how they stop without losing a request.
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Duration } from '#foundation/kernel/time.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import type { App } from '#foundation/web/http/app.ts'

const POLL_INTERVAL: Duration = 50

export interface ListenerOptions {
  readonly http: ServerOptions
  /** A connection that is silent for this long is closed. */
  readonly connectionTimeout: Duration
  readonly clientError: (error: Error, socket: Socket) => void
}

/**
 * Creates the Node servers itself and keeps a reference to each. Fastify does not expose the further servers that it creates for
 * `localhost`, so a stop could neither wait for their connections nor end them.
 */
export class Listeners {
  readonly #options: ListenerOptions
  readonly #servers: Server[] = []
  #handler: RequestListener | undefined
  /** While true, each answer contains `Connection: close`. */
  isStopping = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** The listeners that `server` belongs to. Throws if `newServer` did not create it. */
  static of(server: Server): Listeners {
    if (!(server instanceof OwnServer)) throw new Error('The server was not made by newServer')
    return server.ownListeners
  }

  /** The `serverFactory` of Fastify, which calls it once. */
  newServer(handler: RequestListener): Server {
    this.#handler = handler
    const server = new OwnServer(this, this.#options.http, handler)
    server.setTimeout(this.#options.connectionTimeout)
    this.#servers.push(server)
    return server
  }

  /** Listens on further hosts at the same port. A host that this machine lacks, or whose port is taken, is skipped. */
  async alsoListen(hosts: readonly string[], port: number): Promise<void> {
    const handler = this.#handler
    if (handler === undefined) throw new Error('Fastify has not made its server yet')
    for (const host of hosts) {
      const server = this.newServer(handler)
      server.on('clientError', this.#options.clientError)
      try {
        server.listen({ host, port })
        await once(server, 'listening')
      } catch {
        this.#servers.splice(this.#servers.indexOf(server), 1)
      }
    }
  }

  /**
   * Accepts no further connections. Each open connection finishes its current exchange, whose answer contains `Connection: close`. An idle
   * connection is kept for `lastRequests`, because its client may have sent a request before it could know of the stop (RFC 9112 §9.6).
   */
  async finishExchanges(lastRequests: Duration): Promise<void> {
    this.isStopping = true
    // `close` of an HTTP server would also close idle connections, together with a request that is already on its way.
    for (const server of this.#servers) NetServer.prototype.close.call(server)
    const late = AbortSignal.timeout(lastRequests)
    while (!late.aborted && (await this.#connections()) > 0) await sleep(POLL_INTERVAL)
  }

  /** Closes connections as soon as they are idle, until `signal` is aborted; busy ones stay open. */
  async closeIdle(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#connections()) > 0) {
      for (const server of this.#servers) server.closeIdleConnections()
      await sleep(POLL_INTERVAL)
    }
  }

  closeAll(): void {
    for (const server of this.#servers) server.closeAllConnections()
  }

  async #connections(): Promise<number> {
    const counts = await Promise.all(this.#servers.map(connectionsOf))
    return counts.reduce((sum, count) => sum + count, 0)
  }
}

// An import would read every name of the module, and so load Node's WebSocket client as well, which takes 25 ms and 15 MiB by itself.
const http = process.getBuiltinModule('node:http')

/** A server with a reference to its listeners. */
class OwnServer extends http.Server {
  readonly ownListeners: Listeners

  constructor(listeners: Listeners, options: ServerOptions, handler: RequestListener) {
    super(options, handler)
    this.ownListeners = listeners
  }
}

function connectionsOf(server: Server): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  server.getConnections((error, count) => resolve(error ? 0 : count))
  return promise
}

/** All IP addresses of `localhost`, since clients differ in which one they try first; for another host, the host itself. */
export async function ipAddressesOf(host: string): Promise<[string, ...string[]]> {
  if (host !== 'localhost') return [host]
  const [first, ...further] = await lookup(host, { all: true })
  return first === undefined ? [host] : [first.address, ...further.map(({ address }) => address)]
}

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
  const [host, ...further] = await ipAddressesOf(config.host)
  await app.listen({ host, port: config.port })
  const { port } = app.server.address() as AddressInfo
  await listeners.alsoListen(further, port)
  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    stop: () => stopServer(app, listeners, config),
  }
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
