// What is pasted into a reverse proxy for one host of this server. Tested in host-snippet.test.ts.
import { type ProxyName, snippetFor } from '#domain/hosts/snippet.ts'
import type { Config } from '#foundation/platform/config/types.ts'

/** Listening on each of these includes this machine, where most proxies run. */
const EVERYWHERE: readonly string[] = ['0.0.0.0', '::', 'localhost']

/** Returns the configuration of a proxy on this machine, or of one in the network that this server listens in alone. */
export function snippetOfHost(
  { publicUrl, host: listening, port }: Pick<Config, 'publicUrl' | 'host' | 'port'>,
  { name }: { readonly name: string },
  proxy: ProxyName,
): string {
  const reached = EVERYWHERE.includes(listening) ? '127.0.0.1' : listening
  const upstream = `${reached.includes(':') ? `[${reached}]` : reached}:${port}`
  return snippetFor({ host: name, publicUrl, upstream }, proxy)
}
