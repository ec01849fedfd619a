// Reads what has ended, in the order of the chain: of two events the one with the lower position was committed no later than it was read.
import { hash } from 'node:crypto'

import type { With } from '#foundation/context.ts'
import { days, type Duration, minutes } from '#foundation/kernel/time.ts'
import { chainMacAt, lastLink, selectEndingWindow, selectPositionAt, selectUnchainedEndings } from './audit.queries.ts'
import { changeIn, changesApps, checkedAfter, type Ending, endingIn, type ListedChange } from './ending.ts'

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

export interface ChangePage {
  readonly changes: readonly ListedChange[]
  /** Up to which position events were read; the next page begins after it. */
  readonly position: number
  /** Whether no further event was chained when the page was read. */
  readonly isLast: boolean
  /** Whether an app may have lost its secret. */
  readonly changesApps: boolean
}

/** Returns what the next `events` events after a position have ended or changed. */
export async function changesAfter({ db }: With<'db'>, position: number, events: number): Promise<ChangePage> {
  const rows = await selectEndingWindow(db, position, events)
  return {
    changes: rows.flatMap((row) => changeIn(row) ?? []),
    position: rows.at(-1)?.position ?? position,
    isLast: rows.length < events,
    changesApps: rows.some(changesApps),
  }
}

export interface UnchainedChanges {
  readonly changes: readonly ListedChange[]
  /** False where more events wait for their position than were read. */
  readonly isAll: boolean
}

/** Returns what committed events that have no position yet have ended or changed. */
export async function unchainedChanges({ db }: With<'db'>, events: number): Promise<UnchainedChanges> {
  const rows = await selectUnchainedEndings(db, events)
  return { changes: rows.flatMap((row) => changeIn(row) ?? []), isAll: rows.length < events }
}

/** How far back a reader may begin. */
export const LIST_KEPT: Duration = days(7)

const NAMED = /^(\d{1,15})-([\da-f]{16})$/

/** Returns the end of the list; undefined while no event is chained. */
export async function endOfList({ db }: With<'db'>): Promise<number | undefined> {
  return (await lastLink(db))?.position
}

/**
 * Returns a position as readers get it: with a mark of the chain up to there, so that a position of another database, or of one that has gone
 * back to an older copy and on in another way, is not taken for one of this. Undefined where the list has no such position.
 */
export async function namedPosition({ db }: With<'db'>, position: number): Promise<string | undefined> {
  const mac = await chainMacAt(db, position)
  return typeof mac === 'string' ? `${position}-${hash('sha256', mac).slice(0, 16)}` : undefined
}

/** Returns the position that a reader names; undefined for one that is not of this list, or is more than a week behind. */
export async function knownPosition(ctx: With<'db' | 'now'>, named: string): Promise<number | undefined> {
  const [, digits] = NAMED.exec(named) ?? []
  const position = Number(digits ?? Number.NaN)
  if (!Number.isSafeInteger(position) || (await namedPosition(ctx, position)) !== named) return undefined
  const [next] = await selectEndingWindow(ctx.db, position, 1)
  return next === undefined || next.at >= ctx.now - LIST_KEPT ? position : undefined
}

/** An event gets its position some time after the one that it says, so that later ones may have lower positions. */
const CHAINED_WITHIN = minutes(1)

/** Returns a position after which all events of a span of time until now are. */
export function positionBefore({ db, now }: With<'db' | 'now'>, span: Duration): Promise<number> {
  return selectPositionAt(db, now - Math.min(span, LIST_KEPT) - CHAINED_WITHIN)
}
