// The Node servers that listen for one Fastify app, and how they stop without losing a request.
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { Server } from 'node:http'
import type { RequestListener, ServerOptions } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Duration } from '../../foundation/kernel/time.ts'

const LOOK_AGAIN: Duration = 50

export interface ListenerOptions {
  readonly http: ServerOptions
  /** How long a connection may be silent. */
  readonly connectionTimeout: Duration
  readonly clientError: (error: Error, socket: Socket) => void
}

/**
 * Fastify's own servers for `localhost` are not accessible from outside, so a stop could neither wait for their
 * connections nor end them. This class creates the same servers and keeps them.
 */
export class Listeners {
  readonly #options: ListenerOptions
  readonly #servers: Server[] = []
  #handler: RequestListener | undefined
  /** While true, each answer says `Connection: close`. */
  isStopping = false

  constructor(options: ListenerOptions) {
    this.#options = options
  }

  /** Those that `server` belongs to. */
  static of(server: Server): Listeners {
    if (!(server instanceof OwnServer)) throw new Error('The server was not made by newServer')
    return server.ownListeners
  }

  /** For Fastify's `serverFactory`, which calls it once. */
  newServer(handler: RequestListener): Server {
    this.#handler = handler
    const server = new OwnServer(this, this.#options.http, handler)
    server.setTimeout(this.#options.connectionTimeout)
    this.#servers.push(server)
    return server
  }

  /** Listens on further addresses at the same port, except on those that this machine lacks or that are taken. */
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
   * Accepts no further connection. Each open one finishes its present exchange, whose answer tells the client to close; an
   * idle one is kept for `lastRequests`, because its client may have sent a request before it could know of the stop
   * (RFC 9112 §9.6).
   */
  async finishExchanges(lastRequests: Duration): Promise<void> {
    this.isStopping = true
    // The close of an HTTP server would also close its idle connections, with a request that is on its way to one of them.
    for (const server of this.#servers) NetServer.prototype.close.call(server)
    const late = AbortSignal.timeout(lastRequests)
    while (!late.aborted && (await this.#connections()) > 0) await sleep(LOOK_AGAIN)
  }

  /** Closes idle connections, now and whenever one becomes idle, until `signal`; busy ones stay open. */
  async closeIdle(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#connections()) > 0) {
      for (const server of this.#servers) server.closeIdleConnections()
      await sleep(LOOK_AGAIN)
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

/** A server that knows which listeners it belongs to. */
class OwnServer extends Server {
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

/** Every address of `localhost`, since clients differ in which they try first; any other host stands for itself. */
export async function addressesOf(host: string): Promise<[string, ...string[]]> {
  if (host !== 'localhost') return [host]
  const [first, ...further] = await lookup(host, { all: true })
  return first === undefined ? [host] : [first.address, ...further.map(({ address }) => address)]
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
