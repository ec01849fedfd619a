// A TCP proxy that can stop forwarding without closing connections, like a firewall that drops packets or a host that has failed.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface SilentProxy {
  /** The server's URL through the proxy. */
  readonly url: string
  /** The number of accepted connections. */
  connections(): number
  /** Stops forwarding; connections are still accepted. */
  silence(): void
  /** Continues forwarding from where it stopped. */
  resume(): void
}

export async function silentProxy(t: TestContext, url: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(url)
  const pairs: (readonly [Socket, Socket])[] = []
  let isSilent = false
  const forward = ([one, other]: readonly [Socket, Socket]): unknown => one.pipe(other).pipe(one)
  const proxy = createServer((client) => {
    const pair = [client, connect(Number(port), hostname)] as const
    for (const socket of pair) socket.on('error', () => undefined)
    pairs.push(pair)
    if (!isSilent) forward(pair)
  })
  t.after(() => {
    for (const socket of pairs.flat()) socket.destroy()
    proxy.close()
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    url: Object.assign(new URL(url), { port: (proxy.address() as AddressInfo).port }).href,
    connections: () => pairs.length,
    silence() {
      isSilent = true
      for (const socket of pairs.flat()) socket.unpipe().pause()
    },
    resume() {
      isSilent = false
      for (const pair of pairs) forward(pair)
    },
  }
}
