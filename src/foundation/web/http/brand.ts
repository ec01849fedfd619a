import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import type { Config } from '../../platform/config/types.ts'
import { accentTokens, shippedTokens } from '../../platform/config/accent.ts'
import { readLogoFile } from '../../platform/logo-file.ts'
import type { LogoFile } from '../../platform/logo-file.ts'
import { projectPath } from '../../platform/project.ts'

/** A file for the browser. Its URL contains a hash of its content, so that caches may keep it for ever. */
export interface Asset {
  readonly url: string
  readonly type: string
  readonly content: Buffer
  /** The content security policy when the file is opened as a document; that of data by default. */
  readonly policy?: string
}

function newAsset(name: string, extension: string, file: Omit<Asset, 'url'>): Asset {
  const hash = createHash('sha256').update(file.content).digest('hex').slice(0, 16)
  return { url: `/assets/${name}.${hash}.${extension}`, ...file }
}

/** Reads a file of the program. Comments and indents of a stylesheet are removed, because browsers do not need them. */
export function readAsset(name: string, extension: string, type: string): Asset {
  const file = readFileSync(projectPath(`assets/${name}.${extension}`))
  const content = extension === 'css' ? Buffer.from(file.toString().replaceAll(/\/\*[^]*?\*\/|^\s+/gm, '')) : file
  return newAsset(name, extension, { type, content })
}

export interface Logo extends Asset {
  /** Width divided by height, so that the layout does not shift when the logo loads. */
  readonly proportion: number
}

/** The look of one server's pages. */
export interface Brand {
  readonly stylesheet: Asset
  readonly logo: Logo | null
}

const CSS = 'text/css; charset=utf-8'
const shipped = readAsset('doorward', 'css', CSS)
const TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const

/** The policy of a logo that is opened as a document: an SVG file may contain scripts (XSS), so nothing but styles is allowed. */
const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** The shipped look. */
export const OWN_BRAND: Brand = { stylesheet: shipped, logo: null }

/** The look that the settings select. Throws `ConfigFaults` if the logo file cannot be used. */
export async function readBrand(config: Pick<Config, 'accent' | 'accentDark' | 'logo'>): Promise<Brand> {
  const { accent, accentDark, logo } = config
  return {
    stylesheet: accent === null && accentDark === null ? shipped : withAccents(accent, accentDark),
    logo: logo === null ? null : logoFrom(await readLogoFile(logo)),
  }
}

/** The shipped stylesheet with the tokens of the accent colours redefined. A theme without an accent keeps its values. */
function withAccents(light: string | null, dark: string | null): Asset {
  const inLight = light === null ? shippedTokens('light') : accentTokens(light, 'light')
  const inDark = dark === null ? shippedTokens('dark') : accentTokens(dark, 'dark')
  const lines = Object.keys(light === null ? inDark : inLight).map(
    (name) => `  --${name}: light-dark(${inLight[name]}, ${inDark[name]});\n`,
  )
  const content = Buffer.from(`${shipped.content.toString()}\n:root {\n${lines.join('')}}\n`)
  return newAsset('doorward', 'css', { type: CSS, content })
}

function logoFrom({ format, content, proportion }: LogoFile): Logo {
  return { ...newAsset('logo', format, { type: TYPES[format], content, policy: LOGO_POLICY }), proportion }
}
