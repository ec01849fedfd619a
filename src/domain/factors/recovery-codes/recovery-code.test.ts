import fc from 'fast-check'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'

import { newRecoveryCodes, readRecoveryCode, shownCode } from './recovery-code.ts'

test('a set has ten codes of 65 secret bits, with ten selectors', () => {
  const codes = newRecoveryCodes(randomBytes)
  assert.equal(codes.length, 10)
  assert.equal(new Set(codes.map(({ selector }) => selector)).size, 10)
  for (const code of codes) {
    assert.equal(code.secret.reveal().length * 5, 65)
    assert.match(shownCode(code).reveal(), /^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  }
})

test('codes with colliding selectors are generated again', () => {
  // The first two codes are equal.
  let calls = 0
  const random = (size: number): Uint8Array => new Uint8Array(size).fill(calls++ === 0 ? 0 : Math.max(0, calls - 2))
  const codes = newRecoveryCodes(random)
  assert.equal(new Set(codes.map(({ selector }) => selector)).size, 10)
})

const [CODE] = newRecoveryCodes(randomBytes)

test('every symbol is equally likely', () => {
  const seen = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    let calls = 0
    const [code] = newRecoveryCodes((size) => new Uint8Array(size).fill(byte + calls++))
    const [first = ''] = code?.selector ?? ''
    seen.set(first, (seen.get(first) ?? 0) + 1)
  }
  assert.deepEqual(new Set(seen.values()), new Set([8]))
  assert.equal(seen.size, 32)
})

test('a code is read in any spelling', () => {
  assert.ok(CODE)
  const shown = shownCode(CODE).reveal()
  const noise = fc.array(fc.constantFrom('', ' ', '-', '\u2013', '\u00A0', '\t'), { minLength: 19, maxLength: 19 })
  const dress = fc.array(fc.nat(3), { minLength: 19, maxLength: 19 })
  fc.assert(
    fc.property(noise, dress, (spaces, choices) => {
      const typed = Array.from(shown)
        .map((symbol, index) => dressed(symbol, choices[index] ?? 0) + (spaces[index] ?? ''))
        .join('')
      const read = readRecoveryCode(typed)
      assert.deepEqual([read?.selector, read?.secret.reveal()], [CODE.selector, CODE.secret.reveal()])
    }),
  )
})

function dressed(symbol: string, choice: number): string {
  const forms = [symbol, symbol.toUpperCase(), wide(symbol), lookAlike(symbol)]
  return forms[choice] ?? symbol
}

function wide(symbol: string): string {
  return /[!-~]/.test(symbol) && symbol !== '-' ? String.fromCodePoint((symbol.codePointAt(0) ?? 0) + 0xfee0) : symbol
}

function lookAlike(symbol: string): string {
  return { '0': 'O', '1': 'l' }[symbol] ?? symbol
}

for (const [name, typed] of [
  ['nothing', ''],
  ['fifteen symbols', '0000-0000-0000-000'],
  ['seventeen symbols', '0000-0000-0000-0000-0'],
  ['a letter that is in no code', 'uuuu-uuuu-uuuu-uuuu'],
  ['six digits', '123456'],
  ['a megabyte', '0'.repeat(1_000_000)],
] as const) {
  test(`${name} is no recovery code`, () => assert.equal(readRecoveryCode(typed), undefined))
}
