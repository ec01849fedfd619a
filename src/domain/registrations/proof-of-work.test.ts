import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'

import { newSolver } from '../../../assets/modules/proof-of-work.js'
import { challengeText, isSolution, parseChallenge } from './proof-of-work.ts'

const FACTS = { id: 'A'.repeat(22), bits: 10, expiresAt: 1_800_000_000_000 }
const CHALLENGE = challengeText(FACTS, 'B'.repeat(43))

test('a challenge is read as it was written; any other text is none', () => {
  assert.deepEqual(parseChallenge(CHALLENGE), { facts: FACTS, mac: 'B'.repeat(43) })
  for (const text of ['', 'x', `${CHALLENGE}A`, CHALLENGE.slice(1).replace('.', ''), ` ${CHALLENGE}`, `${CHALLENGE}\n`])
    assert.equal(parseChallenge(text), undefined, text)
})

test('the solver of the page finds a solution of every length of text, and the rule accepts it', () => {
  for (const text of ['', 'a', 'x'.repeat(53), 'y'.repeat(55), 'z'.repeat(63), CHALLENGE, 'w'.repeat(130)]) {
    const solution = newSolver(text, 10)(Infinity) ?? ''
    assert.ok(isSolution(text, solution, 10), `${text.length} characters: ${solution}`)
    assert.match(hash('sha256', `${text}:${solution}`), /^00[0-3]/)
  }
})

test('a solution is a plain decimal number', () => {
  const solution = newSolver(CHALLENGE, 10)(Infinity) ?? ''
  for (const other of [` ${solution}`, `+${solution}`, `${solution}.0`, '', 'x', '1'.repeat(17)])
    assert.ok(!isSolution(CHALLENGE, other, 0), other)
  assert.ok(!isSolution(`${CHALLENGE}x`, solution, 30))
})
