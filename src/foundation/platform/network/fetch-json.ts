// Fetches a document from a host that a stranger has named: over TLS, from a public IP address, within limits, and without following anything
// (server-side request forgery). Tested in fetch-json.test.ts.
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'

import type { Outbound } from './outbound.ts'
import { isPublicIpAddress } from './public-ip-address.ts'

/** Why nothing was fetched: the host has an IP address that is not public, cannot be reached in time, or answers something else than a document. */
export const FETCH_FAULTS = ['ip_address', 'unreachable', 'status', 'type', 'size'] as const
export type FetchReason = (typeof FETCH_FAULTS)[number]

export class FetchFault extends Error {
  override readonly name = 'FetchFault'
  readonly fault: FetchReason

  constructor(fault: FetchReason, options?: ErrorOptions) {
    super(`The document was not fetched: ${fault}`, options)
    this.fault = fault
  }
}

const USUAL_PORT = 443
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i

/** Returns the text of a JSON document at an `https` URL. Throws `FetchFault`. */
export async function fetchJson(outbound: Outbound, url: string, mostBytes: number): Promise<string> {
  const signal = AbortSignal.timeout(outbound.patience)
  try {
    return await fetchWithin(outbound, new URL(url), { mostBytes, signal })
  } catch (error) {
    throw error instanceof FetchFault ? error : new FetchFault('unreachable', { cause: error })
  }
}

interface Bounds {
  readonly mostBytes: number
  readonly signal: AbortSignal
}

async function fetchWithin(outbound: Outbound, url: URL, { mostBytes, signal }: Bounds): Promise<string> {
  const ipAddresses = await until(signal, outbound.resolve(url.hostname))
  // Every one of them, so that no answer of a name server that mixes both reaches this network.
  if (ipAddresses.length === 0 || !ipAddresses.every(isPublicIpAddress)) throw new FetchFault('ip_address')
  const socket = await connectedTo(outbound, url, { ipAddresses, signal })
  try {
    const response = await responseOver(socket, url, signal)
    if (response.statusCode !== 200) throw new FetchFault('status')
    const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = response.headers
    if (!JSON_TYPE.test(type) || encoding !== 'identity') throw new FetchFault('type')
    return await readBounded(response, mostBytes)
  } finally {
    socket.destroy()
  }
}

/** Connects to the first of the checked IP addresses that answers. The name is not resolved again, since it could lead elsewhere then. */
async function connectedTo(
  outbound: Outbound,
  { hostname: host, port }: URL,
  { ipAddresses, signal }: { readonly ipAddresses: readonly string[]; readonly signal: AbortSignal },
): Promise<TLSSocket> {
  let failure: unknown
  for (const ipAddress of ipAddresses) {
    const socket = await outbound.connect({ ipAddress, port: port === '' ? USUAL_PORT : Number(port), host })
    failure = await until(signal, secured(socket)).catch((error: unknown) => error)
    if (failure === undefined) return socket
    socket.destroy()
  }
  throw failure
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve)
    // It stays, so that an error after the document was read ends no process.
    socket.on('error', reject)
  })
}

async function responseOver(socket: TLSSocket, url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const { get } = await import('node:https')
  return new Promise((resolve, reject) => {
    // Without an agent of its own, Node's client writes the port of plain HTTP into the header.
    const { host } = url
    const headers = { host, accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'Doorward' }
    get(url, { createConnection: () => socket, headers, signal }, resolve).on('error', reject)
  })
}

async function readBounded(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new FetchFault('size')
    chunks.push(chunk)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
}

/** Waits for a promise as long as the request may take. */
function until<Value>(signal: AbortSignal, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
