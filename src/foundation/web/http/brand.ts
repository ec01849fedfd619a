import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { accentTokens, type ColourScheme, readableAccent, shippedTokens } from '#foundation/platform/config/accent.ts'
import type { Config } from '#foundation/platform/config/types.ts'
import { type PictureFile, readPictureFile } from '#foundation/platform/picture-file.ts'
import { projectPath } from '#foundation/platform/project.ts'
import { type MarkColours, markDrawing, markIcon, markPicture } from './mark.ts'

/** A file for the browser. Its URL contains a hash of its content, so that caches may keep it for ever. */
export interface Asset {
  readonly url: string
  readonly type: string
  readonly content: Buffer
  /** The content security policy when the file is opened as a document; that of data by default. */
  readonly policy?: string
}

/** @param name the path of its URL without hash and extension, such as `assets/icons` */
export function newAsset(name: string, extension: string, file: Omit<Asset, 'url'>): Asset {
  const hash = createHash('sha256').update(file.content).digest('hex').slice(0, 16)
  return { url: `/${name}.${hash}.${extension}`, ...file }
}

/** Reads a file of the folder assets/. Comments and indents of a stylesheet are removed, because browsers do not need them. */
export function readAsset(path: string, extension: string, type: string, name = `assets/${path}`): Asset {
  const file = readFileSync(projectPath(`assets/${path}.${extension}`))
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
  /** Stands beside the name instead of the icon. */
  readonly logo: Logo | null
  readonly icons: Icons
  /** The background of the page. */
  readonly ground: Readonly<Record<ColourScheme, string>>
}

/** The square pictures of one server. Those that are drawn pixel by pixel are drawn when they are first asked for, which takes 0.1 s. */
export interface Icons {
  /** Of the browser tab, and beside the name. */
  readonly tab: Asset
  /** Of home screens, 180 pixels a side; null where the operator's icon is a drawing, which home screens do not show. */
  readonly touch: (Pick<Asset, 'url' | 'type' | 'policy'> & { readonly content: () => Buffer }) | null
  /** At /favicon.ico, for programs that do not read the page. */
  readonly fallback: Pick<Asset, 'type' | 'policy'> & { readonly content: () => Buffer }
}

export const CSS = 'text/css; charset=utf-8'

/** The typeface of headings. */
export const typeface = readAsset('headings', 'woff2', 'font/woff2')

const shipped = withTypeface(readAsset('doorward', 'css', CSS))
const TYPES = { svg: 'image/svg+xml', png: 'image/png' } as const
const TOUCH_SIZE = 180

/** The policy of a picture that is opened as a document: an SVG file may contain scripts (XSS), so nothing but styles is allowed. */
const PICTURE_POLICY = "default-src 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'; sandbox"

const [{ accent: leaf = '', bg: light = '' }, { accent: bolts = '', bg: dark = '' }] = [
  shippedTokens('light'),
  shippedTokens('dark'),
]
const ground = { light, dark }

export const OWN_BRAND: Brand = { stylesheet: shipped, logo: null, icons: iconsFrom({ leaf, bolts }), ground }

/** The look that the settings select. Throws `ConfigFaults` if a file cannot be used. */
export async function readBrand(config: Pick<Config, 'accent' | 'accentDark' | 'logo' | 'icon'>): Promise<Brand> {
  const { accent, accentDark, logo, icon } = config
  const own = icon === null ? null : await readPictureFile('icon', icon)
  return {
    stylesheet: accent === null && accentDark === null ? shipped : withAccents(accent, accentDark),
    logo: logo === null ? null : logoFrom(await readPictureFile('logo', logo)),
    icons: own === null ? iconsFrom(markColours(accent, accentDark)) : iconsOf(own),
    ground,
  }
}

/** The accents of the server; where it sets one of the two, a shade of it stands for the other. */
function markColours(accent: string | null, accentDark: string | null): MarkColours {
  return {
    leaf: accent ?? (accentDark === null ? leaf : readableAccent(accentDark, 'light')),
    bolts: accentDark ?? (accent === null ? bolts : readableAccent(accent, 'dark')),
  }
}

function iconsFrom(colours: MarkColours): Icons {
  const tab = newAsset('assets/icon', 'svg', { type: TYPES.svg, content: markDrawing(colours), policy: PICTURE_POLICY })
  const url = tab.url.replace(/svg$/, 'png')
  return {
    tab,
    touch: { url, type: TYPES.png, content: () => markPicture(colours, TOUCH_SIZE, light) },
    fallback: { type: 'image/x-icon', content: () => markIcon(colours) },
  }
}

function iconsOf(file: PictureFile): Icons {
  const tab = pictureFrom('icon', file)
  const drawn = { ...tab, content: () => file.content }
  return { tab, touch: file.format === 'png' ? drawn : null, fallback: drawn }
}

/** The stylesheet with the URL of the typeface, which contains a hash as that of every file does. */
function withTypeface({ content, type }: Asset): Asset {
  return newAsset('assets/doorward', 'css', {
    type,
    content: Buffer.from(content.toString().replace('headings.woff2', typeface.url)),
  })
}

/** The shipped stylesheet with the tokens of the accent colours redefined. A theme without an accent keeps its values. */
function withAccents(light: string | null, dark: string | null): Asset {
  const inLight = light === null ? shippedTokens('light') : accentTokens(light, 'light')
  const inDark = dark === null ? shippedTokens('dark') : accentTokens(dark, 'dark')
  const lines = Object.keys(light === null ? inDark : inLight).map(
    (name) => `  --${name}: light-dark(${inLight[name]}, ${inDark[name]});\n`,
  )
  const content = Buffer.from(`${shipped.content.toString()}\n:root {\n${lines.join('')}}\n`)
  return newAsset('assets/doorward', 'css', { type: CSS, content })
}

function logoFrom(file: PictureFile): Logo {
  return { ...pictureFrom('logo', file), proportion: file.proportion }
}

function pictureFrom(name: string, { format, content }: PictureFile): Asset {
  return newAsset(`assets/${name}`, format, { type: TYPES[format], content, policy: PICTURE_POLICY })
}
