// Changes from week to week, and whether there is enough to draw.

export const DAYS_OF_WEEK = 7
/** A chart with fewer days than these shows nothing but that the server is new. */
const LEAST_DAYS = 3

/** Returns the sum of the last seven days minus that of the seven before; undefined unless both weeks are after the first event. */
export function weeklyChange(days: readonly number[], hasBegun: readonly boolean[]): number | undefined {
  const first = hasBegun.indexOf(true)
  if (first === -1 || days.length - first < 2 * DAYS_OF_WEEK) return undefined
  return weeklySum(days) - weeklySum(days.slice(0, -DAYS_OF_WEEK))
}

/** Returns the sum of the last seven days. */
export function weeklySum(days: readonly number[]): number {
  return days.slice(-DAYS_OF_WEEK).reduce((total, count) => total + count, 0)
}

/** Returns how a total has grown in seven days; undefined if it was zero then. The last item is today. */
export function weeklyGrowth(totals: readonly number[]): number | undefined {
  const before = totals.at(-1 - DAYS_OF_WEEK)
  const now = totals.at(-1)
  return before === undefined || now === undefined || before === 0 ? undefined : now - before
}

/** Returns the last number minus that of seven days before; undefined if one is missing, or reached the most that is counted. */
export function changeSinceLastWeek(numbers: readonly (number | undefined)[], most: number): number | undefined {
  const before = numbers.at(-1 - DAYS_OF_WEEK)
  const now = numbers.at(-1)
  if (before === undefined || now === undefined || before >= most || now >= most) return undefined
  return now - before
}

/** Whether enough days have an event for a chart to say something. */
export function isWorthDrawing(hasEvents: readonly boolean[]): boolean {
  return hasEvents.filter(Boolean).length >= LEAST_DAYS
}
