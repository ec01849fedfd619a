// Counts in a test process what its test files cost. Time varies with the machine; what is counted here does not.
import type { FastifyInstance } from 'fastify'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import { resolve } from 'node:path'

import type { Cost, Kind } from './ledger.ts'

const costs = new Map<string, Cost>()
const importedFile = new AsyncLocalStorage<string>()

/**
 * Imports a test file. What its tests do is counted for it, although several files share a process: a test runs in the asynchronous
 * context in which it was defined.
 */
export function importTests(file: string): Promise<unknown> {
  return importedFile.run(file, () => import(file))
}

/** Counts for the test file in whose asynchronous context the caller runs, or for the main file of the process. */
export function count(kind: Kind): void {
  const file = importedFile.getStore() ?? resolve(process.argv[1] ?? '')
  const cost = costs.get(file) ?? {}
  costs.set(file, { ...cost, [kind]: (cost[kind] ?? 0) + 1 })
}

/** Binds a listener to the current test file: events of a shared resource reach it in the context that created the resource. */
export function counter(kind: Kind): () => void {
  return AsyncLocalStorage.bind(() => count(kind))
}

subscribe('fastify.initialization', (message) => {
  const { fastify } = message as { fastify: Pick<FastifyInstance, 'inject'> }
  count('servers')
  const inject = fastify.inject as (...args: unknown[]) => unknown
  fastify.inject = function (this: unknown, ...args: unknown[]) {
    const [asked] = args as [string | { url?: unknown } | undefined]
    countRequest(String(typeof asked === 'string' ? asked : asked?.url))
    return inject.apply(this, args)
  } as FastifyInstance['inject']
})

// Node's `fetch` publishes this.
subscribe('undici:request:create', (message) => {
  const { request } = message as { request: { path: string } }
  countRequest(request.path)
})

/** How often a test asks whether a server is ready depends on how long the server takes to become so. */
function countRequest(path: string): void {
  if (path !== '/readyz') count('requests')
}

subscribe('child_process', (message) => {
  const { process: child } = message as { process: ChildProcess }
  // The message precedes the start, which follows in the same turn of the event loop.
  queueMicrotask(() => {
    const { spawnargs = [] } = child as Partial<ChildProcess>
    if (spawnargs.some(isShared)) return
    count('processes')
    if (spawnargs.includes('serve')) count('servers')
  })
})

/** Chromium and the second node of races serve all tests of a process; only the first would pay for them. */
function isShared(arg: string): boolean {
  return arg === '--remote-debugging-pipe' || arg.endsWith('node-process-main.ts')
}

process.once('exit', () => {
  const path = process.env.TEST_COSTS
  if (path) appendFileSync(path, [...costs].map((noted) => `${JSON.stringify(noted)}\n`).join(''))
})
