// Compresses the pages that declare it, in answers whose compressed length reveals no secret (BREACH; decision 0082).
import type { FastifyReply, FastifyRequest } from 'fastify'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { RandomBytes } from '#foundation/kernel/secret-token.ts'
import type { App } from '#foundation/web/http/app.ts'
import { preferredEncoding } from '#foundation/web/http/assets.ts'

/** In bytes of the padding, before its Base64: a difference of lengths below that is lost in one answer. */
const MOST_PADDING = 64
/** Quality 5 of 11: from there on, Brotli takes several times as long for a twentieth of the bytes. */
const BROTLI = {
  params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT },
}

/** Lets each route that is added from now on compress its page, if it declares that it may. */
export function registerPageCompression(app: App): void {
  app.addHook('onRoute', (route) => {
    if (route.config?.compressible !== true) return
    route.onSend = [...[route.onSend ?? []].flat(), compressPage]
  })
}

async function compressPage(request: FastifyRequest, reply: FastifyReply, page: unknown): Promise<unknown> {
  const varied = reply.getHeader('vary')
  reply.header(
    'vary',
    [...(varied === undefined ? [] : [String(varied)]), 'accept-encoding, sec-fetch-site'].join(', '),
  )
  if (typeof page !== 'string' || !hidesItsLength(request, reply)) return page
  const encoding = preferredEncoding(request.headers['accept-encoding'])
  if (encoding === 'identity') return page
  const padded = `${page}${padding(request.ctx.random)}`
  reply.header('content-encoding', encoding).removeHeader('content-length')
  return encoding === 'br' ? await promisify(brotliCompress)(padded, BROTLI) : await promisify(gzip)(padded)
}

/**
 * Whether the length may depend on the content. The request must come from a page of this server or from the user (a URL that was typed, a
 * bookmark): then no other site decides when and how often the page is requested. Without a query nothing of the request is in the page.
 * Answers to forms and errors are never compressed, nor is a page that says `no-transform`, as those that are shown once do.
 */
function hidesItsLength({ method, url, headers }: FastifyRequest, reply: FastifyReply): boolean {
  const site = headers['sec-fetch-site']
  return (
    method === 'GET' &&
    reply.statusCode === 200 &&
    (site === 'same-origin' || site === 'none') &&
    !url.includes('?') &&
    !String(reply.getHeader('cache-control')).includes('no-transform')
  )
}

/** A comment of random length. Names of other users on a page are no secret tokens that a mask could change, so that their length is hidden in this one. */
function padding(random: RandomBytes): string {
  const [length = 0] = random(1)
  return `<!--${Buffer.from(random(1 + (length % MOST_PADDING))).toString('base64')}-->`
}
