import type { TestContext } from 'node:test'

import { exhaustive, test } from '../runner/scope.ts'

/**
 * Returns so many of the items, others for each turn, so that over a few turns each item has its own: for what one piece of code does alike at
 * every route. At the first turn, all of them.
 */
export function inTurn<Item>(items: readonly Item[], turn: number, count: number): Item[] {
  if (turn === 0 || items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[(turn * count + index) % items.length]!)
}

/** Defines a test that tries `few` items at each route in turn, and one of the exhaustive run that tries each item at each route. */
export function triedInTurn(name: string, few: number, work: (t: TestContext, count: number) => Promise<void>): void {
  test(name, (t) => work(t, few))
  exhaustive(`${name}: each at every route`, (t) => work(t, Infinity))
}
