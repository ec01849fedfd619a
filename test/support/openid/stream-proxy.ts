// What stands between a program and the stream of endings, and fails as networks, proxies and processes do.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'

import { freePort } from '../server/ports.ts'

/** The URL of what a program sends. */
export function urlSent(request: Parameters<typeof fetch>[0]): string {
  return request instanceof Request ? request.url : request.toString()
}

/** In milliseconds. `hold`: what comes is collected, and passed on so often. `delay`: each line arrives so much later, as from a long queue. */
export type Fault = 'pass' | 'swallow' | 'reset' | { readonly hold: number } | { readonly delay: number }

export interface StreamProxy {
  readonly url: string
  /** Lets it fail from now on; `reset` ends the connections of now, and refuses further ones. */
  readonly set: (fault: Fault) => void
}

export async function streamProxy(t: TestContext, target: number): Promise<StreamProxy> {
  let fault: Fault = 'pass'
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    if (fault === 'reset') return void socket.resetAndDestroy()
    open.add(socket)
    const upstream = connect(target, 'localhost')
    const held: Buffer[] = []
    let timer: NodeJS.Timeout | undefined
    const flush = (): void => {
      timer = undefined
      if (fault !== 'swallow') for (const bytes of held.splice(0)) socket.write(bytes)
    }
    socket.on('data', (bytes) => upstream.write(bytes))
    upstream.on('data', (bytes: Buffer) => {
      if (fault === 'swallow') return
      if (typeof fault === 'object' && 'delay' in fault)
        return void setTimeout(() => socket.write(bytes), fault.delay).unref()
      held.push(bytes)
      if (typeof fault !== 'object') flush()
      else timer ??= setTimeout(flush, fault.hold).unref()
    })
    const end = (): void => {
      open.delete(socket)
      socket.destroy()
      upstream.destroy()
    }
    for (const one of [socket, upstream]) one.on('error', end).on('close', end)
  })
  const port = await freePort()
  server.listen(port, 'localhost')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  return {
    url: `http://localhost:${port}`,
    set(wanted) {
      fault = wanted
      if (wanted === 'reset') for (const socket of open) socket.resetAndDestroy()
    },
  }
}
