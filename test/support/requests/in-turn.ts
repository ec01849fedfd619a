/**
 * Returns so many of the items, others for each turn, so that over a few turns each item has its own: for what one piece of code does alike at
 * every route. At the first turn, all of them.
 */
export function inTurn<Item>(items: readonly Item[], turn: number, count: number): Item[] {
  if (turn === 0 || items.length <= count) return [...items]
  return Array.from({ length: count }, (_, index) => items[(turn * count + index) % items.length]!)
}
