import assert from 'node:assert/strict'
import { test } from 'node:test'

import { changeSinceLastWeek, isWorthDrawing, weeklyChange, weeklyGrowth } from './trend.ts'

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0)
const hasAny = (counts: readonly number[]): boolean[] => counts.map((count) => count > 0)

test('a weekly change compares seven days with the seven before, once both are after the first event', () => {
  const cases: [counts: number[], change: number | undefined][] = [
    [[...zeros(16), 1, ...zeros(6), 0, 0, 0, 0, 0, 0, 5], 4],
    [[...zeros(17), 1, ...zeros(5), 0, 0, 0, 0, 0, 0, 5], undefined],
    [[3, ...zeros(29)], 0],
    [[...zeros(16), 9, ...zeros(13)], -9],
    [zeros(30), undefined],
    [[], undefined],
  ]
  for (const [counts, change] of cases) assert.equal(weeklyChange(counts, hasAny(counts)), change, String(counts))
})

test('a total has grown since a week ago, unless there was none then', () => {
  assert.equal(weeklyGrowth([1, 2, 2, 2, 2, 2, 2, 2, 5]), 3)
  assert.equal(weeklyGrowth([2, 0, 2, 2, 2, 2, 2, 2, 5]), undefined)
  assert.equal(weeklyGrowth([2]), undefined)
})

test('a number is compared with that of a week ago, unless one of them is unknown or only a lower limit', () => {
  const week = [undefined, 4, 4, 4, undefined, 4]
  assert.equal(changeSinceLastWeek([3, ...week, 9, 9], 10), undefined)
  assert.equal(changeSinceLastWeek([3, ...week, 9], 10), 6)
  assert.equal(changeSinceLastWeek([9, ...week, 9], 10), 0)
  assert.equal(changeSinceLastWeek([3, ...week, 10], 10), undefined)
  assert.equal(changeSinceLastWeek([10, ...week, 3], 10), undefined)
  assert.equal(changeSinceLastWeek([3], 10), undefined)
})

test('three days with events are worth drawing, two are not', () => {
  assert.equal(isWorthDrawing([true, false, true, false]), false)
  assert.equal(isWorthDrawing([true, false, true, true]), true)
})
