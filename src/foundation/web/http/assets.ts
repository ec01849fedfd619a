import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { App } from './app.ts'
import { readAsset, OWN_BRAND } from './brand.ts'
import type { Asset } from './brand.ts'

type Encoding = 'br' | 'gzip' | 'identity'

const YEAR = 31_536_000

const MODULES = [
  'show-password',
  'caps-lock',
  'copy',
  'countdown',
  'elsewhere',
  'submit-code',
  'selection',
  'menu',
  'clock',
  'passkey',
  'recovery-codes',
  'signal-passkeys',
] as const

/** A script for the browser that improves a page; the page works without it, too. */
export type ModuleName = (typeof MODULES)[number]

const modules = new Map<ModuleName, Asset>(
  MODULES.map((name) => [name, readAsset(`modules/${name}`, 'js', 'text/javascript; charset=utf-8')]),
)

const icons = readAsset('icons', 'svg', 'image/svg+xml')

/** The URL of the line drawings, of which each has an id. */
export const iconsUrl = icons.url

/** The URL from which a page loads a module. */
export function moduleUrl(name: ModuleName): string {
  return modules.get(name)?.url ?? ''
}

/** Serves the assets, each compressed once, at its first request, so that the start is short. None contains a secret (BREACH). */
export function registerAssets(app: App): void {
  const { stylesheet, logo, icons: own } = app.brand ?? OWN_BRAND
  for (const asset of [stylesheet, icons, own.tab, ...(logo ? [logo] : []), ...modules.values()]) {
    let compressed: ReturnType<typeof compress> | undefined
    app.get(asset.url, { config: { access: 'anyone', undocumented: true } }, async (request, reply) => {
      const encoding = preferredEncoding(request.headers['accept-encoding'])
      if (encoding !== 'identity') reply.header('content-encoding', encoding)
      if (asset.policy !== undefined) reply.header('content-security-policy', asset.policy)
      return reply
        .type(asset.type)
        .header('cache-control', `public, max-age=${YEAR}, immutable`)
        .header('vary', 'accept-encoding')
        .send((await (compressed ??= compress(asset.content)))[encoding])
    })
  }
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

async function compress(content: Buffer): Promise<Record<Encoding, Buffer>> {
  const quality = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      // A window of 64 KiB: the default one takes megabytes for each file during compression.
      [constants.BROTLI_PARAM_LGWIN]: 16,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  }
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(content, quality),
    promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
  ])
  return { br, gzip: gz, identity: content }
}
