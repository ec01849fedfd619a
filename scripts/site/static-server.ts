// Serves the folder of the built site on the loopback interface, below the path for which it was built, to look at it and to test it.
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

/** With port 0 the system chooses one. The server is closed by its caller. */
export async function serveFolder(
  folder: string,
  { base, port }: { readonly base: string; readonly port: number },
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    // A path that cannot be decoded names no file.
    respond(new URL(request.url ?? '/', 'http://localhost').pathname).catch(() => response.writeHead(400).end())

    async function respond(path: string): Promise<void> {
      const within = path.startsWith(base) ? normalize(decodeURIComponent(path.slice(base.length))) : undefined
      const name = within === '.' || within?.endsWith('/') ? join(within, 'index.html') : within
      const isInside = name !== undefined && !name.startsWith('..')
      const content = isInside ? await readFile(join(folder, name)).catch(() => undefined) : undefined
      const missing = content === undefined
      const body = content ?? (await readFile(join(folder, '404.html')).catch(() => 'Not found'))
      const type = missing ? '.html' : extname(name ?? '')
      response.writeHead(missing ? 404 : 200, { 'content-type': TYPES[type] ?? 'application/octet-stream' }).end(body)
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, 'localhost', resolve)
  })
  return { server, port: (server.address() as AddressInfo).port }
}
