import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import fc from 'fast-check'

import { accentBlock, accentNote } from './accent.ts'
import { contrast } from './colour.ts'

const css = readFileSync(new URL('../../assets/doorward.css', import.meta.url), 'utf8')

// The rows of the contrast table that an accent changes.
const pairs: readonly [front: string, back: string, least: number][] = [
  ['accent', 'bg', 4.5],
  ['accent', 'surface', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['focus', 'bg', 3],
  ['focus', 'surface', 3],
]

const colour = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`)
const extremes = ['#000000', '#ffffff', '#ffff00', '#0000ff', '#ff0000', '#00ff00', '#808080', '#7a3e9d']

test('whatever the accent, everything set in it or on it can be read in both looks', () => {
  fc.assert(
    fc.property(colour, (accent) => {
      for (const look of [1, 2] as const) {
        const tokens = tokensOf(`${css}${accentBlock(css, accent)}`, look)
        for (const [front, back, least] of pairs) {
          const found = contrast(tokens[front] ?? '', tokens[back] ?? '')
          assert.ok(found >= least, `${accent}: ${front} on ${back} is ${found}`)
        }
      }
    }),
    { examples: extremes.map((extreme) => [extreme]) },
  )
})

test('a colour that can be read is used as it is, another by its nearest shade or tint', () => {
  const violet = '#7a3e9d'
  const [light, dark] = [tokensOf(accentBlock(css, violet), 1), tokensOf(accentBlock(css, violet), 2)]
  assert.equal(light['accent'], violet)
  assert.notEqual(dark['accent'], violet)
  const yellow = '#ffd500'
  assert.equal(tokensOf(accentBlock(css, yellow), 2)['accent'], yellow)
  const shade = tokensOf(accentBlock(css, yellow), 1)['accent'] ?? ''
  // No darker than it has to be.
  assert.ok(contrast(shade, '#f6f4ef') < 5.2, shade)
})

test('whoever chose the colour is told where another is used, and which', () => {
  const used = tokensOf(accentBlock(css, '#7a3e9d'), 2)['accent']
  const note = accentNote(css, '#7a3e9d')
  assert.equal(note, `the accent #7a3e9d cannot be read everywhere; used in its place: ${used} in the dark look.`)
  assert.match(accentNote(css, '#808080') ?? '', /#[0-9a-f]{6} in the light look, #[0-9a-f]{6} in the dark look\.$/)
})

test('the tokens of an accent are tokens that the stylesheet has', () => {
  const names = Object.keys(tokensOf(accentBlock(css, '#7a3e9d'), 1))
  assert.deepEqual(names, ['accent', 'accent-hover', 'on-accent', 'accent-soft', 'focus'])
  for (const name of names) assert.ok(css.includes(`--${name}: light-dark(`), name)
})

/** The last value of each token counts, as in CSS. */
function tokensOf(text: string, look: 1 | 2): Record<string, string> {
  const found = text.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)
  return Object.fromEntries([...found].map((match) => [match[1] ?? '', match[look + 1] ?? '']))
}
