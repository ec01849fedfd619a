// How many users there are of each kind, kept by triggers beside the table, so that no page reads a million rows.
import { inTransaction } from '../../foundation/context.ts'
import type { With } from '../../foundation/context.ts'
import { lockFor } from '../../foundation/platform/database/lock.ts'
import * as queries from './user-count.queries.ts'

export interface UserCounts {
  readonly total: number
  readonly active: number
  readonly invited: number
  readonly noFactor: number
  readonly disabled: number
  /** All users with the role, whether they can act or not. */
  readonly admins: number
  /** Of the enabled: who has a passkey, and who has an authenticator app and no passkey. */
  readonly withPasskey: number
  readonly withApp: number
  /** Those who can act as admin, and those who have the role but no second step. */
  readonly actingAdmins: number
  readonly waitingAdmins: number
  /** Passwords still stored with another scheme than ours. */
  readonly importedHashes: number
}

/** Days since 1970 in UTC; -1 stands for all before the first requested one. */
export interface UsersOfDay {
  readonly day: number
  /** Enabled users who are there since that day. */
  readonly users: number
  /** Enabled users who have a second step since that day. */
  readonly withFactor: number
}

/** @param firstDay the first day that `days` tells apart from those before */
export async function countUsers(
  { db }: With<'db'>,
  firstDay = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly counts: UserCounts; readonly days: readonly UsersOfDay[] }> {
  const cells = await queries.selectUserCells(db, firstDay)
  return { counts: countsIn(cells), days: daysIn(cells) }
}

/**
 * Counts all users again and corrects the counts: a restored table or disabled triggers bypass them. No writer waits for it.
 * Returns how many counts were wrong.
 */
export async function recountUsers(ctx: With<'db'>): Promise<number> {
  // On SQLite a transaction would keep every other writer waiting while it reads.
  const read = ctx.db.dialect === 'sqlite' ? await queries.selectCountErrors(ctx.db) : undefined
  return inTransaction(ctx, async ({ db }) => {
    await lockFor(db, 'user-counts')
    await queries.gatherCounts(db)
    const wrong = read ?? (await queries.selectCountErrors(db))
    for (const cell of wrong) await queries.correctCount(db, cell)
    return wrong.length
  })
}

/** The first word of a cell's kind; the second is `admin` or missing. */
const ACTIVE = ['app', 'passkey']
const WAITING = ['invited', 'no-factor']
const ENABLED = [...ACTIVE, ...WAITING]
const ALL = [...ENABLED, 'disabled']

function countsIn(cells: readonly queries.UserCell[]): UserCounts {
  const admins = cells.filter(({ kind }) => kind.endsWith(' admin'))
  return {
    total: sumOf(cells, ALL),
    active: sumOf(cells, ACTIVE),
    invited: sumOf(cells, ['invited']),
    noFactor: sumOf(cells, ['no-factor']),
    disabled: sumOf(cells, ['disabled']),
    admins: sumOf(admins, ALL),
    withPasskey: sumOf(cells, ['passkey']),
    withApp: sumOf(cells, ['app']),
    actingAdmins: sumOf(admins, ACTIVE),
    waitingAdmins: sumOf(admins, WAITING),
    importedHashes: sumOf(cells, ['imported-hash']),
  }
}

function daysIn(cells: readonly queries.UserCell[]): UsersOfDay[] {
  const byDay = Map.groupBy(cells, ({ day }) => day)
  return [...byDay].map(([day, ofDay]) => ({
    day,
    users: sumOf(ofDay, ENABLED),
    withFactor: sumOf(ofDay, ['second-factor']),
  }))
}

function sumOf(cells: readonly queries.UserCell[], kinds: readonly string[]): number {
  const counted = cells.filter(({ kind }) => kinds.includes(kind.split(' ', 1)[0] ?? ''))
  return counted.reduce((sum, { count }) => sum + count, 0)
}
