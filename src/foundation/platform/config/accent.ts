import { readFileSync } from 'node:fs'

import { projectPath } from '../project.ts'

/** A colour of sRGB as CSS writes it, such as `#0f6b5c`. */
export type Colour = string
export type ColourScheme = 'light' | 'dark'
type Tokens = Readonly<Record<string, Colour>>

/** The contrast that an accent reaches in a theme where it is too low. */
export interface Shortfall {
  /** The pair with the lowest share of the contrast that it needs, in words. */
  readonly pair: string
  /** Contrast ratios, 1 to 21 (WCAG 2.2). `reached` is rounded down, so that it never equals `needed`. */
  readonly reached: string
  readonly needed: number
}

/** Pairs of tokens that an accent changes; the needed ratio is 4.5 for text (WCAG 2.2, 1.4.3) and 3 for the focus ring (1.4.11). */
const PAIRS: readonly (readonly [front: string, back: string, needed: number, words: string])[] = [
  ['accent', 'bg', 4.5, 'links on the page'],
  ['accent', 'surface', 4.5, 'links on a card'],
  ['accent', 'accent-soft', 4.5, 'links on a highlighted row'],
  ['on-accent', 'accent', 4.5, 'the label of a button'],
  ['on-accent', 'accent-hover', 4.5, 'the label of a button under the pointer'],
  ['text', 'accent-soft', 4.5, 'text on a highlighted row'],
  ['focus', 'bg', 3, 'the focus ring on the page'],
  ['focus', 'surface', 3, 'the focus ring on a card'],
]

const [BLACK, WHITE] = ['#000000', '#ffffff']
const TOKEN = /--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g

/** The colours of one theme by token, read from `assets/doorward.css`, where those of high contrast follow in a media query. */
export function shippedTokens(theme: ColourScheme): Tokens {
  const [everyday = ''] = readFileSync(projectPath('assets/doorward.css'), 'utf8').split('@media')
  const pairs = everyday.matchAll(TOKEN)
  return Object.fromEntries([...pairs].map(([, name, light, dark]) => [name, theme === 'light' ? light : dark]))
}

/** The tokens that are derived from an accent in one theme. */
export function accentTokens(accent: Colour, theme: ColourScheme): Tokens {
  const { surface = WHITE } = shippedTokens(theme)
  const isLight = theme === 'light'
  const hover = isLight ? mixed(accent, BLACK, 0.2) : mixed(accent, WHITE, 0.25)
  return {
    accent,
    'accent-hover': hover,
    'on-accent': isLight ? WHITE : mixed(accent, BLACK, 0.82),
    'accent-soft': mixed(surface, accent, isLight ? 0.12 : 0.2),
    focus: isLight ? accent : hover,
  }
}

/** The pair that is hardest to read with this accent in one theme; undefined if every pair reaches the needed contrast. */
export function shortfallOf(accent: Colour, theme: ColourScheme): Shortfall | undefined {
  const tokens = { ...shippedTokens(theme), ...accentTokens(accent, theme) }
  const missed = PAIRS.map(([front, back, needed, pair]) => {
    const reached = contrast(tokens[front] ?? WHITE, tokens[back] ?? WHITE)
    return { pair, reached, needed, share: reached / needed }
  })
  const [worst] = missed.filter(({ share }) => share < 1).toSorted((one, other) => one.share - other.share)
  return worst && { ...worst, reached: (Math.floor(worst.reached * 100) / 100).toFixed(2) }
}

/** The accent if its contrast suffices in this theme, else a shade (light) or tint (dark) of it, whose contrast always suffices. */
export function readableAccent(accent: Colour, theme: ColourScheme): Colour {
  if (shortfallOf(accent, theme) === undefined) return accent
  return theme === 'light' ? mixed(accent, BLACK, 0.6) : mixed(accent, WHITE, 0.7)
}

/** Contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: Colour, other: Colour): number {
  const [bright = 0, dim = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (bright + 0.05) / (dim + 0.05)
}

/** Mixes a share, 0 to 1, of the second colour into the first. */
function mixed(one: Colour, other: Colour, share: number): Colour {
  const [from, to] = [channels(one), channels(other)]
  const between = from.map((channel, at) => Math.round(channel + ((to[at] ?? 0) - channel) * share))
  return `#${between.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance"). */
function luminance(colour: Colour): number {
  const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4)
  const [red = 0, green = 0, blue = 0] = channels(colour).map((channel) => linear(channel / 255))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}
