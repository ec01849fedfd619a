// Which answers of a page that declares that it may be compressed are compressed. test/attacks/compression-oracle.test.ts holds the list of pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brotliDecompressSync } from 'node:zlib'

import type { App } from '#foundation/web/http/app.ts'
import { openGuardedApp } from '#test/support/server/guarded-routes.ts'

const PAGE = `<p>${'The same words again. '.repeat(200)}</p>`

function pages(app: App): void {
  const config = { access: 'anyone', undocumented: true, page: true } as const
  const compressible = { ...config, compressible: true } as const
  app.get('/plain', { config }, (_request, reply) => reply.type('text/html').send(PAGE))
  app.get('/page', { config: compressible }, (_request, reply) => reply.type('text/html').send(PAGE))
  app.get('/once', { config: compressible }, (_request, reply) =>
    reply.type('text/html').header('cache-control', 'no-store, no-transform').send(PAGE),
  )
  app.get('/faulty', { config: compressible }, (_request, reply) => reply.code(422).type('text/html').send(PAGE))
}

test('a page that does not declare it, one that is shown once and an error are not compressed, and a HEAD has no body', async (t) => {
  const { app } = await openGuardedApp(t, [pages])
  const headers = { 'accept-encoding': 'br', 'sec-fetch-site': 'same-origin', accept: 'text/html' }
  const encodings = await Promise.all(
    ['/plain', '/once', '/faulty', '/page'].map(async (url) => {
      const answer = await app.inject({ url, headers })
      return [url, answer.headers['content-encoding'], answer.headers.vary]
    }),
  )
  assert.deepEqual(encodings, [
    ['/plain', undefined, 'accept-language'],
    ['/once', undefined, 'accept-language, accept-encoding, sec-fetch-site'],
    ['/faulty', undefined, 'accept-language, accept-encoding, sec-fetch-site'],
    ['/page', 'br', 'accept-language, accept-encoding, sec-fetch-site'],
  ])
  const { rawPayload, headers: sent } = await app.inject({ url: '/page', headers })
  assert.equal(Number(sent['content-length']), rawPayload.length)
  assert.ok(rawPayload.length < PAGE.length / 10)
  assert.match(brotliDecompressSync(rawPayload).toString(), /<\/p><!--[\w+/=]+-->$/)
  const head = await app.inject({ method: 'HEAD', url: '/page', headers })
  assert.deepEqual([head.statusCode, head.rawPayload.length], [200, 0])
})
