// Sends requests at a given rate, whether or not earlier ones were answered, and compares response times.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Pace {
  /** Milliseconds from one start to the next. */
  readonly gap: () => number
  /** Maximum of concurrent requests, so that a machine with other work only lowers the rate. */
  readonly most: number
}

/** Starts each task when it is due, whether or not earlier ones have ended; resolves when all have ended. */
export async function atPace(tasks: readonly (() => Promise<void>)[], { gap, most }: Pace): Promise<void> {
  const running = new Set<Promise<void>>()
  let due = performance.now()
  for (const task of tasks) {
    due += gap()
    const left = due - performance.now()
    if (left > 0) await sleep(left)
    while (running.size >= most) {
      await Promise.race(running)
      due = performance.now()
    }
    const started = task().finally(() => running.delete(started))
    running.add(started)
  }
  await Promise.all(running)
}

/** Returns requests a second with `clients` clients, each of which sends the next one when it has its answer. */
export async function closedLoop(clients: number, milliseconds: number, task: () => Promise<unknown>): Promise<number> {
  const end = performance.now() + milliseconds
  let done = 0
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      await task()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (done * 1000) / milliseconds
}

/** The share of all pairs in which the first time is the longer one: the area under the ROC curve, 0.5 if the times reveal nothing. */
export function shareLonger(ones: readonly number[], others: readonly number[]): number {
  const sorted = others.toSorted((a, b) => a - b)
  const longer = ones.reduce((sum, one) => sum + (below(sorted, one) + below(sorted, one, true)) / 2, 0)
  return longer / (ones.length * others.length)
}

/** How many of the sorted values are less than the limit, or not greater if `limitCounts`. */
function below(sorted: readonly number[], limit: number, limitCounts = false): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const value = sorted[middle] ?? Infinity
    if (value < limit || (limitCounts && value === limit)) low = middle + 1
    else high = middle
  }
  return low
}

/** Three standard deviations of that share for two equal classes of so many samples (Mann and Whitney). */
export function chance(samples: number): number {
  return 3 * Math.sqrt((2 * samples + 1) / (12 * samples ** 2))
}

/** The values in a random order. */
export function shuffled<Value>(values: readonly Value[]): Value[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ value }) => value)
}
