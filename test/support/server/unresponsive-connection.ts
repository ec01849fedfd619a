// A TCP connection to a server that can fall silent without closing, as behind a firewall that dropped it or a host that is gone.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'

export interface SilentWay {
  /** The URL that leads through it. */
  readonly url: string
  /** How many it has accepted. */
  connections(): number
  /** Nothing is forwarded any more; connections are still accepted. */
  silence(): void
  /** Everything goes on from where it stopped. */
  resume(): void
}

export async function silentWay(t: TestContext, url: string): Promise<SilentWay> {
  const { hostname, port } = new URL(url)
  const pairs: (readonly [Socket, Socket])[] = []
  let isSilent = false
  const forward = ([one, other]: readonly [Socket, Socket]): unknown => one.pipe(other).pipe(one)
  const way = createServer((client) => {
    const pair = [client, connect(Number(port), hostname)] as const
    for (const socket of pair) socket.on('error', () => undefined)
    pairs.push(pair)
    if (!isSilent) forward(pair)
  })
  t.after(() => {
    for (const socket of pairs.flat()) socket.destroy()
    way.close()
  })
  await once(way.listen(0, '127.0.0.1'), 'listening')
  return {
    url: Object.assign(new URL(url), { port: (way.address() as AddressInfo).port }).href,
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
