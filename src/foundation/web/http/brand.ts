import type { Config } from '../../platform/config/types.ts'
import { accentTokens, shippedTokens } from '../../platform/config/accent.ts'
import { readLogoFile } from '../../platform/logo-file.ts'
import type { LogoFile } from '../../platform/logo-file.ts'
import { newAsset, readAsset } from './asset.ts'
import type { Asset } from './asset.ts'

export interface Logo extends Asset {
  /** How wide it is for its height, so that nothing moves when it arrives. */
  readonly proportion: number
}

/** What the pages of one server look like. */
export interface Brand {
  readonly stylesheet: Asset
  readonly logo: Logo | null
}

const CSS = 'text/css; charset=utf-8'
const shipped = readAsset('doorward', 'css', CSS)
const TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const

/** For somebody who opens the drawing by itself: it may be looked at, and nothing else. */
const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

/** As it comes. */
export const OWN_BRAND: Brand = { stylesheet: shipped, logo: null }

/** What the settings make of it. Throws `ConfigFaults` where the logo cannot be used. */
export async function readBrand(config: Pick<Config, 'accent' | 'accentDark' | 'logo'>): Promise<Brand> {
  const { accent, accentDark, logo } = config
  return {
    stylesheet: accent === null && accentDark === null ? shipped : withAccents(accent, accentDark),
    logo: logo === null ? null : logoOf(await readLogoFile(logo)),
  }
}

/** The shipped stylesheet with the accent's tokens declared anew; in a theme without an accent they keep their values. */
function withAccents(light: string | null, dark: string | null): Asset {
  const inLight = light === null ? shippedTokens('light') : accentTokens(light, 'light')
  const inDark = dark === null ? shippedTokens('dark') : accentTokens(dark, 'dark')
  const lines = Object.keys(light === null ? inDark : inLight).map(
    (name) => `  --${name}: light-dark(${inLight[name]}, ${inDark[name]});\n`,
  )
  const content = Buffer.from(`${shipped.content.toString()}\n:root {\n${lines.join('')}}\n`)
  return newAsset('doorward', 'css', { type: CSS, content })
}

function logoOf({ format, content, proportion }: LogoFile): Logo {
  return { ...newAsset('logo', format, { type: TYPES[format], content, policy: LOGO_POLICY }), proportion }
}
