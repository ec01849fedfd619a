import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CLOCK_TOLERANCE, days, hours, minutes, seconds } from '#foundation/kernel/time.ts'
import { CORRECTED_WITHIN, firstState, FOLLOWED_AFTER, type Jump, nextState, systemClock } from './clock.ts'

const START = Date.UTC(2026, 5, 1, 12)

/** The value of the clock after each step, in milliseconds since the start, and the jumps that it reported. */
function runClock(...steps: readonly (readonly [passed: number, set: number])[]) {
  let [wall, passed] = [START, 0]
  const clock = systemClock(
    () => wall,
    () => passed,
  )
  const jumps: Partial<Jump>[] = []
  clock.onJump(({ kind, by, corrects }) => jumps.push({ kind, by, corrects }))
  const now = steps.map(([pass, set]) => {
    ;[wall, passed] = [wall + pass + set, passed + pass]
    return clock.now() - START
  })
  return { now, jumps }
}

test('the clock stands still during a small correction back, and follows a small one ahead at once', () => {
  const { now, jumps } = runClock([1000, 0], [500, -900], [200, 0], [1000, 0], [1000, 4000])
  assert.deepEqual(now, [1000, 1000, 1000, 1800, 6800])
  assert.deepEqual(jumps, [])
})

test('after many small steps back the clock is ahead of the machine’s by at most the tolerance', () => {
  const { now, jumps } = runClock(...Array.from({ length: 4 }, () => [0, -2000] as const))
  assert.deepEqual(now, [0, 0, -6000, -6000])
  assert.deepEqual(jumps, [{ kind: 'back', by: -6000, corrects: false }])
})

test('a jump back is followed at once', () => {
  const { now, jumps } = runClock([1000, -days(1)], [1000, 0])
  assert.deepEqual(now, [1000 - days(1), 2000 - days(1)])
  assert.deepEqual(jumps, [{ kind: 'back', by: -days(1), corrects: false }])
})

test('a jump ahead is followed once it has lasted for one TOTP period', () => {
  const { now, jumps } = runClock([0, days(1)], [FOLLOWED_AFTER - 1, 0], [1, 0], [1000, 0])
  assert.deepEqual(now, [0, FOLLOWED_AFTER - 1, FOLLOWED_AFTER + days(1), FOLLOWED_AFTER + 1000 + days(1)])
  const by = days(1)
  assert.deepEqual(jumps, [
    { kind: 'ahead', by, corrects: false },
    { kind: 'followed', by, corrects: false },
  ])
})

test('a jump ahead that is reversed before it is followed changes nothing, and is reported', () => {
  const { now, jumps } = runClock([0, days(1)], [10_000, 0], [1000, -days(1)])
  assert.deepEqual(now, [0, 10_000, 11_000])
  const by = days(1)
  assert.deepEqual(jumps, [
    { kind: 'ahead', by, corrects: false },
    { kind: 'withdrawn', by: -by, corrects: false },
  ])
})

test('a pending jump ahead that grows must last for a whole period again', () => {
  const { now } = runClock([0, days(1)], [FOLLOWED_AFTER - 1, 0], [0, hours(1)], [FOLLOWED_AFTER - 1, 0], [1, 0])
  const [, , , last = 0, followed = 0] = now
  assert.equal(last, 2 * (FOLLOWED_AFTER - 1))
  assert.equal(followed, 2 * FOLLOWED_AFTER - 1 + days(1) + hours(1))
})

const PENDING = [0, days(1)] as const
const AHEAD = [PENDING, [FOLLOWED_AFTER, 0]] as const
const REST = CORRECTED_WITHIN - FOLLOWED_AFTER

for (const [what, steps, corrects] of [
  ['the amount of a jump ahead', [...AHEAD, [1000, -days(1)]], true],
  ['about that amount', [...AHEAD, [1000, -days(1) + CLOCK_TOLERANCE]], true],
  ['less than that amount', [...AHEAD, [1000, -days(1) + CLOCK_TOLERANCE + 1]], false],
  ['more than that amount', [...AHEAD, [1000, -days(2)]], false],
  ['that amount at the end of the allowed time', [...AHEAD, [REST, -days(1)]], true],
  ['that amount after the allowed time, as after the sleep of a machine', [...AHEAD, [REST + 1, -days(1)]], false],
  ['that amount after another jump ahead', [...AHEAD, [0, hours(1)], [FOLLOWED_AFTER, 0], [0, -days(1)]], false],
  ['that amount a second time', [...AHEAD, [0, -days(1)], [1000, -days(1)]], false],
  ['the amount of a jump ahead that was a correction itself', [[0, -days(1)], ...AHEAD, [0, -days(1)]], false],
  ['the amount of a jump ahead that was not followed', [PENDING, [1000, -days(2)]], false],
] as const satisfies readonly (readonly [string, readonly (readonly [number, number])[], boolean])[]) {
  test(`a jump back by ${what} is ${corrects ? 'a correction' : 'no correction'}`, () => {
    const last = runClock(...steps).jumps.at(-1)
    assert.deepEqual([last?.kind, last?.corrects], ['back', corrects])
  })
}

test('a jump ahead that soon reverses a jump back is a correction', () => {
  const corrects = (wait: number) =>
    runClock([0, -days(1)], [wait, days(1)], [FOLLOWED_AFTER, 0]).jumps.at(-1)?.corrects
  assert.deepEqual([corrects(minutes(5)), corrects(CORRECTED_WITHIN + 1)], [true, false])
})

test('many readings while a jump is pending do not slow the clock down', () => {
  const steps = Array.from({ length: 20_000 }, () => [0.9, 0] as const)
  assert.ok(Math.abs((runClock([0, days(1)], ...steps).now.at(-1) ?? 0) - 18_000) <= 2)
})

test('the clock reports how long it has been steady, and how far it is behind the machine’s', () => {
  let [wall, passed] = [START, 0]
  const clock = systemClock(
    () => wall,
    () => passed,
  )
  assert.deepEqual(clock.standing(), { ahead: 0, steadyFor: Infinity })
  wall += hours(1)
  assert.deepEqual(clock.standing(), { ahead: hours(1), steadyFor: 0 })
  ;[wall, passed] = [wall + 1000, passed + 1000]
  assert.deepEqual(clock.standing(), { ahead: hours(1), steadyFor: 1000 })
  ;[wall, passed] = [wall - hours(1), passed + 1000]
  assert.deepEqual(clock.standing(), { ahead: 0, steadyFor: 0 })
})

test('the clock is a whole number, runs back only by a jump, and is at most the tolerance ahead of the machine’s clock', () => {
  const moves = fc.array(
    fc.record({
      passed: fc.double({ min: 0, max: seconds(40), noNaN: true }),
      set: fc.oneof(fc.integer({ min: -6000, max: 6000 }), fc.integer({ min: -days(2), max: days(2) }), fc.constant(0)),
    }),
  )
  fc.assert(
    fc.property(moves, (all) => {
      let [wall, passed] = [START, 0]
      let state = firstState({ wall, passed })
      for (const move of all) {
        ;[wall, passed] = [wall + Math.floor(move.passed) + move.set, passed + move.passed]
        const next = nextState(state, { wall, passed })
        assert.ok(next.state.at >= state.at || next.jump?.kind === 'back')
        assert.ok(next.state.at - wall <= CLOCK_TOLERANCE)
        state = next.state
      }
    }),
  )
})

test('the clock returns the time of the machine', () => {
  const before = Date.now()
  const now = systemClock().now()
  assert.ok(Number.isInteger(now) && now >= before && now <= Date.now())
})
