import type { FastifyReply, FastifyRequest } from 'fastify'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { App } from './app.ts'
import { type Asset, CSS, OWN_BRAND, readAsset, typeface } from './brand.ts'

type Encoding = 'br' | 'gzip' | 'identity'

/** One content in every encoding. */
export type Encoded = Readonly<Record<Encoding, Buffer>>

const YEAR = 31_536_000
/** In bytes: no file of the pages is larger, but the API's description and the program that shows it are. */
const LARGE = 131_072

const MODULES = [
  'show-password',
  'caps-lock',
  'password-strength',
  'copy',
  'countdown',
  'elsewhere',
  'submit-code',
  'selection',
  'live-search',
  'roving',
  'keys',
  'menu',
  'theme',
  'sections',
  'clock',
  'browser-time-zone',
  'option-hint',
  'needed-boxes',
  'pick',
  'passkey',
  'proof-of-work',
  'recovery-codes',
  'signal-passkeys',
  'time-zone',
  'dismiss',
  'slow-answer',
] as const

/** A script for the browser that improves a page; the page works without it, too. */
export type ModuleName = (typeof MODULES)[number]

const modules = new Map<ModuleName, Asset>(
  MODULES.map((name) => [name, readAsset(`modules/${name}`, 'js', 'text/javascript; charset=utf-8')]),
)

const icons = readAsset('icons', 'svg', 'image/svg+xml')

/** The URL of the line drawings, of which each has an id. */
export const iconsUrl = icons.url

const wide = readAsset('wide', 'css', CSS)

/** The URL of the second stylesheet, which only the wide frames load, so that the sign-in page stays small. */
export const wideStylesheetUrl = wide.url

export function moduleUrl(name: ModuleName): string {
  return modules.get(name)?.url ?? ''
}

export function registerAssets(app: App): void {
  const { stylesheet, logo, icons: own } = app.brand ?? OWN_BRAND
  for (const asset of [stylesheet, typeface, wide, icons, own.tab, ...(logo ? [logo] : []), ...modules.values()])
    app.get(asset.url, { config: { access: 'anyone', undocumented: true } }, assetHandler(asset))
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Returns a handler that sends the asset, which is compressed once, at its first request, so that the start is short. */
export function assetHandler({ type, policy, content }: Asset): Handler {
  let encoded: Promise<Encoded> | undefined
  return async (_request, reply) => {
    if (policy !== undefined) reply.header('content-security-policy', policy)
    reply.type(type).header('cache-control', `public, max-age=${YEAR}, immutable`)
    return sendEncoded(reply, await (encoded ??= compress(content)))
  }
}

/** Sends the encoding that the client prefers. The content must not contain a secret (BREACH), so no page is sent by this function. */
export function sendEncoded(reply: FastifyReply, encoded: Encoded): FastifyReply {
  const encoding = preferredEncoding(reply.request.headers['accept-encoding'])
  if (encoding !== 'identity') reply.header('content-encoding', encoding)
  const varied = reply.getHeader('vary')
  reply.header('vary', varied === undefined ? 'accept-encoding' : `${String(varied)}, accept-encoding`)
  return reply.send(encoded[encoding])
}

/** The best encoding that the client accepts (RFC 9110 §12.5.3): Brotli, then gzip, else none. */
export function preferredEncoding(accepted: string | undefined): Encoding {
  const accepts = (accepted ?? '').split(',').map(acceptedEncoding)
  if (accepts.includes('br')) return 'br'
  return accepts.includes('gzip') ? 'gzip' : 'identity'
}

function acceptedEncoding(item: string): string | undefined {
  const [token = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
  return parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) ? undefined : token
}

/** Compresses a content for the requests that follow. A large one is compressed less hard: that takes a tenth of the time. */
export async function compress(content: Buffer): Promise<Encoded> {
  const effort =
    content.length > LARGE
      ? { [constants.BROTLI_PARAM_QUALITY]: 9 }
      : {
          [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
          // A window of 64 KiB: the default one takes megabytes for each file during compression.
          [constants.BROTLI_PARAM_LGWIN]: 16,
        }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, { params: { ...effort, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  ])
  return { br, gzip: gz, identity: content }
}
