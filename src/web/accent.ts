import { contrast, mixed } from './colour.ts'
import type { Colour } from './colour.ts'

const LOOKS = ['light', 'dark'] as const
type Look = (typeof LOOKS)[number]
type Tokens = Readonly<Record<string, Colour>>

/** What has to be told from what with any accent: 4.5 for text (WCAG 2.2, 1.4.3), 3 for the focus ring (1.4.11). */
const PAIRS: readonly (readonly [front: string, back: string, least: number])[] = [
  ['accent', 'bg', 4.5],
  ['accent', 'surface', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['text', 'accent-soft', 4.5],
  ['focus', 'bg', 3],
  ['focus', 'surface', 3],
]

const [BLACK, WHITE] = ['#000000', '#ffffff']
/** How finely a shade or tint is looked for. */
const STEPS = 100

/**
 * The stylesheet's tokens for an accent, as CSS that follows it. No colour can be read on both light and dark paper, so
 * each look takes the nearest shade or tint with which its pairs hold, the colour itself where they do.
 */
export function accentBlock(stylesheet: string, accent: Colour): string {
  const dark = tokensFor(stylesheet, accent, 'dark')
  const lines = Object.entries(tokensFor(stylesheet, accent, 'light')).map(
    ([name, light]) => `  --${name}: light-dark(${light}, ${dark[name]});\n`,
  )
  return `:root {\n${lines.join('')}}\n`
}

/** Where the accent is not used as it was typed, and what is used there; for whoever typed it. */
export function accentNote(stylesheet: string, accent: Colour): string | undefined {
  const changed = LOOKS.map((look) => ({ look, used: tokensFor(stylesheet, accent, look)['accent'] }))
    .filter(({ used }) => used !== accent)
    .map(({ look, used }) => `${used} in the ${look} look`)
  if (changed.length === 0) return undefined
  return `the accent ${accent} cannot be read everywhere; used in its place: ${changed.join(', ')}.`
}

function tokensFor(stylesheet: string, accent: Colour, look: Look): Tokens {
  const around = tokensIn(stylesheet, look)
  return (
    nearestFirst(accent)
      .map((shade) => derived(shade, around, look))
      .find((tokens) => PAIRS.every(([front, back, least]) => holds({ ...around, ...tokens }, front, back, least))) ??
    derived(look === 'light' ? BLACK : WHITE, around, look)
  )
}

function holds(tokens: Tokens, front: string, back: string, least: number): boolean {
  return contrast(tokens[front] ?? WHITE, tokens[back] ?? WHITE) >= least
}

/** The colour, then its shades and tints, ever further away from it. */
function nearestFirst(accent: Colour): Colour[] {
  const away = Array.from({ length: STEPS }, (_, step) => (step + 1) / STEPS)
  return [accent, ...away.flatMap((share) => [mixed(accent, BLACK, share), mixed(accent, WHITE, share)])]
}

function derived(accent: Colour, around: Tokens, look: Look): Tokens {
  const hover = look === 'light' ? mixed(accent, BLACK, 0.2) : mixed(accent, WHITE, 0.25)
  return {
    accent,
    'accent-hover': hover,
    'on-accent': look === 'light' ? WHITE : mixed(accent, BLACK, 0.82),
    'accent-soft': mixed(around['surface'] ?? WHITE, accent, look === 'light' ? 0.12 : 0.2),
    focus: look === 'light' ? accent : hover,
  }
}

/** The colours of one look, as the stylesheet gives them. */
function tokensIn(stylesheet: string, look: Look): Tokens {
  const pairs = stylesheet.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return Object.fromEntries([...pairs].map(([, name, light, dark]) => [name, look === 'light' ? light : dark]))
}
