import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { contrast } from '#foundation/platform/config/accent.ts'

const css = ['doorward', 'wide']
  .map((name) => readFileSync(new URL(`../../../assets/${name}.css`, import.meta.url), 'utf8'))
  .join('\n')

// WCAG 2.2: 4.5 for text (1.4.3), 3 for the edges of controls and the focus ring (1.4.11), nothing for decoration.
const TEXT = 4.5
const EDGE = 3
const DECORATION = 1

// The colour pairs of the visual direction with their measured contrast; then the other pairs in use.
const pairs: readonly [front: string, back: string, light: number, dark: number, least: number][] = [
  ['text', 'bg', 14.26, 15.14, TEXT],
  ['text', 'surface', 15.54, 13.64, TEXT],
  ['text', 'sunken', 13.04, 15.7, TEXT],
  ['muted', 'bg', 5.92, 7.77, TEXT],
  ['muted', 'surface', 6.45, 7.0, TEXT],
  ['muted', 'sunken', 5.41, 8.06, TEXT],
  ['accent', 'bg', 5.83, 8.84, TEXT],
  ['accent', 'surface', 6.35, 7.97, TEXT],
  ['accent', 'accent-soft', 5.36, 6.18, TEXT],
  ['on-accent', 'accent', 6.41, 8.17, TEXT],
  ['on-accent', 'accent-hover', 8.71, 9.79, TEXT],
  ['focus', 'bg', 5.83, 10.6, EDGE],
  ['focus', 'surface', 6.35, 9.55, EDGE],
  ['danger', 'surface', 6.48, 7.89, TEXT],
  ['danger', 'danger-soft', 5.46, 7.1, TEXT],
  ['text', 'danger-soft', 13.08, 12.29, TEXT],
  ['on-danger', 'danger', 6.54, 9.11, TEXT],
  ['warn', 'warn-soft', 6.31, 8.19, TEXT],
  ['warn', 'surface', 7.21, 9.67, TEXT],
  ['ok', 'ok-soft', 5.56, 7.91, TEXT],
  ['ok', 'surface', 6.48, 9.23, TEXT],
  ['info', 'info-soft', 6.03, 7.74, TEXT],
  ['control', 'surface', 3.69, 3.94, EDGE],
  ['control', 'bg', 3.38, 4.37, EDGE],
  ['control', 'sunken', 3.09, 4.53, EDGE],
  ['series-app', 'surface', 0, 0, EDGE],
  ['border', 'surface', 1.45, 1.42, DECORATION],
  ['text', 'info-soft', 0, 0, TEXT],
  ['text', 'ok-soft', 0, 0, TEXT],
  ['text', 'warn-soft', 0, 0, TEXT],
  ['text', 'accent-soft', 0, 0, TEXT],
  ['danger', 'bg', 0, 0, TEXT],
  ['accent-hover', 'bg', 0, 0, TEXT],
  ['accent-hover', 'surface', 0, 0, TEXT],
  ['muted', 'accent-soft', 0, 0, TEXT],
  ['text', 'raised', 0, 0, TEXT],
  ['muted', 'raised', 0, 0, TEXT],
  ['danger', 'raised', 0, 0, TEXT],
]

/** The initials of people on the colours of their avatars. */
const hues = Array.from({ length: 8 }, (_, hue) => ['on-hue', `hue-${hue}`, 0, 0, 6] as const)

for (const [front, back, light, dark, least] of [...pairs, ...hues]) {
  test(`${front} on ${back} can be read in both themes`, () => {
    const expected = { light, dark }
    for (const theme of ['light', 'dark'] as const) {
      const found = contrast(token(front, theme), token(back, theme))
      assert.ok(found >= least, `${theme}: ${found}`)
      if (expected[theme] > 0) assert.equal(found.toFixed(2), expected[theme].toFixed(2), theme)
    }
  })
}

// With more contrast wanted, text reaches 7 (WCAG 2.2, 1.4.6).
const ENHANCED = 7
const FRONTS = ['text', 'muted', 'accent', 'danger', 'warn', 'ok', 'info']

for (const front of FRONTS) {
  test(`with more contrast, ${front} can be read at a contrast of 7 in both themes`, () => {
    const [, block = ''] = /@media \(prefers-contrast: more\) \{\s*:root \{([^}]*)\}/.exec(css) ?? []
    for (const theme of ['light', 'dark'] as const)
      for (const back of ['bg', 'surface', 'raised']) {
        const found = contrast(token(front, theme, block), token(back, theme, block))
        assert.ok(found >= ENHANCED, `${back}, ${theme}: ${found}`)
      }
  })
}

test('text never waits for the typeface of headings, and no serif is named', () => {
  assert.match(css, /font-display: optional;/)
  assert.doesNotMatch(css, /(?<!sans-)serif|Georgia/)
})

test('the dark and the light theme only select a side of each colour pair, so no colour is missing in one', () => {
  assert.match(css, /:root\[data-theme=.light.\] \{\s*color-scheme: light;\s*\}/)
  assert.match(css, /:root\[data-theme=.dark.\] \{\s*color-scheme: dark;\s*\}/)
  const outside = css.replaceAll(/--[a-z0-9-]+: light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);/g, '')
  // The QR code is white in every theme.
  assert.deepEqual(outside.match(/#[0-9a-f]{3,8}\b/gi), ['#ffffff'])
})

test('the stylesheets load nothing from another host', () => {
  assert.deepEqual(css.match(/url\([^)]*\)/g), ["url('headings.woff2')"])
  assert.doesNotMatch(css, /@import|https?:/)
})

test('the stylesheets respect reduced motion, more contrast and forced colours', () => {
  for (const query of ['prefers-reduced-motion: reduce', 'prefers-contrast: more', 'forced-colors: active']) {
    assert.ok(css.includes(`@media (${query})`), query)
  }
})

function token(name: string, theme: 'light' | 'dark', block = css): string {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(block) ?? []
  const colour = theme === 'light' ? light : dark
  assert.ok(colour, `no token ${name}`)
  return colour
}
