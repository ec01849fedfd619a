import fc from 'fast-check'
import assert from 'node:assert/strict'
import { suite, test } from 'node:test'

import { accentTokens, contrast, readableAccent, shippedTokens, shortfallOf } from './accent.ts'

const THEMES = ['light', 'dark'] as const

// The rows of the contrast table of src/foundation/web/stylesheet.test.ts that an accent changes.
const pairs: readonly [front: string, back: string, needed: number][] = [
  ['accent', 'bg', 4.5],
  ['accent', 'surface', 4.5],
  ['accent', 'accent-soft', 4.5],
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['text', 'accent-soft', 4.5],
  ['focus', 'bg', 3],
  ['focus', 'surface', 3],
]

const colour = fc.integer({ min: 0, max: 0xffffff }).map((number) => `#${number.toString(16).padStart(6, '0')}`)
const extremes = ['#000000', '#ffffff', '#ffff00', '#0000ff', '#ff0000', '#00ff00', '#808080', '#7a3e9d']
const examples = extremes.map((extreme): [string] => [extreme])

suite('an accent colour', () => {
  test('is accepted in a theme exactly when each of its pairs reaches the contrast of WCAG 2.2', () => {
    fc.assert(
      fc.property(colour, (accent) => {
        for (const theme of THEMES) {
          const tokens = { ...shippedTokens(theme), ...accentTokens(accent, theme) }
          const isReadable = pairs.every(
            ([front, back, needed]) => contrast(tokens[front] ?? '', tokens[back] ?? '') >= needed,
          )
          assert.equal(shortfallOf(accent, theme) === undefined, isReadable, `${accent} in the ${theme} theme`)
        }
      }),
      { examples },
    )
  })

  test('is never accepted in both themes', () => {
    fc.assert(
      fc.property(colour, (accent) => THEMES.some((theme) => shortfallOf(accent, theme) !== undefined)),
      { examples },
    )
  })

  test('has a shade for the light theme and a tint for the dark one that are accepted', () => {
    fc.assert(
      fc.property(colour, (accent) => {
        for (const theme of THEMES) assert.equal(shortfallOf(readableAccent(accent, theme), theme), undefined, theme)
      }),
      { examples },
    )
  })

  test('that is refused is reported with its worst pair and both ratios', () => {
    const missed = [shortfallOf('#ffd500', 'light'), shortfallOf('#7a3e9d', 'dark')]
    assert.deepEqual(
      missed.map((each) => each && [each.pair, each.reached, each.needed]),
      [
        ['links on the page', '1.29', 4.5],
        ['links on a highlighted row', '2.02', 4.5],
      ],
    )
  })

  test('of the shipped stylesheet is accepted in its theme', () => {
    for (const theme of THEMES) assert.equal(shortfallOf(shippedTokens(theme)['accent'] ?? '', theme), undefined, theme)
  })

  test('changes only tokens that the stylesheet has', () => {
    for (const theme of THEMES) {
      const names = Object.keys(accentTokens('#7a3e9d', theme))
      assert.deepEqual(names, ['accent', 'accent-hover', 'on-accent', 'accent-soft', 'focus'])
      for (const name of names) assert.ok(shippedTokens(theme)[name], name)
    }
  })
})

suite('the contrast ratio', () => {
  const ratios: readonly [one: string, other: string, ratio: string][] = [
    ['#000000', '#ffffff', '21.00'],
    ['#ffffff', '#000000', '21.00'],
    ['#777777', '#ffffff', '4.48'],
    ['#767676', '#ffffff', '4.54'],
    ['#0f6b5c', '#0f6b5c', '1.00'],
  ]
  for (const [one, other, ratio] of ratios) {
    test(`of ${one} and ${other} is ${ratio} to 1`, () => assert.equal(contrast(one, other).toFixed(2), ratio))
  }
})
