import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The ports below those that a system gives to outgoing connections (from 32,768 on Linux, from 49,152 elsewhere): a connection of
 * another test would otherwise take the port before its server listens.
 */
const FIRST_PORT = 20_000
const BEYOND_LAST_PORT = 32_768
/** A name is resolved to IPv4 or IPv6, and a program may listen on either. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost']

const claims: string[] = []

/** A loopback TCP port on which no program listens at this moment, and which no other test of this run has. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST_PORT, BEYOND_LAST_PORT)
    if (isClaimed(port) && (await isFree(port))) return port
  }
}

/** Claims a port for this process by a file in the temporary folder, which the processes of a run share; removed when it exits. */
function isClaimed(port: number): boolean {
  const path = join(tmpdir(), `doorward-port-${port}`)
  try {
    closeSync(openSync(path, 'wx'))
    if (claims.push(path) === 1) process.once('exit', removeClaims)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function removeClaims(): void {
  for (const path of claims) rmSync(path, { force: true })
}

async function isFree(port: number): Promise<boolean> {
  for (const host of LOOPBACK_HOSTS) {
    const server = createServer().listen(port, host)
    try {
      await once(server, 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false
      throw error
    }
    server.close()
    await once(server, 'close')
  }
  return true
}
