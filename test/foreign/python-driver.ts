// clients/python/doorward.py in a Python process of its own that has no other package, and servers that answer it in ways of their own.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import { createServer as createRawServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'

import { ROOT } from '../support/documentation/markdown.ts'
import { requireProgram } from './programs.ts'

export const PYTHON_CLIENT = join(ROOT, 'clients', 'python')

/** What a command of the driver came to: a user with status 200, or the refusal. */
export interface Outcome {
  readonly status?: number
  readonly detail?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly code?: string | null
  /** Of an option that was refused. */
  readonly error?: string
  readonly seconds: number
  /** The log since the start. */
  readonly said: readonly string[]
  readonly [field: string]: unknown
}

type Driver = (command: string, options?: Readonly<Record<string, unknown>>) => Promise<Outcome>

/** Starts the driver; it is stopped with the test. Commands are run one after the other. */
export function startDriver(t: TestContext, env: Readonly<Record<string, string>> = {}): Driver {
  // `-S` leaves installed packages out, so that the file runs on the standard library alone.
  // Python 3.12 and newer warn of every fork beside other threads, which one test makes on purpose.
  const quiet = ['-W', 'ignore:This process:DeprecationWarning']
  const args = ['-S', '-B', ...quiet, join(import.meta.dirname, 'doorward-driver.py'), PYTHON_CLIENT]
  const child = spawn(requireProgram('python3'), args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let complained = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text))
  const ended = once(child, 'close')
  t.after(async () => {
    child.stdin.end()
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await ended.finally(() => clearTimeout(late))
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  return async (command, options = {}) => {
    child.stdin.write(`${JSON.stringify({ command, ...options })}\n`)
    const { value, done = false } = await lines.next()
    assert.ok(!done && complained === '', complained)
    return JSON.parse(String(value)) as Outcome
  }
}

/** Answers questions about tokens only, as a server without a stream of endings does. */
export function withoutStream(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url?.startsWith('/endings')) response.writeHead(404).end()
    else listener(request, response)
  }
}

/** The URL of a server that answers as it likes, by HTTPS if it has a certificate. It is closed with the test. */
export async function answering(t: TestContext, listener: RequestListener, tls?: ServerOptions): Promise<string> {
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  const url = await listeningAt(server)
  return tls === undefined ? url : url.replace('http:', 'https:')
}

/** The same of bytes: writes them to each connection that has sent something, in pieces with a pause between them, and ends it. */
export async function answeringBytes(t: TestContext, pieces: readonly string[], pause = 0): Promise<string> {
  const server = createRawServer((socket) => {
    const write = (rest: readonly string[]): void => {
      const [piece] = rest
      if (socket.destroyed) return
      if (piece === undefined) return void socket.end()
      socket.write(piece)
      setTimeout(() => write(rest.slice(1)), pause)
    }
    socket.on('error', () => undefined)
    socket.once('data', () => write(pieces))
    t.after(() => socket.destroy())
  })
  t.after(() => server.close())
  return listeningAt(server)
}

async function listeningAt(server: ReturnType<typeof createRawServer>): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const found = server.address()
  assert.ok(found !== null && typeof found !== 'string')
  return `http://127.0.0.1:${found.port}`
}
