import type { Config } from '../platform/config.ts'
import { readLogoFile } from '../platform/logo-file.ts'
import type { LogoFile } from '../platform/logo-file.ts'
import { accentBlock, accentNote } from './accent.ts'
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
export async function readBrand({ accent, logo }: Pick<Config, 'accent' | 'logo'>): Promise<Brand> {
  return {
    stylesheet: accent === null ? shipped : withAccent(accent),
    logo: logo === null ? null : logoOf(await readLogoFile(logo)),
  }
}

/** What whoever chose the accent should know about it. */
export function noteOnAccent(accent: string): string | undefined {
  return accentNote(shipped.content.toString(), accent)
}

function withAccent(accent: string): Asset {
  const css = shipped.content.toString()
  return newAsset('doorward', 'css', { type: CSS, content: Buffer.from(`${css}\n${accentBlock(css, accent)}`) })
}

function logoOf({ format, content, proportion }: LogoFile): Logo {
  return { ...newAsset('logo', format, { type: TYPES[format], content, policy: LOGO_POLICY }), proportion }
}
