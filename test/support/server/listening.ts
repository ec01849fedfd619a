import type { TestContext } from 'node:test'

import { freePort } from './ports.ts'
import { type Server, start, type StartOptions } from './start.ts'

export interface Listening {
  readonly server: Server
  /** The URL at which the server listens, such as `http://localhost:8000`; also its public URL. */
  readonly baseUrl: string
}

/** A server that other programs on this machine can reach, on a port of its own. */
export async function listening(t: TestContext, options: StartOptions = {}): Promise<Listening> {
  const port = await freePort()
  const server = await start(t, { ...options, settings: { ...options.settings, port: String(port) } })
  await server.app.listen({ host: 'localhost', port })
  return { server, baseUrl: `http://localhost:${port}` }
}
