// Reads what has ended, in the order of the chain: of two events the one with the lower position was committed no later than it was read.
import type { With } from '#foundation/context.ts'
import { selectEndingWindow } from './audit.queries.ts'
import { checkedAfter, type Ending, endingIn } from './ending.ts'

export interface EndingPage {
  readonly endings: readonly Ending[]
  /** The subjects of the users for whom other rules count since. */
  readonly checked: readonly string[]
  /** Up to which position events were read; the next page begins after it. */
  readonly position: number
}

/**
 * Returns what the next `events` events after a position have ended. The chain has no gaps, so a reader that goes on from the returned position
 * misses nothing, however few of the events end something; each event is read once, by the index of positions.
 */
export async function endingsAfter({ db }: With<'db'>, position: number, events: number): Promise<EndingPage> {
  const rows = await selectEndingWindow(db, position, events)
  const endings = rows.flatMap((row) => endingIn(row) ?? [])
  const checked = [...new Set(rows.flatMap((row) => checkedAfter(row) ?? []))]
  return { endings, checked, position: rows.at(-1)?.position ?? position }
}
