// Fastify loads HTTP/2 and TLS at each start, though the program serves plain HTTP behind a proxy: 7 % of the time of a start, and 4 MiB.

const UNUSED = /^node:(?:http2|https)$/
const SERVER = /[\\/]fastify[\\/]lib[\\/]server\.js$/
const EMPTY = '\0not-served'

/** A plugin of the bundler: what Fastify's server needs for HTTP/2 and TLS only is an empty module. */
export function plainHttp() {
  return {
    name: 'plain-http',
    resolveId(source: string, importer: string | undefined) {
      return UNUSED.test(source) && SERVER.test(importer ?? '') ? EMPTY : undefined
    },
    load: (id: string) => (id === EMPTY ? { code: 'export {}', moduleType: 'js' as const } : undefined),
  }
}
