// Text of any characters, for tests of properties.
import fc from 'fast-check'

/** The halves of surrogate pairs, which are no characters, begin here. */
const HALVES = 0xd800
const HALVES_COUNT = 0x800

const character = fc
  .integer({ min: 0, max: 0x10ffff - HALVES_COUNT })
  .map((index) => String.fromCodePoint(index < HALVES ? index : index + HALVES_COUNT))

/** Well-formed text of any code points. The unit `binary` of fast-check gives the same, but lists all 1.1 million of them in a second each time it is made. */
export function anyText(
  constraints: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: character })
}
